"""The reference lists every call with its arguments, and docstrings speak of the arguments that there are."""

from __future__ import annotations

import inspect

import pytest

from analysis.pages.methods.call_reference import OWN, arguments, describe_arguments, find_calls
from analysis.pages.methods.guide import Guide
from analysis.pages.page import GeneralPage, Page
from analysis.pages.section import KINDS, Section, table

CALLS = list(find_calls(Guide))
LISTED = {row["Call"]: row for kind in KINDS for row in Guide().table.calls(kind).frame.to_dict("records")}


class Boxes(Section):
    @table
    def boxes(self, *ids: str, where, rows=(), level: float = 0.95):
        """Boxes, drawn.

        Parameters
        ----------
        ids : str
            Of ledger rows.
        where : str
        rows : mapping of label to id, optional
            One a box,
            or none.
        level : float

        Raises
        ------
        KeyError
        """


def names(function):
    return [name for name in inspect.signature(function).parameters if name != "self"]


def test_arguments_are_written_as_a_call_writes_them_with_what_they_are():
    assert [str(one) for one in arguments(Boxes.boxes)] == [
        "*ids: Of ledger rows",
        "where",
        "rows = (): mapping of label to id. One a box, or none",
        "level = 0.95",
    ]


@pytest.mark.parametrize(("call", "on"), CALLS, ids=lambda one: getattr(one, "name", ""))
def test_every_argument_is_documented_and_no_other(call, on):
    assert sorted(describe_arguments(call.function)) == sorted(names(call.function))


def test_every_call_is_listed_and_the_page_says_where_it_is():
    assert {f"{call.kind}.{call.name}" for call, _ in CALLS} == set(LISTED)
    assert len(CALLS) == sum(len(Guide().table.calls(kind).frame) for kind in KINDS) > 80
    assert LISTED["table.cox_model"]["Offered by"] == "Page, GeneralPage" and LISTED["table.baseline"]["Offered by"] == "GeneralPage"
    assert LISTED["table.example"]["Offered by"] == "Guide"


def test_a_name_that_several_pages_offer_means_the_same():
    """Their own forms of one thing: of a general page and of a page of several studies."""
    names = [(call.kind, call.name) for call, _ in CALLS]
    assert {f"{kind}.{name}" for kind, name in names if names.count((kind, name)) > 1} == {
        "figure.incidence_by_cause",
        "figure.literature",
        "figure.survival",
        "table.covariate_model",
        "table.definitions",
        "table.hazard_ratios",
    }


def test_what_a_page_offers_itself_is_listed():
    assert list(Guide().table.own_calls().frame["Call"]) == list(OWN)
    defined = {name for one in (Page, GeneralPage) for name, member in vars(one).items() if inspect.isfunction(member) and name[0] != "_"}
    assert defined <= set(OWN)

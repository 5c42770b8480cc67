"""A page's calls are figures, tables and sentences, each with one name, computed by sections that share the page."""

from __future__ import annotations

import inspect

import pytest

from analysis.pages.methods.guide import Guide
from analysis.pages.page import GeneralPage, Page
from analysis.pages.section import KINDS, Namespace, Section, Shown, calls, figure, sentence, table
from analysis.pages.synthesis.reconstruction_evidence import Evidence
from analysis.pages.synthesis.scoreboards import Overview
from analysis.pages.synthesis.synthesis import Synthesis

PAGES = (Page, GeneralPage, Synthesis, Overview, Evidence, Guide)
OFFERED = {(call.section, call.name): call for one in PAGES for call in calls(one.sections)}


class Ages(Section):
    @table
    def ages(self):
        return f"ages of {self.page.name}"

    @sentence
    def age(self):
        return self.median()

    def median(self):
        return "median 7"


class AgesOfBoys(Ages):
    @table
    def ages(self):
        return "ages of boys"

    @figure
    def histogram(self):
        return "bars"


class Small(Shown):
    sections = (Ages, AgesOfBoys)
    name = "children"

    def __init__(self):
        self.offer()


def test_a_call_stands_under_its_kind_and_computes_on_the_page():
    page = Small()
    assert page.figure.histogram() == "bars" and page.sentence.age() == "median 7"
    assert [dir(getattr(page, kind)) for kind in KINDS] == [["histogram"], ["ages"], ["age"]]


def test_a_later_section_takes_the_place_of_an_earlier_one_and_offers_nothing_that_it_inherits():
    assert Small().table.ages() == "ages of boys"
    assert [(call.kind, call.name, call.section) for call in calls(Small.sections)] == [
        ("table", "ages", AgesOfBoys),
        ("sentence", "age", Ages),
        ("figure", "histogram", AgesOfBoys),
    ]


def test_an_unknown_call_names_the_known_ones():
    with pytest.raises(AttributeError, match="no table 'median'; it has ages"):
        Small().table.median()
    assert not hasattr(Namespace("table", {}), "_repr_html_")


@pytest.mark.parametrize("call", OFFERED.values(), ids=lambda call: f"{call.section.__name__}-{call.name}")
def test_every_call_is_documented_and_says_what_it_returns(call):
    assert inspect.getdoc(call.function)
    assert inspect.signature(call.function).return_annotation is not inspect.Signature.empty


def test_every_section_of_a_page_offers_something():
    for one in PAGES:
        assert {call.section for call in calls(one.sections)} <= set(one.sections)
        assert all(any(section is made for made, _ in OFFERED) for section in one.sections), one


def test_a_general_page_offers_what_a_page_of_a_study_does():
    study, general = ({(call.kind, call.name) for call in calls(one.sections)} for one in (Page, GeneralPage))
    assert study < general

"""Examples of verdicts are found in the ledgers, with every convention that was tried."""

import re

import pytest

from analysis import paths
from analysis.ledger.verdicts.verdicts import VERDICTS
from analysis.pages.methods.guide import Guide
from analysis.pages.methods.worked_examples import tabulate_conventions

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("examples of verdicts")]


@pytest.fixture(scope="module")
def examples():
    return Guide("../../notebooks")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_an_example_has_the_verdict_asked_for_and_leads_to_its_audit_row(examples, verdict):
    shown = examples.table.example(verdict).data
    rows = [(slug, row) for slug, opened in examples.opened.items() for row in opened.audit.judgements if row.verdict == verdict]
    if rows:
        slug, row = rows[0]
        assert f'href="../../notebooks/{slug}/audit.html#{row.row.id}"' in shown
    else:
        assert f"has the verdict “{verdict}”" in shown


def test_evidence_and_statistic_narrow_the_choice(examples):
    shown = examples.table.example("reproduced", "cohort", "logrank_p").data
    chosen = next(
        row
        for opened in examples.opened.values()
        for row in opened.audit.judgements
        if (row.verdict, row.evidence, row.row.statistic) == ("reproduced", "cohort", "logrank_p")
    )
    assert f'#{chosen.row.id}"' in shown


def test_where_there_is_no_example_the_page_says_so(examples):
    assert (
        "No printed number survival on evidence of counts has the verdict “reproduced”"
        in examples.table.example("reproduced", "counts", "survival").data
    )


def test_a_number_from_counts_names_the_numbers_it_follows_from(examples):
    shown = [examples.table.example("reproduced", "counts", statistic).data for statistic in ("percent", "contingency_p")]
    captions = [re.search(r"Printed numbers from which ([\w.]+) is computed", page) for page in shown]
    assert all(captions)
    # tables of one page go by different names, which screen readers tell
    assert len({found.group() for found in captions}) == len(captions)


def test_the_convention_of_a_reproduced_number_rounds_to_what_was_printed(examples):
    for slug in paths.studies():
        opened = examples.opened[slug]
        for row in (row for row in opened.audit.judgements if row.verdict == "reproduced" and row.values and row.row.value.relation == "="):
            frame = tabulate_conventions(opened.study, row).frame
            ranged = frame[frame["Rounds to"] == "–"]
            assert len(ranged) or any(float(found) == float(row.row.value.value) for found in frame["Rounds to"]), row.row.id


def test_no_convention_is_listed_twice_with_the_same_digits(examples):
    for opened in examples.opened.values():
        for row in (row for row in opened.audit.judgements if row.values):
            assert not tabulate_conventions(opened.study, row).frame.duplicated(["Convention", "Rounds to"]).any()

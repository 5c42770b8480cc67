"""Promises about the two ledgers and their registers."""

import re

import pytest

from analysis import paths
from analysis.ledger import verdicts
from analysis.ledger.opening import open_study
from analysis.ledger.registers import read_layouts
from analysis.tables.layout import Reference, fill

STUDIES = paths.studies()


@pytest.fixture(scope="module", params=STUDIES)
def opened(request):
    return open_study(request.param)


def test_both_studies_are_there():
    assert STUDIES == ["dac_clag", "nopho_rd"]


def test_no_number_is_held_out_that_follows_from_imposed_ones(opened):
    ledger = opened.ledger
    for row in ledger:
        if row.role == "held-out" and row.sources is not None:
            assert any(ledger[id].role == "held-out" for id in row.sources.ids), row.id


def test_every_contradicted_number_is_explained_in_a_finding(opened):
    explained = {id for finding in opened.findings for id in finding.rows}
    contradicted = [j.row.id for j in opened.audit.judgements if j.verdict == verdicts.CONTRADICTED]
    assert [id for id in contradicted if id not in explained] == []


def test_every_number_of_a_table_stands_in_its_layout(opened):
    layouts = read_layouts(opened.study)
    for name, layout in layouts.items():
        shown = {
            part.id
            for row in layout.rows
            for column in layout.columns
            for part in fill(column.cell, f"{name}.{row.key}", lambda id: id in opened.ledger)
            if isinstance(part, Reference)
        }
        beside = re.compile(rf"{name}\.(caption|note_\w+)\.")  # numbers around the table, not in a cell
        numbers = {row.id for row in opened.ledger if row.id.startswith(name + ".") and row.role != "context" and not beside.match(row.id)}
        assert numbers - shown == set(), name


def test_copies_print_what_their_originals_print_or_are_contradicted(opened):
    for judgement in opened.audit.judgements:
        row = judgement.row
        if row.copy_of and judgement.verdict != verdicts.CONTRADICTED and row.value.relation == "=":
            original = opened.ledger[row.copy_of]
            assert abs(row.value.value - original.value.value) < row.value.unit_in_last_place + original.value.unit_in_last_place


def test_a_percentage_is_printed_in_percent_and_a_p_value_below_one(opened):
    for row in opened.ledger:
        if row.registered.kind == "p":
            assert 0 <= row.value.value <= 1, row.id
        if row.statistic == "percent":
            assert 0 <= row.value.value <= 100, row.id

"""Promises about the ledgers and their registers."""

import re

import pytest

from analysis import paths
from analysis.ledger.registers.table_layouts import read_layouts
from analysis.ledger.session.study_session import open_ledger, open_study, read_conflicts, read_lifting_readings
from analysis.ledger.verdicts import verdicts
from analysis.tables.rows.cell_template import Reference, fill

pytestmark = pytest.mark.slow

STUDIES = paths.studies()


@pytest.fixture(scope="module", params=[pytest.param(slug, marks=pytest.mark.xdist_group(f"ledger of {slug}")) for slug in STUDIES])
def opened(request):
    return open_study(request.param)


def test_the_studies_that_the_examples_speak_of_are_there():
    assert set(PRINTED_TOGETHER) <= set(STUDIES)


def test_no_number_is_held_out_that_follows_from_imposed_ones(opened):
    ledger = opened.ledger
    for row in ledger:
        if row.role == "held-out" and row.sources is not None:
            assert any(ledger[id].role == "held-out" for id in row.sources.ids), row.id


def test_the_quantity_of_a_p_value_says_that_it_is_one(opened):
    """A list of numbers shows it beside the printed characters alone."""
    assert [row.id for row in opened.ledger if row.statistic.endswith("_p") and not re.search(r"\bP\b", row.quantity)] == []


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


#: A few results of each paper, read in the papers: rows that it prints together.
PRINTED_TOGETHER = {
    "dac_clag": [
        ("res.os.arm.hr", "res.os.arm.lower", "res.os.arm.upper", "res.os.arm.p"),  # Fig. 3b: one hazard ratio with limits and P
        ("res.os.all.m36", "res.os.all.m36.se"),
        ("res.mrd.dac.pct", "res.mrd.dac.neg", "res.mrd.dac.n"),  # 43.75% (7/16)
        ("t2.age.lt10.all.cr.pct", "t2.age.lt10.all.cr.n", "t2.age.lt10.all.n"),
        ("t3.neutrophils.dac.median", "t3.neutrophils.dac.min", "t3.neutrophils.dac.max"),
        ("t1.age.mean.clag", "t1.age.sd.clag"),
        ("res.os.mrd.p",),
    ],
    "nopho_rd": [
        ("res.os.all.m60.est", "res.os.all.m60.lower", "res.os.all.m60.upper"),
        ("t3.wbc.or", "t3.wbc.lower", "t3.wbc.upper", "t3.wbc.p"),
        ("t1.gene.flt3.rd.n", "t1.gene.flt3.rd.d", "t1.gene.flt3.rd.pct"),
        ("res.deaths.m24.n", "res.deaths.again.n", "res.deaths.m24.pct"),  # 38 of 42 (90%)
        ("dis.m1.pct", "dis.m1.rd.n", "dis.m1.n"),
        ("res.os.gvhd.p",),
    ],
}


@pytest.mark.parametrize("slug", PRINTED_TOGETHER)
def test_what_a_paper_prints_together_is_one_result(slug):
    results = {tuple(row.id for row in rows) for rows in open_ledger(slug).results.values()}
    assert [ids for ids in PRINTED_TOGETHER[slug] if ids not in results] == []


#: Statistics that are printed beside another one only: a standard error beside its estimate, a limit beside its ratio.
ACCOMPANY = {
    "survival_se": "survival", "incidence_se": "incidence", "survival_lower": "survival", "survival_upper": "survival",
    "hazard_ratio_lower": "hazard_ratio", "hazard_ratio_upper": "hazard_ratio", "cox_td_lower": "cox_td_hr", "cox_td_upper": "cox_td_hr",
    "logistic_lower": "logistic_or", "logistic_upper": "logistic_or", "sd": "mean",
}  # fmt: skip


@pytest.mark.parametrize("slug", STUDIES)
def test_every_limit_and_standard_error_is_judged_with_its_estimate(slug):
    for name, rows in open_ledger(slug).results.items():
        for row in rows:
            if row.statistic in ACCOMPANY:
                beside = [other.arguments for other in rows if other.statistic == ACCOMPANY[row.statistic]]
                assert beside == [row.arguments], (name, row.id)


@pytest.mark.parametrize("slug", STUDIES)
def test_every_percentage_is_judged_with_the_count_printed_beside_it(slug):
    ledger = open_ledger(slug)
    stems = {row.id.removesuffix(".pct"): row.result for row in ledger if row.id.endswith(".pct")}
    apart = [
        row.id for row in ledger if row.id.endswith(".n") and row.statistic == "count" and stems.get(row.id[:-2], row.result) != row.result
    ]
    assert apart == []


def test_a_number_that_holds_under_a_declared_reading_alone_says_so(opened):
    found = {id: opened.audit[id] for id in read_lifting_readings(opened.study)}
    assert found or not (opened.study.folder / "conflicts.yml").is_file(), "a study with conflicts has such numbers"
    for id, judgement in found.items():
        assert judgement.verdict not in (verdicts.REPRODUCED, verdicts.CONTRADICTED), id
        assert judgement.verdict != verdicts.UNDER_CONVENTION or judgement.convention.startswith("reading: "), id


def test_a_member_of_a_conflict_set_is_never_judged_on_the_number_alone(opened):
    for id, note in read_conflicts(opened.study).items():
        judgement = opened.audit[id]
        assert judgement.verdict == verdicts.IN_CONFLICT and note in judgement.note, id


def test_no_number_of_a_statement_that_is_not_supported_carries_a_tick(opened):
    denied = [id for claim in opened.claims if claim.judgement != "supported" for id in claim.states]
    assert [id for id in denied if opened.audit[id].verdict == verdicts.REPRODUCED] == []

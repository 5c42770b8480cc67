"""What no search can do is said before it begins: contradictions at any size, tables out of reach, rows that nothing hears of."""

import pandas as pd
import pytest
import yaml

from analysis.errors import InputError
from analysis.reconstruction.large import reach
from analysis.reconstruction.large.reach import check_reach, large, measured, unheard, within_small
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.proofs.contradictions import check_numbers
from analysis.reconstruction.validation.known import Figure

FIGURE = Figure(1.0, 6)


def printed(problem, id, text):
    path = problem.study.folder / "printed.csv"
    ledger = pd.read_csv(path, dtype=str, keep_default_na=False).set_index("id")
    ledger.loc[id, "printed"] = text
    ledger.reset_index().to_csv(path, index=False)
    return read_problem(problem.study.folder)


def test_sound_numbers_of_thousands_pass(trial):
    check_numbers(trial(10_000)[1])


@pytest.mark.parametrize(
    ("id", "text", "rows"),
    [
        ("os.a.24", "90.00%", "rows os.a.12, os.a.24: expected numbers that can hold together; found a curve that rises"),
        (
            "events.a",
            "6000",
            "rows events.all, events.a, events.b: expected numbers that can hold together; found no cohort satisfies them all",
        ),
        ("mark.all", "9990", "mark.all"),
    ],
)
def test_contradictory_numbers_of_thousands_are_named(trial, id, text, rows):
    problem = printed(trial(10_000)[1], id, text)
    with pytest.raises(InputError) as caught:
        check_numbers(problem)
    assert rows in str(caught.value)


def test_an_estimate_on_the_other_side_of_the_median_is_named(trial):
    median = {"id": "median.a", "population": "a", "statistic": "survival_median", "arguments": "endpoint=os", "printed": "10"}
    with pytest.raises(InputError, match=r"rows os\.a\.12, median\.a: .*one half"):
        check_numbers(trial(400, rows=[median])[1])


@pytest.mark.parametrize(("size", "expected"), [(99, False), (100, True), (101, True)])
def test_the_search_of_large_groups_begins_at_a_size(trial, size, expected):
    assert large(trial(size)[1]) is expected


@pytest.mark.parametrize(("size", "refused"), [(399, False), (400, False), (401, True)])
def test_what_only_the_search_of_small_groups_knows_is_refused_beyond_its_reach(trial, size, refused):
    _, problem = trial(size)
    problem.assumptions.timeline.__dict__["crowd"] = {"1-48": 20}
    assert not large(problem)
    if not refused:
        check_reach(problem)
        return
    with pytest.raises(InputError, match=f"timeline.crowd: expected at most 400 patients.*found {size} patients"):
        check_reach(problem)


def test_more_patients_than_any_search_takes_are_refused(trial, monkeypatch):
    _, problem = trial(200)
    monkeypatch.setattr(reach, "MOST", 200)
    check_reach(problem)
    monkeypatch.setattr(reach, "MOST", 199)
    with pytest.raises(InputError, match="at most 199 patients.*found 200"):
        check_reach(problem)


def test_rows_that_no_stage_is_steered_by_are_measured_on_finished_rows(trial):
    model = {"id": "cox.a", "statistic": "cox_hr", "arguments": "endpoint=os; covariates=arm=A,mark; term=arm=A", "printed": "0.70"}
    median = {"id": "median.a", "population": "a", "statistic": "survival_median", "arguments": "endpoint=os", "printed": "20"}
    for size, expected in ((400, ["cox.a"]), (60, ["cox.a", "median.a"])):
        _, problem = trial(size, rows=[model, median])
        assert [row.id for row in measured(problem)] == expected
        assert unheard(problem) == []


def test_rows_that_nothing_is_steered_by_are_named(trial, monkeypatch):
    model = {"id": "cox.a", "statistic": "cox_hr", "arguments": "endpoint=os; covariates=arm=A,mark; term=arm=A", "printed": "0.70"}
    lower = {"id": "low.a", "statistic": "survival_lower", "arguments": "endpoint=os; time=12; level=90", "printed": "1.0"}
    monkeypatch.setattr(reach, "measured", lambda problem: [])  # as of linked tables
    assert unheard(trial(400, rows=[model, lower])[1]) == [
        "imposed, but not used to steer the search: cox_hr: cox.a",
        "imposed, but not used to steer the search: survival_lower at 90 %: low.a",
    ]


@pytest.mark.parametrize(
    ("size", "figure", "tried"),
    [(127, None, True), (128, None, True), (129, None, False), (399, FIGURE, True), (400, FIGURE, True), (401, FIGURE, False)],
)
def test_risk_sets_are_listed_only_within_reach(trial, size, figure, tried):
    assert within_small(trial(size, figure)[1]) is tried


@pytest.mark.parametrize(("printed_as", "steps", "named"), [("19.4", 1, True), ("19.4", 10, False), ("19", 1, False)])
def test_a_median_between_steps_of_time_is_named(trial, printed_as, steps, named):
    median = {"id": "median.a", "population": "a", "statistic": "survival_median", "arguments": "endpoint=os", "printed": printed_as}
    sentences = unheard(trial(400, rows=[median], changes={"timeline": {"steps": steps}})[1])
    assert any("median.a, printed as 19.4" in sentence for sentence in sentences) is named
    assert named or sentences == []


@pytest.mark.parametrize(("level", "heard"), [("", True), ("; level=95", True), ("; level=90", False)])
def test_limits_of_a_level_that_no_search_knows_are_measured_and_not_searched_for(trial, level, heard):
    lower = {"id": "low.a", "population": "a", "statistic": "survival_lower", "arguments": f"endpoint=os; time=12{level}", "printed": "1.0"}
    _, problem = trial(400, rows=[lower])
    assert [row.id for row in measured(problem)] == ([] if heard else ["low.a"])
    assert unheard(problem) == []
    assert ("low.a" in {row.id for row in problem.rows(problem.main, "survival_lower")}) is heard


def with_pairs(problem, **further):
    path = problem.study.folder / "study.yml"
    declared = yaml.safe_load(path.read_text())
    declared["variables"][problem.main]["pair"] = {"type": "id"} | further
    path.write_text(yaml.safe_dump(declared, sort_keys=False))
    return read_problem(problem.study.folder)


def test_a_second_key_of_every_patient_is_refused_with_what_would_do(trial):
    _, problem = trial(100)
    check_reach(with_pairs(problem, missing=True))
    with pytest.raises(InputError, match=r"variables.*pair: expected missing: true, as no search finds a second key"):
        check_reach(with_pairs(problem))

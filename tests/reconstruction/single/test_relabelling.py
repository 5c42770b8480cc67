"""Patients with two rows, and labels chosen at times that a search found."""

import numpy as np
import pandas as pd
import pytest

from analysis.cohorts import conditions
from analysis.cohorts.ensemble import read_ensemble
from analysis.estimators.comparisons.log_rank import compare
from analysis.estimators.comparisons.two_curve_hazard_ratio import hazard_ratio
from analysis.paths import studies
from analysis.reconstruction.checks.plausibility import find_broken
from analysis.reconstruction.io.saved import as_saved
from analysis.reconstruction.kernels import moves
from analysis.reconstruction.problem.blocks import codes_of
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.ranges import walks
from analysis.reconstruction.single import relabelling
from analysis.reconstruction.single.relabelling import out_of_reach, relabel, tied, times_of
from analysis.reconstruction.solver import labels, pairs
from analysis.reconstruction.solver.label_comparisons import add_comparisons
from analysis.reconstruction.solver.timeline import NoSolution

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

STUDY = """
study: twice
title: A made-up study
label: Twice
citation: {}
tables:
  cohort: {file: cohort.csv, unit: enrolment, key: enrolment}
variables:
  cohort:
    enrolment: {type: id, meaning: an enrolment}
    patient: {type: id, meaning: a patient}
    arm: {type: category, levels: [A, B], meaning: arm}
    twice: {type: boolean, meaning: of a child enrolled twice}
    sex: {type: category, levels: [F, M], meaning: sex}
    risk: {type: category, levels: [low, high], meaning: risk}
    age: {type: integer, unit: months, range: [1, 200], meaning: age}
    os_months: {type: number, unit: months, range: [0, 60], meaning: time}
    died: {type: boolean, meaning: died}
    efs_months: {type: number, unit: months, range: [0, 60], meaning: time}
    efs_event: {type: boolean, meaning: event}
endpoints:
  efs: {time: efs_months, event: efs_event, label: Event-free survival}
  os: {time: os_months, event: died, label: Overall survival}
populations:
  all: {where: "", label: everybody}
"""

HEAD = "id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,note\n"
COUNTS = """n.all,Text,enrolments,all,,count,,20,imposed,,,
n.a,Text,in A,all,arm=A,count,,10,imposed,,,
n.high,Text,high risk,all,risk=high,count,,8,imposed,,,
n.sex,Text,girls,all,sex=F,count,,9,imposed,,,
"""

ASSUMPTIONS = """
timeline:
  chain: [efs, os]
  last: 60
  strata: {arm: each}
  months: {"1-60": 60}
tables:
  cohort:
    bounds:
      - {where: "twice=1", at_least: 2, at_most: 2, why: told in words}
    pairs:
      key: patient
      same: [sex]
      age: age
      known:
        - {first: "twice=1 & arm=A & efs_months<=9", second: "twice=1 & arm=B", gap: [4, 40], why: told in words}
"""


def truth():
    """Times with ties, events and risk of twenty made-up enrolments, drawn once."""
    rng = np.random.default_rng(4)
    end = rng.integers(3, 40, 20)
    ill = rng.random(20) < 0.7
    dead = ill & (rng.random(20) < 0.8)
    event = np.where(ill, np.maximum(1, end - rng.integers(0, 6, 20)), end)
    end[0], ill[0], dead[0], event[0] = 36, True, True, 6  # who could be enrolled again
    risk = np.where(np.argsort(np.argsort(end + rng.normal(0, 25, 20))) < 8, "high", "low")
    frame = pd.DataFrame(
        {"arm": ["A"] * 10 + ["B"] * 10, "efs_months": event, "efs_event": ill.astype(int), "os_months": end, "died": dead.astype(int)}
    )
    return frame.astype(dict.fromkeys(frame.columns[1:], "Int64")), risk


def problem_of(tmp_path, rows="", assumptions=ASSUMPTIONS):
    place = tmp_path / "twice"
    place.mkdir()
    for name, text in (("study.yml", STUDY), ("printed.csv", HEAD + COUNTS + rows), ("reconstruction.yml", assumptions)):
        (place / name).write_text(text.lstrip(), encoding="utf-8")
    return read_problem(place)


def printed(method, digits=2):
    """What a paper would print of survival by risk, by one method, its hazard ratio with so many decimals."""
    known, risk = truth()
    time, event = known["os_months"].to_numpy(float), known["died"].to_numpy(int)
    group = np.where(risk == "low", 0, 1)
    ratio = hazard_ratio(time, event, group, method=method)
    p = compare(time, event, group).p
    where = '"endpoint=os; by=risk; groups=low,high"'
    values = {
        "hazard_ratio": f"{ratio.hr:.{digits}f}",
        "hazard_ratio_lower": f"{ratio.lower:.2f}",
        "hazard_ratio_upper": f"{ratio.upper:.2f}",
        "logrank_p": f"{p:.3f}",
    }
    return "".join(f"risk.{name},Text,risk,all,,{name},{where},{value},imposed,,,\n" for name, value in values.items()), values


@pytest.mark.parametrize("digits", [2, 3])
@pytest.mark.parametrize("method", ["logrank-oe", "mantel-haenszel"])
def test_labels_at_known_times_give_the_printed_comparison(tmp_path, method, digits):
    rows, values = printed(method, digits)
    problem = problem_of(tmp_path, rows)
    known, _ = truth()
    found = relabel(problem, (known, {}), known, seed=1).tables["cohort"]
    time, event, group = found["os_months"].to_numpy(float), found["died"].to_numpy(int), np.where(found["risk"] == "low", 0, 1)
    ratios = [hazard_ratio(time, event, group, method=m) for m in ("logrank-oe", "mantel-haenszel")]
    assert f"{compare(time, event, group).p:.3f}" == values["logrank_p"]
    assert any(
        (f"{r.hr:.{digits}f}", f"{r.lower:.2f}", f"{r.upper:.2f}")
        == (values["hazard_ratio"], values["hazard_ratio_lower"], values["hazard_ratio_upper"])
        for r in ratios
    )


def test_the_solver_knows_when_no_labels_give_a_comparison(tmp_path):
    where = '"endpoint=os; by=risk; groups=low,high"'
    problem = problem_of(tmp_path, f"risk.p,Text,risk,all,,logrank_p,{where},<0.0000001,imposed,,,\n")
    known, _ = truth()
    model = labels.build(problem, "cohort", known.assign(patient=None))
    add_comparisons(model)
    with pytest.raises(NoSolution) as refusal:
        labels.solve(model, 1)
    assert refusal.value.proven


def test_a_patient_with_two_rows_lives_one_life(tmp_path):
    problem = problem_of(tmp_path)
    known, _ = truth()
    assert tied(problem)
    start = relabel(problem, (known, {}), known, seed=3)
    table, (link,) = start.tables["cohort"], start.links
    first, second = table.iloc[link.first], table.iloc[link.second]
    assert first["patient"] == second["patient"] and first["sex"] == second["sex"]
    assert second["age"] - first["age"] == link.gap
    assert first["efs_event"] == 1 and first["efs_months"] <= link.gap
    assert link.gap == first["os_months"] - second["os_months"] or (first["died"] == 0 and link.gap == first["os_months"])
    assert find_broken(problem, {"cohort": table}) == []


@pytest.mark.parametrize("column, value", [("age", 1), ("os_months", 59), ("efs_months", 59)])
def test_two_lives_under_one_name_are_noticed(tmp_path, column, value):
    problem = problem_of(tmp_path)
    known, _ = truth()
    start = relabel(problem, (known, {}), known, seed=3)
    table = start.tables["cohort"].copy()
    table.loc[start.links[0].first, column] = value
    assert any(
        "cannot belong to one patient" in sentence or "not one of the patients" in sentence
        for sentence in find_broken(problem, {"cohort": table})
    )


def test_proofs_that_know_no_times_still_pair_rows(tmp_path):
    problem = problem_of(tmp_path)
    skipped = ("os_months", "died", "efs_months", "efs_event", "patient")
    model = labels.build(problem, "cohort", pd.DataFrame(index=range(20)), skip=skipped)
    literals = pairs.add_pairs(model)
    assert literals and all(link.gap is None for link in literals)
    labels.solve(model, 1)


def state(end, dead, ill_at, ill):
    life = np.zeros((7, len(end)), np.int64)
    life[moves.END], life[moves.DEAD], life[moves.ILL_AT], life[moves.ILL] = end, dead, ill_at, ill
    return life


@pytest.mark.parametrize(
    "end, dead, ill_at, ill, sound",
    [
        ((20, 8), (1, 1), (10, 3), (1, 1), True),  # both end together, twelve months apart
        ((20, 8), (0, 1), (10, 3), (1, 1), False),  # alive in one row, dead in the other, and not followed until the second row
        ((12, 8), (0, 1), (10, 3), (1, 1), True),  # followed until the second row
        ((20, 8), (1, 1), (13, 3), (1, 1), False),  # the first event comes after the second row begins
        ((20, 8), (0, 0), (20, 3), (0, 1), False),  # no first event
    ],
)
def test_moves_keep_one_life(end, dead, ill_at, ill, sound):
    nothing_told = np.empty((0, 2), np.int64)
    assert moves.one_life(state(end, dead, ill_at, ill), np.zeros((1, 2), bool), np.array([[0, 1, 12]]), nothing_told) == sound


@pytest.mark.parametrize(
    "before, after, end, dead",
    [
        (((20, 8), (1, 1)), ((23, 8), (1, 1)), (23, 11), (1, 1)),  # the first row ends later: so does the second
        (((20, 8), (1, 1)), ((20, 6), (1, 0)), (18, 6), (0, 0)),  # the second row ends earlier, and alive
        (((20, 8), (1, 1)), ((23, 4), (1, 1)), (23, 11), (1, 1)),  # both: the first has its way
        (((20, 8), (1, 1)), ((20, 8), (1, 1)), (20, 8), (1, 1)),  # neither
        (((12, 8), (0, 1)), ((12, 9), (0, 1)), (12, 9), (0, 1)),  # followed until the second row: only that one goes on
    ],
)
def test_rows_that_end_together_are_moved_together(before, after, end, dead):
    old, new = (state(*ends, (3, 2), (1, 1)) for ends in (before, after))
    moves.carry(new, old, np.array([[0, 1, 12]]))
    assert tuple(new[moves.END]) == end and tuple(new[moves.DEAD]) == dead


def test_a_row_without_a_first_event_that_follows_another_stays_without_one():
    old = state((20, 8), (0, 0), (10, 8), (1, 0))
    new = state((25, 8), (0, 0), (10, 8), (1, 0))
    moves.carry(new, old, np.array([[0, 1, 12]]))
    assert tuple(new[moves.END]) == tuple(new[moves.ILL_AT] + (15, 0)) == (25, 13)


def test_moves_keep_what_is_told_of_a_row():
    nobody, told = np.empty((0, 3), np.int64), np.array([[1, 0]])
    life = state((20, 8), (1, 1), (10, 3), (1, 1))
    assert moves.one_life(life, np.array([[False, True]]), nobody, told)
    assert not moves.one_life(life, np.array([[True, False]]), nobody, told)


def held(problem, table):
    """Whether the model of labels, at the times of a main table, accepts the labels of that table."""
    known, open_ = times_of(problem, table)
    model = labels.build(problem, problem.main, known, open_, skip=tuple(problem.assumptions.of(problem.main).derived))
    pairs.add_pairs(model)
    add_comparisons(model)
    key = problem.assumptions.of(problem.main).pairs.key
    for name, blocks in model.blocks.items():
        for row, code in enumerate(codes_of(table[name], blocks) if name != key else ()):
            model.solver.Add(model.indicator[row, name, code] == 1)
    try:
        labels.solve(model, 1, effort=60.0)
    except NoSolution:
        return False
    return True


def followed_until_the_second():
    """Times at which the first enrolment of the child enrolled twice can only end, alive, where the second begins."""
    known, _ = truth()
    known.loc[0:9, "died"] = 0
    known.loc[1:9, "efs_event"] = 0
    known.loc[1:9, "efs_months"] = known.loc[1:9, "os_months"]
    known.loc[10:, ["died", "efs_event"]] = 1
    return known


def test_the_model_of_labels_accepts_a_cohort_read_from_its_file(tmp_path):
    problem, known = problem_of(tmp_path), followed_until_the_second()
    saved = as_saved(problem, relabel(problem, (known, {}), known, seed=1).tables)
    table = walks.begin(problem, saved).tables["cohort"]
    assert held(problem, table)
    two = table.index[table["twice"] == "1"]
    assert not held(problem, table.assign(sex=["F" if row == two[0] else "M" for row in table.index])), (
        "the two rows of a child differ in sex"
    )


def test_labels_are_chosen_anew_at_the_times_of_a_cohort_read_from_its_file(tmp_path):
    problem, known = problem_of(tmp_path), followed_until_the_second()
    saved = as_saved(problem, relabel(problem, (known, {}), known, seed=1).tables)
    table = walks.begin(problem, saved).tables["cohort"]  # where truth values are text
    (link,) = relabel(problem, times_of(problem, table), table, seed=2).links
    assert link.gap == 36


PAIRED = [slug for slug in studies() if (problem := read_problem(slug)).assumptions.timeline and tied(problem)]


@pytest.mark.parametrize("slug", PAIRED)
def test_the_model_of_labels_accepts_the_saved_cohorts(slug):
    problem = read_problem(slug).following(0)
    members = read_ensemble(problem.study)
    for member in (members[0], members[len(members) // 2]):
        assert held(problem, walks.begin(problem, member).tables[problem.main])


NEVER = 'risk.p,Text,risk,all,,logrank_p,"endpoint=os; by=risk; groups=low,high",<0.0000001,imposed,,,\n'


@pytest.mark.parametrize(("rows", "variables"), [(NEVER, {"risk"}), (printed("mantel-haenszel")[0], set()), ("", set())])
def test_comparisons_that_no_labels_give_at_these_times_are_named(tmp_path, rows, variables):
    known, _ = truth()
    assert out_of_reach(problem_of(tmp_path, rows), (known, {}), known) == variables


def test_no_comparison_is_blamed_where_patients_alone_exclude_the_times(tmp_path):
    known, _ = truth()
    known["efs_months"] = known["os_months"] = 60  # nobody could be enrolled again within nine months
    assert out_of_reach(problem_of(tmp_path, NEVER), (known, {}), known) == set()


def test_no_comparison_is_blamed_where_the_solver_does_not_know(tmp_path, monkeypatch):
    monkeypatch.setattr(relabelling, "EFFORT", 0.0)
    known, _ = truth()
    assert out_of_reach(problem_of(tmp_path, printed("mantel-haenszel", 3)[0]), (known, {}), known) == set()


def test_rows_of_a_patient_agree_in_labels_that_are_kept(tmp_path):
    problem, known = problem_of(tmp_path), truth()[0]  # nine girls are printed, and ten rows are in either arm
    kept = known.assign(sex=["M"] + ["F"] * 9 + ["M"] * 10)
    start = relabel(problem, (kept, {}), kept, seed=3)
    table, (link,) = start.tables["cohort"], start.links
    assert table["sex"].iloc[[link.first, link.second]].tolist() == ["M", "M"]
    kept["sex"] = ["F"] * 9 + ["M"] * 11  # the one boy of A has his event too late
    assert kept["efs_event"][9] == 0 or kept["efs_months"][9] > 9
    with pytest.raises(NoSolution):
        relabel(problem, (kept, {}), kept, seed=3)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("where", "low", "high"), [("sex=F & risk=high", 0, 8), ("age<=77 & risk=high", 0, 8), ("sex=F & arm=A", 0, 9)])
def test_labels_lead_a_number_of_rows_as_far_as_they_can(tmp_path, where, low, high, sign):
    problem = problem_of(tmp_path)  # 8 of high risk, 9 girls, 10 in A; ages are free
    known, _ = truth()
    goal = labels.Goal(conditions.parse(where), sign)
    table = relabel(problem, (known, {}), known, seed=1, goal=goal).tables["cohort"]
    assert goal.condition.mask(table).sum() == (high if sign > 0 else low)

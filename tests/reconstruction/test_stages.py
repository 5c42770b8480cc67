"""Each stage alone: blocks, cells, months and histories, labels, fourfold tables, numbers."""

import numpy as np
import pandas as pd
import pytest

from analysis.cohorts import conditions
from analysis.cohorts.study_parts import Variable
from analysis.estimators.group_tests import contingency
from analysis.ledger.rows.printed import parse
from analysis.ledger.rows.rounding import RULES
from analysis.reconstruction.constraints import tables
from analysis.reconstruction.counts import numbers
from analysis.reconstruction.ensemble import ensemble
from analysis.reconstruction.io import stamp
from analysis.reconstruction.problem import accepted
from analysis.reconstruction.problem.blocks import blocks_of, meets
from analysis.reconstruction.solver import labels, pairs, timeline
from analysis.reconstruction.solver.cells import cells_of, members

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


def test_numbers_are_cut_where_a_condition_changes():
    age = Variable(type="integer", range=(0, 100))
    asked = [conditions.parse(text) for text in ("age<40", "age>=65", "age<=70")]
    cut = [(block.low, block.high) for block in blocks_of(age, asked, "age")]
    assert cut == [(0, 39), (40, 64), (65, 70), (71, 100)]


@pytest.mark.parametrize("text", ["age<40", "age=40", "age!=40", "age>70", "age=?", "age!=?"])
def test_every_value_of_a_block_answers_a_condition_alike(text):
    asked = conditions.parse(text)
    age = Variable(type="integer", range=(0, 100), missing=True)
    for block in blocks_of(age, [asked], "age"):
        values = [None] if block.missing else range(int(block.low), int(block.high) + 1)
        frame = pd.DataFrame({"age": pd.array(list(values), dtype="Int64")})
        assert set(asked.mask(frame)) == {meets(asked.clauses[0], block)}


def test_rules_leave_out_cells(toy):
    timeline_ = toy.assumptions.timeline.model_copy(update={"strata": {"arm": "each", "response": (("good", "bad"), ("unclear",))}})
    found = cells_of(toy.study, timeline_, toy.assumptions.of("cohort").rules)
    assert len(found) == 3  # arm B is never unclear
    assert members(found, conditions.parse("arm=A")) == [0, 1]
    assert members(found, conditions.parse("response=good")) is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_times_walk_down_the_printed_curves(toy, seed):
    from analysis.estimators.curves.kaplan_meier import kaplan_meier

    model = timeline.build(toy, seed)
    rows = timeline.rows_of(model, timeline.solve(model, seed), seed)
    curve = kaplan_meier(rows["os_months"].to_numpy(float), rows["died"].to_numpy(bool))
    assert round(100 * float(curve.survival_at(12)), 2) == 74.07
    assert round(100 * float(curve.standard_error_at(12)), 2) == 12.95
    assert rows["os_months"].max() == 50
    assert accepted.accepts(parse("15"), rows["os_months"].median(), RULES["number"])


def test_no_times_is_a_proof_with_every_month_open(folder):
    from analysis.reconstruction.problem.problem import read_problem

    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace("time=12,85.71%", "time=12,42.86%"))
    model = timeline.build(read_problem(folder), 1, every_month=True)
    with pytest.raises(timeline.NoSolution) as caught:
        timeline.solve(model, 1)
    assert caught.value.proven


def test_labels_satisfy_counts_rules_and_bounds(toy):
    known = pd.DataFrame({"arm": ["A"] * 7 + ["B"] * 5})
    table, _ = labels.solve(labels.build(toy, "cohort", known, skip=("os_months", "died")), seed=3)
    assert (table["sex"] == "F").sum() == 5
    assert ((table["sex"] == "F") & (table["arm"] == "A")).sum() == 3
    assert ((table["response"] == "good") & (table["arm"] == "A")).sum() == 4
    assert not ((table["response"] == "unclear") & (table["arm"] == "B")).any()
    assert 1 <= (table["response"] == "unclear").sum() <= 2


def test_fourfold_pairs_are_those_that_give_the_p():
    found = tables._pairs(parse("0.545"), RULES["p"], 6, 6)
    assert found
    for a in range(7):
        for b in range(7):
            if a + b not in (0, 12):
                cells = [[a, 6 - a], [b, 6 - b]]
                hit = any(accepted.accepts(parse("0.545"), contingency.p_value(cells, test), RULES["p"]) for test in tables.TESTS)
                assert ((a, b) in found) == hit


def test_ages_have_the_printed_mean_and_deviation(toy):
    low, high = np.full(12, 20), np.full(12, 85)
    values, missed = numbers.fill(toy, "cohort", pd.DataFrame(index=range(12)), "age", low, high, seed=1)
    assert missed == []
    assert abs(np.mean(values) - 50.5) <= 0.05 and abs(np.std(values, ddof=1) - 12.3) <= 0.05


def test_a_mean_outside_the_intervals_is_reported_missed(toy):
    values, missed = numbers.fill(toy, "cohort", pd.DataFrame(index=range(12)), "age", np.full(12, 60), np.full(12, 85), seed=1, moves=500)
    assert "age.mean" in missed


@pytest.mark.parametrize("rows, hopeless", [(0, {"age.mean", "age.sd"}), (1, {"age.sd"})])
def test_a_summary_of_too_few_values_is_reported_missed(toy, rows, hopeless):
    _, missed = numbers.fill(toy, "cohort", pd.DataFrame(index=range(rows)), "age", np.full(rows, 20), np.full(rows, 85), seed=1, moves=100)
    assert hopeless <= set(missed)


def test_linked_values_keep_their_gap(toy):
    values, _ = numbers.fill(
        toy, "cohort", pd.DataFrame(index=range(12)), "age", np.full(12, 20), np.full(12, 85), seed=1, links=[(0, 5, 3)]
    )
    assert values[5] == values[0] + 3


def test_both_rows_of_a_patient_carry_one_name():
    names = pairs.name_patients(pd.DataFrame(index=range(4)), "patient", [pairs.Link(2, 0, 5, None)])
    assert names[0] == names[2] and len(set(names)) == 3


def test_the_widest_interval_holds_two_stage_values():
    low, high = accepted.widest(parse("0.044"), RULES["p"])
    assert accepted.accepts(parse("0.044"), 0.04347, RULES["p"]) and low < 0.04347
    assert not accepted.accepts(parse("0.044"), 0.0434, RULES["p"]) and low > 0.0434
    assert accepted.accepts(parse("0.044"), high, RULES["p"]) and not accepted.accepts(parse("0.044"), high + 1e-4, RULES["p"])


def test_the_digest_sees_imposed_rows_only(toy, folder):
    from analysis.reconstruction.problem.problem import read_problem

    ledger = folder / "printed.csv"
    text = ledger.read_text()
    ledger.write_text(text.replace("1,held-out", "2,held-out"))
    assert stamp.digest(read_problem(folder)) == stamp.digest(toy)
    ledger.write_text(text.replace("12.3,imposed", "12.4,imposed"))
    assert stamp.digest(read_problem(folder)) != stamp.digest(toy)


def test_distances_compare_bags_of_patients():
    one = pd.DataFrame({"a": [1, 1, 2, 3]})
    members = [one, one.sample(frac=1, random_state=0), pd.DataFrame({"a": [1, 4, 4, 4]})]
    assert ensemble.distances(members, ["a"]) == {"least": 0, "median": 0.75, "greatest": 0.75}


def test_packed_bytes_are_the_same_each_time():
    frames = [pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [3, 4]})]
    assert ensemble.pack(frames) == ensemble.pack(frames)

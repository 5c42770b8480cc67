"""Outcomes exchanged between rows: nothing printed changes, and over many deals nothing unprinted hangs together."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.cohorts.reading import validate
from analysis.ledger.verdicts.recompute import CohortValues
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.single.outcome_swaps import OutcomeSwaps

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

SIZE, DEALS = 12, 150


@pytest.fixture
def problem(folder):
    """The made-up study, in which arm, sex, age and visits are known at the start."""
    text = (folder / "reconstruction.yml").read_text()
    (folder / "reconstruction.yml").write_text(
        text.replace("tables:\n  cohort:\n", "tables:\n  cohort:\n    baseline: [arm, sex, age, visits]\n")
    )
    return read_problem(folder)


@pytest.fixture
def table(problem):
    rng = np.random.default_rng(2)
    raw = pd.DataFrame({
        "patient": [f"P{k}" for k in range(SIZE)], "arm": ["A"] * 7 + ["B"] * 5, "sex": ["F", "M", "M"] * 4,
        "response": ["good", "good", "good", "good", "bad", "bad", "unclear", "good", "bad", "bad", "bad", "bad"], "visits": "1",
        "age": [str(30 + 4 * k) for k in range(SIZE)], "os_months": [str(n) for n in rng.permutation(np.arange(10, 34, 2))], "died": ["1", "0", "0"] * 4})  # fmt: skip
    return validate(raw, problem.study, "cohort", "made up")


def printed(problem, table):
    """Every imposed number that the main table alone decides."""
    values = CohortValues(problem.study, {"cohort": table})
    return {row.id: {name: float(value) for name, value in values.of(row).items()} for row in problem.imposed if values.has(row)}


def test_no_imposed_row_changes_however_often_outcomes_are_exchanged(problem, table):
    before = printed(problem, table)
    swaps = OutcomeSwaps(problem, "cohort", table)
    for seed in range(20):
        swaps.shuffle(np.random.default_rng(seed))
        after = swaps.table()
        assert printed(problem, after) == before
        assert not ((after["arm"] == "B") & (after["response"] == "unclear")).any(), "a rule of the study"
    assert (swaps.order != np.arange(SIZE)).any()


def test_baseline_stays_and_each_outcome_moves_whole(problem, table):
    swaps = OutcomeSwaps(problem, "cohort", table)
    swaps.shuffle(np.random.default_rng(1))
    after = swaps.table()
    pd.testing.assert_frame_equal(after[["patient", "arm", "sex", "age", "visits"]], table[["patient", "arm", "sex", "age", "visits"]])
    blocks = [list(map(tuple, frame[["response", "os_months", "died"]].astype(str).to_numpy())) for frame in (table, after)]
    assert sorted(blocks[0]) == sorted(blocks[1]) and blocks[0] != blocks[1]
    assert list(after.columns) == list(table.columns)


def test_rows_whose_printed_curves_differ_never_exchange(problem, table):
    swaps = OutcomeSwaps(problem, "cohort", table)
    across = [(i, j) for i in range(7) for j in range(7, SIZE)]
    assert not any(swaps.allowed(i, j) for i, j in across), "survival of arm A is printed"
    assert any(swaps.allowed(i, j) for i in range(7) for j in range(i))


def test_a_count_of_baseline_and_outcome_together_bounds_exchanges(problem, table):
    with (problem.study.folder / "printed.csv").open("a") as ledger:
        ledger.write("f.died,Text,women who died,all,sex=F & died=1,count,,4,imposed,,,\n")
    swaps = OutcomeSwaps(read_problem(problem.study.folder), "cohort", table)
    woman, man = 0, 1
    assert table["sex"][woman] != table["sex"][man] and bool(table["died"][woman]) != bool(table["died"][man])
    assert not swaps.allowed(woman, man), "one woman who died fewer"
    assert OutcomeSwaps(problem, "cohort", table).allowed(woman, man), "nothing is printed of it otherwise"
    swaps.shuffle(np.random.default_rng(3))
    after = swaps.table()
    assert int(((after["sex"] == "F") & after["died"].astype(bool)).sum()) == 4


def test_a_rule_between_baseline_and_outcome_is_kept(problem, table):
    swaps = OutcomeSwaps(problem, "cohort", table.assign(arm="A"))
    assert swaps.allowed(6, 7)  # the unclear response may go anywhere in arm A
    declaration = problem.study.folder / "reconstruction.yml"
    declaration.write_text(declaration.read_text().replace('"arm=B", then: "response!=unclear"', '"sex=M", then: "response!=unclear"'))
    strict = OutcomeSwaps(read_problem(problem.study.folder), "cohort", table)
    unclear, man = 6, 4
    assert table["sex"][unclear] == "F" and table["sex"][man] == "M" and table["arm"][man] == "A"
    assert not strict.allowed(unclear, man)


def test_rows_of_one_patient_stay_as_they_are(problem, table):
    swaps = OutcomeSwaps(problem, "cohort", table)
    swaps._free = OutcomeSwaps._single(swaps, SimpleNamespace(pairs=SimpleNamespace(key="arm")))
    assert not any(swaps.allowed(i, j) for i in range(SIZE) for j in range(i))


def test_features_of_which_nothing_is_printed_are_independent_of_the_outcome_in_the_mean(problem, table):
    swaps = OutcomeSwaps(problem, "cohort", table)
    women = (table["sex"] == "F").to_numpy()
    dead = []
    for seed in range(DEALS):
        swaps.shuffle(np.random.default_rng(seed))
        dead.append(int(swaps.table()["died"].astype(bool).to_numpy()[women].sum()))
    # within arm A 3 women of 7 and 3 deaths of 7, within arm B 1 of 5 and 1 of 5: expected 9/7 + 1/5
    arm = (table["arm"] == "A").to_numpy()
    died = table["died"].astype(bool).to_numpy()
    expected = sum((women & side).sum() * (died & side).sum() / side.sum() for side in (arm, ~arm))
    variance = sum(
        (women & side).sum() * (died & side).sum() * (side & ~women).sum() * (side & ~died).sum() / side.sum() ** 2 / (side.sum() - 1)
        for side in (arm, ~arm)
    )
    assert np.mean(dead) == pytest.approx(expected, abs=4 * np.sqrt(variance / DEALS)), "hypergeometric mean, four standard errors"
    assert np.var(dead) == pytest.approx(variance, rel=0.5)

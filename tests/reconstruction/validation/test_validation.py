"""Known cohorts, published and reconstructed: proven ranges hold the truth."""

import numpy as np
import pytest
from lifelines import KaplanMeierFitter

from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.validation.known import known
from analysis.reconstruction.validation.papers import publish
from analysis.reconstruction.validation.validation import cohorts_of, first_including, inside, inside_by, validate

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

COHORTS = {one.name: one for one in known()}


def test_there_are_known_cohorts_of_20_to_2_000_patients_and_the_hard_cases():
    sizes = sorted(len(one.rows) for one in COHORTS.values())
    assert len(sizes) >= 12 and sizes[0] >= 20 and sizes[-1] <= 2_000
    assert sum(size >= 100 for size in sizes) >= 5 and sum(size > 500 for size in sizes) >= 3
    assert any(one.rows.groupby("arm")["died"].sum().min() == 0 for one in COHORTS.values()), "an arm without events"
    assert any((~one.rows["died"]).mean() > 0.7 for one in COHORTS.values()), "heavy censoring"
    assert all(one.rows["os_months"].duplicated().any() for one in COHORTS.values()), "ties"
    arms = [arm for one in COHORTS.values() for _, arm in one.rows.groupby("arm")]
    halves = [KaplanMeierFitter().fit(arm["os_months"], arm["died"]).survival_function_ for arm in arms]
    assert any(np.isclose(curve, 0.5).any() for curve in halves), "a plateau at one half"


@pytest.mark.parametrize("name", COHORTS)
def test_the_printed_estimates_are_those_of_lifelines(tmp_path, name):
    one = COHORTS[name]
    problem = read_problem(publish(one, tmp_path / "known"))
    curve = KaplanMeierFitter().fit(one.rows["os_months"], one.rows["died"])
    for time in one.horizons:
        assert float(problem.ledger[f"os.all.{time}"].value.value) == pytest.approx(100 * curve.predict(time), abs=0.0051)


@pytest.mark.parametrize("name", ["first weeks", "psychiatric"])
def test_the_truth_lies_in_every_proven_range_and_the_printed_numbers_come_back(name):
    outcome = validate(COHORTS[name], cohorts=1)
    assert len(outcome.proven) >= 6
    assert all(low <= truth <= high for truth, low, high in outcome.proven.values())
    assert (outcome.cohorts, outcome.satisfied) == (1, outcome.printed)


@pytest.mark.parametrize(
    "name",
    [
        *(pytest.param(name, marks=pytest.mark.thorough) for name in ("lung", "heart", "lymph nodes")),
        "breast",
        "transplants",
        "governments",
    ],
)
def test_printed_numbers_of_hundreds_and_thousands_come_back(tmp_path, name):
    problem = read_problem(publish(COHORTS[name], tmp_path / "known"))
    ((satisfied, cohort),) = cohorts_of(problem, tmp_path, 1, 1)
    assert (satisfied, len(cohort)) == (len(problem.imposed), len(COHORTS[name].rows))


def test_truths_outside_are_counted_as_such():
    assert inside([{"truth": 1.0, "low": 0.0, "high": 2.0}, {"truth": 3.0, "low": 0.0, "high": 2.0}]) == (1, 2)


@pytest.mark.parametrize(
    ("values", "needed"),
    [([2.0], 1), ([3.0, 4.0, 1.0, 5.0], 3), ([3.0, 4.0], None), ([float("nan"), 2.0], 2), ([2.0009, 5.0], 1), ([2.0011, 5.0], None)],
)
def test_a_range_includes_the_truth_from_the_cohort_on_that_brings_its_other_end(values, needed):
    assert first_including(2.0, values) == needed


def test_truths_are_counted_by_the_number_of_cohorts_that_a_range_needs():
    ranges = [{"needed": 1}, {"needed": 10}, {"needed": 11}, {"needed": None}]
    assert [inside_by(ranges, cohorts) for cohorts in (1, 9, 10, 11)] == [1, 1, 2, 3]

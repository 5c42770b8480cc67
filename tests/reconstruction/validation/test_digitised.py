"""A known cohort with its curves digitised: less is left open, and the truth stays inside."""

import pytest

from analysis.cohorts import conditions
from analysis.reconstruction.checks.verify import check_tables
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.proofs.bounds import bounds
from analysis.reconstruction.validation.digitised import narrowed
from analysis.reconstruction.validation.known import known
from analysis.reconstruction.validation.papers import publish
from analysis.reconstruction.validation.validation import cohorts_of, estimates, numbers_asked

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

COHORTS = {one.name: one for one in known()}


@pytest.fixture
def problems(tmp_path):
    return [
        read_problem(publish(COHORTS[name], tmp_path / f"study{number}"))
        for number, name in enumerate(("leukaemia", "leukaemia, digitised"))
    ]


@pytest.mark.parametrize("name", ["observed beyond 22", "censored until 6"])
def test_proven_ranges_shrink_and_hold_the_truth(problems, name):
    one = COHORTS["leukaemia"]
    condition = conditions.parse(numbers_asked(one)[name])
    (low, high), (least, most) = (bounds(problem, "cohort", condition, [row.id for row in problem.imposed]) for problem in problems)
    assert low <= least <= condition.mask(one.rows).sum() <= most <= high
    assert most - least < (high - low) / 2


def test_the_curve_fixes_medians_and_what_lies_between_printed_times(problems, tmp_path):
    one = COHORTS["leukaemia, digitised"]
    ((satisfied, rows),) = cohorts_of(problems[1], tmp_path, 1, 1)
    assert satisfied == len(problems[1].imposed)
    assert all(check_tables(problems[1], {"cohort": rows}).digitised.values())
    truth, found = estimates(one.rows, one), estimates(rows, one)
    for name in ("median, A", "median, B", "survival at 14, A", "survival at 14, B"):
        assert found[name] == pytest.approx(truth[name], abs=2.0)


def test_ranges_are_compared_by_their_names():
    alone = [{"quantity": name, "low": 0.0, "high": 2.0} for name in "abc"]
    beside = [{"quantity": name, "low": 0.0, "high": high} for name, high in (("b", 1.0), ("a", 2.0), ("c", 3.0), ("d", 0.0))]
    assert narrowed(alone, beside) == (1, 1, 3)

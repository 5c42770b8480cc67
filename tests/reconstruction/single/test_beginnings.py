"""Seeds of a group begin together and end apart."""

import pytest

from analysis.reconstruction.cohort import make_cohort
from analysis.reconstruction.single.beginnings import SHARING, Beginnings, group
from analysis.reconstruction.single.relabelling import tied
from tests.reconstruction.single.test_relabelling import ASSUMPTIONS, problem_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

#: Most have an event, so that there are two rows of one patient at nearly any times.
EVENTS = """  tallies:
    - {terms: [{where: "arm=A", endpoint: efs}, {where: "arm=B", endpoint: efs}], at_least: 14, why: told in words}
    - {terms: [{where: "arm=A", endpoint: os}, {where: "arm=B", endpoint: os}], at_least: 10, at_most: 14, why: told in words}
tables:"""
LOOSE = ASSUMPTIONS.replace(" & efs_months<=9", "").replace("gap: [4, 40]", "gap: [1, 59]").replace("tables:", EVENTS)


def test_a_group_is_consecutive_seeds():
    assert {group(seed) for seed in range(1, SHARING + 1)} == {1}
    assert group(SHARING + 1) == 2


@pytest.fixture
def problem(tmp_path):
    problem = problem_of(tmp_path, assumptions=LOOSE)
    assert tied(problem)
    return problem


def test_seeds_of_a_group_share_a_start_and_differ(problem):
    known = Beginnings(problem)
    one, other = (make_cohort(problem, seed, known=known) for seed in (1, 2))
    assert one.seed == other.seed
    assert one.miss == other.miss == 0
    assert (one.tables["cohort"]["os_months"] != other.tables["cohort"]["os_months"]).mean() > 0.5


def test_a_seed_alone_gives_the_cohort_that_it_gives_in_its_group(problem):
    known = Beginnings(problem)
    make_cohort(problem, 1, known=known)
    assert make_cohort(problem, 2, known=known).tables["cohort"].equals(make_cohort(problem, 2).tables["cohort"])

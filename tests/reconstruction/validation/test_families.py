"""What is left out is really hidden: neither the numbers nor what gives them away is kept."""

import pytest

from analysis import paths
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.validation.families import families

STUDIES = [slug for slug in paths.studies() if (paths.study_folder(slug) / "cohort.csv").is_file()]


@pytest.fixture(scope="module", params=STUDIES)
def problem(request):
    return read_problem(request.param)


def test_no_kept_number_tells_a_left_out_one_by_arithmetic(problem):
    for family in families(problem):
        for row in problem.imposed:
            if row.id not in family.hidden and row.sources is not None:
                spoken = set(row.sources.ids) & family.hidden
                assert not spoken if row.statistic != "count" else len(spoken) != 1, (family.name, row.id)


def test_no_left_out_number_follows_from_what_is_kept(problem):
    for family in families(problem):
        for id in family.left_out:
            sources = problem.ledger[id].sources
            assert id in family.hidden
            assert sources is None or set(sources.ids) & family.hidden


def test_the_sizes_of_tables_are_kept(problem):
    whole = {row.id for row in problem.imposed if row.statistic == "count" and not problem.condition(row).clauses}
    assert whole and all(not whole & set(family.left_out) for family in families(problem))

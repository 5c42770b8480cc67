"""Orders of events that a cohort follows, read off its rows."""

import pandas as pd
import pytest

from analysis.reconstruction.problem import read_problem
from analysis.reconstruction.saved import read_tables
from analysis.reconstruction.structures import followed

STUDY = "dac_clag"


@pytest.fixture(scope="module")
def problem():
    return read_problem(STUDY)


def test_the_reference_follows_a_declared_pattern_of_each_order(problem):
    found = followed(problem, read_tables(problem, problem.study.folder)["cohort"])
    assert found
    assert all(found.values())


def test_a_death_carried_to_another_time_follows_none(problem):
    table = read_tables(problem, problem.study.folder)["cohort"].copy()
    late = table.index[table["died"].astype(int) == 1][-1]
    table.loc[late, "os_months"] = table["os_months"].max() + 1
    assert followed(problem, pd.DataFrame(table))["deaths"] == 0

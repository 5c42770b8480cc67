"""Orders of events that a cohort follows, read off its rows."""

import json

import pandas as pd
import pytest

from analysis.cohorts.ensemble import count_structures, read_ensemble
from analysis.reconstruction.io.saved import read_tables
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.problem.structures import find_patterns, find_structures

STUDY = "dac_clag"


@pytest.fixture(scope="module")
def problem():
    return read_problem(STUDY)


def test_the_reference_follows_a_declared_pattern_of_each_order(problem):
    found = find_patterns(problem, read_tables(problem, problem.study.folder)["cohort"])
    assert found
    assert all(found.values())


def test_orders_of_a_study_that_declares_none_are_numbered_as_they_occur(toy):
    first = pd.DataFrame({"os_months": [1.0, 2.0, 3.0, 4.0], "died": [1, 1, 0, 1]})
    tied = first.assign(os_months=[1.0, 1.0, 3.0, 4.0])
    later = first.assign(os_months=[10.0, 20.0, 30.0, 40.0])  # the same order
    other = first.assign(died=[1, 0, 1, 1])
    assert list(find_structures(toy, [first, tied, later, other, tied]).values()) == [[1, 2, 1, 3, 2]]


@pytest.mark.parametrize("slug", ["dac_clag", "nopho_rd"])
def test_the_saved_members_carry_their_structures(slug):
    """Directed members, too: one number a member, and what the rows tell."""
    problem = read_problem(slug)
    told = json.loads((problem.study.folder / "cohort.json").read_text())["structures"]
    assert told == find_structures(problem, [tables[problem.main] for tables in read_ensemble(problem.study)])
    assert count_structures(problem.study) == len(set(zip(*told.values(), strict=True)))


def test_a_death_carried_to_another_time_follows_none(problem):
    table = read_tables(problem, problem.study.folder)["cohort"].copy()
    late = table.index[table["died"].astype(int) == 1][-1]
    table.loc[late, "os_months"] = table["os_months"].max() + 1
    assert find_patterns(problem, pd.DataFrame(table))["deaths"] == 0

"""Cohorts of large groups are led to where an unprinted quantity is greater or less, and still give every printed number."""

import math

import pytest

from analysis.reconstruction.checks.verify import check_tables
from analysis.reconstruction.cohort import make_cohort
from analysis.reconstruction.io.saved import as_saved
from analysis.reconstruction.large import encoding
from analysis.reconstruction.large.dealing import patients_of
from analysis.reconstruction.large.ends import asked_beyond, push
from analysis.reconstruction.problem.aims import Aim
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.ranges.climbing import climb
from analysis.reconstruction.validation.known import Known
from analysis.reconstruction.validation.papers import publish
from tests.reconstruction.large.conftest import simulated

# compiled from nothing in a fresh clone, so in the worker that has the other kernels
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]
MARKED = Aim(id="marked", quantity="deaths of the marked", subset="mark=1 & died=1", statistic="count")
RATIO = Aim(id="ratio", quantity="hazard ratio", statistic="hazard_ratio", arguments={"endpoint": "os", "by": "mark", "groups": "1,0"})
MODEL = Aim(id="model", quantity="ratio", statistic="cox_hr", arguments={"endpoint": "os", "covariates": "arm,mark", "term": "mark"})


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    problem = read_problem(publish(Known("simulated", "", "", simulated(400), (12, 24)), tmp_path_factory.mktemp("started") / "known"))
    tables = as_saved(problem, make_cohort(problem, 1).tables)  # in which the mark hardly hangs on survival
    assert check_tables(problem, tables).missed == ()
    return problem, tables


@pytest.mark.parametrize("aim", [MARKED, pytest.param(RATIO, marks=pytest.mark.thorough)])
def test_both_ends_lie_beyond_the_cohort_and_hold(started, aim):
    problem, tables = started
    value = aim.value(problem.study, tables)
    for upwards in (True, False):
        found = climb(problem, aim, upwards, [tables], [value], [0], frozenset(), 1, attempts=1)
        assert (found.value > value) is upwards and found.found > 0 and found.walks == 12
        assert found.value == aim.value(problem.study, found.tables)
        report = check_tables(problem, found.tables)
        assert report.missed == () and report.broken == ()


def test_patients_of_a_saved_cohort_miss_nothing_and_are_asked_for_more(started):
    problem, tables = started
    value = MARKED.value(problem.study, tables)
    for end, holds in ((value, True), (value + 1, False)):
        found = encoding.encode(asked_beyond(problem, MARKED.row, end, True))
        patients = patients_of(found, tables["cohort"])
        assert patients.time.shape == (1, 400) and found.names == ["arm", "mark"]
        marked = patients.code[1] == next(k for k, block in enumerate(found.blocks["mark"]) if block.level == "1")
        assert (int((marked & (patients.event[0] == 1)).sum()) >= end) is holds


def test_nothing_is_tried_of_a_quantity_that_the_search_does_not_know(started):
    problem, tables = started
    assert asked_beyond(problem, MODEL.row, 1.0, True) is None
    assert push(problem, MODEL.row, tables, 1.0, (1.0, 1.0), True, 1, 5, lambda made: math.nan) == 0


def test_a_number_that_is_none_is_not_asked_to_be_less(started):
    problem, tables = started
    assert push(problem, MARKED.row, tables, 0.0, (1.0, 1.0), False, 1, 5, lambda made: math.nan) == 0

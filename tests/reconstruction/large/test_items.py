"""What is printed together comes by one method: a ratio with its limits and P, both limits of an estimate, as the audit judges them."""

import numpy as np
import pytest

from analysis.reconstruction.checks.verify import check_tables
from analysis.reconstruction.io.saved import as_saved
from analysis.reconstruction.kernels.kernels import METHODS
from analysis.reconstruction.large import dealing, encoding
from analysis.reconstruction.large.arrays import arrays
from analysis.reconstruction.large.cohort import unmet
from analysis.reconstruction.large.kernels import annealing
from analysis.reconstruction.temperatures import FINE

# compiled from nothing in a fresh clone, so in the worker that has the other kernels
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

BY = "endpoint=os; by=arm; groups=A,B"
#: Of `simulated(150)` by R's coxph (its z test), survdiff and survfit.
EFRON = {"hazard_ratio": "0.480", "hazard_ratio_lower": "0.311", "hazard_ratio_upper": "0.738"}
BRESLOW = {"hazard_ratio": "0.485", "hazard_ratio_lower": "0.315", "hazard_ratio_upper": "0.747"}
WALD, LOG_RANK = "0.0008", "0.0007"
LOWER = {"log": {12: "57.99", 24: "33.96"}, "log-log": {12: "56.95", 24: "33.03"}, "plain": {12: "57.55", 24: "33.09"}}
UPPER = {"log": {12: "73.49", 24: "51.83"}, "log-log": {12: "72.39", 24: "50.61"}, "plain": {12: "73.01", 24: "50.82"}}


def compared(values, result="ratio"):
    return [
        {"id": f"x.{name}", "statistic": name, "arguments": BY, "printed": printed, "result": f"x.{next(iter(values))}" if result else ""}
        for name, printed in values.items()
    ]


def limits(result="", **printed):
    """Rows such as `lower12`; all of them in the result of the first, or each by itself."""
    first = f"x.{next(iter(printed))}"
    return [
        {"id": f"x.{name}", "statistic": f"survival_{name[:5]}", "arguments": f"endpoint=os; time={name[5:]}",
         "printed": f"{value}%", "result": first if result else f"x.{name}"}
        for name, value in printed.items()
    ]  # fmt: skip


def only(trial, rows, named=None):
    """The made-up trial with these numbers and its counts alone."""
    true, problem = trial(150, rows=rows, named=named)
    return true, problem.only([row.id for row in problem.imposed if row.id.startswith("x.")])


def table_of(true):
    frame = true.assign(patient=[f"P{row:03d}" for row in range(len(true))], died=true["died"].astype(int), mark=true["mark"].astype(int))
    return frame[["patient", "arm", "mark", "os_months", "died"]]


def missed(problem, table):
    """What the search finds amiss with a cohort."""
    found = encoding.encode(problem)
    _, misses = state(found, table)
    return {id for words, _ in unmet(found, misses) for id in words.split()}


def state(found, table):
    patients = dealing.patients_of(found, as_saved(found.problem, {"cohort": table})["cohort"])
    work, _ = annealing.work_of(arrays(found, FINE), patients, False)
    return patients, work.missed.items


@pytest.mark.parametrize(
    ("printed", "holds"),
    [
        (EFRON | {"hazard_ratio_p": WALD}, True),
        (EFRON | {"logrank_p": LOG_RANK}, True),
        (EFRON | {"hazard_ratio_p": WALD, "logrank_p": LOG_RANK}, True),
        (EFRON | {"hazard_ratio_p": LOG_RANK}, False),  # of another method than the ratio
        (EFRON | {"logrank_p": WALD}, False),
        (EFRON | {"hazard_ratio_lower": BRESLOW["hazard_ratio_lower"]}, False),
        (BRESLOW | {"logrank_p": LOG_RANK}, True),
        (BRESLOW | {"hazard_ratio_p": "0.0010"}, True),
        (BRESLOW | {"hazard_ratio_p": WALD}, False),
        ({"hazard_ratio_p": WALD}, True),
        ({"hazard_ratio_p": LOG_RANK}, True),
        ({"logrank_p": WALD}, False),
    ],
)
def test_a_ratio_with_limits_and_p_comes_by_one_method(trial, printed, holds):
    true, problem = only(trial, compared(printed))
    assert (missed(problem, table_of(true)) == set()) is holds
    assert (check_tables(problem, as_saved(problem, {"cohort": table_of(true)})).missed == ()) is holds


@pytest.mark.parametrize(("named", "holds"), [("cox-efron", True), ("cox-breslow", False), ("logrank-oe", False)])
def test_a_named_method_is_the_only_one(trial, named, holds):
    true, problem = only(trial, compared(EFRON), dict.fromkeys(EFRON, named))
    assert (missed(problem, table_of(true)) == set()) is holds
    ((_, _, ways, *_),) = encoding.encode(problem).lists["compared"]
    assert [METHODS[way.method] for way in ways] == [named]


def test_a_named_ratio_leaves_a_test_by_itself_open(trial):
    true, problem = only(trial, compared({"logrank_p": LOG_RANK}), {"hazard_ratio": "cox-efron"})
    assert missed(problem, table_of(true)) == set()


@pytest.mark.parametrize(("printed", "holds"), [(EFRON["hazard_ratio"], True), (BRESLOW["hazard_ratio"], False)])
def test_a_cox_ratio_of_one_condition_is_asked_as_that_of_two_groups(trial, printed, holds):
    row = {"id": "x.cox", "statistic": "cox_hr", "arguments": "endpoint=os; covariates=arm=A; term=arm=A", "printed": printed}
    true, problem = only(trial, [row], {"hazard_ratio": "cox-efron", "cox_hr": "efron"})
    assert (missed(problem, table_of(true)) == set()) is holds
    found = encoding.encode(problem)
    assert found.left_out == [] and np.isfinite(state(found, table_of(true))[1]).all()


@pytest.mark.parametrize("lower", LOWER)
@pytest.mark.parametrize("upper", UPPER)
@pytest.mark.parametrize("result", ["", "together"])
def test_both_limits_of_an_estimate_come_by_one_transformation(trial, lower, upper, result):
    true, problem = only(trial, limits(result, lower12=LOWER[lower][12], upper12=UPPER[upper][12]))
    assert (missed(problem, table_of(true)) == set()) is (lower == upper)


@pytest.mark.parametrize("result", ["", "together"])
def test_limits_of_one_result_come_by_one_transformation_and_others_may_not(trial, result):
    true, problem = only(trial, limits(result, lower12=LOWER["log"][12], lower24=LOWER["plain"][24]))
    assert bool(missed(problem, table_of(true))) is bool(result)
    assert bool(check_tables(problem, as_saved(problem, {"cohort": table_of(true)})).missed) is bool(result)


@pytest.mark.parametrize(("named", "holds"), [("log-log", True), ("plain", False)])
def test_all_limits_come_by_the_transformation_that_a_paper_names(trial, named, holds):
    rows = limits(lower12=LOWER["log-log"][12], upper24=UPPER["log-log"][24])
    true, problem = only(trial, rows, dict.fromkeys(("survival_lower", "survival_upper"), named))
    assert (missed(problem, table_of(true)) == set()) is holds


@pytest.mark.parametrize(("lower", "upper", "holds"), [("16", "27", True), ("15", "26", True), ("15", "27", False), ("16", "26", False)])
def test_both_limits_of_a_median_come_by_one_transformation(trial, lower, upper, holds):
    """The log has 16 and 27, the others 15 and 26."""
    rows = [
        {"id": f"x.{end}", "statistic": f"survival_median_{end}", "arguments": "endpoint=os", "printed": printed, "result": "x.lower"}
        for end, printed in (("lower", lower), ("upper", upper))
    ]
    true, problem = only(trial, rows)
    assert (missed(problem, table_of(true)) == set()) is holds


def test_no_miss_of_the_search_is_none_of_the_audit(trial):
    """On states that differ from the true one by few events, some of which give the digits by one method."""
    printed = {name: f"{float(value):.1f}" for name, value in EFRON.items()} | {"hazard_ratio_p": "0.001"}
    rows = compared(printed) + limits("together", lower12="57", upper12="72")
    true, problem = only(trial, rows)
    table, chance, same = table_of(true), np.random.default_rng(1), []
    for number in range(12):
        moved = table.copy()
        for row in chance.choice(len(table), number, replace=False):
            moved.loc[row, "died"] = 1 - moved.loc[row, "died"]
        report = check_tables(problem, as_saved(problem, {"cohort": moved}))
        kinds = [{id.split("_")[0] for id in ids if id.startswith("x.")} for ids in (report.missed, missed(problem, moved))]
        audit, search = ({kind.strip("12") for kind in found} for found in kinds)
        assert bool(audit & {"x.hazard"}) == bool(search & {"x.hazard"})
        assert bool(audit & {"x.lower", "x.upper"}) == bool(search & {"x.lower", "x.upper"})
        same.append(not audit)
    assert any(same) and not all(same)

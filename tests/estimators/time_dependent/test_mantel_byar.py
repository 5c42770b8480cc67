import numpy as np
import pandas as pd
import pytest

from analysis.estimators.comparisons.log_rank import compare as log_rank
from analysis.estimators.regression import cox
from analysis.estimators.time_dependent import mantel_byar
from analysis.estimators.time_dependent.counting_process import start_stop

CASES = ["jasa", "tied_months", "from_the_start"]


def data(golden, name):
    case = golden("beyond")["switching"][name]
    return case["time"], case["event"], [np.nan if s is None else s for s in case["switch"]]


@pytest.mark.parametrize("name", CASES)
def test_sums_are_those_of_the_definition(golden, close, name):
    expected = golden("beyond")["switched"][name]
    close(mantel_byar.compare(*data(golden, name))[:4], expected["mantel_byar"])


@pytest.mark.parametrize("name", CASES)
def test_the_statistic_is_the_exact_score_test_of_r(golden, close, name):
    close(mantel_byar.compare(*data(golden, name)).chi_square, golden("beyond")["switched"][name]["score_exact"], rtol=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_the_time_dependent_cox_model_has_the_hazard_ratio_of_r(golden, close, name):
    frame = pd.DataFrame(dict(zip(("time", "event", "switch"), data(golden, name))))
    fitted = cox.fit(start_stop(frame, "time", "event", "switch"), "stop", "event", ["switched"], entry="start")
    close(fitted.summary.loc["switched", "hr"], golden("beyond")["switched"][name]["efron_hr"], rtol=1e-7)


def test_with_switches_at_the_start_it_is_the_log_rank_test():
    time, event, group = [1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 0, 1, 1, 0, 1, 1], np.array([0, 1, 0, 1, 0, 1, 1, 0])
    found = mantel_byar.compare(time, event, np.where(group == 1, 0.0, np.nan))
    assert found.p == pytest.approx(log_rank(time, event, group).p)


def test_without_a_switch_there_is_nothing_to_test():
    assert np.isnan(mantel_byar.compare([1, 2], [1, 1], [np.nan, np.nan]).p)


def test_no_event_is_refused():
    with pytest.raises(ValueError, match="event"):
        mantel_byar.compare([1, 2], [0, 0], [1, np.nan])

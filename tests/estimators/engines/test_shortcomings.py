"""Each known fault of a library as the installed version shows it: one that fails here is mended, and may be taken off the table."""

import re
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from lifelines import AalenJohansenFitter, CoxPHFitter, CoxTimeVaryingFitter, KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test, proportional_hazard_test
from lifelines.utils import restricted_mean_survival_time
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import CumIncidenceRight

from analysis.estimators.comparisons import log_rank
from analysis.estimators.curves.competing_risks import cumulative_incidence
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.curves.rmst import restricted_mean
from analysis.estimators.engines.shortcomings import FAULTS, UNOFFERED
from analysis.estimators.engines.shown import shown
from analysis.estimators.regression import cox, proportional_hazards, robust

pytestmark = pytest.mark.filterwarnings("ignore")
#: What of a library each test below is about, as the table names it.
SHOWN = {
    "restricted_mean_survival_time": "test_the_variance_of_restricted_means_is_that_of_the_restricted_time",
    "proportional_hazard_test": "test_the_test_of_proportional_hazards_is_not_that_of_cox_zph",
    "AalenJohansenFitter": "test_cumulative_incidence_differs_from_seed_to_seed",
    "check_assumptions": "test_assumptions_of_time_varying_models_cannot_be_checked",
    "median_survival_time_": "test_a_median_on_a_plateau_is_neither_its_beginning_nor_its_middle",
    "fleming-harrington": "test_weights_by_the_curve_fail_at_time_0",
    "cluster_col": "test_robust_errors_are_not_those_of_r_where_times_are_tied",
    "default steps": "test_default_steps_leave_six_digits",
    "PHReg(entry=)": "test_an_entry_is_at_risk_at_once",
    "method='newton'": "test_steps_that_go_too_far_end_elsewhere",
    "cinc_se": "test_the_error_of_cumulative_incidence_is_not_that_of_cmprsk",
}


@pytest.fixture
def aml(golden):
    case = golden("cases")["aml"]
    return pd.DataFrame({"time": case["time"], "event": case["event"], "x": np.equal(case["group"], "Maintained") * 1.0})


def test_each_fault_of_the_table_has_its_test():
    assert all(sum(name in fault.function for name in SHOWN) == 1 for fault in FAULTS)
    assert len(FAULTS) == len(SHOWN)
    assert set(SHOWN.values()) <= set(globals())


def test_the_docstring_of_each_method_without_an_engine_says_who_lacks_it():
    for name in {one.strip() for method in UNOFFERED for one in method.kernel.split(",")} - {"sensitivity", "disclosure", "time_dependent"}:
        module = import_module(f"analysis.estimators.{name}")
        functions = [one for one in vars(module).values() if getattr(one, "__module__", "") == module.__name__]
        told = " ".join(filter(None, [module.__doc__, *(one.__doc__ for one in functions)]))
        assert re.search("[Nn]o library|lifelines|statsmodels|SciPy|firthmodels", told), name


def test_the_variance_of_restricted_means_is_that_of_the_restricted_time(aml):
    rows = aml[aml["x"] == 1]
    mean, variance = restricted_mean_survival_time(KaplanMeierFitter().fit(rows["time"], rows["event"]), t=48, return_variance=True)
    ours = restricted_mean(rows["time"], rows["event"], 48)
    assert mean == pytest.approx(ours.mean)
    assert (round(variance, 1), round(ours.standard_error**2, 1)) == (204.1, 20.5)


def test_the_test_of_proportional_hazards_is_not_that_of_cox_zph(aml):
    theirs = proportional_hazard_test(CoxPHFitter().fit(aml, "time", "event"), aml, time_transform="km").test_statistic
    ours = proportional_hazards.check(aml, "time", "event", ["x"]).chi_square
    assert (round(float(np.ravel(theirs)[0]), 4), round(ours, 4)) == (0.0239, 0.0079)


def test_cumulative_incidence_differs_from_seed_to_seed(golden):
    case = golden("cases")["mgus_years"]
    fitted = [AalenJohansenFitter(seed=seed).fit(case["time"], case["cause"], 1).cumulative_density_ for seed in (1, 2)]
    assert fitted[0].iloc[-1, 0] != fitted[1].iloc[-1, 0]


def test_assumptions_of_time_varying_models_cannot_be_checked(aml):
    fitted = CoxTimeVaryingFitter().fit(
        aml.assign(start=0, row=aml.index), id_col="row", event_col="event", start_col="start", stop_col="time"
    )
    with pytest.raises(AttributeError, match="entry_col"):
        fitted.check_assumptions(aml)


def test_a_median_on_a_plateau_is_neither_its_beginning_nor_its_middle():
    time, event = [1, 2, 3, 5, 8, 9], [1, 1, 1, 0, 1, 1]
    assert KaplanMeierFitter().fit(time, event).median_survival_time_ == 8
    assert (kaplan_meier(time, event).median("left"), kaplan_meier(time, event).median()) == (3, 5.5)


def test_weights_by_the_curve_fail_at_time_0(golden):
    case = golden("cases")["death_at_zero"]
    with pytest.raises(ValueError, match="Unable to coerce"):
        multivariate_logrank_test(case["time"], case["group"], case["event"], weightings="fleming-harrington", p=1, q=0)
    with shown():
        log_rank.compare(case["time"], case["event"], case["group"], "peto")


def test_robust_errors_are_not_those_of_r_where_times_are_tied(golden):
    data = pd.DataFrame(golden("engines")["data"]["veteran"]).assign(row=lambda rows: np.arange(len(rows)) // 2)
    names = ["karno", "age", "diagtime"]
    theirs = CoxPHFitter().fit(data[["time", "event", "row", *names]], "time", "event", cluster_col="row").standard_errors_["karno"]
    ours = robust.cox(data, "time", "event", names, data["row"])["karno"].standard_error
    assert (round(theirs, 6), round(ours, 6)) == (0.005079, 0.005076)  # R 4.2.2, survival 3.5.3: 0.005075520


def test_default_steps_leave_six_digits(aml):
    theirs = CoxPHFitter().fit(aml, "time", "event").params_["x"]
    ours = cox.fit(aml, "time", "event", ["x"]).of("x")["coefficient"]
    assert 1e-9 < abs(theirs / ours - 1) < 1e-4


def test_an_entry_is_at_risk_at_once(golden):
    case = golden("cases")["heart"]
    design = np.asarray(case["transplant"], float)[:, None]
    start, stop, event = (np.asarray(case[name], float) for name in ("start", "stop", "event"))
    ours = cox.fit(case, "stop", "event", ["transplant"], "breslow", entry="start").of("transplant")["coefficient"]
    theirs = [PHReg(stop, design, event, entry=entry, ties="breslow").fit(disp=0).params[0] for entry in (start, start + 0.01)]
    assert abs(theirs[0] - ours) > 1e-3
    assert theirs[1] == pytest.approx(ours, abs=1e-6)


def test_steps_that_go_too_far_end_elsewhere(golden):
    values = golden("engines")
    data, covariates = pd.DataFrame(values["data"]["pbc"]), values["results"]["pbc"]["covariates"]
    plain = PHReg(data["time"], data[covariates], data["event"], ties="breslow").fit(method="newton", disp=0, maxiter=100).params
    with shown():
        shown_here = cox.fit(data, "time", "event", covariates, "breslow").columns["coefficient"]
    assert not np.allclose(np.asarray(plain), shown_here, atol=1e-3)


def test_the_error_of_cumulative_incidence_is_not_that_of_cmprsk(golden):
    case = golden("cases")["mgus"]
    found = CumIncidenceRight(np.asarray(case["time"]), np.asarray(case["cause"]))
    ours = cumulative_incidence(case["time"], case["cause"]).standard_error_at(found.times)
    assert np.nanmax(np.abs(found.cinc_se[0] / np.where(ours > 0, ours, np.nan) - 1)) == pytest.approx(0.14, abs=0.005)
    assert np.isnan(found.cinc_se[0][-1])

"""Every engine against this project's kernel, and both against R, on data sets that no other golden value uses."""

from contextlib import nullcontext

import numpy as np
import pandas as pd
import pytest

from analysis.estimators.comparisons import gray, log_rank
from analysis.estimators.curves.competing_risks import cumulative_incidence
from analysis.estimators.curves.follow_up import reverse_kaplan_meier
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.curves.nelson_aalen import nelson_aalen
from analysis.estimators.curves.rmst import restricted_mean
from analysis.estimators.engines.registry import ENGINES
from analysis.estimators.engines.shown import shown
from analysis.estimators.group_tests import contingency
from analysis.estimators.group_tests.mann_whitney import mann_whitney
from analysis.estimators.group_tests.t_tests import t_test
from analysis.estimators.regression import cox, logistic
from analysis.estimators.time_dependent.counting_process import start_stop

SETS = ("colon", "pbc", "rotterdam", "veteran", "mgus2")


@pytest.fixture(params=SETS)
def case(request, golden):
    """A data set and what R makes of it."""
    values = golden("engines")
    return pd.DataFrame(values["data"][request.param]), values["results"][request.param]


@pytest.fixture(params=[shown, nullcontext], ids=["libraries", "kernels"])
def engines(request):
    """Both engines: the libraries whose values are shown, and this project's kernels."""
    return request.param


def fitted(found, expected, close, rtol=1e-6):
    close(found.summary["coefficient"], expected["coefficient"], rtol, 1e-9)
    close(found.summary["standard_error"], expected["standard_error"], rtol)
    if "log_likelihood" in expected:
        close([found.log_likelihood, found.likelihood_ratio], [expected["log_likelihood"], expected["likelihood_ratio"]], rtol)


def test_curves_are_those_of_survfit(case, engines, close):
    data, expected = case
    with engines():
        curve = kaplan_meier(data["time"], data["event"])
        mean = restricted_mean(data["time"], data["event"], expected["horizon"])
        limits = curve.interval_at(expected["at"], "log-log", 0.9)
        hazard = nelson_aalen(data["time"], data["event"]).set_index("time")["cumulative_hazard"]
    close(curve.survival_at(expected["at"]), expected["survival"])
    close(curve.standard_error_at(expected["at"]), expected["standard_error"])
    close(limits, [expected["lower"], expected["upper"]])
    close(hazard.loc[expected["at"]], expected["hazard"])
    close([mean.mean, mean.standard_error], [expected["mean"], expected["mean_error"]], 1e-7)


def test_log_rank_tests_are_those_of_survdiff(case, engines, close):
    data, expected = case
    with engines():
        plain, peto = (log_rank.compare(data["time"], data["event"], data["group"], weights).chi_square for weights in ("logrank", "peto"))
        stratified = log_rank.compare(data["time"], data["event"], data["group"], strata=data["stratum"]).chi_square
    close([plain, peto, stratified], [expected["logrank"], expected["peto"], expected["stratified"]])


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_cox_models_are_those_of_coxph(case, engines, close, ties):
    data, expected = case
    with engines():
        found = cox.fit(data, "time", "event", expected["covariates"], ties=ties, leave_one_out=False)
    fitted(found, expected[ties], close)


def test_logistic_models_are_those_of_glm(case, engines, close):
    data, expected = case
    with engines():
        found = logistic.fit(data, "event", expected["covariates"])
    fitted(found, expected["logistic"], close)


def test_tests_of_tables_and_samples_are_those_of_r(case, engines, close):
    data, expected = case
    counts = pd.crosstab(data["group"], data["event"]).to_numpy()
    first = data["group"] == min(data["group"])
    with engines():
        for name, p in expected["table"].items():
            close([contingency.p_value(counts, name)], [p], 1e-7)
        close([mann_whitney(data["age"][first], data["age"][~first], "asymptotic").p], [expected["wilcoxon"]])


@pytest.mark.parametrize("name", ["pbc", "mgus2"])
def test_competing_risks_are_those_of_cmprsk_and_coxph(golden, engines, close, name):
    data, whole = pd.DataFrame(golden("engines")["data"][name]), golden("engines")["results"][name]
    expected = whole["competing"]
    with engines():
        found = cumulative_incidence(data["time"], data["cause"])
        models = {
            ties: cox.fit(data.assign(own=data["cause"] == 1), "time", "own", whole["covariates"], ties) for ties in ("efron", "breslow")
        }
        tests = [gray.gray_test(data["time"], data["cause"], data["group"], of).chi_square for of in (1, 2)]
    close(found.incidence_at(whole["at"]), expected["incidence"])
    close(found.standard_error_at(whole["at"]) ** 2, expected["variance"])
    close(tests, expected["gray"], 1e-8)
    for ties, model in models.items():
        fitted(model, expected[ties], close)


def test_every_engine_confirms_the_kernel(golden):
    """Each registered engine is asked at least once, and none differs beyond its bound: a difference is an error here."""
    data = pd.DataFrame(golden("engines")["data"]["veteran"])
    two = data["group"].isin(["large", "squamous"])
    switch = start_stop(data.assign(switch=data["time"].where(data["time"] > 60) / 2), "time", "event", "switch")
    samples = [data["karno"][data["stratum"] == label] for label in ("1", "2")]
    with shown() as scope:
        reverse_kaplan_meier(data["time"], data["event"])
        curve = kaplan_meier(data["time"], data["event"])
        curve.interval_at(100, "log-log")
        restricted_mean(data["time"], data["event"], 300)
        nelson_aalen(data["time"], data["event"])
        cumulative_incidence(data["time"], data["event"])
        for weights in log_rank.WEIGHTS:
            log_rank.compare(data["time"], data["event"], data["group"], weights)
        log_rank.compare(data["time"], data["event"], data["group"], strata=data["stratum"])
        for ties in ("efron", "breslow"):
            cox.fit(data, "time", "event", ["karno", "age"], ties)
            cox.fit(switch, "stop", "event", ["switched", "age"], ties, entry="start")
        logistic.fit(data, "event", ["karno", "age"])
        table = pd.crosstab(data["group"][two], data["karno"][two] > 60).to_numpy()
        for test in contingency.TESTS:
            contingency.p_value(table, test)
        for kind in ("sample", "conditional"):
            contingency.odds_ratio(table, kind)
        for method in ("asymptotic", "asymptotic-continuity"):
            mann_whitney(*samples, method)
        for test in ("student", "welch"):
            t_test(*samples, test)
    assert set(scope.differences) == set(ENGINES)
    assert all(found <= ENGINES[key].bound for key, found in scope.differences.items())
    assert not scope.remarks


def test_no_engine_is_asked_where_the_convention_has_no_value(golden):
    """R gives no limits where S is 1 or 0; lifelines does."""
    case = golden("cases")["censored_first"]
    with shown():
        low, high = kaplan_meier(case["time"], case["event"]).interval_at([1, 4], "log-log")
    assert np.isnan([low, high])[:, 0].all()

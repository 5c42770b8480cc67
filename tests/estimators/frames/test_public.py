"""What `analysis.estimators.frames` offers: pandas objects in lifelines' order, its column names, R's values."""

import inspect
import warnings

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter, KaplanMeierFitter

from analysis.errors import Undefined
from analysis.estimators import frames as estimators
from analysis.estimators.engines import registry

SETS = ("colon", "pbc", "rotterdam", "veteran", "mgus2")


@pytest.fixture(params=SETS)
def case(request, golden):
    values = golden("engines")
    return pd.DataFrame(values["data"][request.param]), values["results"][request.param]


def test_curves_are_those_of_r_under_lifelines_names(case, close):
    data, expected = case
    table = estimators.kaplan_meier(data["time"], data["event"], alpha=0.1)
    assert list(table)[:6] == ["removed", "observed", "censored", "entrance", "at_risk", "KM_estimate"]
    at = table.loc[expected["at"]]
    close(at["KM_estimate"], expected["survival"])
    close(at[["KM_estimate_lower_0.9", "KM_estimate_upper_0.9"]].T, [expected["lower"], expected["upper"]])
    close(at["standard_error"], expected["standard_error"])
    close(estimators.nelson_aalen(data["time"], data["event"]).loc[expected["at"], "NA_estimate"], expected["hazard"])
    mean = estimators.restricted_mean_survival_time(data["time"], data["event"], t=expected["horizon"])
    close(mean[["rmst", "standard_error"]], [expected["mean"], expected["mean_error"]], 1e-7)


def test_the_event_table_is_that_of_lifelines(case):
    data, _ = case
    fitted = estimators.kaplan_meier(data["time"], data["event"], fitted=True)
    assert isinstance(fitted, KaplanMeierFitter)
    theirs = KaplanMeierFitter().fit(data["time"], data["event"]).event_table
    ours = estimators.kaplan_meier(data["time"], data["event"])[list(theirs)]
    np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(ours.index, theirs.index)


def test_tests_of_curves_are_those_of_r(case, close):
    data, expected = case
    asked = (data["time"], data["event"], data["group"])
    found = [
        estimators.logrank_test(*asked), estimators.logrank_test(*asked, weightings="fleming-harrington"),
        estimators.logrank_test(*asked, strata=data["stratum"]),
    ]  # fmt: skip
    close([one["test_statistic"][0] for one in found], [expected["logrank"], expected["peto"], expected["stratified"]])


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_models_are_those_of_r_with_the_columns_of_lifelines(case, close, ties):
    data, expected = case
    found = estimators.cox(data, "time", "event", expected["covariates"], ties=ties)
    close(found["coef"], expected[ties]["coefficient"], 1e-6, 1e-9)
    close(found["se(coef)"], expected[ties]["standard_error"], 1e-6)
    assert found.attrs["events"] == data["event"].sum()
    assert found.attrs["events_per_variable"] == data["event"].sum() / len(found)
    theirs = CoxPHFitter().fit(data[["time", "event", *expected["covariates"]]], "time", "event").summary
    assert set(found) <= set(theirs)
    odds = estimators.logistic(data, "event", expected["covariates"])
    close(odds[["coef", "se(coef)"]].T, [expected["logistic"]["coefficient"], expected["logistic"]["standard_error"]], 1e-6, 1e-9)


@pytest.mark.parametrize("name", ["pbc", "mgus2"])
def test_competing_risks_are_those_of_r(golden, close, name):
    data, expected = pd.DataFrame(golden("engines")["data"][name]), golden("engines")["results"][name]
    found = estimators.cumulative_incidence(data["time"], data["cause"])
    at = found.reindex(np.union1d(found.index, expected["at"])).ffill().loc[expected["at"]]
    close(at["CIF_1"], expected["competing"]["incidence"])
    close(at["standard_error"] ** 2, expected["competing"]["variance"])
    gray = [estimators.gray_test(data["time"], data["cause"], data["group"], of)["test_statistic"][0] for of in (1, 2)]
    close(gray, expected["competing"]["gray"], 1e-8)
    for ties in ("efron", "breslow"):
        model = estimators.cause_specific_cox(data, "time", "cause", expected["covariates"], ties=ties)
        close(model["coef"], expected["competing"][ties]["coefficient"], 1e-6, 1e-9)


def test_medians_proportional_hazards_and_time_dependent_covariates_are_those_of_r(golden, close):
    veteran = pd.DataFrame(golden("cases")["veteran"])
    found = estimators.median_survival_time(veteran["time"], veteran["event"])
    assert found["median"] == 80
    aml = golden("cases")["aml"]
    frame = pd.DataFrame({"time": aml["time"], "event": aml["event"], "x": np.equal(aml["group"], "Maintained") * 1})
    test = estimators.proportional_hazards_test(frame, "time", "event")
    assert round(test.loc["GLOBAL", "test_statistic"], 5) == 0.00788
    heart = pd.DataFrame(golden("cases")["heart"])
    model = estimators.cox(heart, "stop", "event", ["age", "transplant", "surgery"], entry_col="start")
    expected = golden("cox")["heart.efron"]
    close(model["coef"], expected["coefficient"], 1e-7)


def test_rows_of_a_switch_are_what_the_model_takes():
    frame = pd.DataFrame({"time": [3, 6, 5, 9.0], "event": [1, 0, 1, 1], "transplant": [np.nan, 2, np.nan, 4]})
    rows = estimators.to_start_stop(frame, "time", "event", "transplant")
    assert rows.index.tolist() == [0, 1, 1, 2, 3, 3]
    found = estimators.cox(rows, "stop", "event", "switched", entry_col="start", interval="profile")
    assert "likelihood-ratio p" in found
    test = estimators.mantel_byar_test(frame["time"], frame["event"], frame["transplant"])
    assert test["observed"][0] == 1


def test_tables_and_samples():
    frame = pd.crosstab(pd.Series(list("aaaabbbb")), pd.Series([1, 1, 1, 0, 0, 0, 0, 1]))
    assert round(estimators.contingency_test(frame), 4) == 0.4857
    assert estimators.odds_ratio([[3, 1], [1, 3]])["odds_ratio"] == 9
    assert estimators.mann_whitney([1, 2, 3], [4, 5, 6])["p"] == pytest.approx(0.1)
    assert estimators.t_test(pd.Series([1.0, 2, 3]), [2.0, 3, 4], test="welch")["degrees_of_freedom"] == pytest.approx(4)


def test_two_groups_by_programs_methods(golden, close):
    case, expected = golden("cases")["aml"], golden("tests_of_curves")["aml"]
    found = estimators.hazard_ratio(case["time"], case["event"], case["group"], method="logrank-oe")
    close(found[["exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%", "se(coef)"]].iloc[0], expected["logrank_oe"])


def test_what_has_no_finite_estimate_says_so_and_the_penalised_model_has_one():
    frame = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6], "event": [1, 1, 1, 0, 0, 0], "x": [1, 1, 1, 0, 0, 0]})
    plain = estimators.cox(frame, "time", "event")
    assert np.isinf(plain.loc["x", "coef"])
    assert "monotone likelihood" in plain.attrs["note"]
    assert np.isfinite(estimators.cox(frame, "time", "event", penalized=True).loc["x", "coef"])


def test_clusters_change_the_error_and_not_the_estimate(golden):
    data = pd.DataFrame(golden("engines")["data"]["veteran"])
    plain = estimators.cox(data, "time", "event", ["karno"])
    robust = estimators.cox(data.assign(row=np.arange(len(data)) // 2), "time", "event", ["karno"], cluster_col="row")
    assert robust.loc["karno", "coef"] == pytest.approx(plain.loc["karno", "coef"])
    assert robust.loc["karno", "se(coef)"] != plain.loc["karno", "se(coef)"]
    assert robust.attrs["clusters"] == (len(data) + 1) // 2


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: estimators.kaplan_meier(pd.Series([1, 2]), pd.Series([1, 0], index=[1, 2])), "event_observed: expected the index of durations"),
        (lambda: estimators.kaplan_meier([1, 2], [1]), "equal lengths"),
        (lambda: estimators.kaplan_meier([1, 2], [1, 2]), "only 0 and 1"),
        (lambda: estimators.kaplan_meier([1, 2], alpha=95), "alpha: expected a share"),
        (lambda: estimators.logrank_test([1, 2], [1, 1], [1, 2], weightings="gehan"), "weightings: expected one of"),
        (lambda: estimators.cox(pd.DataFrame({"t": [1], "e": [1]}), "t", "e"), "covariates: expected columns"),
        (lambda: estimators.cox(pd.DataFrame({"t": [1], "e": [1]}), "time", "e"), "df: expected a column 'time'"),
        (lambda: estimators.cox(pd.DataFrame({"t": [1, 2], "e": [1, 1], "x": [1, 1]}), "t", "e"), "x: expected a covariate that varies"),
        (lambda: estimators.cox(pd.DataFrame({"s": [0, 0], "t": [1, 2], "e": [1, 1], "x": [1, 0]}), "t", "e", entry_col="s", penalized=True), "entry_col: expected none"),
        (lambda: estimators.cause_specific_cox(pd.DataFrame({"t": [1, 2], "e": [2, 2], "x": [1, 0]}), "t", "e"), "events of cause 1"),
    ],
)  # fmt: skip
def test_bad_input_names_the_argument(call, told):
    with pytest.raises(ValueError, match=told):
        call()


def test_no_event_at_all_is_undefined():
    with pytest.raises(Undefined):
        estimators.cox(pd.DataFrame({"t": [1, 2], "e": [0, 0], "x": [1, 0]}), "t", "e")


def test_what_a_library_does_not_confirm_is_warned_of(monkeypatch):
    key = ("Kaplan-Meier estimate", "")
    wrong = registry.Engine(**vars(registry.ENGINES[key]) | {"evaluate": lambda *data: 1 / 0})
    monkeypatch.setitem(registry.ENGINES, key, wrong)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        table = estimators.kaplan_meier([1, 2, 3], [1, 0, 1])
    assert [one.category for one in told] == [estimators.EngineWarning]
    assert told[0].filename == __file__
    assert table["KM_estimate"].round(3).tolist() == [1, 0.667, 0.667, 0]


def test_every_name_is_documented_and_typed():
    for name in estimators.__all__:
        function = getattr(estimators, name)
        assert inspect.getdoc(function), name
        if inspect.isfunction(function):
            signature = inspect.signature(function)
            assert all(one.annotation is not inspect.Parameter.empty for one in signature.parameters.values()), name
            assert "Returns\n-------" in inspect.getdoc(function), name


def test_of_three_labels_a_hazard_ratio_is_of_the_two_that_are_named():
    durations, events, labels = [1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 0], list("abcabc")
    with pytest.raises(Undefined, match="two groups"):
        estimators.hazard_ratio(durations, events, labels)
    two = [place for place, label in enumerate(labels) if label != "c"]
    alone = estimators.hazard_ratio(*([values[place] for place in two] for values in (durations, events, labels)), order=("a", "b"))
    pd.testing.assert_frame_equal(estimators.hazard_ratio(durations, events, labels, order=("a", "b")), alone)

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from analysis.estimators.group_tests import contingency
from analysis.estimators.regression import logistic

MODELS = {"mtcars": ("vs", ["mpg", "am"]), "infert": ("case", ["spontaneous", "induced", "age"])}


def expand(table):
    (a, b), (c, d) = table
    return pd.DataFrame({"y": [1] * a + [0] * b + [1] * c + [0] * d, "x": [1] * (a + b) + [0] * (c + d)})


@pytest.mark.parametrize("name", MODELS)
def test_fit_is_that_of_r(golden, close, name):
    outcome, covariates = MODELS[name]
    expected, frame = golden("logistic")[name], pd.DataFrame(golden("logistic")["data"][name])
    found = logistic.fit(frame, outcome, covariates)
    close([found.intercept, *found.summary.coefficient], expected["coefficient"], 1e-8)
    # glm reports the errors of the iteration before its last
    close(found.summary.standard_error, expected["standard_error"][1:], 1e-8)
    close([found.log_likelihood], [expected["log_likelihood"]])
    close([-2 * found.log_likelihood_null], [expected["null_deviance"]])
    close(found.summary.likelihood_ratio_p, chi2.sf(expected["term_ratio"], 1), 1e-8)


@pytest.mark.parametrize("name", MODELS)
def test_profile_limits_are_those_of_r_solved_tightly(golden, close, name):
    outcome, covariates = MODELS[name]
    expected, frame = golden("logistic")[name], pd.DataFrame(golden("logistic")["data"][name])
    found = logistic.fit(frame, outcome, covariates, interval="profile").summary
    close(np.log(found.lower), expected["profile_lower"], 1e-8)
    close(np.log(found.upper), expected["profile_upper"], 1e-8)


def test_one_yes_no_covariate_is_the_two_by_two_table(close):
    table = [[12, 5], [7, 15]]
    found, expected = logistic.fit(expand(table), "y", ["x"]), contingency.odds_ratio(table)
    row = found.summary.loc["x"]
    close([row.odds_ratio, row.lower, row.upper], expected)
    close([row.likelihood_ratio_p, row.score_p], [contingency.p_value(table, "likelihood-ratio"), contingency.p_value(table, "pearson")])
    close([found.likelihood_ratio_p], [row.likelihood_ratio_p])


def test_separation_is_reported_in_words(close):
    table = [[6, 0], [5, 9]]
    found = logistic.fit(expand(table), "y", ["x"], interval="profile")
    row = found.summary.loc["x"]
    assert found.infinite == ("x",) and "separation" in found.note
    assert row.odds_ratio == np.inf and row.upper == np.inf and 1 < row.lower < np.inf and np.isnan(row.wald_p)
    close([row.likelihood_ratio_p], [contingency.p_value(table, "likelihood-ratio")], 1e-8)


@pytest.mark.parametrize("others", [15, 60, 400])
def test_separation_by_a_rare_covariate_is_found_however_rare(others):
    found = logistic.fit(expand([[1, 0], [others, others]]), "y", ["x"], interval="profile")
    assert found.infinite == ("x",) and found.summary.odds_ratio["x"] == np.inf and 0 < found.summary.lower["x"] < 1


def test_complete_separation_by_a_number_is_reported():
    frame = pd.DataFrame({"y": [0, 0, 0, 1, 1, 1], "x": [1.0, 2, 3, 4, 5, 6]})
    found = logistic.fit(frame, "y", ["x"])
    assert found.infinite == ("x",) and found.log_likelihood == pytest.approx(0, abs=1e-8)


@pytest.mark.parametrize(
    ("change", "named"),
    [({"y": 1}, "y: expected both"), ({"x": 2}, "x: expected a covariate that varies"), ({"x": np.nan}, "x"), ({"y": 3}, "y")],
)
def test_faulty_columns_are_refused_by_name(change, named):
    with pytest.raises(ValueError, match=named):
        logistic.fit(expand([[2, 3], [4, 1]]).assign(**change), "y", ["x"])


def test_absent_and_dependent_columns_are_refused():
    frame = expand([[2, 3], [4, 1]])
    with pytest.raises(ValueError, match="'z'"):
        logistic.fit(frame, "y", ["z"])
    with pytest.raises(ValueError, match="z: expected independent covariates"):
        logistic.fit(frame.assign(z=1 - frame.x), "y", ["x", "z"])


def test_beside_a_reference_group_without_the_outcome_a_finite_estimate_has_the_error_that_r_gives_it(golden, close):
    expected, frame = golden("separated")["logistic"], pd.DataFrame(golden("separated")["data"])
    found = logistic.fit(frame, "late", ["karno", "smallcell", "adeno", "large"])
    assert found.infinite == ("smallcell", "adeno", "large")
    row = found.summary.loc["karno"]
    close([row.coefficient, row.standard_error, row.wald_p], [expected["coefficient"], expected["standard_error"], expected["p"]], 1e-6)


def test_one_group_without_the_outcome_runs_off_with_the_intercept_and_the_other_group_stays(golden, close):
    frame = pd.DataFrame(golden("separated")["data"])
    frame["squamous"] = 1 - frame[["smallcell", "adeno", "large"]].sum(axis=1)
    row = logistic.fit(frame, "late", ["karno", "squamous"]).summary.loc["karno"]
    alone = logistic.fit(frame[frame.squamous == 0], "late", ["karno"]).summary.loc["karno"]
    close(row[["coefficient", "standard_error", "wald_p"]], alone[["coefficient", "standard_error", "wald_p"]], 1e-6)


def test_an_estimate_far_from_zero_is_told_from_an_infinite_one(golden, close):
    expected = golden("separated")["far"]
    found = logistic.fit(pd.DataFrame(expected["data"]), "y", ["x", "z"])
    assert not found.infinite
    close(found.summary.coefficient, expected["coefficient"], 1e-6)
    close(found.summary.standard_error, expected["standard_error"], 1e-6)
    close(found.summary.wald_p, expected["p"], 1e-6)

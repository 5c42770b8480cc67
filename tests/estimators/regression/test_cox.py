import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from analysis.estimators.comparisons import log_rank
from analysis.estimators.group_tests import contingency
from analysis.estimators.regression import cox

patients = st.lists(st.tuples(st.integers(1, 8), st.booleans(), st.booleans()), min_size=8, max_size=40)


def fitted(golden, entry):
    name, ties = entry.split(".")
    frame = pd.DataFrame(golden("cases")[name])
    covariates = golden("cox")[entry]["covariates"]
    if "start" in frame:
        return cox.fit(frame, "stop", "event", covariates, ties, entry="start")
    frame["first"] = (frame.group == frame.group.min()).astype(float)
    return cox.fit(frame, "time", "event", covariates, ties)


def test_fit_is_that_of_r_under_tight_control(golden, close, cox_case):
    expected, found = golden("cox")[cox_case], fitted(golden, cox_case)
    close([found.log_likelihood_null, found.log_likelihood], expected["log_likelihood"], 1e-10)
    close([found.score], [expected["score"]])
    close(found.summary.likelihood_ratio_p, chi2.sf(expected["term_ratio"], 1), 1e-8)
    close(found.summary.score_p, chi2.sf(expected["term_score"], 1), 1e-8)
    assert [found.test_without(name) for name in found.names] == list(zip(found.summary.likelihood_ratio_p, found.summary.score_p))
    if cox_case.startswith("zero_event_arm"):
        assert found.infinite == ("first",) and "first" in found.note
        return
    close(found.summary.coefficient, expected["coefficient"], 1e-8)
    close(found.covariance, expected["covariance"], 1e-8)
    close([found.wald], [expected["wald"]], 1e-8)
    assert found.infinite == () and found.note == ""


def test_limits_and_wald_p_follow_from_coefficient_and_error(golden, close):
    found = fitted(golden, "veteran.efron").summary
    z = 1.959963984540054
    close(found.lower, np.exp(found.coefficient - z * found.standard_error))
    close(found.upper, np.exp(found.coefficient + z * found.standard_error))
    close(found.wald_p, chi2.sf((found.coefficient / found.standard_error) ** 2, 1))


def brute_force(frame, ties, beta):
    """Log partial likelihood by its definition, one event time and one subset after the other."""
    from itertools import combinations

    total = 0.0
    for t in frame.time[frame.event == 1].unique():
        risk = np.exp(beta * frame.x[frame.time >= t].to_numpy())
        dead = np.exp(beta * frame.x[(frame.time == t) & (frame.event == 1)].to_numpy())
        total += np.log(dead).sum()
        if ties == "exact":
            total -= np.log(sum(np.prod(s) for s in combinations(risk, len(dead))))
        else:
            share = np.arange(len(dead)) / len(dead) * (ties == "efron")
            total -= np.log(risk.sum() - share * dead.sum()).sum()
    return total


@pytest.mark.parametrize("ties", cox.TIES)
def test_log_likelihood_follows_its_definition(ties):
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({"time": rng.integers(1, 5, 14), "event": rng.random(14) < 0.8, "x": rng.normal(size=14)})
    found = cox.fit(frame, "time", "event", "x", ties)
    beta = found.summary.coefficient["x"]
    assert found.log_likelihood == pytest.approx(brute_force(frame, ties, beta), rel=1e-12)
    assert brute_force(frame, ties, beta) > max(brute_force(frame, ties, beta + h) for h in (-1e-3, 1e-3))


def test_without_ties_the_three_methods_agree(golden, close):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"time": rng.permutation(40), "event": rng.random(40) < 0.6, "x": rng.normal(size=40)})
    fits = [cox.fit(frame, "time", "event", ["x"], ties).summary.loc["x"] for ties in cox.TIES]
    for other in fits[1:]:
        close(other, fits[0], 1e-9)


@settings(max_examples=40)
@given(patients)
def test_the_score_test_with_exact_ties_is_the_log_rank_test(rows):
    frame = pd.DataFrame(rows, columns=["time", "event", "x"]).astype(float)
    expected = log_rank.compare(frame.time, frame.event, frame.x) if frame.x.nunique() > 1 else None
    assume(expected is not None and np.isfinite(expected.chi_square))
    found = cox.fit(frame, "time", "event", ["x"], "exact").score
    assert found == pytest.approx(expected.chi_square, rel=1e-8, abs=1e-10)


def test_one_tied_event_time_with_exact_ties_is_the_conditional_odds_ratio(close):
    # 7 of 12 and 4 of 15 die at once: the likelihood is that of a 2 x 2 table with fixed margins
    frame = pd.DataFrame({"time": 1, "event": [1] * 7 + [0] * 5 + [1] * 4 + [0] * 11, "x": [1] * 12 + [0] * 15})
    found = cox.fit(frame, "time", "event", ["x"], "exact").summary.hr["x"]
    close([found], [contingency.odds_ratio([[7, 5], [4, 11]], "conditional").odds_ratio], 1e-9)


def test_a_majority_dying_at_once_is_counted_through_the_survivors(close):
    # 11 of 12 and 9 of 13: more deaths than survivors
    frame = pd.DataFrame({"time": 1, "event": [1] * 11 + [0] + [1] * 9 + [0] * 4, "x": [1] * 12 + [0] * 13})
    found = cox.fit(frame, "time", "event", ["x"], "exact").summary.hr["x"]
    close([found], [contingency.odds_ratio([[11, 1], [9, 4]], "conditional").odds_ratio], 1e-9)


@pytest.mark.parametrize("ties", cox.TIES)
def test_monotone_likelihood_is_reported_beside_finite_coefficients(ties):
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"time": rng.integers(1, 20, 40), "event": rng.random(40) < 0.6, "x": rng.normal(size=40)})
    frame["marked"] = (frame.event & (rng.random(40) < 0.5)).astype(int)
    frame.loc[frame.marked == 1, "time"] = 0
    found = cox.fit(frame, "time", "event", ["x", "marked"], ties)
    assert found.infinite == ("marked",) and "monotone" in found.note
    row = found.summary.loc["marked"]
    assert row.hr == np.inf and np.isnan(row.standard_error) and np.isnan(row.wald_p) and row.likelihood_ratio_p < 0.05
    # in the limit the marked are certain to die first: with exact ties only the unmarked tell about x; otherwise the
    # marked also do, among themselves
    rest = frame if ties != "exact" else frame[frame.marked == 0]
    rest = rest.assign(entry=np.where(rest.marked == 1, -1.0, 0.0))
    alone = cox.fit(rest, "time", "event", ["x"], ties, entry="entry")
    assert found.log_likelihood == pytest.approx(alone.log_likelihood, rel=1e-9)
    np.testing.assert_allclose(found.summary.loc["x"], alone.summary.loc["x"], rtol=1e-6)


def test_protective_marker_of_all_survivors_gives_zero():
    frame = pd.DataFrame({"time": [1, 2, 3, 4, 9, 9, 9], "event": [1, 1, 1, 1, 0, 0, 0], "x": [0, 0, 0, 0, 1, 1, 1]})
    found = cox.fit(frame, "time", "event", ["x"])
    assert found.summary.hr["x"] == 0 and found.infinite == ("x",)
    assert found.log_likelihood == pytest.approx(-np.log([4, 3, 2]).sum(), rel=1e-9)


def test_infeasible_exact_ties_are_refused_in_words():
    n = 3000
    frame = pd.DataFrame({"time": np.ones(n), "event": np.arange(n) % 2, "x": np.arange(n) % 7})
    with pytest.raises(ValueError, match="exact method is not feasible.*1500 events tied among 3000"):
        cox.fit(frame, "time", "event", ["x"], "exact")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"event": 0}, "event"),
        ({"x": 1.0}, "x: expected a covariate that varies"),
        ({"time": -1.0}, "time"),
        ({"x": np.nan}, "x"),
        ({"event": 2}, "event"),
        ({"x": "high"}, "x"),
    ],
)
def test_faulty_columns_are_refused_by_name(change, named):
    frame = pd.DataFrame({"time": [1.0, 2, 3, 4], "event": [1, 0, 1, 1], "x": [1.0, 2, 1, 0]}).assign(**change)
    with pytest.raises(ValueError, match=named):
        cox.fit(frame, "time", "event", ["x"])


def test_dependent_and_missing_covariates_and_empty_intervals_are_refused():
    frame = pd.DataFrame({"time": [1.0, 2, 3, 4], "event": [1, 0, 1, 1], "x": [1.0, 2, 1, 0], "start": [0, 2, 0, 0]})
    with pytest.raises(ValueError, match="twice: expected independent covariates"):
        cox.fit(frame.assign(twice=2 * frame.x), "time", "event", ["x", "twice"])
    with pytest.raises(ValueError, match="'sex'"):
        cox.fit(frame, "time", "event", ["sex"])
    with pytest.raises(ValueError, match="start: expected the start of an interval to precede its end"):
        cox.fit(frame, "time", "event", ["x"], entry="start")


def test_covariates_without_information_at_the_events_are_refused():
    # x differs only from the patient censored before the first event
    frame = pd.DataFrame({"time": [1.0, 2, 3, 4], "event": [0, 1, 1, 1], "x": [1.0, 0, 0, 0]})
    with pytest.raises(ValueError, match="no information"):
        cox.fit(frame, "time", "event", ["x"])


def test_columns_may_come_as_arrays_and_terms_one_by_one():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"time": rng.integers(1, 20, 40), "event": rng.integers(0, 2, 40), "x": rng.random(40), "z": rng.integers(0, 2, 40)}
    )
    found = cox.fit(frame, "time", "event", ["x", "z"])
    arrays = cox.fit({name: frame[name].to_numpy() for name in frame}, "time", "event", ["x", "z"])
    pd.testing.assert_frame_equal(found.summary, arrays.summary, check_exact=True)
    assert found.of("z") == found.summary.loc["z"].to_dict()


@pytest.mark.parametrize("ties", ["efron", "breslow", "exact"])
def test_beside_a_reference_group_without_events_a_finite_estimate_has_the_error_that_r_gives_it(golden, close, ties):
    expected, frame = golden("separated")[ties], pd.DataFrame(golden("separated")["data"])
    groups = ["smallcell", "adeno", "large"]
    found = cox.fit(frame, "time", "event", ["karno", *groups], ties=ties)
    assert found.infinite == tuple(groups) and np.isnan(found.summary.standard_error[groups]).all()
    row = found.summary.loc["karno"]
    close([row.coefficient, row.standard_error, row.wald_p], [expected["coefficient"], expected["standard_error"], expected["p"]], 1e-6)


def test_a_group_without_events_changes_nothing_of_what_the_others_say(golden, close):
    frame = pd.DataFrame(golden("separated")["data"])
    others = frame[frame[["smallcell", "adeno", "large"]].any(axis=1)]
    beside = cox.fit(frame, "time", "event", ["karno", "smallcell", "adeno", "large"]).summary.loc["karno"]
    alone = cox.fit(others, "time", "event", ["karno", "smallcell", "adeno"]).summary.loc["karno"]
    close(
        beside[["standard_error", "wald_p", "likelihood_ratio_p", "score_p"]],
        alone[["standard_error", "wald_p", "likelihood_ratio_p", "score_p"]],
        1e-6,
    )

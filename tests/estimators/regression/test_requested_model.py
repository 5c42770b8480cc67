import warnings

import numpy as np
import pandas as pd
import pytest

from analysis.errors import Undefined
from analysis.estimators.engines.shown import shown
from analysis.estimators.regression import firth, requested_model


@pytest.mark.parametrize("name", ["colon", "pbc", "rotterdam", "veteran", "mgus2"])
def test_with_many_events_the_model_is_that_of_coxph(golden, close, name):
    data, expected = pd.DataFrame(golden("engines")["data"][name]), golden("engines")["results"][name]
    with shown():
        model = requested_model.fit(data["time"], data["event"], {one: data[one] for one in expected["covariates"]})
    close([term.hr for term in model.terms.values()], np.exp(expected["efron"]["coefficient"]), 1e-6)
    assert (model.n, model.events) == (len(data), data["event"].sum())
    assert not model.penalised and not model.left_out and not model.note


def patients(events, n=60):
    """So many events, and a covariate and its shuffled copies."""
    draw = np.random.default_rng(3)
    time = draw.permutation(n) + 1.0
    return time, (np.arange(n) < events).astype(int), draw.normal(size=n)


@pytest.mark.parametrize(("events", "penalised"), [(9, True), (10, False), (11, False)])
def test_fewer_than_ten_events_for_a_covariate_are_penalised_beside(events, penalised):
    time, event, x = patients(events)
    model = requested_model.fit(time, event, {"x": x})
    assert model.events_per_covariate == events
    assert bool(model.penalised) is penalised
    if penalised:
        expected = firth.cox({"time": time, "event": event, "x": x}, "time", "event", "x").loc["x"]
        assert model.penalised["x"].hr == pytest.approx(expected.hr)
        assert (model.penalised["x"].lower, model.penalised["x"].upper) == pytest.approx((expected.lower, expected.upper))


def test_what_does_not_vary_or_follows_from_others_is_left_out_and_named():
    time, event, x = patients(30)
    z = np.random.default_rng(4).normal(size=60)
    columns = {"x": x, "z": z, "sum": 1e6 * (x + z) + 5, "same": np.ones(60), "own": z**2}
    model = requested_model.fit(time, event, columns)
    assert model.left_out == {"sum": "follows from x, z", "same": "the same in all patients"}
    assert list(model.terms) == ["x", "z", "own"]


def test_a_separated_covariate_has_the_limit_and_p_of_firth():
    time, event, _ = patients(30)
    model = requested_model.fit(time, event, {"never": 1.0 - event, "x": patients(30)[2]})
    term, after = model.terms["never"], model.penalised["never"]
    assert (term.hr, term.lower, term.upper, term.p, term.after_firth) == (0, 0, after.upper, after.p, True)
    assert 0 < after.lower < after.hr < after.upper < 1
    assert not model.terms["x"].after_firth


def test_patients_with_an_unknown_covariate_are_left_out():
    time, event, x = patients(30)
    model = requested_model.fit(time, event, {"x": np.where(np.arange(60) % 2, np.nan, x)})
    assert (model.n, model.events) == (30, 15)


def test_where_the_likelihood_has_no_maximum_it_is_said():
    model = requested_model.fit([1, 2, 3, 4], [0, 0, 0, 1], {"x": [0.0, 1, 2, 3]})
    assert "carry no information" in model.note
    assert not model.terms


@pytest.mark.parametrize(
    ("event", "columns", "told"),
    [
        ([0, 0, 0], {"x": [1, 2, 3]}, "no patient has an event"),
        ([1, 0, 1], {"x": [1, 1, 1]}, "none varies"),
        ([1, 0, 1], {}, "none varies"),
        ([1, 0, 1], {"x": [np.nan] * 3}, "no patient has known values of all of them"),
    ],
)
def test_what_cannot_be_fitted_at_all_is_undefined(event, columns, told):
    with pytest.raises(Undefined, match=told):
        requested_model.fit([1, 2, 3], event, columns)


def test_nothing_is_warned_of():
    """Not by a library either, where values are shown: separated, collinear, constant covariates with few events."""
    time, event, x = patients(4)
    with warnings.catch_warnings(), shown():
        warnings.simplefilter("error")
        requested_model.fit(time, event, {"x": x, "never": 1.0 - event, "twice": 2 * x, "same": x * 0, "big": x * 1e8})

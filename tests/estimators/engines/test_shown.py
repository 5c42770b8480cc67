"""A value that is shown is the library's, confirmed by the kernel; a member's is the kernel's."""

import warnings

import numpy as np
import pytest

from analysis.errors import EnginesDiffer
from analysis.estimators import ensemble_range
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.engines import registry
from analysis.estimators.engines.shown import active, kernels, shown, take
from analysis.estimators.regression import cox
from analysis.estimators.time_dependent.simon_makuch import simon_makuch

BOUND = 2.0**-10  # exact in binary, as are the differences beside it


@pytest.fixture
def engine(monkeypatch):
    """engine(evaluate): an engine of a made-up statistic, given by an installed library."""

    def register(evaluate):
        made = registry.Engine("made up", "", "scipy", "stats.made_up", "made.up", BOUND, evaluate)
        monkeypatch.setitem(registry.ENGINES, ("made up", ""), made)

    return register


@pytest.mark.parametrize(("gap", "allowed"), [(BOUND / 2, True), (BOUND, True), (BOUND * 2, False)])
@pytest.mark.parametrize("kernel", [1.0, -0.25, 0.0])
def test_a_difference_is_allowed_up_to_the_bound(engine, gap, allowed, kernel):
    engine(lambda: {"value": kernel + gap})
    with shown() as scope:
        if allowed:
            assert take("made up", "", {"value": kernel})["value"] == kernel + gap
        else:
            with pytest.raises(
                EnginesDiffer, match=r"made up: scipy \d.*, stats.made_up differs from this project’s kernel by more than 0.0009"
            ):
                take("made up", "", {"value": kernel})
    assert scope.differences["made up", ""] == gap


def test_large_values_are_compared_in_relation_to_their_size(engine):
    engine(lambda: {"value": 1000.0 * (1 + BOUND / 2)})
    with shown():
        assert take("made up", "", {"value": 1000.0})["value"] == 1000.0 * (1 + BOUND / 2)


def _refuses():
    raise ZeroDivisionError


def _warns():
    warnings.warn("", type("ConvergenceWarning", (UserWarning,), {}), stacklevel=1)
    return {"value": 1.0}


@pytest.mark.parametrize(
    ("evaluate", "told"),
    [
        (_refuses, r"gives no value \(ZeroDivisionError\)"),
        (_warns, "did not converge"),
        (lambda: {"value": 2.0}, "differs"),
        (lambda: {"value": np.nan}, "differs"),
        (lambda: {"value": np.inf}, "differs"),
        (lambda: {"value": [1.0, 1.0]}, "differs"),
    ],
)
def test_what_is_not_confirmed_fails_a_study_and_is_a_remark_on_own_patients(engine, evaluate, told):
    engine(evaluate)
    with pytest.raises(EnginesDiffer, match=told), shown():
        take("made up", "", {"value": 1.0})
    with shown(strict=False) as scope:
        assert take("made up", "", {"value": 1.0})["value"] == 1.0
        take("made up", "", {"value": 1.0})
    (remark,) = scope.remarks
    assert remark.startswith("made up: scipy ")


def test_what_the_convention_leaves_undefined_stays_so_and_infinities_agree(engine):
    engine(lambda: {"value": [0.5, np.inf, 1.0]})
    with shown() as scope:
        found = take("made up", "", {"value": [np.nan, np.inf, 1.0]})["value"]
    np.testing.assert_array_equal(found, [np.nan, np.inf, 1.0])
    assert scope.differences["made up", ""] == 0


def test_nothing_is_asked_outside_nor_where_no_library_has_the_method(engine):
    engine(_refuses)
    assert take("made up", "", {"value": 1.0}) == {"value": 1.0}
    with shown():
        assert take("made up", "another convention", {"value": 1.0}) == {"value": 1.0}
        with kernels():
            assert not active()
            assert take("made up", "", {"value": 1.0}) == {"value": 1.0}
        assert active()


def test_the_scope_around_another_counts():
    with shown(strict=False) as outer, shown() as inner:
        assert inner is outer


def test_of_an_ensemble_the_first_cohort_alone_is_shown():
    with shown():
        found = ensemble_range.over(range(3), lambda member: {"shown": float(active())})["shown"]
    assert (found.reference, found.low, found.high) == (1.0, 0.0, 1.0)


def test_a_library_whose_value_is_wrong_fails_the_page(monkeypatch):
    key = ("Kaplan-Meier estimate", "")
    wrong = dict(vars(registry.ENGINES[key])) | {
        "evaluate": lambda time, events, censored: {"survival": time * 0.0, "at_risk": time, "events": events, "censored": censored}
    }
    monkeypatch.setitem(registry.ENGINES, key, registry.Engine(**wrong))
    with pytest.raises(EnginesDiffer, match="Kaplan-Meier estimate: lifelines"), shown():
        kaplan_meier([1, 2, 3], [1, 0, 1])


def test_models_without_a_finite_estimate_and_curves_of_late_entries_are_the_kernels_alone():
    with shown() as scope:
        separated = cox.fit({"time": [1, 2, 3, 4], "event": [1, 1, 0, 0], "x": [1, 1, 0, 0]}, "time", "event", ["x"])
        curves = simon_makuch([2, 4, 6, 8], [1, 1, 1, 0], [np.nan, 1, 3, np.nan])
        curves.after.interval_at([4, 6], "log-log")
    assert separated.infinite == ("x",)
    assert not scope.differences


def test_an_engine_is_registered_once():
    with pytest.raises(ValueError, match="registered twice"):
        registry.engine("log-rank test", "logrank", library="scipy", function="f", kernel="k")(lambda: {})

import numpy as np
import pandas as pd
import pytest

from analysis.estimators.regression import proportional_hazards


@pytest.mark.parametrize("name", ["ovarian", "veteran", "colon_months"])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("transform", proportional_hazards.TRANSFORMS)
def test_statistics_are_those_of_cox_zph(golden, close, name, ties, transform):
    expected = golden("beyond")["checked"][name]
    found = proportional_hazards.check(pd.DataFrame(golden("cases")[name]), "time", "event", expected["names"], transform, ties)
    values = expected[ties][transform]
    close([*found.terms["chi_square"], found.chi_square], values["chi_square"], rtol=1e-6)
    close([*found.terms["p"], found.p], values["p"], rtol=1e-5)


def test_events_per_parameter_are_told(golden):
    found = proportional_hazards.check(pd.DataFrame(golden("cases")["ovarian"]), "time", "event", ["age", "rx"])
    assert (found.events, found.events_per_parameter) == (12, 6.0)


def test_a_hazard_ratio_without_events_in_one_group_is_refused(golden):
    case = golden("beyond")["firth_cases"]["zero_event_arm"]
    with pytest.raises(ValueError, match="0 or infinite"):
        proportional_hazards.check(pd.DataFrame(case), "time", "event", ["first"])


def test_event_times_looked_at_in_pieces_give_the_same(monkeypatch):
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {"time": rng.integers(1, 15, 60), "event": rng.integers(0, 2, 60), "x": rng.random(60), "z": rng.integers(0, 2, 60)}
    )
    whole = proportional_hazards.check(frame, "time", "event", ["x", "z"])
    monkeypatch.setattr(proportional_hazards, "_MOST_ROWS", 100)
    pieces = proportional_hazards.check(frame, "time", "event", ["x", "z"])
    assert pieces.p == pytest.approx(whole.p, rel=1e-9)
    np.testing.assert_allclose(pieces.terms, whole.terms, rtol=1e-9)

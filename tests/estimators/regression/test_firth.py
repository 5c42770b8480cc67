import numpy as np
import pandas as pd
import pytest

from analysis.estimators.regression import firth


@pytest.mark.parametrize("name", ["ovarian", "zero_event_arm"])
def test_penalised_cox_with_profile_limits_is_what_r_maximises(golden, close, name):
    expected = golden("beyond")["firth_cox"][name]
    frame = pd.DataFrame(golden("cases")[name] if name == "ovarian" else golden("beyond")["firth_cases"][name])
    found = firth.cox(frame, "time", "event", expected["names"])
    close(found["coefficient"], expected["coefficient"], rtol=1e-4, atol=1e-5)
    close(found["likelihood_ratio_p"], expected["p"], rtol=1e-4)
    close(np.log(found["lower"]), expected["lower"], rtol=1e-4, atol=1e-5)
    close(np.log(found["upper"]), expected["upper"], rtol=1e-4, atol=1e-5)


def test_penalised_logistic_under_separation_is_what_r_maximises(golden, close):
    expected = golden("beyond")["firth_logistic"]["separated"]
    found = firth.logistic(pd.DataFrame(golden("beyond")["firth_cases"]["separated"]), "event", expected["names"])
    close(found["coefficient"], expected["coefficient"], rtol=1e-4, atol=1e-5)
    close(found["likelihood_ratio_p"], expected["p"], rtol=1e-4)
    close(np.log(found["lower"]), expected["lower"], rtol=1e-4, atol=1e-5)
    close(np.log(found["upper"]), expected["upper"], rtol=1e-4, atol=1e-5)


def test_no_event_is_refused():
    with pytest.raises(ValueError, match="event"):
        firth.cox(pd.DataFrame({"time": [1, 2], "event": [0, 0], "x": [0, 1]}), "time", "event", ["x"])


def test_limits_of_a_few_events_are_found_where_the_library_finds_none(golden, close):
    expected = golden("separated")["firth"]
    found = firth.cox(pd.DataFrame(expected["data"]), "time", "event", ["x", "z"])
    close(found["coefficient"], expected["coefficient"], rtol=1e-4)
    close(found["likelihood_ratio_p"], expected["p"], rtol=1e-4)
    close(np.log(found["lower"]), expected["lower"], rtol=1e-4)
    close(np.log(found["upper"]), expected["upper"], rtol=1e-4)


def test_limits_do_not_depend_on_who_searches_for_them(golden, close, monkeypatch):
    frame, outcomes = pd.DataFrame(golden("cases")["ovarian"]), pd.DataFrame(golden("beyond")["firth_cases"]["separated"])
    names = golden("beyond")["firth_logistic"]["separated"]["names"]
    of_library = firth.cox(frame, "time", "event", ["age", "rx"]), firth.logistic(outcomes, "event", names)

    def fail(self, **options):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(firth.FirthCoxPH, "conf_int", fail)
    monkeypatch.setattr(firth.FirthLogisticRegression, "conf_int", fail)
    close(firth.cox(frame, "time", "event", ["age", "rx"]), of_library[0], rtol=1e-4)
    close(firth.logistic(outcomes, "event", names), of_library[1], rtol=1e-4)


def test_times_equal_but_for_rounding_are_tied(close):
    frame = pd.DataFrame({"time": [0.3, 0.1 + 0.2, 1, 2, 3, 4], "event": [1, 1, 1, 0, 1, 0], "x": [0, 1, 1, 0, 1, 0]})
    close(firth.cox(frame, "time", "event", ["x"]), firth.cox(frame.assign(time=[0.3, 0.3, 1, 2, 3, 4]), "time", "event", ["x"]))

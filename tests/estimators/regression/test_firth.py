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

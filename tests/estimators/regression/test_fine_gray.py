"""Fine and Gray's model against cmprsk::crr 2.2-11 (R 4.2.2), on 200 patients of survival::mgus2."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis import paths
from analysis.errors import Undefined
from analysis.estimators.regression import fine_gray

GOLDEN = json.loads((paths.ROOT / "tests/golden/models.json").read_text())["fine_gray"]
PATIENTS = pd.DataFrame({name: GOLDEN[name] for name in ("time", "cause", "male", "age")}).astype({"cause": int})


@pytest.mark.parametrize(("covariates", "golden"), [(["male"], "one"), (["male", "age"], "two")])
def test_coefficients_and_errors_are_those_of_crr(covariates, golden):
    found = fine_gray.fit(PATIENTS, "time", "cause", covariates)
    assert found.coefficient == pytest.approx(GOLDEN[golden]["coefficient"], rel=1e-6)
    assert found.standard_error == pytest.approx(GOLDEN[golden]["standard_error"], rel=1e-6)


def test_limits_and_p_are_those_of_the_coefficient():
    found = fine_gray.fit(PATIENTS, "time", "cause", ["male"]).summary.loc["male"]
    (b,), (error,) = GOLDEN["one"]["coefficient"], GOLDEN["one"]["standard_error"]
    reach = 1.959963984540054 * error
    assert (found["hr"], found["lower"], found["upper"]) == pytest.approx((np.exp(b), np.exp(b - reach), np.exp(b + reach)), rel=1e-6)


def test_without_competing_events_it_is_coxs_model_with_breslows_ties():
    from analysis.estimators.regression import cox

    alone = PATIENTS.assign(cause=(PATIENTS["cause"] == 1).astype(int))
    wanted = cox.fit(alone, "time", "cause", ["male", "age"], ties="breslow").summary["coefficient"]
    assert fine_gray.fit(alone, "time", "cause", ["male", "age"]).coefficient == pytest.approx(wanted.to_numpy(), rel=1e-8)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cause": 0}, "does not occur"),
        ({"male": 1.0}, "male: expected a covariate that varies"),
        ({"male": (PATIENTS["cause"] == 1).astype(float)}, "0 or infinite"),
    ],
)
def test_a_model_that_does_not_exist_is_undefined(changed, said):
    with pytest.raises(Undefined, match=said):
        fine_gray.fit(PATIENTS.assign(**changed), "time", "cause", ["male"])

"""Cox models of matched patients and of patients with several rows, in a ledger, against R 4.2.2 (survival 3.5)."""

import pytest

from analysis.errors import InputError
from tests.ledger.statistics.test_statistics import values

# coxph(Surv(months, died) ~ arm, cluster = stage) of R 4.2.2, survival 3.5: who has no cluster is left out
CLUSTERED = [("hr", "", 0.39326001488), ("lower", "", 0.10813803141), ("upper", "", 1.430148462), ("p", "", 0.15653548255)]
CLUSTERED += [("lower", "; level=90", 0.13308355701), ("upper", "; level=90", 1.1620777411)]


@pytest.mark.parametrize(("part", "level", "expected"), CLUSTERED)
def test_a_cox_model_of_rows_in_clusters_has_the_robust_limits_of_r(study, part, level, expected):
    single = f"hazard_ratio_{part}".removesuffix("_hr")
    found = values(study, single, f"endpoint=os; by=arm; cluster=stage{level}")
    assert dict(found) == {"cox-efron": pytest.approx(expected, rel=2e-6), "cox-breslow": pytest.approx(expected, rel=2e-6)}
    several = values(study, f"cox_{part}", f"endpoint=os; covariates=arm=A; term=arm=A; cluster=stage{level}")
    assert dict(several) == {"efron": pytest.approx(expected, rel=2e-6), "breslow": pytest.approx(expected, rel=2e-6)}


def test_a_cluster_that_is_no_variable_is_named(study):
    with pytest.raises(InputError, match="cluster: unknown variable 'pair' of table 'cohort'"):
        values(study, "cox_lower", "endpoint=os; covariates=arm=A; term=arm=A; cluster=pair")

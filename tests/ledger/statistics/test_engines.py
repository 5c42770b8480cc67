import pytest

from analysis.estimators.engines.registry import version
from analysis.ledger.statistics import REGISTRY
from analysis.ledger.statistics.engines import OWN, spell_engine


@pytest.mark.parametrize(
    ("statistic", "convention", "library", "function"),
    [
        ("survival", "", "lifelines", "KaplanMeierFitter"),
        ("survival_se", "; two-stage (1 decimal)", "statsmodels", "SurvfuncRight"),
        ("survival_lower", "log-log", "lifelines", "KaplanMeierFitter"),
        ("logrank_p", "gehan-breslow-wilcoxon", "lifelines", "multivariate_logrank_test"),
        ("hazard_ratio_p", "logrank", "lifelines", "multivariate_logrank_test"),
        ("hazard_ratio", "cox-efron; half-even", "lifelines", "CoxPHFitter"),
        ("cox_p", "breslow", "statsmodels", "PHReg"),
        ("cox_td_hr", "efron, switched from its month on", "lifelines", "CoxTimeVaryingFitter"),
        ("logistic_p", "wald", "statsmodels", "Logit"),
        ("contingency_p", "fisher with the no-data category", "scipy", "fisher_exact"),
        ("contingency_p", "pearson", "scipy", "chi2_contingency"),
        ("stratified_logrank_p", "", "statsmodels", "survdiff"),
    ],
)
def test_the_panel_names_engine_function_and_version(statistic, convention, library, function):
    told = spell_engine(statistic, convention)
    assert told.startswith(f"{library} {version(library)}, ")
    assert function in told
    assert "confirmed by this project’s " in told


@pytest.mark.parametrize(
    ("statistic", "convention"),
    [
        ("survival_lower", "log"),
        ("hazard_ratio", "logrank-oe"),
        ("cox_hr", "exact"),
        ("cox_p", "breslow, likelihood ratio"),
        ("logistic_p", "score"),
        ("gray_p", ""),
        ("contingency_p", "fisher-midp"),
        ("mann_whitney_p", "exact"),
    ],
)
def test_what_no_library_offers_is_ours(statistic, convention):
    assert spell_engine(statistic, convention) == OWN


def test_a_count_needs_no_engine():
    assert spell_engine("count", "") == ""


def test_every_registered_statistic_is_told():
    assert all(isinstance(spell_engine(name, one.default), str) for name, one in REGISTRY.items())

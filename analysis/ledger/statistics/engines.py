"""Which engine gives the value of a ledger row under a convention, as a number's panel names it."""

from __future__ import annotations

from analysis.estimators.engines.registry import ENGINES, Engine

#: Statistics of an engine that has one convention only.
_SIMPLE = {
    "survival": "Kaplan-Meier estimate",
    "incidence": "Kaplan-Meier estimate",
    "at_risk": "Kaplan-Meier estimate",
    "survival_se": "Greenwood's standard error",
    "incidence_se": "Greenwood's standard error",
    "rmst": "restricted mean",
    "cumulative_incidence": "cumulative incidence",
    "logistic_or": "logistic regression",
    "logistic_lower": "logistic regression",
    "logistic_upper": "logistic regression",
}
#: Statistics whose conventions are those of an engine.
_BY_CONVENTION = {
    "survival_lower": "Kaplan-Meier limits",
    "survival_upper": "Kaplan-Meier limits",
    "incidence_lower": "Kaplan-Meier limits",
    "incidence_upper": "Kaplan-Meier limits",
    "logrank_p": "log-rank test",
    "mann_whitney_p": "Mann-Whitney test",
    "odds_ratio": "odds ratio",
    "odds_ratio_lower": "odds ratio",
    "odds_ratio_upper": "odds ratio",
    "cox_hr": "Cox regression",
    "cox_lower": "Cox regression",
    "cox_upper": "Cox regression",
    "cox_p": "Cox regression",
    "landmark_hr": "Cox regression",
    "t_test_p": "t test",
}
_TWO_CURVES = ("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper", "hazard_ratio_p")
_SWITCHING = ("cox_td_hr", "cox_td_lower", "cox_td_upper")
#: Shares whose limits a library gives.
_SHARES = ("percent", "sensitivity", "specificity", "positive_predictive_value", "negative_predictive_value", "accuracy")
#: Rows that are counted or looked up, with no estimator behind them.
_COUNTED = (
    "quoted",
    "count",
    "percent",
    "distinct",
    "events",
    "mean",
    "sd",
    "median",
    "minimum",
    "maximum",
    "quantile",
    "median_change",
    "sd_change",
    "person_time",
)
OWN = "this project’s own estimator"


def engine_of(statistic: str, convention: str) -> Engine | None:
    """The engine of a statistic of the ledger under a convention; None where no library offers it.

    Parameters
    ----------
    statistic : str
        Registered name.
    convention : str
        As a verdict names it; what follows a semicolon is of rounding.
    """
    named = convention.split("; ")[0]
    if statistic in _SIMPLE:
        return ENGINES.get((_SIMPLE[statistic], ""))
    if statistic in _BY_CONVENTION:
        return ENGINES.get((_BY_CONVENTION[statistic], named))
    if statistic in _TWO_CURVES:
        return ENGINES.get(("log-rank test", named)) or ENGINES.get(("Cox regression", named.removeprefix("cox-")))
    if statistic in _SWITCHING:
        return ENGINES.get(("Cox regression", f"{named.split(', ')[0]}, start-stop rows"))
    if statistic == "stratified_logrank_p":
        return ENGINES.get(("log-rank test", "stratified"))
    if statistic == "logistic_p":
        return ENGINES.get(("logistic regression", "")) if named == "wald" else None
    if statistic == "contingency_p":
        test = named.split(" with ")[0]
        return ENGINES.get(("2 × 2 table", test)) or ENGINES.get(("contingency table", test))
    return None


def spell_engine(statistic: str, convention: str, from_printed: bool = False) -> str:
    """What computes a number: library, version and function, with the second engine; empty where nothing is estimated."""
    if statistic in _COUNTED or statistic in _SHARES:
        return ""
    if from_printed and statistic == "t_test_p":  # a range over all means and deviations that print so
        return OWN
    found = engine_of(statistic, convention)
    if found is None and convention.split("; ")[0] == "wilson-continuity":
        return OWN
    if found is None:
        return _ALONE.get(statistic, OWN)
    larger = "; larger tables by this project’s exact test" if found.statistic == "2 × 2 table" else ""
    return f"{found.spelled}; confirmed by this project’s {found.kernel}{larger}"


#: Statistics that a library gives without a second engine.
_ALONE = (
    dict.fromkeys([f"{name}_{end}" for name in _SHARES for end in ("lower", "upper")], "statsmodels, stats.proportion.proportion_confint")
    | dict.fromkeys(("percent_p", "sign_test_p"), "scipy, stats.binomtest")
    | {"anova_p": "scipy, stats.f_oneway", "kruskal_wallis_p": "scipy, stats.kruskal"}
)

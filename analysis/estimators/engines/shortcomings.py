"""What libraries do otherwise than their names promise, and what none of them offers; `tests/estimators/engines` shows each."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """A result of a library that is not shown for what it is called.

    Attributes
    ----------
    library, function : str
    what : str
        What it does, and what is right.
    instead : str
        What this project does.
    upstream : str
        Address of the issue that tells of it; empty where there is none.
    """

    library: str
    function: str
    what: str
    instead: str
    upstream: str


class Unoffered(NamedTuple):
    """A method that this project's own estimator alone gives.

    Attributes
    ----------
    method : str
    why : str
        Who has it, or what the libraries have instead.
    kernel : str
    """

    method: str
    why: str
    kernel: str


_LIFELINES = "https://github.com/CamDavidsonPilon/lifelines/issues/"
_STATSMODELS = "https://github.com/statsmodels/statsmodels/"

FAULTS = (
    Fault(
        "lifelines",
        "utils.restricted_mean_survival_time(return_variance=True)",
        "gives the variance of min(T, τ), not that of the estimated mean: 204.1 for R’s 20.5 in the maintained patients of aml at 48 weeks",
        "the mean is taken, the variance is our own",
        f"{_LIFELINES}1682",
    ),
    Fault(
        "lifelines",
        "statistics.proportional_hazard_test",
        "is not the score test of R’s cox.zph since survival 3: χ² 0.0239 for 0.0079 on aml",
        "our own score test",
        f"{_LIFELINES}997",
    ),
    Fault(
        "lifelines",
        "AalenJohansenFitter",
        "moves tied times of different events apart at random, so that the estimate differs from run to run",
        "the estimate of statsmodels, with the variance of R’s cmprsk",
        f"{_LIFELINES}1521",
    ),
    Fault(
        "lifelines",
        "CoxTimeVaryingFitter.check_assumptions",
        "is documented and fails: it looks for an attribute that only CoxPHFitter has",
        "our own score test, which takes start-stop rows",
        f"{_LIFELINES}1173",
    ),
    Fault(
        "lifelines",
        "KaplanMeierFitter.median_survival_time_",
        "takes the first time below one half; where the curve has a plateau at one half, rounding decides between the ends of the plateau: "
        "8 for the times 1, 2, 3, 5+, 8, 9, where R gives the midpoint 5.5",
        "our own median, by the rule asked for",
        "",
    ),
    Fault(
        "lifelines",
        "multivariate_logrank_test(weightings='fleming-harrington')",
        "fails if a patient has an event at time 0",
        "times enter by their rank, from 1",
        f"{_LIFELINES}1681",
    ),
    Fault(
        "lifelines",
        "CoxPHFitter(cluster_col=)",
        "robust standard errors differ from R’s where times are tied: 0.005079 for 0.005076 of the Karnofsky score in veteran, rows taken two by two",
        "our own errors, those of R’s coxph(cluster =)",
        "",
    ),
    Fault(
        "lifelines",
        "CoxPHFitter, default steps",
        "stops with six correct digits of a coefficient",
        "full Newton steps and tighter limits",
        f"{_LIFELINES}272",
    ),
    Fault(
        "statsmodels",
        "PHReg(entry=)",
        "counts a row as at risk at its entry; R’s intervals (start, stop] begin after it",
        "entries by rank, moved up by one half",
        f"{_STATSMODELS}issues/1767",
    ),
    Fault(
        "statsmodels",
        "PHReg.fit(method='newton')",
        "does not shorten steps that overshoot, and then returns no number: starting at 0, on pbc with age, bilirubin and albumin",
        "a line search comes first",
        "",
    ),
    Fault(
        "statsmodels",
        "CumIncidenceRight.cinc_se",
        "uses another formula than R’s cmprsk: the two differ by up to 14% late in mgus2, and there is no number once the last patient has had an event",
        "our own variance, Gray’s",
        f"{_STATSMODELS}pull/3016",
    ),
)
"""Known faults of libraries."""

UNOFFERED = (
    Unoffered("Limits of S(t) on the scales log and plain", "R’s survfit; lifelines has log-log alone", "curves.confidence_limits"),
    Unoffered("Median by the rules of R and Prism, SPSS and its standard error", "R, Prism, SPSS", "curves.quantiles"),
    Unoffered("Variance, limits and difference of restricted means", "R’s survRM2", "curves.rmst"),
    Unoffered("Variance of a cumulative incidence, Gray’s test", "R’s cmprsk", "curves.competing_risks, comparisons.gray"),
    Unoffered("Hazard ratio of two curves by O/E and Mantel–Haenszel", "Prism", "comparisons.two_curve_hazard_ratio"),
    Unoffered("Cox model with exact ties", "R’s coxph, Prism", "regression.exact_ties"),
    Unoffered("Profile limits, score tests and tests of omitted covariates", "R, SPSS", "regression.partial_likelihood"),
    Unoffered("Hazard ratio where a group has no event", "R’s coxphf; firthmodels has Breslow ties alone", "regression.small_samples"),
    Unoffered("Score test of proportional hazards", "R’s cox.zph", "regression.proportional_hazards"),
    Unoffered("Simon–Makuch curves, Mantel–Byar test, landmark analysis", "no library", "time_dependent"),
    Unoffered("Exact test of larger tables (Freeman–Halton), mid-P", "R, StatXact; SciPy simulates", "group_tests.freeman_halton"),
    Unoffered("Exact Mann–Whitney test with ties, and by SPSS’s untied tables", "StatXact, Prism, SPSS", "group_tests.mann_whitney"),
    Unoffered(
        "Robust standard errors for clustered rows (Lin and Wei), Breslow and Efron ties", "R’s coxph(cluster =)", "regression.robust"
    ),
    Unoffered("Fragility, tipping points, E-values", "R packages", "sensitivity"),
    Unoffered("Bounds of all of these under disclosure control", "no library", "disclosure"),
)
"""Methods that no library offers under the conventions asked for here."""

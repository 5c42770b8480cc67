"""What programs print together, and how a paper rounded what they showed.

An estimate, its limits and its P come out of one procedure of one program: a profile.  A paper's
programs, and how it rounded again what each showed, are declared in ``study.yml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError, suggestion
from analysis.ledger.rows.rounding import HALF_EVEN, HALF_UP, RULES, Rule, two_stage
from analysis.paths import shorten_path

#: First stage of rounding by program and kind of number: the digits that its output shows.
STAGES = {
    "prism": {"p": "4 decimals", "ratio": "3 decimals"},
    "spss": {"percent": "1 decimal", "ratio": "3 decimals", "survival": "3 decimals of the proportion"},
    "r": {"p": "3 significant digits", "ratio": "3 significant digits", "survival": "3 significant digits"},
}


@dataclass(frozen=True)
class Profile:
    """What one procedure of a program prints together.

    Attributes
    ----------
    name : str
    program : str
        Key of `STAGES`; empty for conventions that belong to no program declared here.
    prints : mapping of str to tuple of str
        Conventions by statistic; several where the output shows several and an author takes one.
    """

    name: str
    program: str
    prints: Mapping[str, tuple[str, ...]]


def _ratio(method: str, p: str) -> dict[str, tuple[str, ...]]:
    """A hazard ratio with limits and P by one method, and the log-rank P beside it."""
    parts = ("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper")
    return {**dict.fromkeys(parts, (method,)), "hazard_ratio_p": (p,), "logrank_p": ("logrank",)}


def _cox(ties: str, *p: str) -> dict[str, tuple[str, ...]]:
    """A Cox model by one handling of ties; `p` names the tests that are printed for a term."""
    parts: tuple[str, ...] = ("cox_hr", "cox_lower", "cox_upper")
    if ties != "exact":  # which is not computed with a covariate that switches
        parts += ("cox_td_hr", "cox_td_lower", "cox_td_upper", "landmark_hr")
    return {**_ratio(f"cox-{ties}", f"cox-{ties}"), **dict.fromkeys(parts, (ties,)), "cox_p": (ties, *(f"{ties}, {test}" for test in p))}


def _curve(limits: str) -> dict[str, tuple[str, ...]]:
    """Estimates, errors and medians, with limits on one scale."""
    bounds = [f"{name}_{end}" for name in ("survival", "incidence", "survival_median") for end in ("lower", "upper")]
    plain = dict.fromkeys(("survival", "survival_se", "incidence", "incidence_se"), ("",))
    return {**plain, "survival_median": ("midpoint", "left"), **dict.fromkeys(bounds, (limits,))}


def _reversed(whose: str) -> dict[str, tuple[str, ...]]:
    """A median of the reverse curve, with the shortest and longest follow-up, which that curve does not have, of all or of survivors."""
    return {"follow_up_median": ("reverse Kaplan-Meier",), **dict.fromkeys(("follow_up_minimum", "follow_up_maximum"), (whose,))}


def _switch_conventions(ties: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(("cox_td_hr", "cox_td_lower", "cox_td_upper"), (f"{ties}, switched from its month on",))


_TESTS = ("logrank", "gehan-breslow-wilcoxon")
_LOGISTIC = dict.fromkeys(("logistic_or", "logistic_lower", "logistic_upper"), ("",))
_FOLLOW_UP = ("follow_up_median", "follow_up_minimum", "follow_up_maximum")
PROFILES = (
    Profile("Prism, two curves, log-rank hazard ratio", "prism", _ratio("logrank-oe", "logrank") | {"logrank_p": _TESTS, "survival_median": ("midpoint",)}),
    Profile("Prism, two curves, Mantel-Haenszel hazard ratio", "prism", _ratio("mantel-haenszel", "logrank") | {"logrank_p": _TESTS}),
    Profile("Prism, contingency table", "prism", {"contingency_p": ("fisher", "pearson", "pearson-yates")}),
    Profile("Prism, two groups", "prism", {"t_test_p": ("student", "welch"), "mann_whitney_p": ("exact", "asymptotic"), "sd": ("n-1",), "quantile": ("type 6",)}),
    Profile("SPSS, Cox regression", "spss", _cox("breslow")),
    Profile("SPSS, Cox regression, switch from its month on", "spss", _switch_conventions("breslow")),
    Profile("SPSS, Kaplan-Meier", "spss", {"survival": ("",), "survival_se": ("",), "logrank_p": _TESTS, "survival_median": ("left",)}),
    Profile("SPSS, crosstabs", "spss", {"percent": ("",), "count": ("",), "contingency_p": ("pearson", "pearson-yates", "fisher")}),
    Profile("SPSS, logistic regression", "spss", _LOGISTIC | {"logistic_p": ("wald",)}),
    Profile("SPSS, two groups", "spss", {"t_test_p": ("student", "welch"), "mann_whitney_p": ("asymptotic", "exact"), "sd": ("n-1",), "quantile": ("type 6",)}),
    Profile("R, survfit", "r", _curve("log") | {"logrank_p": ("logrank",), "survival_median": ("midpoint",)}),
    Profile("R, coxph, Efron", "r", _cox("efron", "likelihood ratio", "score")),
    Profile("R, coxph, exact ties", "r", _cox("exact", "likelihood ratio", "score")),
    Profile("R, coxph, Breslow", "r", _cox("breslow", "likelihood ratio", "score")),
    Profile("R, coxph, Efron, switch from its month on", "r", _switch_conventions("efron")),
    Profile("R, glm", "r", _LOGISTIC | {"logistic_p": ("wald", "likelihood ratio", "score")}),
    Profile("R, tests", "r", {
        "contingency_p": ("fisher", "pearson", "pearson-yates"), "t_test_p": ("welch", "student"),
        "mann_whitney_p": ("asymptotic-continuity", "exact-untied"), "sd": ("n-1",), "quantile": ("type 7",),
    }),
    Profile("survival with log-log limits", "", _curve("log-log")),
    Profile("survival with plain limits", "", _curve("plain")),
    Profile("mid-P", "", {"contingency_p": ("fisher-midp",)}),
    Profile("SD with n", "", {"sd": ("n",)}),
    Profile("follow-up of all", "", dict.fromkeys(_FOLLOW_UP, ("over all",))),
    Profile("follow-up of survivors", "", dict.fromkeys(_FOLLOW_UP, ("over survivors",))),
    Profile("reverse Kaplan-Meier, range of all", "", _reversed("over all")),
    Profile("reverse Kaplan-Meier, range of survivors", "", _reversed("over survivors")),
)  # fmt: skip
#: For results whose statistics have one convention each, which no program sets.
ARITHMETIC = Profile("", "", {})


def declared_programs(study: Study) -> tuple[str, ...]:
    """Programs that a study declares.

    Raises
    ------
    InputError
        If there is no profile of one of them.
    """
    for name in study.programs:
        if name not in STAGES:
            raise InputError(
                Fault(
                    shorten_path(study.folder / "study.yml"),
                    "programs",
                    f"some of {', '.join(STAGES)}",
                    repr(name) + suggestion(name, STAGES),
                )
            )
    return tuple(study.programs)


def rules(study: Study, kind: str, program: str) -> tuple[Rule, ...]:
    """Rounding rules of a paper: plain, and one habit a program: its way with ties, on the digits that it shows.

    A study that declares no programs may have rounded in any documented way.
    """
    return _rules(study, kind, [program] if program else list(study.programs))


def find_rules(study: Study, statistic: str, kind: str) -> tuple[Rule, ...]:
    """Rounding rules of a paper for a statistic: those of the declared programs that print it, or of all where none does.

    Raises
    ------
    InputError
        If there is no profile of a declared program.
    """
    printing = {profile.program for profile in PROFILES if statistic in profile.prints}
    programs = declared_programs(study)
    return _rules(study, kind, [name for name in programs if name in printing] or programs)


def _rules(study: Study, kind: str, programs: Iterable[str]) -> tuple[Rule, ...]:
    if not study.programs:
        return RULES[kind]
    ties = {name: study.programs.get(name, "half-up") for name in programs}
    habits = {two_stage(tie, STAGES[name].get(kind, "")) for name, tie in ties.items()}
    return tuple(
        rule for rule in RULES[kind] if rule == HALF_UP or rule == HALF_EVEN and HALF_EVEN.name in ties.values() or rule.name in habits
    )

"""Output profiles: what one program prints together, and so how one printed result is judged.

An estimate, its limits and its P come out of one procedure of one program.  Judging each cell
by whatever convention gives its digits would credit a paper, and ourselves, with more than it
printed; so the cells of a result share a profile.  A paper's programs, and how it rounds again
what each shows, are declared in ``study.yml``; profiles of other programs are tried after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError, suggestion
from analysis.ledger.rounding import HALF_EVEN, HALF_UP, RULES, Rule
from analysis.ledger.rows import Row
from analysis.ledger.statistics.registry import Values
from analysis.ledger.verdicts import Match, Way, match, ways
from analysis.paths import shown

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
    parts = ("cox_hr", "cox_lower", "cox_upper", "cox_td_hr", "cox_td_lower", "cox_td_upper", "landmark_hr")
    return {**_ratio(f"cox-{ties}", f"cox-{ties}"), **dict.fromkeys(parts, (ties,)), "cox_p": (ties, *(f"{ties}, {test}" for test in p))}


def _curve(limits: str) -> dict[str, tuple[str, ...]]:
    bounds = ("survival_lower", "survival_upper", "incidence_lower", "incidence_upper")
    return {"survival": ("",), "survival_se": ("",), "incidence": ("",), "incidence_se": ("",), **dict.fromkeys(bounds, (limits,))}


def _switched(ties: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(("cox_td_hr", "cox_td_lower", "cox_td_upper"), (f"{ties}, switched after its month",))


_TESTS = ("logrank", "gehan-breslow-wilcoxon")
_LOGISTIC = dict.fromkeys(("logistic_or", "logistic_lower", "logistic_upper"), ("",))
_FOLLOW_UP = ("follow_up_median", "follow_up_minimum", "follow_up_maximum")
PROFILES = (
    Profile("Prism, two curves, log-rank hazard ratio", "prism", _ratio("logrank-oe", "logrank") | {"logrank_p": _TESTS, "survival_median": ("midpoint",)}),
    Profile("Prism, two curves, Mantel-Haenszel hazard ratio", "prism", _ratio("mantel-haenszel", "logrank") | {"logrank_p": _TESTS}),
    Profile("Prism, contingency table", "prism", {"contingency_p": ("fisher", "pearson", "pearson-yates")}),
    Profile("Prism, two groups", "prism", {"t_test_p": ("student", "welch"), "mann_whitney_p": ("exact", "asymptotic"), "sd": ("n-1",)}),
    Profile("SPSS, Cox regression", "spss", _cox("breslow")),
    Profile("SPSS, Cox regression, switch after its month", "spss", _switched("breslow")),
    Profile("SPSS, Kaplan-Meier", "spss", {"survival": ("",), "survival_se": ("",), "logrank_p": _TESTS, "survival_median": ("left",)}),
    Profile("SPSS, crosstabs", "spss", {"percent": ("",), "count": ("",), "contingency_p": ("pearson", "pearson-yates", "fisher")}),
    Profile("SPSS, logistic regression", "spss", _LOGISTIC | {"logistic_p": ("wald",)}),
    Profile("SPSS, two groups", "spss", {"t_test_p": ("student", "welch"), "mann_whitney_p": ("asymptotic", "exact"), "sd": ("n-1",)}),
    Profile("R, survfit", "r", _curve("log") | {"logrank_p": ("logrank",), "survival_median": ("midpoint",)}),
    Profile("R, coxph, Efron", "r", _cox("efron", "likelihood ratio", "score")),
    Profile("R, coxph, exact ties", "r", _cox("exact", "likelihood ratio", "score")),
    Profile("R, coxph, Breslow", "r", _cox("breslow", "likelihood ratio", "score")),
    Profile("R, coxph, Efron, switch after its month", "r", _switched("efron")),
    Profile("R, glm", "r", _LOGISTIC | {"logistic_p": ("wald", "likelihood ratio", "score")}),
    Profile("R, tests", "r", {
        "contingency_p": ("fisher", "pearson", "pearson-yates"), "t_test_p": ("welch", "student"),
        "mann_whitney_p": ("asymptotic-continuity", "exact-untied"), "sd": ("n-1",),
    }),
    Profile("survival with log-log limits", "", _curve("log-log")),
    Profile("survival with plain limits", "", _curve("plain")),
    Profile("mid-P", "", {"contingency_p": ("fisher-midp",)}),
    Profile("SD with n", "", {"sd": ("n",)}),
    Profile("follow-up of all", "", dict.fromkeys(_FOLLOW_UP, ("over all",))),
    Profile("follow-up of survivors", "", dict.fromkeys(_FOLLOW_UP, ("over survivors",))),
    Profile("reverse Kaplan-Meier", "", {"follow_up_median": ("reverse Kaplan-Meier",)}),
)  # fmt: skip
#: For results whose statistics have one convention each, which no program sets.
ARITHMETIC = Profile("", "", {})
_PRINTED = {(statistic, convention) for profile in PROFILES for statistic, printed in profile.prints.items() for convention in printed}


@dataclass(frozen=True)
class Outcome:
    """A result judged under one profile.

    Attributes
    ----------
    profile : Profile
    matches : mapping of str to Match
        By ledger id.
    """

    profile: Profile
    matches: Mapping[str, Match]

    @property
    def whole(self) -> bool:
        """Whether every cell gives its printed digits."""
        return all(found.way is not None for found in self.matches.values())


def declared_programs(study: Study) -> tuple[str, ...]:
    """Programs that a study declares.

    Raises
    ------
    InputError
        If there is no profile of one of them.
    """
    for name in study.programs:
        if name not in STAGES:
            raise InputError(Fault(shown(study.folder / "study.yml"), "programs", f"some of {', '.join(STAGES)}", repr(name) + suggestion(name, STAGES)))
    return tuple(study.programs)


def candidates(study: Study, cells: Iterable[tuple[Row, Values]]) -> list[Profile]:
    """Profiles that print a statistic of a result: a paper's programs first, its named conventions before others.

    A convention that no program here prints is a profile of its own.
    """
    programs = declared_programs(study)
    offered = {row.statistic: tuple(values) for row, values in cells}
    statistics = offered.keys()
    printing = [profile for profile in PROFILES if statistics & profile.prints.keys()]
    printing += [
        Profile(convention, "", {name: (convention,) for name in offered if convention in offered[name]})
        for convention in dict.fromkeys(
            convention for name, found in offered.items() for convention in found if convention and (name, _base(convention)) not in _PRINTED
        )
    ]

    def rank(profile: Profile) -> tuple[bool, bool]:
        named = any(set(study.named_conventions(name)) & set(profile.prints[name]) for name in statistics & profile.prints.keys())
        return bool(programs) and profile.program not in programs, not named

    return sorted(printing, key=rank) or [ARITHMETIC]


def rules(study: Study, kind: str, program: str) -> tuple[Rule, ...]:
    """Rounding rules of a paper: plain, and one habit a program: its way with ties, on the digits that it shows.

    A study that declares no programs may have rounded in any documented way.
    """
    if not study.programs:
        return RULES[kind]
    programs = [program] if program else list(study.programs)
    habits = {_habit(name, study.programs.get(name, "half-up"), kind) for name in programs}
    even = any(study.programs.get(name) == "half-even" for name in programs)
    return tuple(rule for rule in RULES[kind] if rule == HALF_UP or rule == HALF_EVEN and even or rule.name in habits)


def _habit(program: str, ties: str, kind: str) -> str:
    """Name of the two-stage rule that rounds again what a program shows of a kind of number."""
    return f"two-stage{' half-even' if ties == 'half-even' else ''} ({STAGES[program].get(kind, '')})"


def ways_under(study: Study, profile: Profile, row: Row, values: Values) -> list[Way]:
    """Ways to a row's digits under a profile, likeliest first; none where the profile does not print its statistic."""
    printed = profile.prints.get(row.statistic)
    conventions = [name for name in values if printed is None or _base(name) in printed]
    if printed is None and len(tuple(values)) > 1:
        return []
    return ways(row.registered, conventions, study.named_conventions(row.statistic), rules(study, row.registered.kind, profile.program))


def _base(convention: str) -> str:
    """A convention without what it says of its table: a test with the no-data category is the same output."""
    return convention.partition(" with ")[0]


def judge(study: Study, cells: Sequence[tuple[Row, Values]], profiles: Sequence[Profile] | None = None) -> Outcome:
    """Judge a result under the profile that gives most of its cells.

    Parameters
    ----------
    study : Study
    cells : sequence of (Row, Values)
    profiles : sequence of Profile, optional
        In place of `candidates`.

    Returns
    -------
    Outcome
        Of profiles that give equally many cells the one with the fewest roundings beside half-up, then the first listed.
    """
    found = list(_outcomes(study, cells, profiles or candidates(study, cells)))
    best = min(range(len(found)), key=lambda number: (*_misses(found[number]), number))
    return found[best]


def _outcomes(study: Study, cells: Sequence[tuple[Row, Values]], profiles: Sequence[Profile]) -> Iterator[Outcome]:
    """Outcomes of profiles in turn, up to the first that gives every cell with no rounding of its own."""
    for profile in profiles:
        matches = {row.id: match(row.value, values, row.registered, (), ways_under(study, profile, row, values)) for row, values in cells}
        yield Outcome(profile, matches)
        if _misses(Outcome(profile, matches)) == (0, 0):
            return


def _misses(outcome: Outcome) -> tuple[int, int]:
    """Cells that do not give their digits, and cells that need a rounding other than half-up."""
    found = [match.way for match in outcome.matches.values()]
    return sum(way is None for way in found), sum(way is not None and way.rule != HALF_UP for way in found)


def all_ways(study: Study, row: Row, values: Values) -> list[Way]:
    """Every way that is tried for a row, under all profiles, each once."""
    found: dict[tuple[str, str], Way] = {}
    for profile in candidates(study, [(row, values)]):
        for way in ways_under(study, profile, row, values):
            found.setdefault((way.convention, way.rule.name), way)
    return list(found.values())

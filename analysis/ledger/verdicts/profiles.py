"""How one printed result is judged: under what one program prints together.

An estimate, its limits and its P come out of one procedure of one program.  Judging each cell
by whatever convention gives its digits would credit a paper, and ourselves, with more than it
printed; so the cells of a result share a profile.  Those of the paper's programs are tried before
others (`analysis.ledger.rows.programs`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from analysis.cohorts.study import Study
from analysis.ledger.rows.programs import ARITHMETIC, PROFILES, Profile, declared_programs, rules
from analysis.ledger.rows.rounding import HALF_UP
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics.registry import Values
from analysis.ledger.verdicts.verdicts import Match, Way, match, rank, ways

_PRINTED = {(statistic, convention) for profile in PROFILES for statistic, printed in profile.prints.items() for convention in printed}


Members = Callable[[Row, Sequence[Way]], Sequence[Way | None]]
"""The first of some ways to a row's digits on each member of an ensemble, None where none of them gives these; empty where its value is the same on all."""


@dataclass(frozen=True)
class Outcome:
    """A result judged under one profile.

    Attributes
    ----------
    profile : Profile
    matches : mapping of str to Match
        By ledger id, on the reference cohort.
    members : mapping of str to tuple of (Way or None)
        By ledger id, the way to the digits on each member of the ensemble; empty where there is none.
    """

    profile: Profile
    matches: Mapping[str, Match]
    members: Mapping[str, tuple[Way | None, ...]] = field(default_factory=dict)

    def found(self, id: str) -> tuple[Way | None, ...]:
        """Ways to a number's digits, one a cohort: the members of the ensemble, or the one cohort there is."""
        return self.members.get(id) or (self.matches[id].way,)

    @cached_property
    def fewest(self) -> int:
        """Cells that the cohort with most of them does not give."""
        found = [self.found(id) for id in self.matches]
        longest = max(map(len, found))
        lacking = [[way is None for way in ways] + [ways[-1] is None] * (longest - len(ways)) for ways in found]
        return min(map(sum, zip(*lacking, strict=True)))

    @cached_property
    def misses(self) -> tuple[Fraction, Fraction]:
        """Cells that do not give their digits, and cells that need a rounding other than half-up, in the mean over the cohorts."""
        missing: Counter[int] = Counter()  # by the number of cohorts that a cell is found in: two or three sums of integers
        rounded: Counter[int] = Counter()
        for id in self.matches:
            found = self.found(id)
            given = [way for way in found if way is not None]
            missing[len(found)] += len(found) - len(given)
            rounded[len(found)] += sum(count for way, count in _count(given) if way.rule != HALF_UP)
        return _mean(missing), _mean(rounded)

    def way(self, id: str) -> Way | None:
        """The way to a number's digits on most cohorts, of several the likeliest; None where no cohort gives them."""
        found = _count(way for way in self.found(id) if way is not None)
        return max(sorted(found, key=lambda one: rank(one[0])), key=lambda one: one[1])[0] if found else None


def candidates(study: Study, cells: Iterable[tuple[Row, Values]]) -> list[Profile]:
    """Profiles that print a statistic of a result: a paper's programs first, its named conventions before others.

    A convention that no program here prints is a profile of its own.  Where no profile prints all statistics of a result, such as an
    odds ratio with the P of Fisher's test, or a median of follow-up with quartiles and limits, several are joined, of one program.
    """
    cells = list(cells)
    programs = declared_programs(study)
    offered = {row.statistic: tuple(values) for row, values in cells}
    statistics = offered.keys()
    printing = [profile for profile in PROFILES if statistics & profile.prints.keys()]
    printing += [
        Profile(convention, "", {name: (convention,) for name in offered if convention in offered[name]})
        for convention in dict.fromkeys(
            convention
            for name, found in offered.items()
            for convention in found
            if convention and (name, _base(convention)) not in _PRINTED
        )
    ]

    def rank(profile: Profile) -> tuple[bool, bool]:
        named = any(set(study.named_conventions(name)) & set(profile.prints[name]) for name in statistics & profile.prints.keys())
        return bool(programs) and profile.program not in programs, not named

    found = sorted(printing, key=rank) or [ARITHMETIC]
    several = {name for name, conventions in offered.items() if len(conventions) > 1}
    if any(several <= profile.prints.keys() for profile in found):
        return found
    return [joined for profile in found for joined in _join(study, cells, profile, several)] or found


def _join(study: Study, cells: Sequence[tuple[Row, Values]], profile: Profile, several: set[str]) -> Iterator[Profile]:
    """A profile with those that print what it does not, of statistics of several conventions; none that mixes programs."""
    missing = several - profile.prints.keys()
    if missing == several:  # it prints nothing that is in question
        return
    for other in candidates(study, [cell for cell in cells if cell[0].statistic in missing]):
        if not missing <= other.prints.keys() or (profile.program and other.program and profile.program != other.program):
            continue
        name, program = " and ".join(dict.fromkeys((profile.name, other.name))), profile.program or other.program
        yield Profile(name, program, {**{statistic: other.prints[statistic] for statistic in missing}, **profile.prints})


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


def judge(
    study: Study, cells: Sequence[tuple[Row, Values]], profiles: Sequence[Profile] | None = None, members: Members | None = None
) -> Outcome:
    """Judge a result under the profile that gives most of its cells, whichever member of an ensemble is its reference.

    Parameters
    ----------
    study : Study
    cells : sequence of (Row, Values)
        Values on the reference cohort.
    profiles : sequence of Profile, optional
        In place of `candidates`.
    members : callable, optional
        The ensemble; the reference cohort alone if left out.

    Returns
    -------
    Outcome
        The profile that gives most cells of some cohort; of several those of the paper's programs, or of none, before those
        of others, then that which gives most cells in the mean over the cohorts, needs the fewest roundings
        beside half-up there, and is listed first.
    """
    found = list(_outcomes(study, cells, profiles or candidates(study, cells), members))
    foreign = [bool(outcome.profile.program and study.programs and outcome.profile.program not in study.programs) for outcome in found]
    best = min(range(len(found)), key=lambda number: (found[number].fewest, foreign[number], *found[number].misses, number))
    return found[best]


def _outcomes(study: Study, cells: Sequence[tuple[Row, Values]], profiles: Sequence[Profile], members: Members | None) -> Iterator[Outcome]:
    """Outcomes of profiles in turn, up to the first that gives every cell with no rounding of its own."""
    for profile in profiles:
        tried = {row.id: ways_under(study, profile, row, values) for row, values in cells}
        matches = {row.id: match(row.value, values, row.registered, (), tried[row.id]) for row, values in cells}
        outcome = Outcome(profile, matches, {row.id: tuple(members(row, tried[row.id])) for row, _ in cells} if members else {})
        yield outcome
        if not any(outcome.misses):
            return


def _count(found: Iterable[Way]) -> list[tuple[Way, int]]:
    """Ways and how often each is found, in the order of the first: cohorts share one object each, so that none is compared twice."""
    counts: Counter[int] = Counter()
    ways: dict[int, Way] = {}
    for way in found:
        counts[id(way)] += 1
        ways[id(way)] = way
    return [(way, counts[key]) for key, way in ways.items()]


def _mean(counts: Mapping[int, int]) -> Fraction:
    """Sum of counts, each divided by its key."""
    return sum((Fraction(count, of) for of, count in counts.items() if count), Fraction())


def all_ways(study: Study, row: Row, values: Values) -> list[Way]:
    """Every way that is tried for a row, under all profiles, each once."""
    found: dict[tuple[str, str], Way] = {}
    for profile in candidates(study, [(row, values)]):
        for way in ways_under(study, profile, row, values):
            found.setdefault((way.convention, way.rule.name), way)
    return list(found.values())

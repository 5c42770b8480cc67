"""How one printed result is judged: under what one program prints together.

An estimate, its limits and its P come out of one procedure of one program.  Judging each cell
by whatever convention gives its digits would credit a paper, and ourselves, with more than it
printed; so the cells of a result share a profile.  Those of the paper's programs are tried before
others (`analysis.ledger.programs`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.cohorts.study import Study
from analysis.ledger.programs import ARITHMETIC, PROFILES, Profile, declared_programs, rules
from analysis.ledger.rounding import HALF_UP
from analysis.ledger.rows import Row
from analysis.ledger.statistics.registry import Values
from analysis.ledger.verdicts import Match, Way, match, ways

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

"""The timeline of a study that declares none: endpoints, groups and units as ``study.yml`` has them."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import get_args

from analysis.cohorts.conditions import Clause
from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import Endpoint
from analysis.ledger.rows.rounding import attainable
from analysis.ledger.rows.row import Ledger, Row
from analysis.ledger.statistics import groups
from analysis.reconstruction.problem.timeline_assumptions import Clock, FollowUp, Timeline

#: Times up to which a start uses each of them; of longer follow-up it draws some.
EVERY, DRAWN = 40, 28
#: Steps of a year in which times are kept, unless the paper prints hundredths of it.
_OF_A_YEAR = 12
#: Decimals of printed times that steps distinguish, at most.
_DECIMALS = 2
#: Of the patients, in percent.
_HALF = 50
#: Most combinations of levels that the model of times tells apart.
_STRATA = 64
#: Statistics that are times.
_TIMES = (
    *("survival_median", "survival_median_lower", "survival_median_upper", "survival_quantile"),
    *("follow_up_median", "follow_up_median_lower", "follow_up_median_upper", "follow_up_quantile"),
    *("follow_up_minimum", "follow_up_maximum"),
)


def default_timeline(study: Study, ledger: Ledger) -> Timeline | None:
    """How the times of a study's endpoints hang together, by what it declares; None without an endpoint of which a number is imposed.

    One clock for the endpoint with most printed numbers, or for two of which one includes the events of the other.  Endpoints
    that share the time of the first and declare a competing event are its causes.

    Parameters
    ----------
    study : Study
    ledger : Ledger
        Imposed rows say which endpoints count, and how finely times are printed.
    """
    rows = [row for row in ledger if row.role == "imposed" and row.arguments.get("endpoint") in study.endpoints]
    number = Counter(row.arguments["endpoint"] for row in rows)
    if not number:
        return None
    chain = _chain(study, number)
    first = study.endpoints[chain[0]]
    low, high = _range(study, chain)
    last = max(1, math.floor(high))
    timeline = Timeline(
        table=first.table,
        chain=chain,
        causes=_causes(study, chain),
        clocks=_clocks(study, number, chain),
        last=last,
        strata=dict.fromkeys(_strata(study, rows, chain), "each"),
        months={f"{low}-{last}": last - low + 1}
        if last <= EVERY
        else {f"{low}-12": 13 - low, f"13-{last}": min(DRAWN, last - 12)}
        if last > 12
        else {},
        follow_up=_follow_up(study, rows, chain),
        labels_counted=True,
        steps=_steps(study, rows, chain),
    )
    timeline._by_default = True
    return timeline


def _causes(study: Study, chain: tuple[str, ...]) -> tuple[str, ...]:
    """Endpoints that tell the first events of two apart.

    Of two that compete with each other, as relapse and death in remission may be declared, the first says what the second says again.
    One that belongs to a population leaves open what the first events of the others are.
    """
    found: list[str] = []
    first = study.endpoints[chain[0]]
    for name, one in study.endpoints.items():
        shares_time = (one.table, one.time) == (first.table, first.time)
        told = any(study.endpoints[other].competing == one.event for other in found)
        if len(chain) == 2 and name not in chain and one.competing and shares_time and not one.within and not told:
            found.append(name)
    return tuple(found)


def _clocks(study: Study, number: Counter[str], chain: tuple[str, ...]) -> tuple[Clock, ...]:
    """Clocks of endpoints of a part of the patients, with times of their own: each ends with an endpoint of the chain.

    Those of one population and origin share a clock.  It starts with the first event where the population is of those who had it,
    as survival after relapse does.  Only a chain of two has first events that others could be.
    """
    first, last = (study.endpoints[name] for name in (chain[0], chain[-1]))
    parts: dict[tuple[str, str], list[str]] = {}
    for name in number:
        one = study.endpoints[name]
        ends = one.event == last.event
        if (
            one.within
            and name not in chain
            and one.table == last.table
            and one.time not in (first.time, last.time)
            and (ends or len(chain) == 2)
        ):
            parts.setdefault((one.within, one.origin), []).append(name)
    return tuple(_clock(study, names, first, last) for names in parts.values())


def _clock(study: Study, names: list[str], first: Endpoint, last: Endpoint) -> Clock:
    within = study.populations[study.endpoints[names[0]].within].condition
    had = Clause(first.event, "=", ("1",))
    ends = tuple(name for name in names if study.endpoints[name].event == last.event)
    return Clock(
        origin=first.time if first != last and had in within.clauses else "",
        where=str(within),
        ends=ends,
        events=tuple(name for name in names if name not in ends),
        why=f"they are declared within {study.endpoints[names[0]].within}",
    )


def _chain(study: Study, number: Counter[str]) -> tuple[str, ...]:
    """Two endpoints of all patients, where one includes the other's events; of a part of them only where there are no others."""
    pairs = [(name, one.includes) for name, one in study.endpoints.items() if one.includes]
    alike = [
        pair for pair in pairs if study.endpoints[pair[0]].table == study.endpoints[pair[1]].table and (number[pair[0]] and number[pair[1]])
    ]
    of_all = [pair for pair in pairs if not study.endpoints[pair[0]].within and number[pair[1]]]
    of_all = [pair for pair in alike if pair in of_all] or (of_all if alike else [])
    if of_all or alike:
        return max(of_all or alike, key=lambda pair: number[pair[0]] + number[pair[1]])
    first = max(number, key=lambda name: number[name])
    one = study.endpoints[first]
    # of one cause among several the times of all first events are searched, where these are an endpoint of their own
    of_any = [
        name
        for name in number
        if not study.endpoints[name].competing and (study.endpoints[name].table, study.endpoints[name].time) == (one.table, one.time)
    ]
    return (max(of_any, key=lambda name: number[name]) if one.competing and of_any else first,)


def _range(study: Study, chain: tuple[str, ...]) -> tuple[int, int]:
    """First and last time; 1 is the first where the least is 0, as time is counted in begun units."""
    ranges = [study.variables[study.endpoints[name].table][study.endpoints[name].time].range or (0.0, 240.0) for name in chain]
    return max(1, math.ceil(min(low for low, _ in ranges))), math.floor(max(high for _, high in ranges))


def _strata(study: Study, rows: list[Row], chain: tuple[str, ...]) -> list[str]:
    """Variables by which the curves and comparisons of the chain's endpoints group patients, declared groupings first."""
    table = study.endpoints[chain[0]].table
    declared = study.variables[table]
    outcomes = {name for one in study.endpoints.values() for name in (one.time, one.event, one.competing)}
    spoken = [name for name, grouping in study.groupings.items() if grouping.table == table]
    for row in rows:
        if row.arguments["endpoint"] in chain:
            spoken += [
                *study.populations[row.population].condition.variables,
                *row.subset.variables,
                *filter(None, [row.arguments.get("by")]),
            ]
    found: list[str] = []
    size = 1
    for name in dict.fromkeys(spoken):
        if name in declared and name not in outcomes and declared[name].type in ("category", "boolean"):
            levels = len(groups.levels_of(declared[name])) + declared[name].missing
            if size * levels <= _STRATA:
                found, size = [*found, name], size * levels
    return found


def _steps(study: Study, rows: list[Row], chain: tuple[str, ...]) -> int:
    """Steps of a unit: each printed time lies on one."""
    finest = max((row.value.decimals for row in rows if row.statistic in _TIMES and row.arguments["endpoint"] in chain), default=0)
    if study.endpoints[chain[0]].unit == "years" and finest < _DECIMALS:
        return _OF_A_YEAR
    return int(10 ** min(finest, _DECIMALS))


def _follow_up(study: Study, rows: list[Row], chain: tuple[str, ...]) -> FollowUp:
    """Whose times a median of follow-up summarises: as the paper names it, else over all patients, unless other numbers exclude that.

    At any time no larger share of the patients is still followed than the Kaplan-Meier estimate says: a median of all follow-up times
    cannot be longer than the median survival.  Then it is the reverse Kaplan-Meier method, which of the others is the usual one.
    """
    named = study.named_conventions("follow_up_median")
    if named:
        return next((one for one in get_args(FollowUp) if one == named[0]), "over all")
    for row in rows:
        if row.statistic == "follow_up_median" and row.arguments["endpoint"] in chain and any(_ends_before(row, one) for one in rows):
            return "reverse Kaplan-Meier"
    return "over all"


def _ends_before(followed: Row, other: Row) -> bool:
    """Whether half of the patients of a median follow-up have the event of its endpoint before that time, by another number of them."""
    same = (followed.population, followed.subset.canonical, followed.arguments["endpoint"])
    if same != (other.population, other.subset.canonical, other.arguments["endpoint"]) or followed.value.relation != "=":
        return False
    if other.statistic == "survival_median":
        return other.value.relation in ("=", "<", "≤") and attainable(other.value)[1] < attainable(followed.value)[0]
    if other.statistic != "survival" or other.value.relation != "=":
        return False
    return attainable(other.value)[1] < _HALF and Fraction(other.arguments["time"]) < attainable(followed.value)[0]

"""Endpoints of a part of the patients on clocks of their own, as spells that end with an endpoint of the chain."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.reconstruction.large.state import ALONE, AT_ORIGIN, EITHER, OF_START, OWN
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.problem.timeline_assumptions import Clock

#: Of the spell that ends with the event of an endpoint, or with what competes with it.
ANY = " or its competing event"


@dataclass(frozen=True)
class Spell:
    """A time on a further clock.

    Attributes
    ----------
    name : str
        Of its endpoint; no endpoint's of one that is searched besides.
    clock : Clock
    whose : int
        Endpoint of the chain at whose time the clock starts, or `OWN` or `AT_ORIGIN`.
    end : int
        Endpoint of the chain that ends it, or `OF_START`.
    by : {EITHER, ALONE}
        By which event.
    time, event, competing : str
        Variables; empty where there is none, or where it is one of the chain's.
    """

    name: str
    clock: Clock
    whose: int
    end: int
    by: int
    time: str = ""
    event: str = ""
    competing: str = ""

    @property
    def variables(self) -> set[str]:
        """Those that follow from it."""
        return {self.time, self.event, self.competing} - {""}


def spells_of(problem: Problem) -> list[Spell]:
    """Spells of all clocks of a problem, in the order of the clocks."""
    return [spell for clock in problem.timeline.all_clocks for spell in _of_clock(problem, clock)]


def _of_clock(problem: Problem, clock: Clock) -> Iterator[Spell]:
    chain = [problem.study.endpoints[name] for name in problem.timeline.chain]
    known = {name for one in chain for name in (one.time, one.event)}
    starts = [position for position, one in enumerate(chain) if one.time == clock.origin]
    whose = starts[0] if starts else OWN
    if clock.origin and whose == OWN:
        yield Spell(clock.origin, clock, OWN, OF_START, EITHER, time=clock.origin)
    for name in clock.endpoints:
        one = problem.study.endpoints[name]
        end = len(chain) - 1 if name in clock.ends else 0
        by = ALONE if one.competing and name not in clock.ends else EITHER
        since = AT_ORIGIN if name in clock.from_origin else whose
        own = ["" if variable in known else variable for variable in (one.time, one.event, one.competing)]
        yield Spell(name, clock, since, end, by, *own)
        if by == ALONE:
            yield Spell(name + ANY, clock, since, end, EITHER)


def limits_of_start(problem: Problem, spell: Spell) -> tuple[int, int]:
    """First and last step at which a spell's clock may start, as declared of it and of its variable."""
    timeline, clock = problem.timeline, spell.clock
    if spell.whose == AT_ORIGIN:
        return 0, 0
    low, high = (problem.study.variables[timeline.table][clock.origin].range if clock.origin else None) or (0.0, math.inf)
    first = max(clock.first * timeline.steps, math.ceil(low * timeline.steps))
    return first, math.floor(min(clock.last * timeline.steps, high * timeline.steps, timeline.last * timeline.steps))


def limits_of_spell(problem: Problem, spell: Spell) -> tuple[int, int]:
    """Least and greatest steps that a spell lasts; it lasts one at least, where times of the chain do."""
    timeline = problem.timeline
    if spell.end == OF_START or spell.whose == AT_ORIGIN:
        return 0, timeline.last * timeline.steps
    declared = problem.study.variables[timeline.table].get(spell.time)
    low, high = (declared.range if declared else None) or (0.0, float(timeline.last))
    least = min(1, timeline.first_step) if spell.whose == OWN else 0
    return max(least, math.ceil(low * timeline.steps)), math.floor(high * timeline.steps)

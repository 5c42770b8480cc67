"""Further clocks and their spells as lists of the search."""

from __future__ import annotations

from analysis.reconstruction.large.items.encoded import Encoding
from analysis.reconstruction.large.items.spells import limits_of_spell, limits_of_start, spells_of


def add_clocks(found: Encoding) -> None:
    """Add the spells of clocks whose patients the search can tell, before any other item."""
    problem, known = found.problem, dict[tuple, int]()
    for spell in spells_of(problem):
        where = found.condition(spell.clock.condition)
        if where is None:
            continue
        clock = where, spell.whose, *limits_of_start(problem, spell)
        key = problem.timeline.all_clocks.index(spell.clock), spell.whose
        if key not in known:
            known[key] = len(known)
            found.add("clocks", clock, spell.clock.why)
        found.add("spells", (known[key], spell.end, spell.by, *limits_of_spell(problem, spell)), spell.name)
        found.spells.append(spell)

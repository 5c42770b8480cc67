"""How long and how hot each search anneals: the one table of moves and temperatures, in units of the miss that the search lowers."""

from __future__ import annotations

from typing import NamedTuple


class Schedule(NamedTuple):
    """Searches tried from one state until one hits: how many, moves of each, first and last temperature."""

    tries: int
    moves: int
    hot: float
    cold: float


class Scaled(NamedTuple):
    """One annealing of a large group, in a unit of its own.

    Attributes
    ----------
    moves : int
        At most.
    hot, cold : float
        First and last temperature.
    step : float
        Miss of a number that does not hold, however near it is.
    blend : float
        Which distance counts as one unit: a printed half-width (0), what one patient changes (1), or one between.
    """

    moves: int
    hot: float
    cold: float
    step: float
    blend: float


# One table (`single/`)

#: For the comparisons of strata: hot enough to leave the start far behind, since one misplaced
#: death closes off whole regions.  A fifth to a third of the tries hit.
STRATA = Schedule(30, 1_000_000, 3.0, 0.2)
#: For the comparisons of strata, and curves of large groups, from times that are only near them: cool enough to stay
#: near, and cold at the end, since a dozen estimates and errors must hold at once.
GUIDED = Schedule(10, 2_000_000, 1.0, 0.02)
#: For all comparisons, from a state that has those of the strata: less hot, or these would be lost.
ALL = Schedule(3, 2_400_000, 1.0, 0.1)
#: The same where the solver is asked for labels after each try: near is enough.  From most patients and
#: labels a search alone never hits, and where it comes near at all, the solver mostly finds labels within seconds.
NEARLY = Schedule(2, 500_000, 1.0, 0.2)
#: For the comparisons of strata and of labels beside them, from times that give those of the strata: cool, as these need not
#: be left, and most tries hit.
BESIDE = Schedule(3, 300_000, 0.5, 0.1)
#: From a state that hits, moves at this temperature lead to others that do, at a small part of the cost of
#: a new search: `NEARBY` to others that begin to differ, `FAR` to where little is left of the first.
NEARBY, FAR, WALK_HEAT = 300_000, 1_000_000, 0.15
#: Moves in which a walk that has gone its way may still find a state that hits.
ARRIVAL = 300_000

# Large groups (`large/`)

#: Of few patients one moves a number by many printed units, and states that give all digits are far apart.
FINE = Scaled(200_000, 0.3, 0.1, 0.3, 0.5)
WIDE = Scaled(150_000, 0.5, 0.03, 0.1, 0.75)
LOOSE = Scaled(200_000, 0.1, 0.02, 0.1, 1.0)
#: Of thousands, the start is near and the digits are approached smoothly.
SMOOTH = Scaled(200_000, 0.1, 0.002, 0.02, 0.75)
#: Where nearly everybody dies, or limits of medians are printed, no path of small misses leads on: each patient counts as one
#: unit, and two of them may be amiss at first.
FREE = Scaled(200_000, 2.0, 0.02, 0.1, 1.0)
#: Where a hundred numbers of a dozen groups are asked at once, most of them of ratios, no short annealing ends: from the nearest state
#: found, cooler and for long.
LONG = Scaled(2_000_000, 0.3, 0.02, 0.1, 1.0)
#: Annealings one after another, each from where the last one came to, and again from a new start, until everything holds.  By the
#: least number of patients; heights read off a figure leave so few states that the first annealing must go far.
OF_NUMBERS = {0: (FINE, FINE, LOOSE, FREE, FINE, LOOSE), 500: (SMOOTH, SMOOTH, LOOSE, FREE, SMOOTH, LOOSE)}
OF_FIGURES = {0: (WIDE, FINE, WIDE, FREE, FINE, WIDE), 500: (SMOOTH, SMOOTH, LOOSE, FREE, SMOOTH, LOOSE)}


def schedules(patients: int, figures: bool) -> tuple[Scaled, ...]:
    """Annealings of one start of a large group, in their order, by size and whether curves were read off figures."""
    table = OF_FIGURES if figures else OF_NUMBERS
    return table[max(least for least in table if least <= patients)]


#: Temperature of a walk on which no move is made that misses more.
STILL = 1e-9

# Cases linked into a registry (`linked/`)

#: For the times of cases with one set of labels, which take longer to find.
DATES = Schedule(16, 60_000, 0.3, 0.03)
#: Moves of a walk over times before a state counts, moves after them, and its temperature: for a cohort, and for the ends of ranges.
AWAY, BACK, DATES_HEAT, ENDS_HEAT = 40_000, 60_000, 0.05, 0.03

# Columns of numbers (`counts/numbers`)

#: First and last temperature, in half-widths of what is printed.
NUMBERS_HOT, NUMBERS_COLD = 10.0, 0.3

"""Risk-set sequences behind a Kaplan-Meier estimate printed with limits instead of an error.

With S the estimate and G Greenwood's sum, limits are S·exp(±z√G) on the logarithmic scale,
S^exp(±z√G/log S) on the log-log scale and S(1 ± z√G) on the plain one: printed digits of S and of both limits bound G.  As in `risk_sets`, a curve is a
strictly falling sequence of numbers at risk, one an event.  An empty list is a proof that no
course of a group of that size gives the printed digits under the rounding asked for.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

from analysis.ledger.rows.row import Row
from analysis.reconstruction.constraints.risk_sets import Sequence_, TooMany
from analysis.reconstruction.kernels.date_kernels import Z
from analysis.reconstruction.kernels.kernels import limit as at_scale
from analysis.reconstruction.problem.accepted import accepts, hull, plain

#: Scales of limits, in the order of `kernels.limit`.
SCALES = ("log", "log-log", "plain")
_SLACK = 1e-9
#: Steps of an estimate's printed interval, for the greatest sum.
_GRID = 64


def with_limits(
    size: int,
    rows: Mapping[str, Row],
    rounding: str = "plain",
    limit: int = 10_000,
    scales: Sequence[str] = SCALES[:1],
    effort: float = math.inf,
) -> list[Sequence_]:
    """Every risk-set sequence of a group up to a horizon.

    Parameters
    ----------
    size : int
        Patients at the start.
    rows : mapping of "estimate", "lower", "upper" to Row
        Printed percentages at one horizon.
    rounding : {"plain", "documented"}
        Half-up and half-even alone, or every rounding rule of the ledger.
    limit : int
        Most sequences to return.
    scales : sequence of {"log", "log-log", "plain"}
        Scales on which the limits may have been computed; both limits on the same one.
    effort : float
        Most beginnings of a sequence to look at.

    Returns
    -------
    list of tuple of int
        Numbers at risk just before each event, tied events as one after the other.

    Raises
    ------
    ValueError
        If `rounding` is neither of the two.
    TooMany
        If there are more than `limit`, or they were not all found within `effort`.
    """
    if rounding not in ("plain", "documented"):
        raise ValueError(f"rounding: expected plain or documented, found {rounding!r}")
    ends = {name: (plain if rounding == "plain" else hull)(row) for name, row in rows.items()}
    lowest, highest = (end / 100 for end in ends["estimate"])
    methods = [SCALES.index(scale) for scale in scales]
    most = max(_greatest_sum(ends, method) for method in methods)
    states, found = _states(rows, ends, rounding, methods), []
    chosen: list[int] = []

    looked = itertools.count(1)

    def descend(largest: int, survival: float, greenwood: float) -> None:
        if next(looked) > effort:
            raise TooMany(f"more than {effort:g} beginnings of sequences")
        if survival <= highest + _SLACK and states(100 * survival, greenwood):
            found.append(tuple(chosen))
            if len(found) > limit:
                raise TooMany(f"more than {limit} sequences")
        for at_risk in range(largest, 1, -1):
            lower = survival * (at_risk - 1) / at_risk
            if lower < lowest - _SLACK:
                break  # fewer at risk would only lower the curve further
            more = greenwood + 1 / (at_risk * (at_risk - 1))
            # from here down to the printed estimate the sum grows least if nobody else is censored:
            # by 1/m - 1/a, where m of a remain
            still = max(lower / highest - 1, 0.0) / (at_risk - 1)
            if more + still > most + _SLACK:
                break  # the sum grows faster the fewer are at risk
            chosen.append(at_risk)
            descend(at_risk - 1, lower, more)
            chosen.pop()

    descend(size, 1.0, 0.0)
    return found


def _greatest_sum(ends, method: int) -> float:
    """Greatest Greenwood sum that the printed limits allow on one scale; a lower limit of 0 or an upper one of 100 % allows any."""
    low, high = (min(max(end, _SLACK), 100 - _SLACK) for end in ends["estimate"])
    lower, upper = ends["lower"][0], ends["upper"][1]
    roots = []
    if lower > 0:
        roots.append(_greatest_root(low, high, lower, method))
    if upper < 100:
        roots.append(_greatest_root(low, high, upper, method))
    return min(roots, default=math.inf) ** 2


def _greatest_root(low: float, high: float, end: float, method: int) -> float:
    """Greatest √G for which a limit reaches as far as `end`, over estimates between two; all in percent.

    It is a smooth function of the estimate: its greatest value on a grid, and a step of the grid more.
    """
    grid = [low + (high - low) * k / _GRID for k in range(_GRID + 1)]
    roots = [_root(estimate, end, method) for estimate in grid]
    steps = [abs(after - before) for before, after in zip(roots, roots[1:])]
    return max(roots) + max(steps, default=0.0)


def _root(estimate: float, end: float, method: int) -> float:
    """√G at which a limit of an estimate is `end`."""
    if method == 0:
        return abs(math.log(estimate / end)) / Z
    if method == 2:
        return abs(estimate - end) / (Z * estimate)
    log = -math.log(estimate / 100)
    return log * abs(math.log(-math.log(end / 100) / log)) / Z


def _states(rows: Mapping[str, Row], ends, rounding: str, methods: Sequence[int]):
    def states(estimate: float, greenwood: float) -> bool:
        return any(given(estimate, greenwood, method) for method in methods)

    def given(estimate: float, greenwood: float, method: int) -> bool:
        error = estimate * math.sqrt(greenwood)
        values = {"estimate": estimate, "lower": at_scale(estimate, error, method, False), "upper": at_scale(estimate, error, method, True)}
        if rounding == "documented":
            return all(accepts(row.value, values[name], row.rules) for name, row in rows.items())
        return all(ends[name][0] <= values[name] <= ends[name][1] for name in rows)

    return states

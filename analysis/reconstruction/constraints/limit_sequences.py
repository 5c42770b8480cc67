"""Risk-set sequences behind a Kaplan-Meier estimate printed with limits instead of an error.

With S the estimate and G Greenwood's sum, the limits of the logarithmic transformation are
S·exp(±z√G): printed digits of S and of both limits bound G.  As in `risk_sets`, a curve is a
strictly falling sequence of numbers at risk, one an event.  An empty list is a proof that no
course of a group of that size gives the printed digits under the rounding asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from analysis.ledger.rows.row import Row
from analysis.reconstruction.constraints.risk_sets import Sequence_, TooMany
from analysis.reconstruction.kernels.date_kernels import Z
from analysis.reconstruction.problem.accepted import accepts
from analysis.reconstruction.problem.date_ends import hull, plain

_SLACK = 1e-9


def with_limits(size: int, rows: Mapping[str, Row], rounding: str = "plain", limit: int = 10_000) -> list[Sequence_]:
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

    Returns
    -------
    list of tuple of int
        Numbers at risk just before each event, tied events as one after the other.

    Raises
    ------
    ValueError
        If `rounding` is neither of the two.
    TooMany
        If there are more than `limit`.
    """
    if rounding not in ("plain", "documented"):
        raise ValueError(f"rounding: expected plain or documented, found {rounding!r}")
    ends = {name: (plain if rounding == "plain" else hull)(row) for name, row in rows.items()}
    lowest, highest = (end / 100 for end in ends["estimate"])
    most = _greatest_sum(ends)
    states, found, chosen = _states(rows, ends, rounding), [], []

    def descend(largest: int, survival: float, greenwood: float) -> None:
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


def _greatest_sum(ends) -> float:
    """Greatest Greenwood sum that the printed limits allow; a limit of 100 % allows any."""
    low, high = ends["estimate"]
    lower, upper = ends["lower"][0], ends["upper"][1]
    widest = [math.log(high / max(lower, _SLACK))]
    if upper < 100:
        widest.append(math.log(upper / low))
    return (min(widest) / Z) ** 2


def _states(rows: Mapping[str, Row], ends, rounding: str):
    def states(estimate: float, greenwood: float) -> bool:
        reach = Z * math.sqrt(greenwood)
        values = {"estimate": estimate, "lower": estimate * math.exp(-reach), "upper": min(100.0, estimate * math.exp(reach))}
        if rounding == "documented":
            return all(accepts(row.value, values[name], row.rules) for name, row in rows.items())
        return all(ends[name][0] <= values[name] <= ends[name][1] for name in rows)

    return states

"""Printed curves: the estimates of one group and endpoint, joined over their horizons."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.cohorts.conditions import Condition
from analysis.ledger.rows.rounding import interval
from analysis.ledger.rows.row import Row
from analysis.reconstruction.constraints.guides import ways
from analysis.reconstruction.constraints.risk_sets import Horizon, TooMany, sequences
from analysis.reconstruction.kernels.kernels import Z, limit
from analysis.reconstruction.problem.accepted import accepts
from analysis.reconstruction.problem.problem import CURVES, Problem

#: Two-stage rounding may carry a value this far (percent) beyond plain rounding's interval; `states` decides.
_SLACK = 0.06
#: Most beginnings of risk-set sequences looked at for one curve: large groups have too many.
_EFFORT = 2_000_000
#: Orders of events and censoring (log 10) above which too many sequences are known to fit: lists ended at 8.
_WAYS = 12
#: Enumerations already made: they depend on the printed values and the size alone.
_FOUND: dict = {}


@dataclass(frozen=True)
class PrintedCurve:
    """Everything imposed on one curve.

    Attributes
    ----------
    endpoint : str
    group : Condition
    rows : mapping of time (months) to rows
    """

    endpoint: str
    group: Condition
    rows: dict[float, tuple[Row, ...]]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(row.id for rows in self.rows.values() for row in rows)

    def horizons(self) -> list[Horizon]:
        return [_horizon(time, rows) for time, rows in sorted(self.rows.items())]

    def sequences(self, size: int, limit: int = 400):
        """Risk-set sequences of a group of a size; see `risk_sets.sequences`.

        None if there are more than `limit`: an estimate alone, of a large group, says too little.
        """
        key = self.ids, tuple(row.printed for rows in self.rows.values() for row in rows), size
        if key not in _FOUND:
            horizons = self.horizons()
            try:
                _FOUND[key] = sequences(size, horizons, limit, _EFFORT) if ways(size, horizons) < _WAYS else None
            except TooMany:
                _FOUND[key] = None
        return _FOUND[key]


def printed_curves(problem: Problem, table: str) -> list[PrintedCurve]:
    """Curves of a table's endpoints on which rows are imposed, in the ledger's order."""
    grouped: dict[tuple[str, str], dict[float, list[Row]]] = {}
    groups: dict[tuple[str, str], Condition] = {}
    for row in problem.rows(table, *CURVES):
        condition = problem.condition(row)
        key = row.arguments["endpoint"], condition.canonical
        groups.setdefault(key, condition)
        grouped.setdefault(key, {}).setdefault(float(row.arguments["time"]), []).append(row)
    curves = []
    for key, times in grouped.items():
        curves.append(PrintedCurve(key[0], groups[key], {time: tuple(rows) for time, rows in times.items()}))
    return curves


def _horizon(time: float, rows: Sequence[Row]) -> Horizon:
    estimate, error = [0.0, 100.0], [0.0, math.inf]
    limits: list[tuple[float, float]] = []
    for row in rows:
        low, high = (float(end) for end in interval(row.value))
        if row.statistic.startswith("incidence") and not row.statistic.endswith("se"):
            low, high = 100 - high, 100 - low
        if row.statistic in ("survival", "incidence"):
            estimate = [max(estimate[0], low), min(estimate[1], high)]
        elif row.statistic.endswith("_se"):
            error = [max(error[0], low), min(error[1], high)]
        else:
            limits.append((low, high))
    likely = _likely(sum(estimate) / 2, limits) if limits and error[1] == math.inf else None
    for ends in limits:
        low, high = _errors_between(estimate, ends)
        error = [max(error[0], low), min(error[1], high)]

    def states(estimate: float, error: float) -> bool:
        return all(_accepted(row, estimate, error) for row in rows)

    return Horizon(time, states, estimate[0] - _SLACK, estimate[1] + _SLACK, (error[0] - _SLACK, error[1] + _SLACK), likely)


def _errors_between(estimate: Sequence[float], limit: Sequence[float]) -> tuple[float, float]:
    """Least and greatest standard error (percent) that leads from an estimate between two ends to a limit between two others."""
    behind = [error for value in estimate for end in limit for error in _errors(value, end)]
    apart = limit[1] < estimate[0] or estimate[1] < limit[0]  # else the limit may lie on the estimate itself
    return (min(behind) if apart else 0.0), max(behind)


def _errors(estimate: float, limit: float) -> list[float]:
    """Standard errors that the three usual transformations (log, log-log, plain) carry to a limit, in percent."""
    if not (0 < estimate < 100 and 0 < limit < 100):
        return [0.0, math.inf]  # a limit at the edge may have been cut off there
    share, bound = estimate / 100, limit / 100
    log = share * abs(math.log(bound / share))
    power = share * abs(math.log(share) * math.log(math.log(bound) / math.log(share)))
    return [100 * error / Z for error in (log, power, abs(share - bound))]


def _likely(estimate: float, limits: Sequence[tuple[float, float]]) -> float | None:
    """The error by the transformation that carries it to both limits most nearly; None where a limit is at the edge."""
    behind = [_errors(estimate, sum(ends) / 2) for ends in limits]
    if any(math.inf in errors for errors in behind):
        return None
    nearest = min(zip(*behind), key=lambda errors: max(errors) - min(errors))
    return sum(nearest) / len(nearest)


def _accepted(row: Row, estimate: float, error: float) -> bool:
    match row.statistic:
        case "survival":
            return accepts(row.value, estimate, row.rules)
        case "incidence":
            return accepts(row.value, 100 - estimate, row.rules)
        case "survival_se" | "incidence_se":
            return accepts(row.value, error, row.rules)
    values = _limits(estimate, error)
    if row.statistic.startswith("incidence"):
        values = [(100 - high, 100 - low) for low, high in values]
    return any(accepts(row.value, value[row.statistic.endswith("upper")], row.rules) for value in values)


def _limits(estimate: float, error: float) -> list[tuple[float, float]]:
    """95 % limits by the three usual transformations (log, log-log, plain), in percent."""
    return [(limit(estimate, error, method, False), limit(estimate, error, method, True)) for method in range(3)]

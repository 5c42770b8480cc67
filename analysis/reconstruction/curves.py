"""Printed curves: the estimates of one group and endpoint, joined over their horizons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.cohorts.conditions import Condition
from analysis.ledger.rows import Row
from analysis.reconstruction.accepted import accepts, interval
from analysis.reconstruction.problem import CURVES, Problem
from analysis.reconstruction.risk_sets import Horizon, TooMany, sequences

_Z = 1.959963984540054
#: Two-stage rounding may carry a value this far (percent) beyond plain rounding's interval; `states` decides.
_SLACK = 0.06
#: Most beginnings of risk-set sequences looked at for one curve: large groups have too many.
_EFFORT = 2_000_000
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
            try:
                _FOUND[key] = sequences(size, self.horizons(), limit, _EFFORT)
            except TooMany:
                _FOUND[key] = None
        return _FOUND[key]


def printed_curves(problem: Problem, table: str) -> list[PrintedCurve]:
    """Curves of a table's endpoints on which rows are imposed, in the ledger's order.
    """
    grouped: dict[tuple[str, str], dict[float, list[Row]]] = {}
    groups: dict[tuple[str, str], Condition] = {}
    for row in problem.rows(table, *CURVES):
        condition = problem.condition(row)
        key = row.arguments["endpoint"], canonical(condition)
        groups.setdefault(key, condition)
        grouped.setdefault(key, {}).setdefault(float(row.arguments["time"]), []).append(row)
    curves = []
    for key, times in grouped.items():
        curves.append(PrintedCurve(key[0], groups[key], {time: tuple(rows) for time, rows in times.items()}))
    return curves


def canonical(condition: Condition) -> str:
    """Text that is the same for conditions that differ in the order of clauses and levels only."""
    return " & ".join(sorted({f"{c.variable}{c.comparison}{'|'.join(sorted(c.values))}" for c in condition.clauses}))


def _horizon(time: float, rows: Sequence[Row]) -> Horizon:
    estimate, error = [0.0, 100.0], [0.0, 100.0]
    for row in rows:
        low, high = (float(end) for end in interval(row.value))
        if row.statistic.startswith("incidence") and not row.statistic.endswith("se"):
            low, high = 100 - high, 100 - low
        if row.statistic in ("survival", "incidence"):
            estimate = [max(estimate[0], low), min(estimate[1], high)]
        elif row.statistic.endswith("_se"):
            error = [max(error[0], low), min(error[1], high)]

    def states(estimate: float, error: float) -> bool:
        return all(_accepted(row, estimate, error) for row in rows)

    return Horizon(time, states, estimate[0] - _SLACK, estimate[1] + _SLACK, (error[0] - _SLACK, error[1] + _SLACK))


def _accepted(row: Row, estimate: float, error: float) -> bool:
    kind = row.registered.kind
    match row.statistic:
        case "survival":
            return accepts(row.value, estimate, kind)
        case "incidence":
            return accepts(row.value, 100 - estimate, kind)
        case "survival_se" | "incidence_se":
            return accepts(row.value, error, kind)
    values = _limits(estimate, error)
    if row.statistic.startswith("incidence"):
        values = [(100 - high, 100 - low) for low, high in values]
    return any(accepts(row.value, value[row.statistic.endswith("upper")], kind) for value in values)


def _limits(estimate: float, error: float) -> list[tuple[float, float]]:
    """95 % limits by the three usual transformations (log, log-log, plain), in percent."""
    if not 0 < estimate < 100:
        return [(estimate, estimate)]
    s, root = estimate / 100, error / estimate
    log = (s * np.exp(-_Z * root), min(1.0, s * np.exp(_Z * root)))
    power = np.exp(_Z * root / np.log(s))
    loglog = (s ** (1 / power), s**power)
    plain = (max(0.0, s - _Z * error / 100), min(1.0, s + _Z * error / 100))
    return [(100 * low, 100 * high) for low, high in (log, loglog, plain)]

"""Printed estimates on curves: points, and lines of text beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.cohorts.study_parts import PER_MONTH
from analysis.figures.parts.curves import PrintedPoint
from analysis.ledger.rows.printed import Printed
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics.registry import LIMITS, without_level
from analysis.ledger.verdicts import verdicts
from analysis.tables.html.formatting import format_plain, format_recomputed


def annotation(page: Any, label: str, estimate: str, *limits: str) -> str:
    """A line for a figure: ``HR 0.49 (95% CI 0.16–1.56), as printed``; of what is not reproduced, both values."""
    entries = [page.judged[id] for id in (estimate, *limits)]
    recomputed = _with_limits([format_recomputed(entry) for entry in entries], page.level)
    printed = _with_limits([entry.row.printed for entry in entries], page.level)
    if not page.compared:
        return f"{label} {recomputed}"
    if recomputed == printed or all(entry.verdict in (verdicts.REPRODUCED, verdicts.UNDER_CONVENTION) for entry in entries):
        return f"{label} {printed}, as printed"
    return f"{label} {recomputed}, printed {printed}"


def printed_points(page: Any, label: str, endpoint: str, population: str, statistic: str = "survival") -> list[PrintedPoint]:
    """Printed estimates of a curve inside the horizon, each time once, in months; none on a page that no printed number stands beside."""
    if not page.compared:
        return []
    unit = PER_MONTH.get(page.opened.study.endpoints[endpoint].unit, 1.0)
    rows = [row for row in page.opened.ledger if _speaks_of(row, endpoint, population)]
    found = {}
    for row in rows:
        time = float(row.arguments["time"]) / unit
        if row.statistic == statistic and not row.copy_of and time <= page.horizon:
            parts = {
                other.statistic: other.value
                for other in rows
                if not other.copy_of
                and without_level(other.arguments) == row.arguments
                and (other.level == page.level or not other.statistic.endswith(LIMITS))
            }
            error, lower, upper = (parts.get(f"{statistic}_{kind}") for kind in ("se", "lower", "upper"))
            told = _as_printed(row.value, error, lower, upper)
            found[time] = PrintedPoint(time, float(row.value.value), _number(error), _number(lower), _number(upper), label, told)
    return [found[time] for time in sorted(found)]


def _with_limits(values: Sequence[str], level: float) -> str:
    """An estimate with its limits; limits that are ranges themselves are told one after the other."""
    if len(values) == 1:
        return values[0]
    ranged = any(" to " in limit for limit in values[1:])
    return f"{values[0]} ({100 * level:g}% CI {' and '.join(values[1:]) if ranged else '–'.join(values[1:])})"


def _number(printed: Printed | None) -> float | None:
    return None if printed is None else float(printed.value)


def _as_printed(estimate: Printed, error: Printed | None, lower: Printed | None, upper: Printed | None) -> str:
    """An estimate with its standard error or limits, to the printed decimals: ``40.00% ± 14.61%``, ``38% (28–52%)``."""
    told = format_plain(estimate)
    if error is not None:
        return f"{told} ± {format_plain(error)}"
    return told if lower is None or upper is None else f"{told} ({format_plain(lower).removesuffix('%')}–{format_plain(upper)})"


def _speaks_of(row: Row, endpoint: str, population: str) -> bool:
    return row.population == population and row.arguments.get("endpoint") == endpoint and "time" in row.arguments and not row.subset.clauses

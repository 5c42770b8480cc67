"""P values of the ledger as ranges that hold the exact value, each from ranges of counts alone."""

from __future__ import annotations

from itertools import product
from math import ceil, floor

from analysis.cohorts.conditions import Clause, Condition
from analysis.cohorts.protection.released import Released
from analysis.errors import Undefined
from analysis.estimators.disclosure.bounded_curve import Bounds, bounded
from analysis.estimators.disclosure.bounded_log_rank import bounded_p
from analysis.estimators.engines.shown import kernels
from analysis.estimators.group_tests import contingency
from analysis.ledger.rows.row import Row
from analysis.ledger.session.ranges import FORMS as ESTIMATES
from analysis.ledger.session.ranges import Form
from analysis.ledger.statistics import groups
from analysis.ledger.statistics.tests_of_groups import CONTINGENCY


def p_value_text(p: Bounds) -> str:
    """Bounds of a P value, to four decimals and rounded outwards.

    Raises
    ------
    Undefined
        If they leave every P value possible.
    """
    low, high = floor(p.low * 1e4) / 1e4, ceil(p.high * 1e4) / 1e4
    if low <= 0 and high >= 1:
        raise Undefined("ranges of counts leave every P value possible")
    if low <= 0:
        return f"at most {high:.4f}"
    return f"at least {low:.4f}" if high >= 1 else f"{low:.4f} to {high:.4f}"


def _divide(row: Row, released: Released, key: str, variable: str) -> tuple[Condition, Condition]:
    """Patients of each of the two groups that a row divides by a variable."""
    name, declared = row.arguments[variable], released.study.variables[released.table]
    items = groups.names(row.arguments[key]) if key in row.arguments else groups.levels_of(declared[name])
    found = [Condition((Clause(name, "=", groups.merge_levels(item, declared[name])),)) for item in items]
    if len(found) != 2:
        raise Undefined("bounds of P are known for two groups only")
    return found[0], found[1]


def _convention(row: Row, released: Released, known: tuple[str, ...]) -> str:
    convention = (*released.study.named_conventions(row.statistic), row.registered.default)[0]
    if convention not in known:
        raise Undefined(f"bounds are not known of {convention}")
    return convention


def _log_rank(row: Row, released: Released) -> tuple[str, str]:
    convention = _convention(row, released, ("logrank",))
    endpoint, everybody = (
        released.study.endpoints[row.arguments["endpoint"]],
        released.study.populations[row.population].condition & row.subset,
    )
    first, reference = (bounded(released.life(endpoint, everybody & one)) for one in _divide(row, released, "groups", "by"))
    return p_value_text(bounded_p(first, reference, released.how.threshold)), convention


def _table(row: Row, released: Released) -> tuple[str, str]:
    """A table of two by two: every table that its ranges allow is tested."""
    convention = _convention(row, released, CONTINGENCY)
    everybody = released.study.populations[row.population].condition & row.subset
    columns, rows = _divide(row, released, "groups", "by"), _divide(row, released, "levels", "variable")
    cells = [released.count(everybody & one & other) for one in rows for other in columns]
    tables = [
        ((a, b), (c, d)) for a, b, c, d in product(*(range(cell.low, cell.high + 1) for cell in cells)) if min(a + b, c + d, a + c, b + d)
    ]
    with kernels():  # of thousands of tables a library is asked about the two that bound them
        ends = {table: contingency.p_value(table, test=convention) for table in tables}
    low, high = (contingency.p_value(end(tables, key=ends.__getitem__), test=convention) for end in (min, max))
    return p_value_text(Bounds(low, high)), convention


FORMS: dict[str, Form] = ESTIMATES | {"logrank_p": _log_rank, "contingency_p": _table}
"""All statistics of the ledger that have ranges."""

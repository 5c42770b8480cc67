"""Whom a count of a printed table is a share of: the patients of its column, or those whose value is known."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from analysis.cohorts import conditions
from analysis.cohorts.populations import AND
from analysis.cohorts.study import Study
from analysis.ledger.rows import printed
from analysis.ledger.rows.rounding import RULES, exact, states
from analysis.ledger.statistics import REGISTRY
from analysis.ledger.table_import.cells import Cell, read_cell
from analysis.ledger.table_import.labels import Column
from analysis.ledger.table_import.rows import TableRow
from analysis.ledger.table_import.sources import KNOWN, Sources

PERCENT = RULES[REGISTRY["percent"].kind]


def stated_apart(column: Column, parts: Sequence[str], cell: Cell) -> str:
    """Denominator of a cell that is not the number of patients of its column, as printed; empty otherwise."""
    of = dict(zip(parts, cell.numbers, strict=True)).get("of", "")
    same = of and column.total and printed.parse(of).value == printed.parse(column.total).value
    return "" if same else of


def counted_patients(sources: Sources, row: TableRow, column: Column, of: str) -> dict[str, tuple[str, str]]:
    """Population and subset of a count (``n``), of its percentage (``pct``) and of its denominator (``of``).

    `of` is a denominator that the column's label does not state, as printed, or the id of those whose value is unknown; empty if there is none.

    Raises
    ------
    ValueError
        If the value is known of everybody, and the denominator is not the number of patients of the column.
    """
    population, subset = column.population, row.meaning.subset
    if column.level:
        among, counted = f"{row.meaning.variable}{KNOWN}" if sources.is_of_known(column) else "", f"{row.meaning.variable}{column.level}"
        whole = counted
    elif column.counted:
        among, counted, whole = subset, column.counted, _both(subset, column.counted)
    else:
        among, counted, whole = _of_known(sources.study, column, subset, of) if of and subset else "", subset, subset
    return {"n": (population, whole), "pct": (_both(population, among), counted), "of": (population, among)}


def _both(*conditions: str) -> str:
    return AND.join(filter(None, conditions))


def left_out(sources: Sources, row: TableRow, column: Column, parts: Sequence[str], cell: Cell) -> str:
    """Id of the patients of unknown value, printed below the levels, where a percentage leaves them out and nothing else says so."""
    below = next((one for one in sources.rows if one.meaning.subset == f"{row.meaning.variable}=?"), None)
    if below is None or below is row or parts != ("n", "pct") or not column.is_group or row.meaning.kind != "subset":
        return ""
    unknown = below.line.cells[sources.columns.index(column)]
    return f"{sources.table}.{below.key}.{column.slug}.n" if _leaves_out(column.total, unknown, cell) else ""


def _of_known(study: Study, column: Column, subset: str, of: str) -> str:
    """Condition of the patients that a denominator of its own counts: those whose value is known.

    Parameters
    ----------
    study : Study
    column : Column
        A group, perhaps with the patients that its label states.
    subset : str
        Condition that the row counts.
    of : str
        The denominator, as printed.

    Raises
    ------
    ValueError
        If the value is known of everybody, and the denominator is not the number of patients of the column.
    """
    declared = study.variables[study.populations[column.population].table]
    names = dict.fromkeys(conditions.parse(subset).variables)
    found = AND.join(f"{name}{KNOWN}" for name in names if declared[name].missing)
    if column.total and not found:
        where = f"`missing: true` at {' and '.join(names)} in study.yml, whose value is then unknown for the others"
        raise ValueError(f"{column.total} patients, as in the column's label, or {where}", of)
    return found


def _leaves_out(total: str, unknown: str, cell: Cell) -> bool:
    """Whether a percentage is one of those whose value is known, and none of all patients of the column.

    Parameters
    ----------
    total : str
        Patients of the column as its label states them; empty if it does not.
    unknown : str
        Cell of the row that counts those of unknown value.
    cell : Cell
        A count with its percentage.
    """
    try:
        missing = read_cell(unknown)
    except ValueError:  # told where that cell is read
        return False
    if not total or not missing.numbers:
        return False
    (number, share), everybody = map(printed.parse, cell.numbers), printed.parse(total).value
    known = everybody - printed.parse(missing.numbers[0]).value

    def is_of(patients: Decimal) -> bool:
        value = exact(100 * Fraction(number.value) / Fraction(patients))
        return any(states(share, value, rule) for rule in PERCENT)

    return 0 < known < everybody and is_of(known) and not is_of(everybody)

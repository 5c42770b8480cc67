"""P values of tables and of two samples."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from analysis.estimators import contingency, location
from analysis.ledger.statistics import groups
from analysis.ledger.statistics.registry import Cells, Range, Sample, Values, register

CONTINGENCY = ("fisher", "fisher-midp", "pearson", "pearson-yates")
MANN_WHITNEY = ("asymptotic", "asymptotic-continuity", "exact", "exact-untied")
WITH_NO_DATA = " with the no-data category"


def _p_values(table: np.ndarray, suffix: str = "") -> Values:
    """P of a table by every documented test; NaN for a table without two rows and two columns of data."""
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    return {test + suffix: p for test, p in _of_table(tuple(map(tuple, table.tolist()))).items()}


@lru_cache(maxsize=4096)
def _of_table(table: tuple[tuple[int, ...], ...]) -> dict[str, float]:
    """P by test, each table once: a paper prints the same table in several places, and exact tests take long."""
    if min(len(table), len(table[0]) if table else 0) < 2:
        return {test: float("nan") for test in CONTINGENCY}
    square = len(table) == len(table[0]) == 2
    # Yates's correction is for one degree of freedom
    return {test: _p(table, test) for test in CONTINGENCY if square or test != "pearson-yates"}


def _p(table: tuple[tuple[int, ...], ...], test: str) -> float:
    try:
        return contingency.p_value(table, test=test)
    except ValueError:  # too large for the exact test: this convention says nothing here
        return float("nan")


def _from_table(cells: Cells) -> Values:
    values = dict(_p_values(cells.table()))
    if cells.no_data:
        values |= _p_values(cells.table(with_no_data=True), WITH_NO_DATA)
    return values


@register(
    "contingency_p", family="tests", kind="p", required=("variable", "by"), optional=("levels", "groups"), default="fisher",
    from_printed=_from_table, needs="a table of counts, at least 2 × 2: a ; b | c ; d", fits=lambda r, c: r >= 2 and c >= 2,
)  # fmt: skip
def contingency_p(sample: Sample) -> Values:
    """P of a contingency table, levels of a variable against groups."""
    frame, declared = sample.frame, sample.declared
    columns, column = groups.split(frame, sample.arguments, declared)
    rows, row = groups.split(frame, sample.arguments, declared, key="levels", variable="variable")
    table = np.zeros((len(rows), len(columns)), dtype=int)
    inside = (row >= 0) & (column >= 0)
    np.add.at(table, (row[inside], column[inside]), 1)
    values = dict(_p_values(table))
    unknown = frame[sample.arguments["variable"]].isna().to_numpy()
    if "levels" not in sample.arguments and (unknown & (column >= 0)).any():
        missing = np.bincount(column[unknown & (column >= 0)], minlength=len(columns))
        values |= _p_values(np.vstack([table, missing]), WITH_NO_DATA)
    return values


def _two_samples(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    frame = sample.frame
    items, position = groups.split(frame, sample.arguments, sample.declared)
    values = frame[sample.arguments["variable"]]
    known = values.notna().to_numpy()
    return tuple(values[known & (position == number)].to_numpy(dtype=float) for number in range(2))


def _range_of_t_test(cells: Cells) -> Values:
    (first, second) = cells.rows
    mean1, sd1, n1 = first
    mean2, sd2, n2 = second
    return {
        test: Range(
            *location.t_test_range(
                float(mean1.value), float(sd1.value), int(n1.value), float(mean2.value), float(sd2.value), int(n2.value),
                half_widths=tuple(float(cell.high - cell.value) for cell in (mean1, sd1, mean2, sd2)), test=test,
            )
        )
        for test in ("student", "welch")
    }  # fmt: skip


@register(
    "t_test_p", family="tests", kind="p", required=("variable", "by"), optional=("groups",), default="student",
    from_printed=_range_of_t_test, needs="mean ; sd ; n | mean ; sd ; n", fits=lambda r, c: (r, c) == (2, 3),
)  # fmt: skip
def t_test_p(sample: Sample) -> Values:
    """P of a two-sample t test."""
    x, y = _two_samples(sample)
    if min(len(x), len(y)) < 2:
        return {"student": float("nan"), "welch": float("nan")}
    return {test: location.t_test(x, y, test=test).p for test in ("student", "welch")}


@register("mann_whitney_p", family="tests", kind="p", required=("variable", "by"), optional=("groups",), default="asymptotic")
def mann_whitney_p(sample: Sample) -> Values:
    """P of a Mann-Whitney test."""
    x, y = _two_samples(sample)
    if not len(x) or not len(y):
        return {method: float("nan") for method in MANN_WHITNEY}
    return {method: location.mann_whitney(x, y, method=method).p for method in MANN_WHITNEY}

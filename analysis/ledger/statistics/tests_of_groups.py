"""P values of tables and of two samples."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

from analysis.errors import Undefined
from analysis.estimators.engines.shown import active
from analysis.estimators.group_tests import contingency, several_groups, t_tests
from analysis.ledger.statistics import groups
from analysis.ledger.statistics.lazy import Lazy
from analysis.ledger.statistics.registry import Cells, Range, Sample, Values, register

CONTINGENCY = ("fisher", "fisher-midp", "pearson", "pearson-yates")
MANN_WHITNEY = ("asymptotic", "asymptotic-continuity", "exact", "exact-untied")
WITH_NO_DATA = " with the no-data category"


def _p_values(counts: np.ndarray, no_data: np.ndarray | None = None) -> Values:
    """P of a table by every documented test, each when it is asked for; with a no-data category also with that."""
    return Lazy(_tests(counts) | ({} if no_data is None else _tests(no_data, WITH_NO_DATA)))


def _tests(counts: np.ndarray, suffix: str = "") -> dict[str, Callable[[], float]]:
    """How to compute P of a table, by test; rows and columns without anybody are left out."""
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    table = tuple(map(tuple, counts.tolist()))
    # Yates's correction is for one degree of freedom
    meant = [test for test in CONTINGENCY if test != "pearson-yates" or min(counts.shape) < 2 or counts.shape == (2, 2)]
    return {test + suffix: partial(_once, table, test) for test in meant}


def _once(table: tuple[tuple[int, ...], ...], test: str) -> float:
    """P of a table by the engine that is asked here."""
    return _p(table, test, active())


@lru_cache(maxsize=4096)
def _p(table: tuple[tuple[int, ...], ...], test: str, is_shown: bool) -> float:
    """P of a table, each once by either engine: a paper prints the same table in several places, and exact tests take long."""
    if min(len(table), len(table[0]) if table else 0) < 2:
        return float("nan")
    try:
        return contingency.p_value(table, test=test)
    except Undefined:  # too large for the exact test: this convention says nothing here
        return float("nan")


def _from_table(cells: Cells) -> Values:
    return _p_values(cells.table(), cells.table(with_no_data=True) if cells.no_data else None)


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
    unknown = frame[sample.arguments["variable"]].isna().to_numpy()
    if "levels" not in sample.arguments and (unknown & (column >= 0)).any():
        missing = np.bincount(column[unknown & (column >= 0)], minlength=len(columns))
        return _p_values(table, np.vstack([table, missing]))
    return _p_values(table)


def _two_samples(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    frame = sample.frame
    items, position = groups.split(frame, sample.arguments, sample.declared)
    values = frame[sample.arguments["variable"]]
    known = values.notna().to_numpy()
    first, second = (values[known & (position == number)].to_numpy(dtype=float) for number in range(2))
    return first, second


def _range_of_t_test(cells: Cells) -> Values:
    (first, second) = cells.rows
    mean1, sd1, n1 = first
    mean2, sd2, n2 = second
    return {
        test: Range(
            *t_tests.t_test_range(
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
    return {test: t_tests.t_test(x, y, test=test).p for test in ("student", "welch")}


def _samples(sample: Sample) -> list[np.ndarray]:
    frame = sample.frame
    items, position = groups.split(frame, sample.arguments, sample.declared)
    values = frame[sample.arguments["variable"]]
    known = values.notna().to_numpy()
    return [values[known & (position == number)].to_numpy(dtype=float) for number in range(len(items))]


@register("anova_p", family="tests", kind="p", required=("variable", "by"), optional=("groups",))
def anova_p(sample: Sample) -> Values:
    """P of a one-way analysis of variance over the groups."""
    return {"": several_groups.anova_p(_samples(sample))}


@register("kruskal_wallis_p", family="tests", kind="p", required=("variable", "by"), optional=("groups",))
def kruskal_wallis_p(sample: Sample) -> Values:
    """P of the Kruskal-Wallis test over the groups."""
    return {"": several_groups.kruskal_wallis_p(_samples(sample))}


@register("smd", family="tests", kind="number", required=("variable", "by"), optional=("groups",), default="absolute")
def smd(sample: Sample) -> Values:
    """Standardised mean difference of the first group and the second; of a boolean or category, that of the shares of its levels."""
    name = sample.arguments["variable"]
    variable = sample.declared[name]
    if variable.type in ("integer", "number"):
        found = several_groups.standardised_difference(*_two_samples(sample))
        return {"absolute": abs(found), "signed": found}
    levels = groups.levels_of(variable)
    _, position = groups.split(sample.frame, sample.arguments, sample.declared)
    level = groups.assign_groups(sample.frame, name, levels, variable)
    first, second = (np.bincount(level[(position == number) & (level >= 0)], minlength=len(levels)) for number in (0, 1))
    found = several_groups.standardised_difference_of_levels(first, second)
    if variable.type == "category":
        return {"absolute": found}
    higher = first[0] * second.sum() >= second[0] * first.sum()
    return {"absolute": found, "signed": found if higher else -found}


@register("mann_whitney_p", family="tests", kind="p", required=("variable", "by"), optional=("groups",), default="asymptotic")
def mann_whitney_p(sample: Sample) -> Values:
    """P of a Mann-Whitney test."""
    x, y = _two_samples(sample)
    if not len(x) or not len(y):
        return {method: float("nan") for method in MANN_WHITNEY}
    return {method: t_tests.mann_whitney(x, y, method=method).p for method in MANN_WHITNEY}

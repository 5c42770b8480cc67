"""A table of computed results: value, confidence interval, P, and the range over sampled cohorts, kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import pandas as pd

from analysis.estimators.ensemble_range import LABEL, Sampled
from analysis.tables.html import view
from analysis.tables.html.plain import cell
from analysis.tables.sentences import interval, number, one_limit_text, p_cell, span

HEADS = ("Result", f"Range {LABEL}", "Value", "Confidence interval", "P", "Remark")
#: Head of the values beside ranges: one cohort of many is never shown as the result.
BESIDE_A_RANGE = "Reference cohort"


class Result(NamedTuple):
    """One row.

    Attributes
    ----------
    label : str
    value : float
        On the reference cohort.
    limits : (float, float) or None
        Of the confidence interval.
    p : float or None
    range : Sampled or None
        Of the value over the ensemble.
    decimals : int
    unit, remark : str
    is_p : bool
        Whether the value is itself a P value, written as one: ``<0.0001``, never ``0.0000``.
    """

    label: str
    value: float
    limits: tuple[float, float] | None = None
    p: float | None = None
    range: Sampled | None = None
    decimals: int = 2
    unit: str = ""
    remark: str = ""
    is_p: bool = False


def not_estimable(label: str, why: str) -> Result:
    """A row without a value, and why there is none."""
    return Result(label, float("nan"), remark=f"not estimable: {why}")


def estimates_table(results: Sequence[Result], *, caption: str, level: float = 0.95, note: str = "") -> view.View:
    """Show results one under another, the range over an ensemble before the value of the reference cohort.

    Parameters
    ----------
    results : sequence of Result
    caption : str
    level : float
        Of the confidence intervals.
    note : str
        What is said below of ranges, if there are any.

    Returns
    -------
    View
        Columns in which no row has anything are left out.
    """
    rows = [_texts(result, level) for result in results]
    ranged = any(row[1] for row in rows)
    heads = [
        f"{100 * level:g}% CI" if head == "Confidence interval" else BESIDE_A_RANGE if head == "Value" and ranged else head
        for head in HEADS
    ]
    kept = [column for column in range(len(heads)) if column in (0, 2) or any(row[column] for row in rows)]
    rows, heads = [[row[column] for column in kept] for row in rows], [heads[column] for column in kept]
    head = view.headings(heads)
    body = "".join(f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(cell(text) for text in row[1:]) + "</tr>" for row in rows)
    table = f"<table>{view.caption(caption)}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    told = note if ranged else ""
    below = f'<p class="exhibit-key">{escape(told)}</p>' if told else ""
    html = f'<div class="exhibit exhibit-table exhibit-estimates">{view.scrolling(table, caption)}{below}</div>'
    text = f"{caption}\n\n{view.grid([heads, *rows])}" + (f"\n\n{told}" if told else "")
    return view.View(html, pd.DataFrame(rows, columns=heads), text)


def _texts(result: Result, level: float) -> list[str]:
    value = p_cell(result.value) if result.is_p else f"{number(result.value, result.decimals)}{result.unit}"
    limits = (
        ""
        if result.limits is None
        else one_limit_text(result.value, *result.limits, level, result.decimals) or interval(*result.limits, result.decimals)
    )
    p = "" if result.p is None else p_cell(result.p)
    searched = result.range.searched if result.range is not None and result.range.ranged else ""
    return [
        result.label,
        range_text(result.range, result.decimals, result.unit, result.is_p),
        value,
        limits,
        p,
        "; ".join(filter(None, (searched, result.remark))),
    ]


def range_text(found: Sampled | None, decimals: int = 2, unit: str = "", is_p: bool = False) -> str:
    """A range over cohorts as a cell: ``0.41–0.63``, ``0.41 in all``; empty without one."""
    if found is None or not found.ranged:
        return ""
    low, high = (p_cell(end) if is_p else number(end, decimals) for end in (found.low, found.high))
    undefined = f" (undefined in {found.undefined})" if found.undefined else ""
    return f"{low}{unit} in all{undefined}" if low == high else f"{span(low, high)}{unit}{undefined}"

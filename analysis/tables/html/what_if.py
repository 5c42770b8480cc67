"""A panel *What if?*: what a page would show under other choices, each computed when the book is built.

Without its script (`book/_static/what-if.js`) it is a table with a row for each choice; the script shows one row
at a time, in a sentence and, where the rows carry curves, in a drawing.  It computes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from analysis.figures.style import RECONSTRUCTED

NO_VERDICT = "Computed by the estimators of this book when the page was executed; choices are given no verdict."

_DIGITS = 1


class Choice(NamedTuple):
    """One choice and what follows from it.

    Attributes
    ----------
    label : str
    cells : sequence of str
        One a column.
    said : str
        What it means, in a sentence.
    curves : mapping of str to (times, shares)
        Steps of curves by group, months and percent.
    """

    label: str
    cells: Sequence[str]
    said: str
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]] = {}


def whose(own: bool) -> str:
    """That the patients are none, where they are not a reader's own."""
    return "" if own else f"{RECONSTRUCTED.capitalize()}. "


def panel(question: str, of: str, columns: Sequence[str], choices: Sequence[Choice], *, note: str = "", horizon: float = 0.0) -> str:
    """HTML of the panel.

    Parameters
    ----------
    question : str
        What is asked, e.g. *any of the sampled cohorts*.
    of : str
        What the choices are, for the heading of their column and the name of the control.
    columns : sequence of str
        What follows, as headings.
    choices : sequence of Choice
        The first is that of the page.
    note : str
        What the choices are and are not.
    horizon : float
        Right end of the drawing, months; 0 without one.
    """
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in (of, *columns))
    rows = "".join(_row(choice) for choice in choices)
    drawn = f' data-horizon="{horizon:g}"' if horizon else ""
    return (
        f'<details class="what-if" data-of="{escape(of)}"{drawn}><summary>What if? {escape(question)}</summary>'
        f"<p>{escape(f'{note} {NO_VERDICT}'.strip())}</p>"
        f'<div class="exhibit-scroll" role="region" aria-label="{escape(question)}" tabindex="0"><table><caption>{escape(question)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _row(choice: Choice) -> str:
    curves = {
        label: [[round(float(x), _DIGITS + 1) for x in times], [round(float(y), _DIGITS) for y in shares]]
        for label, (times, shares) in choice.curves.items()
    }
    carried = f' data-curves="{escape(json.dumps(curves, separators=(",", ":")))}"' if curves else ""
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in choice.cells)
    return f'<tr data-said="{escape(choice.said)}"{carried}><th scope="row">{escape(choice.label)}</th>{cells}</tr>'

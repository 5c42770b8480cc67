"""The lines that open a page: what is said, what is found, how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.tables.html.view import View


def brief(lines: Sequence[tuple[str, str, str]]) -> View:
    """Lines under each other, each with its head.

    Parameters
    ----------
    lines : sequence of (str, str, str)
        Head, text, and the text as HTML.
    """
    body = "".join(f"<dt>{head}</dt><dd>{html}</dd>" for head, _, html in lines)
    frame = pd.DataFrame([(head, text) for head, text, _ in lines], columns=["line", "text"])
    html = f'<section class="exhibit in-brief" aria-label="In brief"><dl>{body}</dl></section>'
    return View(html, frame, "\n".join(f"{head}: {text}" for head, text, _ in lines))

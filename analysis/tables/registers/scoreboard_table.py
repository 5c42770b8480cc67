"""The scoreboard as a table: a line for each thing that results rest on, under the name of their study."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pandas as pd

from analysis.figures.verdict_symbols import MARKS
from analysis.ledger.verdicts.verdicts import BASES, CONTEXT
from analysis.tables.html.view import View, caption, grid, scrolling

_JUDGED = [verdict for verdict in MARKS if verdict != CONTEXT]


def scoreboard_table(scoreboards: Mapping[str, pd.DataFrame], title: str) -> View:
    """Numbers of results by what they rest on (lines) and verdict (columns); lines are never added.

    Parameters
    ----------
    scoreboards : mapping of str to pandas.DataFrame
        Label of a study to `analysis.ledger.verdicts.audit.Audit.scoreboard`. One study alone is not named.
    title : str

    Returns
    -------
    View
        Columns of ``frame``: Study, Evidence, one per verdict, Results; context, a line of single numbers, has no verdict.
    """
    columns = ["Evidence", *_JUDGED, "Results"]
    body, records = "", []
    for study, counts in scoreboards.items():
        lines = [_line(counts, evidence) for evidence in BASES] + [[CONTEXT, *([""] * len(_JUDGED)), str(int(counts.loc[CONTEXT].sum()))]]
        if len(scoreboards) > 1:
            body += f'<tr class="heading"><th scope="rowgroup" colspan="{len(columns)}">{escape(study)}</th></tr>'
        body += "".join(
            f'<tr><th scope="row">{escape(line[0])}</th>' + "".join(f"<td>{cell}</td>" for cell in line[1:]) + "</tr>" for line in lines
        )
        records += [[study, *line] for line in lines]
    heads = "".join(f'<th scope="col">{_mark(column)}</th>' for column in columns)
    table = f'<table class="board">{caption(title)}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    frame = pd.DataFrame(records, columns=["Study", *columns])
    return View(
        f'<div class="exhibit exhibit-table">{scrolling(table, title)}</div>', frame, f"{title}\n\n{grid([list(frame.columns), *records])}"
    )


def _line(counts: pd.DataFrame, evidence: str) -> list[str]:
    column = counts[evidence]
    return [evidence, *(str(int(column[verdict])) if column[verdict] else "–" for verdict in _JUDGED), str(int(column.sum()))]


def _mark(column: str) -> str:
    return f'<span aria-hidden="true">{MARKS[column].symbol}</span> {escape(column)}' if column in MARKS else escape(column)

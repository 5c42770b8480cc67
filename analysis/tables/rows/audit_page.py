"""The whole audit as one table that can be searched, filtered and sorted without a network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from analysis.figures.light_dark_pair import download
from analysis.figures.verdict_symbols import EVIDENCE, MARKS
from analysis.ledger.statistics.engines import spell_engine
from analysis.ledger.verdicts.audit import Judgement, record
from analysis.ledger.verdicts.verdicts import COUNTS
from analysis.tables.html.audit_index import AnyAudit, Judged, as_judged
from analysis.tables.html.formatting import format_recomputed, sort_value
from analysis.tables.html.typography import typeset
from analysis.tables.html.verdict_badge import describe_withheld, label
from analysis.tables.html.view import View, caption, grid, key, scrolling
from analysis.tables.rows.audit_script import SCRIPT

COLUMNS = ("Number", "Printed", "Recomputed", "Verdict")
#: Filters: attribute of a row, label, order of its values (None: order of the ledger).
FILTERS = (
    ("verdict", "Verdict", tuple(MARKS)),
    ("evidence", "Evidence", tuple(EVIDENCE)),
    ("withheld", "When withheld", ("predicted", "in some cohorts", "in no cohort", "not rebuilt", "")),
    ("source", "Source", None),
    ("statistic", "Statistic", None),
)


def audit_page(audit: AnyAudit) -> View:
    """Show every ledger row with its verdict.

    Parameters
    ----------
    audit : Audit or Judged

    Returns
    -------
    View
        Each row has the ledger id as its anchor, and an empty ``audit-used`` place: on which pages the number
        stands is known when the book is complete. Without scripts the table is whole and the controls hide.
    """
    entries = as_judged(audit, prefix="")
    frame = audit_frame(entries)
    root = f"audit-{escape(entries.study)}"
    head = "".join(
        f'<th scope="col" aria-sort="none"><button type="button" class="audit-sort" data-column="{position}">{column}</button></th>'
        for position, column in enumerate(COLUMNS)
    )
    choices = [_choices(frame, name, order) for name, _, order in FILTERS]
    body = "".join(_row(judgement, choices) for judgement in entries)
    title = f"Every printed number of the ledger ({len(entries)}) with its verdict"
    table = f"<table>{caption(title)}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    saved = download(frame, f"{entries.study}-audit", "The whole table", kind="audit")
    html = (
        f'<div class="exhibit exhibit-table exhibit-audit" id="{root}">{_controls(frame, root)}{scrolling(table, title)}'
        f'{key(frame["verdict"])}<p class="exhibit-data">{saved}</p></div><script>{SCRIPT.replace("AUDIT", root)}</script>'
    )
    lines = [
        [row.id, row.printed, row.recomputed, f"{MARKS[row.verdict].symbol} {row.verdict}", row.evidence] for row in frame.itertuples()
    ]
    return View(html, frame, f"{title}\n\n{grid([['Row', *COLUMNS[1:], 'Evidence'], *lines])}")


def audit_frame(entries: Judged) -> pd.DataFrame:
    """The audit beside what the ledger says of each row, all text."""
    columns = (
        "id", "source", "quantity", "population", "statistic", "arguments", "printed", "recomputed", "verdict", "convention", "evidence", "note",
        "result", "withheld", "withheld_hits", "withheld_made", "chance", "engine",
    )  # fmt: skip
    records = [
        (
            j.row.id, j.row.source, j.row.quantity, entries.population(j.row.id), j.row.statistic, "; ".join(f"{k}={v}" for k, v in j.row.arguments.items()),
            j.row.printed, j.recomputed, j.verdict, j.convention, j.evidence, j.note,
            j.row.result, trial_class(j), *record(j)[-3:], spell_engine(j.row.statistic, j.convention, j.evidence == COUNTS) if j.recomputed else "",
        )
        for j in entries
    ]  # fmt: skip
    return pd.DataFrame(records, columns=columns)


def trial_class(judgement: Judgement) -> str:
    """What came of withholding a number, as the filter has it."""
    trial = judgement.withheld
    if trial is None:
        return ""
    if not trial.made:
        return "not rebuilt"
    return "predicted" if trial.hits == trial.made else "in some cohorts" if trial.hits else "in no cohort"


def sort_keys(judgement: Judgement) -> tuple[float, float]:
    """What the columns of values sort by: the number printed, the number recomputed."""
    return float(judgement.row.value.value), sort_value(judgement.recomputed)


def _choices(frame: pd.DataFrame, name: str, order: Sequence[str] | None) -> list[str]:
    """Values of a filter that occur, in its order."""
    present = set(frame[name])
    return [value for value in (order or frame[name].unique()) if value in present]


def _row(judgement: Judgement, choices: Sequence[Sequence[str]]) -> str:
    """One row; its places among the choices of the filters stand in ``data-f``, for a page of a thousand rows must stay light."""
    row, id = judgement.row, escape(judgement.row.id)
    places = " ".join(
        str(values.index(value))
        for values, value in zip(
            choices, (judgement.verdict, judgement.evidence, trial_class(judgement), row.source, row.statistic), strict=True
        )
    )
    number = (
        f'{escape(typeset(row.quantity))}<small><a href="#{id}"><code>{id}</code></a> · {escape(row.source)} · {escape(row.statistic)}'
        f'<span class="audit-used" data-row="{id}" hidden></span></small>'
    )
    number += f'<span class="audit-note">{escape(typeset(judgement.note))}</span>' if judgement.note else ""
    verdict = label(judgement.verdict)
    for detail in filter(
        None, (" · ".join(filter(None, (judgement.evidence, judgement.convention, judgement.profile))), describe_withheld(judgement))
    ):
        verdict += f"<small>{escape(detail)}</small>"
    recomputed = escape(judgement.recomputed or format_recomputed(judgement)) if judgement.verdict != "context" else ""
    cells = "".join(_value(text, key) for text, key in zip((escape(row.printed), recomputed), sort_keys(judgement), strict=True))
    return f'<tr id="{id}" data-f="{places}"><th scope="row">{number}</th>{cells}<td class="words">{verdict}</td></tr>'


def _value(text: str, key: float) -> str:
    """A cell of a number; what it sorts by is written only where the text itself does not say it."""
    return f"<td>{text}</td>" if text == f"{key:.10g}" else f'<td data-sort="{key:.10g}">{text}</td>'


def _controls(frame: pd.DataFrame, root: str) -> str:
    selects = "".join(_select(frame, root, position, *chosen) for position, chosen in enumerate(FILTERS))
    return (
        f'<form class="audit-controls" hidden><label for="{root}-search">Search'
        f'<input type="search" id="{root}-search" autocomplete="off" placeholder="any words"></label>{selects}'
        f'<button type="reset">Show all</button><p role="status" aria-live="polite"></p></form>'
    )


def _select(frame: pd.DataFrame, root: str, position: int, name: str, label: str, order: Sequence[str] | None) -> str:
    counts = frame[name].value_counts()
    values = _choices(frame, name, order)
    options = "".join(f'<option value="{place}">{escape(value or "none")} ({counts[value]})</option>' for place, value in enumerate(values))
    return f'<label for="{root}-{name}">{label}<select id="{root}-{name}" data-filter="{position}"><option value="">all</option>{options}</select></label>'

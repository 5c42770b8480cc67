"""What changed between two states: numbers, verdicts, curves, counts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from analysis.ledger.verdicts.verdicts import EVIDENCE, VERDICTS
from analysis.review.compare.states import Record, State
from analysis.review.compare.where_shown import Standing

PAGES_NOT_COMPARED = "what pages show is not compared: there is no text of them for {name}"
NOT_COMPARED = "curves and tables are not compared: {name} has snapshots of its audits alone"


class Moved(NamedTuple):
    """A printed number that fares otherwise than before.

    Attributes
    ----------
    study : str
    before, after : Record or None
        None where the ledger did not, or does no longer, hold the number.
    pages : tuple of str
        Where it stands, as in ``_toc.yml``.
    quantity : str
        What the number is, in the words of the ledger.
    stale : bool
        Whether cohorts were made to satisfy another number than is printed now.
    """

    study: str
    before: Record | None
    after: Record | None
    pages: tuple[str, ...]
    quantity: str = ""
    stale: bool = False

    @property
    def id(self) -> str:
        return self.either.id

    @property
    def either(self) -> Record:
        """The number as it is now, or as it was where it is gone."""
        found = self.after or self.before
        if found is None:
            raise ValueError("expected a number before or after, found neither")
        return found

    @property
    def verdict_changed(self) -> bool:
        """Whether the judgement changed: verdict, convention or evidence."""
        return self.before is None or self.after is None or self.before[3:6] != self.after[3:6]


class Redrawn(NamedTuple):
    """A curve that changed: its steps (columns as in the snapshot) that differ, by time."""

    study: str
    name: str
    before: dict[str, str] | None
    after: dict[str, str] | None
    pages: tuple[str, ...]

    @property
    def times(self) -> list[str]:
        """Times in months at which the two differ, ascending."""
        before, after = self.before or {}, self.after or {}
        return sorted((time for time in before.keys() | after.keys() if before.get(time) != after.get(time)), key=float)


class Rewritten(NamedTuple):
    """A table, figure, sentence or number of a page that reads otherwise; None where it is not there."""

    page: str
    result: str
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None


class Count(NamedTuple):
    """A cell of the scoreboard that changed."""

    study: str
    verdict: str
    evidence: str
    before: int
    after: int


@dataclass(frozen=True)
class Changes:
    """Everything that changed between two states.

    Attributes
    ----------
    base, head : str
        Names of the states.
    totals : dict of str to int
        Printed numbers of each study, in the later state.
    moved, redrawn, counts : lists
        Printed numbers, curves and cells of the scoreboard that changed.
    reworded : list of (study, id)
        Numbers of which the audit's note alone changed.
    tables : list of (study, name)
        Tables of the papers that read otherwise; widths of columns do not count.
    rewritten : list of Rewritten
        Results of pages that read otherwise.
    whole : bool
        Whether everything that pages show was compared.
    remarks : list of str
        What could not be compared, and why.
    """

    base: str
    head: str
    totals: dict[str, int] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)
    redrawn: list[Redrawn] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    reworded: list[tuple[str, str]] = field(default_factory=list)
    tables: list[tuple[str, str]] = field(default_factory=list)
    rewritten: list[Rewritten] = field(default_factory=list)
    whole: bool = False
    remarks: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether a number, verdict, curve, count, or anything that pages show changed; notes of the audit do not count."""
        return bool(self.moved or self.redrawn or self.counts or self.tables or self.rewritten)


def compare(base: State, head: State) -> Changes:
    """Compare two states.

    Raises
    ------
    InputError
        If a state has no snapshots, or one of them cannot be read.
    """
    base.require_snapshots()
    head.require_snapshots()
    standing = Standing(head), Standing(base)
    changes = Changes(
        base.name, head.name, {study: len(rows) for study, rows in head.audits.items()}, whole=bool(base.pages and head.pages)
    )
    for study in sorted(base.audits.keys() | head.audits.keys()):
        _compare_audits(study, base.audits.get(study, {}), head.audits.get(study, {}), standing, changes)
    _compare_pages(base, head, changes)
    lacking = [state for state in (base, head) if not state.complete]
    if lacking:
        changes.remarks.extend(NOT_COMPARED.format(name=state.name) for state in lacking)
        return changes
    for study, name in sorted(base.curves.keys() | head.curves.keys()):
        before, after = base.curves.get((study, name)), head.curves.get((study, name))
        if before != after:
            pages = standing[0].of_curve(study, name) or standing[1].of_curve(study, name)
            changes.redrawn.append(Redrawn(study, name, _steps(before), _steps(after), pages))
    keys = sorted(base.tables.keys() | head.tables.keys())
    changes.tables.extend(key for key in keys if _cells(base.tables.get(key)) != _cells(head.tables.get(key)))
    return changes


def _cells(text: str | None) -> list[list[str]] | None:
    """Cells of a table in columns, whatever their widths."""
    return None if text is None else [re.split(" {2,}", line.strip()) for line in text.splitlines() if line.strip(" -")]


def _compare_pages(base: State, head: State, changes: Changes) -> None:
    lacking = [state for state in (base, head) if not state.pages]
    if lacking:
        changes.remarks.extend(PAGES_NOT_COMPARED.format(name=state.name) for state in lacking)
        return
    for page in [*head.pages, *(page for page in base.pages if page not in head.pages)]:
        before, after = base.pages.get(page, {}), head.pages.get(page, {})
        for result in [*after, *(result for result in before if result not in after)]:
            if before.get(result) != after.get(result):
                changes.rewritten.append(Rewritten(page, result, before.get(result), after.get(result)))


def _compare_audits(
    study: str, before: dict[str, Record], after: dict[str, Record], standing: tuple[Standing, Standing], changes: Changes
) -> None:
    for id in [*after, *(id for id in before if id not in after)]:
        old, new = before.get(id), after.get(id)
        if old == new:
            continue
        if old is not None and new is not None and old[:6] == new[:6]:
            changes.reworded.append((study, id))
        else:
            place = standing[0 if new else 1]
            quantity, role = place.state.quantities.get((study, id), ("", ""))
            stale = role == "imposed" and old is not None and new is not None and old.printed != new.printed
            changes.moved.append(Moved(study, old, new, place.of_number(study, id), quantity, stale))
    old_board, new_board = _board(before), _board(after)
    kinds = dict.fromkeys([*EVIDENCE, "", *(evidence for _, evidence in (*old_board, *new_board))])
    for verdict in VERDICTS:
        for evidence in kinds:
            cell = verdict, evidence
            if old_board[cell] != new_board[cell]:
                changes.counts.append(Count(study, verdict, evidence, old_board[cell], new_board[cell]))


def _board(records: dict[str, Record]) -> Counter:
    return Counter((record.verdict, record.evidence) for record in records.values())


def _steps(text: str | None) -> dict[str, str] | None:
    """Lines of a curve's snapshot by time; None where there is no such curve."""
    if text is None:
        return None
    return {line.split(",")[0]: line for line in text.splitlines()[1:]}

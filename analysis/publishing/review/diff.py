"""What changed between two states: numbers, verdicts, curves, counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from analysis.ledger.verdicts import EVIDENCE, VERDICTS
from analysis.publishing.review.standing import Standing
from analysis.publishing.review.states import Record, State

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
    """

    study: str
    before: Record | None
    after: Record | None
    pages: tuple[str, ...]

    @property
    def id(self) -> str:
        return (self.after or self.before).id

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
        Tables whose text changed.
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
    remarks: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether a number, verdict, curve or count changed; wording does not count."""
        return bool(self.moved or self.redrawn or self.counts)


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
    changes = Changes(base.name, head.name, {study: len(rows) for study, rows in head.audits.items()})
    for study in sorted(base.audits.keys() | head.audits.keys()):
        _compare_audits(study, base.audits.get(study, {}), head.audits.get(study, {}), standing, changes)
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
    changes.tables.extend(key for key in keys if base.tables.get(key) != head.tables.get(key))
    return changes


def _compare_audits(study: str, before: dict[str, Record], after: dict[str, Record], standing: tuple[Standing, Standing], changes: Changes) -> None:
    for id in [*after, *(id for id in before if id not in after)]:
        old, new = before.get(id), after.get(id)
        if old == new:
            continue
        if old is not None and new is not None and old[:-1] == new[:-1]:
            changes.reworded.append((study, id))
        else:
            changes.moved.append(Moved(study, old, new, standing[0 if new else 1].of_number(study, id)))
    old_board, new_board = _board(before), _board(after)
    for verdict in VERDICTS:
        for evidence in (*EVIDENCE, ""):
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

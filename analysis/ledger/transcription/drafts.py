"""Drafts of ledger rows: every number of a text with its sentence, to be typed in a spreadsheet and then entered into the ledger.

A draft holds sentences of the paper.  It stays in a folder that git ignores and never becomes part of the study.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis import paths
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError, suggestion
from analysis.ledger.rows import printed
from analysis.ledger.rows.row import COLUMNS as LEDGER_COLUMNS
from analysis.ledger.transcription.numbers import Number

TYPED = tuple(column for column in LEDGER_COLUMNS if column != "printed")
"""Columns of a ledger that a person types."""
COLUMNS = ("state", "at", "printed", "sentence", *TYPED, "no_result")
OPEN, ENTERED, RECOGNISED, DECLARED, GONE = "to type", "in the ledger", "no result", "declared no result", "not in this text"


@dataclass
class DraftRow:
    """One number of a text and what was typed for it.

    Attributes
    ----------
    state : str
    at : str
        Line, and which number of that line, e.g. ``line 12, number 2``.
    printed, sentence : str
    typed : dict of str to str
        Cells of a ledger row, without the printed characters; empty ones are left out.
    no_result : str
        Why it is no result, typed or recognised; empty otherwise.
    line : int
        Line of the draft's file; 0 of a row that was never written.
    """

    state: str
    at: str
    printed: str
    sentence: str
    typed: dict[str, str] = field(default_factory=dict)
    no_result: str = ""
    line: int = 0


def draft_file(study: Study) -> Path:
    """Where the draft of a study's ledger stands; git ignores its folder."""
    return paths.drafts(study.folder) / "draft.csv"


def read_draft(study: Study) -> list[DraftRow]:
    """Rows of a study's draft; none if there is no draft.

    Raises
    ------
    InputError
        With every fault of the file, among them an id typed twice.
    """
    path = draft_file(study)
    if not path.is_file():
        return []
    name = paths.shorten_path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(Fault(name, f"byte {error.start}", "UTF-8 text: save as 'CSV UTF-8'", "other bytes")) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text))
    header = reader.fieldnames or []
    faults = [Fault(name, f"column {column}", "this column", "none") for column in COLUMNS if column not in header]
    faults += [Fault(name, f"column {one}", "no such column", "one" + suggestion(one, COLUMNS)) for one in header if one not in COLUMNS]
    if faults:
        raise InputError(faults)
    rows = []
    for record in reader:
        if None in record or None in record.values():
            raise InputError(Fault(name, f"row {reader.line_num}", f"{len(header)} cells", "more or fewer"))
        cells = {column: record[column].strip() for column in COLUMNS}
        typed = {column: cells[column] for column in TYPED if cells[column]}
        rows.append(DraftRow(cells["state"], cells["at"], cells["printed"], cells["sentence"], typed, cells["no_result"], reader.line_num))
    faults = [*_find_repeated_ids(rows, name), *_find_changed_after_entering(rows, name)]
    if faults:
        raise InputError(faults)
    return rows


def _dialect(text: str) -> type[csv.excel]:
    """Commas, or what a spreadsheet of another country puts in their place."""

    class Found(csv.excel):
        delimiter = max(",;\t", key=text.partition("\n")[0].count)

    return Found


def _find_repeated_ids(rows: Sequence[DraftRow], name: str) -> list[Fault]:
    first = {row.typed["id"]: row for row in rows if row.state == ENTERED and "id" in row.typed}
    faults = []
    for row in rows:
        id = row.typed.get("id", "")
        earlier = first.setdefault(id, row)
        if id and earlier is not row:
            where = "of the ledger" if earlier.state == ENTERED else f"in row {earlier.line}"
            faults.append(Fault(name, f"row {row.line}, column id", "an id used once", f"{id!r}, already {where}"))
    return faults


def _find_changed_after_entering(rows: Sequence[DraftRow], name: str) -> list[Fault]:
    return [
        Fault(name, f"row {row.line}, column {column}", "an empty cell: change what is in the ledger in printed.csv", repr(cell))
        for row in rows
        if row.state == ENTERED
        for column, cell in row.typed.items()
        if column != "id"
    ]


def write_draft(study: Study, rows: Sequence[DraftRow]) -> Path:
    """Write a draft, and beside it what keeps git from tracking it."""
    path = draft_file(study)
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / ".gitignore").write_text("# sentences of the paper: never committed\n*\n", encoding="utf-8")
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {"state": row.state, "at": row.at, "printed": row.printed, "sentence": row.sentence, **row.typed, "no_result": row.no_result}
        )
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def make_draft(
    numbers: Sequence[Number], entered: Mapping[int, str], declared: frozenset[int], before: Sequence[DraftRow]
) -> list[DraftRow]:
    """Rows of a draft: one a number, with what was typed before.

    Parameters
    ----------
    numbers : sequence of Number
    entered : mapping of int to str
        Ids of the ledger's rows, by position of their number.
    declared : frozenset of int
        Positions of numbers that the study declares to be no results.
    before : sequence of DraftRow
        The draft as it was.  What is typed there stays: at its number, or below all others where the text no longer has that.
    """
    rows = [_fresh(number, at) for number, at in zip(numbers, places_in_text(numbers), strict=True)]
    kept = find_kept(rows, before)
    for position, row in enumerate(rows):
        old = kept.get(position)
        if old is not None and not _same_number(row.printed, old.printed):
            row.printed = old.printed  # corrected by whoever typed: an extraction may break a number
        if position in entered:
            row.state, row.typed, row.no_result = ENTERED, {"id": entered[position]}, ""
        elif old is not None and old.state != ENTERED and is_typed(old):
            row.typed, row.no_result = {"source": row.typed["source"], **old.typed}, old.no_result
            row.state = RECOGNISED if row.no_result else OPEN
        elif position in declared:
            row.state = DECLARED
    used = {id(old) for old in kept.values()}
    for old in before:
        if id(old) not in used and old.state not in (ENTERED, RECOGNISED) and is_typed(old):
            old.state = GONE
            rows.append(old)
    return rows


def is_typed(row: DraftRow) -> bool:
    """Whether somebody typed something into a row: a cell of the ledger, or why it is no result."""
    return bool(set(row.typed) - {"source"} or row.no_result)


def _fresh(number: Number, at: str) -> DraftRow:
    state = RECOGNISED if number.no_result else OPEN
    return DraftRow(state, at, number.characters, number.sentence, {"source": number.place}, number.no_result)


def places_in_text(numbers: Sequence[Number]) -> list[str]:
    """Line and number within the line, of each."""
    counted = Counter[int]()
    found = []
    for number in numbers:
        counted[number.line] += 1
        found.append(f"line {number.line}, number {counted[number.line]}")
    return found


def find_kept(rows: Sequence[DraftRow], before: Sequence[DraftRow]) -> dict[int, DraftRow]:
    """Earlier row of each row: the one at its place with its sentence, else the next one with its sentence."""
    exact = {(old.at, old.sentence): old for old in before}
    kept = {position: exact[row.at, row.sentence] for position, row in enumerate(rows) if (row.at, row.sentence) in exact}
    used = {id(old) for old in kept.values()}
    by_sentence: dict[tuple[str, str], list[DraftRow]] = defaultdict(list)
    for old in before:
        if id(old) not in used:
            by_sentence[old.sentence, old.printed].append(old)
    for position, row in enumerate(rows):
        if position not in kept and by_sentence[row.sentence, row.printed]:
            kept[position] = by_sentence[row.sentence, row.printed].pop(0)
    return kept


def _same_number(first: str, second: str) -> bool:
    """Whether two cells state one number: a spreadsheet drops zeros at the end (``0.740``) and groups digits."""
    try:
        one, other = printed.parse(first), printed.parse(second)
    except ValueError:
        return first == second
    return one.value == other.value

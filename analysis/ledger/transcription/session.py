"""A paper's text beside what a study holds of it: its ledger, its draft, its declarations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError
from analysis.ledger.rows import printed
from analysis.ledger.rows.reading import check_records, read_records
from analysis.ledger.rows.row import Row
from analysis.ledger.transcription import coverage, declared, drafts
from analysis.ledger.transcription.drafts import DraftRow
from analysis.ledger.transcription.entering import New, enter
from analysis.ledger.transcription.numbers import Number
from analysis.ledger.transcription.paper_text import read_numbers
from analysis.paths import shorten_path


@dataclass(frozen=True)
class Transcription:
    """A text and a study.

    Attributes
    ----------
    study : Study
    numbers : tuple of Number
        Of the text.
    before : tuple of DraftRow
        The draft as it was.
    """

    study: Study
    numbers: tuple[Number, ...]
    before: tuple[DraftRow, ...]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Rows of the ledger; none as long as there is no row."""
        path = self.study.folder / "printed.csv"
        records = read_records(path) if path.is_file() else []
        name = shorten_path(path)
        return check_records(self.study, [(name, f"row {line}", line, record) for line, record in records]).rows if records else ()

    @cached_property
    def coverage(self) -> coverage.Coverage:
        """Numbers of the text beside the rows; what the draft says of a number holds."""
        return coverage.compare(self.numbers, self.rows, dict(self._known()))

    @cached_property
    def declared(self) -> frozenset[int]:
        """Positions of the numbers that the study declares to be no results."""
        return declared.positions_of(declared.read_declared(self.study.folder), self.numbers, self.coverage.row_of)

    def draft(self) -> list[DraftRow]:
        """Rows of the draft as they are to be written."""
        entered = {position: row.id for position, row in self.coverage.row_of.items()}
        return drafts.make_draft(self.numbers, entered, self.declared, self.before)

    def _known(self) -> Iterator[tuple[int, str]]:
        values = {row.id: row.value for row in self.rows}
        for position, old in self._kept.items():
            id = old.typed.get("id", "")
            if id in values and _states(old.printed, values[id]):
                yield position, id

    @cached_property
    def _kept(self) -> dict[int, DraftRow]:
        return drafts.find_kept(drafts.make_draft(self.numbers, {}, frozenset(), ()), self.before)

    def enter(self) -> tuple[int, int]:
        """Enter the complete rows of the draft into the ledger, and what was typed to be no result among the study's declarations.

        Returns
        -------
        tuple of (int, int)
            Rows entered, numbers declared.
        """
        name = shorten_path(drafts.draft_file(self.study))
        ids = {row.id for row in self.rows}
        characters = [row.printed for row in self.draft()]  # those of the text, but where a person corrected what an extraction broke
        new = [
            New(name, f"row {row.line}", row.typed | {"printed": characters[position]}, row.sentence)
            for position, row in sorted(self._kept.items())
            if row.state != drafts.ENTERED and is_complete(row)
        ]
        both = [
            Fault(name, f"row {row.line}", "a row of the ledger or a reason in no_result", "both") for row in self.before if _is_both(row)
        ]
        if both:
            raise InputError(both)
        reasons = [
            declared.NoResult(number.characters, number.place, 1, self._kept[position].no_result)
            for position, number in enumerate(self.numbers)
            if position in self._kept and self._kept[position].no_result and not number.no_result
            if position not in self.declared and self._kept[position].typed.get("id") not in ids
        ]
        entered = enter(self.study, new) if new else 0
        if reasons:
            declared.add_declared(self.study.folder, reasons)
        return entered, len(reasons)


def _states(characters: str, value: printed.Printed) -> bool:
    try:
        return coverage.digits(printed.parse(characters)) == coverage.digits(value)
    except ValueError:
        return False


def is_complete(row: DraftRow) -> bool:
    """Whether all is typed that makes a row of the ledger."""
    return "id" in row.typed and bool({"statistic", "copy_of"} & set(row.typed))


def _is_both(row: DraftRow) -> bool:
    return bool(row.no_result) and is_complete(row)


def open_transcription(study: Study, paper: str | Path) -> Transcription:
    """Read a text and a study's draft.

    Raises
    ------
    InputError
        If the text or the draft cannot be read.
    """
    levels = {level for variables in study.variables.values() for one in variables.values() for level in one.levels}
    return Transcription(study, read_numbers(paper, levels), tuple(drafts.read_draft(study)))


def count_states(rows: Sequence[DraftRow]) -> Counter[str]:
    """How many rows of a draft are in which state; those begun are counted apart."""
    return Counter("begun" if row.state == drafts.OPEN and set(row.typed) - {"source"} else row.state for row in rows)

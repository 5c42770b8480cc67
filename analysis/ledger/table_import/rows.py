"""The rows of a printed table: what each is, what heads it, its part of ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NoReturn

from analysis.cohorts.study import Study
from analysis.ledger.table_import.cells import read_cell
from analysis.ledger.table_import.forms import SUMMARIES, is_ratio
from analysis.ledger.table_import.labels import Column, Meaning, is_unknown, read_row, slug_of
from analysis.ledger.table_import.reading import Line


@dataclass
class TableRow:
    """A row of a table while it is read.

    `key` is its part of ids, `above` the label of its heading, `ids` those of what its cells state, by column and part.
    """

    line: Line
    label: str
    above: str
    key: str
    meaning: Meaning
    ids: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Label with that of its heading."""
        return f"{self.above}: {self.label}" if self.above else self.label


@dataclass
class RowReader:
    """Reads the rows of a table, whose columns are known.

    `attempt` reads what stands in a line and a column, from 1, of the file; where that raises a `ValueError`, it keeps a fault and gives None.
    """

    study: Study
    columns: Sequence[Column]
    attempt: Callable[[int, int, Callable[[], Any]], Any]
    keys: set[str] = field(default_factory=set)

    def read(self, lines: Sequence[Line]) -> Iterator[TableRow]:
        """Rows with what they are; a row without counts heads those below that are indented or state levels of its variable."""
        heading: Meaning | None = None
        summarised: TableRow | None = None
        above, key = "", ""
        for line in lines:
            of = heading or (summarised.meaning if summarised and is_unknown(line.label) else None)
            found = self.attempt(line.number, 1, partial(self._read_label, line.label, of))
            if found is None:
                continue
            label, meaning = found
            is_level = bool(heading and meaning and meaning.kind == "subset" and meaning.variable == heading.variable)
            child = heading is not None and (is_level or line.label != line.label.lstrip())
            if meaning is None and not self._counts(line) and self._is_reference(line):
                line, label = replace(line, cells=("",) * len(line.cells)), f"{label} (reference)"
            if not (child or self._counts(line) or self._compares(line)):
                heading, above, key = meaning or Meaning("heading"), label, self._key(label, "")
                yield TableRow(line, label, "", key, heading)
                continue
            if not child:
                heading, above, key = None, "", ""
                if summarised and meaning and meaning.subset == f"{summarised.meaning.variable}=?":
                    yield TableRow(line, label, summarised.label, self._key(label, summarised.key), meaning)
                    continue
            if meaning is None:
                self.attempt(line.number, 1, partial(_refuse, label))
                continue
            row = TableRow(line, label, above, self._key(label, key), meaning)
            summarised = row if meaning.kind == "variable" else None
            yield row

    def _read_label(self, label: str, of: Meaning | None) -> tuple[str, Meaning | None]:
        return read_row(self.study, self.study.populations[self.columns[0].population].table, label, of)

    def _counts(self, line: Line) -> bool:
        """Whether a column that counts or summarises has a cell."""
        return any(cell and not column.statistic for cell, column in zip(line.cells, self.columns, strict=True))

    def _compares(self, line: Line) -> bool:
        """Whether all columns compare, and one states a number."""
        return all(column.statistic for column in self.columns) and any(map(_states, line.cells))

    def _is_reference(self, line: Line) -> bool:
        """Whether cells are ratios of 1 without limits, or say so in words: those of the group that others are compared with."""
        if not any(re.match(r"(?:1\b|\W*ref)", text.strip(), re.IGNORECASE) for text in line.cells):
            return False
        stated = [(text.strip(), column) for text, column in zip(line.cells, self.columns, strict=True) if _states(text)]
        return all(re.fullmatch(r"1(?:[.,·∙⋅]0+)?", text) and is_ratio(column.statistic) for text, column in stated)

    def _key(self, label: str, above: str) -> str:
        """Part of a row's ids: its label, as short as it is unlike that of the rows before."""
        short, whole = (f"{above}.{slug_of(one)}" if above else slug_of(one) for one in (label, re.sub(r"[,()\[\]]", " ", label)))
        key = whole if short in self.keys else short
        self.keys.add(key)
        return key


def test_of(row: TableRow, column: Column) -> str:
    """Statistic of a column that compares, in a row: the test that the row names, or that of counts or of numbers.

    Raises
    ------
    ValueError
        If the row summarises a variable, and the test is one of counts.
    """
    if not column.statistic.endswith("_p"):
        return column.statistic
    summarises = any(part in SUMMARIES for ids in row.ids.values() for part in ids)
    test = row.meaning.test or (column.of_numbers if summarises and column.of_numbers else column.statistic)
    if summarises and test == "contingency_p":
        raise ValueError(
            "a test of numbers, as in 'P {contingency_p | mann_whitney_p; by=arm}' or, in one row, 'Age {age; t_test_p}'",
            "contingency_p, a test of counts",
        )
    return test


def _states(text: str) -> bool:
    """Whether a cell states a number, or cannot be read."""
    try:
        return read_cell(text).form != "nothing"
    except ValueError:  # told where that cell is read
        return True


def _refuse(label: str) -> NoReturn:
    raise ValueError("what the row is in braces: 'Female {sex=F}', 'Age {age}', 'Patients {}', 'Dose {quoted}'", repr(label))

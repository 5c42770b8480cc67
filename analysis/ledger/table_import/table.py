"""A printed table on its way into a ledger: its cells as rows with ids, statistics, what each follows from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError
from analysis.ledger.statistics.registry import LIMITS, USUAL_LEVEL, without_level
from analysis.ledger.table_import.cells import EXPECTED, Cell, read_cell, stated_level
from analysis.ledger.table_import.denominators import counted_patients, left_out, stated_apart
from analysis.ledger.table_import.forms import SUMMARIES, WORDS, arguments_of, check_order, read_comparison, read_counts, read_summary
from analysis.ledger.table_import.labels import Column, read_column, told_apart
from analysis.ledger.table_import.layout import Layout, join_templates
from analysis.ledger.table_import.reading import Grid
from analysis.ledger.table_import.rows import RowReader, TableRow, test_of
from analysis.ledger.table_import.sources import Sources
from analysis.ledger.transcription.entering import New

T = TypeVar("T")


@dataclass
class Table:
    """A printed table on its way into a ledger.

    Attributes
    ----------
    study : Study
    grid : Grid
    slug : str
        First segment of the ids, e.g. ``t1``.
    source : str
        What the ledger calls it, e.g. ``Table 1``.
    caption : str
        What it says of its cells where their labels do not: *median (IQR)*.
    new : list of New
        Rows of the ledger, in the order of the table.
    empty : int
        Cells that print no number, such as ``NR``.
    """

    study: Study
    grid: Grid
    slug: str
    source: str
    caption: str = ""
    new: list[New] = field(default_factory=list)
    empty: int = 0
    columns: list[Column] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    totals: dict[str, str] = field(default_factory=dict)
    templates: dict[str, list[str]] = field(default_factory=dict)

    def read(self) -> Table:
        """Read labels, then cells.

        Raises
        ------
        InputError
            With every label and cell that cannot be understood, its place and what would be.
        """
        heads = [self._attempt(1, at, partial(read_column, self.study, head)) for at, head in enumerate(self.grid.heads, 2)]
        self._stop_at_faults()
        self.columns = told_apart([column for column in heads if column])
        self.rows = list(RowReader(self.study, self.columns, self._attempt).read(self.grid.lines))
        self._stop_at_faults()
        for at, column in enumerate(self.columns, 2):
            if column.total and column.population and not column.statistic:
                self.totals[column.slug] = f"{self.slug}.n.{column.slug}"
                self._add(self.totals[column.slug], "", column.total, 1, at, column=column, quantity=f"patients, {column.label}")
        for row in self.rows:
            for at, column in enumerate(self.columns, 2):
                if not column.statistic:
                    self._attempt(row.line.number, at, partial(self._count, row, column, at))
        for row in self.rows:
            for at, column in enumerate(self.columns, 2):
                if column.statistic:
                    self._attempt(row.line.number, at, partial(self._compare, row, column, at))
        self._refuse_repeated_ids()
        self._stop_at_faults()
        order = {row.line.number: at for at, row in enumerate(self.rows)}
        self.new.sort(key=lambda one: order.get(int(one.place.split(",")[0].removeprefix("line ")), -1))
        return self

    @property
    def sources(self) -> Sources:
        """What its rows follow from."""
        return Sources(self.study, self.slug, self.columns, self.rows, self.totals)

    def layout(self) -> Layout:
        """Layout of the table for ``tables.yml``."""
        columns = []
        for column in self.columns:
            cell = join_templates(self.templates.get(column.slug, []))
            stated = self.totals.get(column.slug) == f"{self.slug}.n.{column.slug}"
            columns.append((column.label, f"{{{column.slug}}} {cell}" if stated else cell))
        patients = [("Patients", "n", 0)] if any(one.total and not one.statistic for one in self.columns) else []
        stating = {int(one.place.split(",")[0].removeprefix("line ")) for one in self.new}
        rows = [(row.label, row.key if row.line.number in stating else "", int(bool(row.above))) for row in self.rows]
        return Layout(self.source, self.caption, columns, [*patients, *rows])

    def _attempt(self, line: int, column: int, read: Callable[[], T]) -> T | None:
        """Result of reading a place; a `ValueError` of what was expected, and perhaps what was found, becomes a fault there."""
        try:
            return read()
        except ValueError as error:
            expected, found = error.args if len(error.args) == 2 else (str(error), repr(self._text(line, column)))
            self.faults.append(Fault(self.grid.name, f"line {line}, column {column}", expected, found))
            return None

    def _text(self, line: int, column: int) -> str:
        row = next((one for one in self.grid.lines if one.number == line), None)
        return self.grid.heads[column - 2] if row is None else row.label if column == 1 else row.cells[column - 2]

    def _stop_at_faults(self) -> None:
        if self.faults:
            raise InputError(self.faults)

    def _cell(self, row: TableRow, column: Column, at: int) -> Cell | None:
        """A cell that states numbers, or None."""
        text = row.line.cells[at - 2]
        counted = [cell for cell, one in zip(row.line.cells, self.columns, strict=True) if cell and not one.statistic]
        if not text and counted and not column.statistic:
            raise ValueError(
                "a number, or NR where none is printed: what a merged cell states is repeated in each of its columns", "an empty cell"
            )
        try:
            cell = read_cell(text)
        except ValueError as error:
            raise ValueError(f"a cell such as {EXPECTED}", str(error)) from None
        self.empty += bool(text) and cell.form == "nothing"
        return None if cell.form == "nothing" else cell

    def _count(self, row: TableRow, column: Column, at: int) -> None:
        """Rows of a cell that counts, or summarises, a population."""
        cell = self._cell(row, column, at)
        if cell is None:
            return
        base = f"{self.slug}.{row.key}.{column.slug}"
        if row.meaning.kind == "context":
            for number, characters in enumerate(cell.numbers):
                self._add(f"{base}.n{number}" if number else base, "", characters, row.line.number, at, quantity=f"{row.name}, {self._told(column)}", statistic="quoted")  # fmt: skip
            self._use(column, f"{{{column.slug}}}")
            return
        if row.meaning.kind not in ("variable", "subset", "everybody"):
            raise ValueError("no numbers of patients in a row that names neither a condition nor a variable", repr(row.line.cells[at - 2]))
        if column.level and not row.meaning.variable:
            raise ValueError(f"a row of a variable, whose level {column.level!r} the column counts", repr(row.label))
        if row.meaning.kind == "variable" and not (column.level or column.counted):
            parts, template = read_summary(f"{row.name} {column.label} {row.line.cells[at - 2]}", self.caption, cell)
            check_order(parts, cell.numbers)
        else:
            parts, template = read_counts(row.label, cell)
        unknown = left_out(self.sources, row, column, parts, cell)
        who = counted_patients(self.sources, row, column, stated_apart(column, parts, cell) or unknown)
        ids = {part: f"{base}.{part}" for part in parts}
        row.ids[column.slug] = ids
        if row.meaning.kind == "everybody":
            self.totals.setdefault(column.slug, ids["n"])
        for part, characters in zip(parts, cell.numbers, strict=True):
            statistic, arguments = SUMMARIES.get(part, ("percent" if part == "pct" else "count", {}))
            if part in SUMMARIES:
                arguments = {"variable": row.meaning.variable} | arguments
            population, subset = (column.population, "") if part in SUMMARIES else who.get(part, who["n"])
            sources = (
                self.sources.of_share(row, column, unknown) if part == "pct" else self.sources.of_count(row, column) if part == "n" else ""
            )
            quantity = ", ".join(filter(None, (row.name, self._told(column), WORDS[part] if WORDS[part] not in row.label else "")))
            self._add(ids[part], subset, characters, row.line.number, at, column=column, population=population, quantity=quantity, statistic=statistic, arguments=arguments, result=ids[parts[0]], sources=sources)  # fmt: skip
        for part in parts:
            template = template.replace(f"{{{part}}}", f"{{{column.slug}.{part}}}")
        self._use(column, template)

    def _compare(self, row: TableRow, column: Column, at: int) -> None:
        """Rows of a cell that compares or estimates: a P value, a ratio with its limits, an estimate with its error."""
        cell = self._cell(row, column, at)
        if cell is None:
            return
        column = replace(column, statistic=test_of(row, column))
        (parts, template), statistics = read_comparison(column.statistic, cell)
        check_order(parts, cell.numbers)
        base = f"{self.slug}.{row.key}.{column.slug}"
        arguments = arguments_of(column, row.meaning, self.columns)
        level = arguments.get("level") or stated_level(row.line.cells[at - 2], row.label, column.label)
        limits = without_level(arguments) | ({"level": level} if level not in ("", USUAL_LEVEL) else {})
        # an interaction is one of all patients, whichever of its subgroups the row is
        whole = row.meaning.variable in arguments.values() or "modifier" in arguments
        subset = "" if whole else row.meaning.subset
        for part, statistic, characters in zip(parts, statistics, cell.numbers, strict=True):
            asked = limits if statistic.endswith(LIMITS) else without_level(arguments)
            id = base if part == "est" else f"{base}.{part}"
            quantity = ", ".join(filter(None, (row.name, self._told(column), WORDS[part])))
            sources = self.sources.of_comparison(row, column) if part == "est" else ""
            first = base if parts[0] == "est" else f"{base}.{parts[0]}"
            self._add(id, subset, characters, row.line.number, at, column=column, quantity=quantity, statistic=statistic, arguments=asked, result=first, sources=sources)  # fmt: skip
        self._use(column, re.sub(r"\{(\w+)", lambda part: f"{{{column.slug}" + f".{part[1]}" * (part[1] != "est"), template))

    def _told(self, column: Column) -> str:
        """A column's label, with its population where several columns have the same."""
        shared = sum(one.label == column.label for one in self.columns) > 1 and column.population
        return f"{column.label}, {self.study.populations[column.population].label}" if shared else column.label

    def _use(self, column: Column, template: str) -> None:
        self.templates.setdefault(column.slug, []).append(template)

    def _add(
        self, id: str, subset: str, characters: str, line: int, at: int, *, quantity: str, column: Column | None = None, population: str = "",
        statistic: str = "count", arguments: Mapping[str, str] | None = None, result: str = "", sources: str = "",
    ) -> None:  # fmt: skip
        written = "; ".join(f"{key}={value}" for key, value in (arguments or {}).items())
        cells = {
            "id": id, "source": self.source, "quantity": quantity, "population": population or (column.population if column else ""), "subset": subset,
            "statistic": statistic, "arguments": written, "printed": characters, "from": sources, "result": result,
        }  # fmt: skip
        self.new.append(New(self.grid.name, f"line {line}, column {at}", cells))

    def _refuse_repeated_ids(self) -> None:
        first: dict[str, str] = {}
        for one in self.new:
            earlier = first.setdefault(one.cells["id"], one.place)
            if earlier != one.place:
                self.faults.append(
                    Fault(one.file, one.place, "a label of its own", f"one that gives the id {one.cells['id']!r}, as at {earlier}")
                )

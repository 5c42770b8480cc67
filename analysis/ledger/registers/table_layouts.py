"""How tables of a paper are laid out: columns and rows of ledger ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pydantic import Field

from analysis.cohorts.declarations import Declaration, load_yaml, validate_content
from analysis.cohorts.study import Study
from analysis.errors import suggestion
from analysis.ledger.rows.row import Ledger


class Column(Declaration):
    """A column of a paper's table.

    Attributes
    ----------
    label : str
        As on the page.
    cell : str
        What its cells are made of: ``{a.n} ({a.pct})`` has two ends of ledger ids.
    """

    label: str
    cell: str


class Line(Declaration):
    """A row of a paper's table.

    Attributes
    ----------
    label : str
        As on the page.
    key : str
        Middle of its ledger ids, between the table's name and what the cells have; none in a heading without numbers.
    indent : int
        Levels below a heading.
    """

    label: str
    key: str = ""
    indent: int = 0


class Layout(Declaration):
    """How a table of the paper is laid out.

    A placeholder ``{all.n}`` in a cell stands for the ledger row ``<table>.<key>.all.n``.

    Attributes
    ----------
    source : str
        Place as the ledger calls it, e.g. ``Table 1``.
    caption : str
        What it shows, in your own words.
    columns : tuple of Column
        From left to right.
    rows : tuple of Line
        From top to bottom.
    note : str
        Below the table, one footnote a line, in your own words.
    """

    source: str
    caption: str
    columns: tuple[Column, ...] = Field(min_length=1)
    rows: tuple[Line, ...] = Field(min_length=1)
    note: str = ""


def read_layouts(study: Study) -> dict[str, Layout]:
    """Read ``tables.yml``: layouts by the first segment of their ledger ids, e.g. ``t1``."""
    path = study.folder / "tables.yml"
    return validate_content(dict[str, Layout], load_yaml(path) or {}, path)


def find_layout_faults(ledger: Ledger, layouts: Mapping[str, Layout]) -> Iterator[tuple[str, str, str]]:
    """Keys and placeholders of layouts that lead to no number of the ledger: place, what was expected, what was found."""
    ids = [row.id for row in ledger]
    for name, layout in layouts.items():
        own = [id.removeprefix(f"{name}.") for id in ids if id.startswith(f"{name}.")]
        placeholders = [set(re.findall(r"\{([^{}|]*)(?:\|[^{}]*)?\}", column.cell)) for column in layout.columns]
        keys = [line.key for line in layout.rows if line.key]
        for number, line in enumerate(layout.rows):
            if line.key and not any(f"{line.key}.{end}" in own for ends in placeholders for end in ends):
                middles = {id.removesuffix(f".{end}") for id in own for ends in placeholders for end in ends if id.endswith(f".{end}")}
                expected = f"the middle of ids {name}.….{'|'.join(sorted(set().union(*placeholders)))}, or no key in a heading"
                yield f"{name}.rows.{number}.key", expected, repr(line.key) + suggestion(line.key, middles)
        for number, (column, ends) in enumerate(zip(layout.columns, placeholders, strict=True)):
            for end in sorted(ends):
                if f"{{{end}|" not in column.cell and not any(f"{key}.{end}" in own for key in keys):
                    known = {id.removeprefix(f"{key}.") for id in own for key in keys if id.startswith(f"{key}.")}
                    expected = f"the end of ids {name}.<key>.…"
                    yield f"{name}.columns.{number}.cell", expected, f"{{{end}}} of the column {column.label!r}" + suggestion(end, known)

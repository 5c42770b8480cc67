"""Entries of the registers beside a ledger: what findings and claims have in common."""

from __future__ import annotations

import re
from typing import TypeVar

from pydantic import Field

from analysis.cohorts.declarations import Declaration, load_yaml, validate_content
from analysis.cohorts.study import Study
from analysis.errors import Fault, suggestion
from analysis.ledger.rows.row import Ledger
from analysis.paths import shorten_path

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
"""A ledger row in a sentence of a register."""


class Entry(Declaration):
    """An entry of a register.

    Attributes
    ----------
    id : str
        Lower-case words joined by hyphens; it never changes.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")


Kind = TypeVar("Kind", bound=Entry)


def read_entries(
    study: Study, ledger: Ledger, file: str, kind: type[Kind], columns: tuple[str, ...]
) -> tuple[tuple[Kind, ...], list[Fault]]:
    """Entries of a file, and their faults: an id used twice, a row in one of `columns` that is not in the ledger.

    Raises
    ------
    InputError
        If the file has other keys or values than `kind` declares.
    """
    path = study.folder / file
    entries: tuple[Kind, ...] = validate_content(tuple[kind, ...], load_yaml(path) or (), path)  # type: ignore[valid-type]  # known when it runs
    faults, seen, known = [], set(), [row.id for row in ledger]
    for entry in entries:
        if entry.id in seen:
            faults.append(Fault(shorten_path(path), f"{entry.id}.id", "an id used once", "a second use"))
        seen.add(entry.id)
        faults += [
            Fault(shorten_path(path), f"{entry.id}.{column}", "ids of the ledger", repr(id) + suggestion(id, known))
            for column in columns
            for id in getattr(entry, column)
            if id not in ledger
        ]
    return entries, faults

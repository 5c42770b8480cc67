"""The parameters of notebooks as a table, for the reference page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View


class Declared(Protocol):
    """What a parameter tells of itself."""

    @property
    def name(self) -> str: ...
    @property
    def meaning(self) -> str: ...
    @property
    def expected(self) -> str: ...
    @property
    def default(self) -> object: ...
    @property
    def varies(self) -> bool: ...
    @property
    def everywhere(self) -> bool: ...


def parameters_table(declared: Sequence[Declared], caption: str) -> View:
    """Name, admissible values, default and meaning of each parameter."""
    rows = [
        [one.name, one.expected, default(one), "every page" if one.everywhere else "pages that name it", one.meaning] for one in declared
    ]
    return plain_table(["Parameter", "Values", "Default", "Used by", "Meaning"], rows, caption)


def default(one: Declared) -> str:
    """Default of a parameter in words."""
    if one.varies:
        return "set by each notebook"
    if one.default is None:
        return "none"
    if isinstance(one.default, bool):
        return str(one.default).lower()
    return str(one.default) if one.default != "" else "everybody"

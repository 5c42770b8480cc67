"""What a study may declare and print, read from the code: keys of its YAML files, statistics of its ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from analysis import paths
from analysis.cohorts.declarations import load_yaml
from analysis.ledger.rows.conventions import conventions_of
from analysis.ledger.statistics import REGISTRY
from analysis.ledger.statistics.registry import Statistic
from analysis.pages.section import Section, table
from analysis.reconstruction.declared_keys import list_keys
from analysis.reconstruction.study_files import FILES
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View

LONGEST = 70
"""Characters of an example; the rest is left out."""


class DeclaredReference(Section):
    """Keys, with examples from the studies of this book, and statistics."""

    @table
    def keys(self, name: str) -> View:
        """Keys of a YAML file of a study, in the order of its declaration.

        Parameters
        ----------
        name : str
            Of the file, e.g. ``study.yml``.
        """
        (file,) = [one for one in FILES if one.name == name]
        contents = [load_yaml(path) for study in paths.studies() if (path := paths.study_folder(study) / name).is_file()]
        rows = []
        for key in list_keys(file):
            example = next((_shorten(found) for content in contents for found in _values(content, key.path)), "")
            needed = "needed" if key.needed else key.default and f"{key.default} if left out"
            rows.append([key.path, key.meaning, "; ".join(filter(None, (key.kind, needed))), example])
        return plain_table(
            ["Key", "What it holds", "Kind", "Example"], list(map(list, dict.fromkeys(map(tuple, rows)))), f"{name}: {file.meaning}"
        )

    @table
    def statistics(self) -> View:
        """Statistics of a ledger by family: meaning, arguments, conventions, what ``from`` holds."""
        rows = [
            [
                one.name,
                one.meaning,
                ("; ".join([*one.required, *(f"[{name}]" for name in one.optional)]) or "none"),
                _conventions(one),
                one.needs or "",
            ]
            for one in sorted(REGISTRY.values(), key=lambda one: one.family)
        ]
        heads = ["Statistic", "Meaning", "Arguments", "Conventions", "from"]
        return plain_table(heads, rows, "Statistics that a row of a ledger may name")


def _conventions(one: Statistic) -> str:
    """Conventions, that taken where a paper names none first."""
    known = [name for name in conventions_of(one.name) if name]
    return ", ".join(sorted(known, key=lambda name: name != one.default))


def _values(content: Any, path: str) -> Iterator[Any]:
    """Values of a key in what a file holds; ``*`` and ``[]`` stand for any name and any entry."""
    places = [content]
    for step in path.replace("[]", ".[]").strip(".").split("."):
        following: list[Any] = []
        for place in places:
            if step == "[]" and isinstance(place, list):
                following += place
            elif step == "*" and isinstance(place, dict):
                following += place.values()
            elif isinstance(place, dict) and step in place:
                following.append(place[step])
        places = following
    yield from places


def _shorten(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**6, sort_keys=False).removesuffix("\n...\n").strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

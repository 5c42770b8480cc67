"""The mapping file: how a site's columns and codes become the declared ones.

Everything in it is text, whatever YAML would make of it: ``no`` stays ``no`` and ``01``
stays ``01``.  What it may hold is declared by `Entry`, `FileOptions` and `Mapping`.
"""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import Field, TypeAdapter, ValidationError, model_validator
from pydantic_core import ErrorDetails

from analysis.cohorts.declarations import Declaration, load_yaml, unique_mapping
from analysis.cohorts.importing.options import FileOptions, Reading
from analysis.cohorts.importing.problems import Problem, quote
from analysis.errors import InputError, suggestion

SUFFIXES = (".mapping.yml", ".mapping.yaml")
Words = str | tuple[str, ...]
_LARGEST = 128 * 1024
"""Bytes of a mapping."""


class Entry(Reading):
    """Where one declared variable comes from: exactly one of `column`, `constant`, `from` with `to`, `known`, `number`."""

    column: str = ""
    constant: str | None = None
    start: str = Field("", alias="from")
    to: Words = ""
    known: str = ""
    number: Literal["rows", ""] = ""
    codes: dict[str, str] = {}
    unit: Literal["days", "weeks", "months", "years", "percent", "fraction", ""] = ""
    missing: Words | None = None
    range: tuple[float, float] | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        given = [bool(self.column), self.constant is not None, bool(self.start), bool(self.known), bool(self.number)]
        if sum(given) != 1:
            raise ValueError("exactly one of column, constant, from (with to), known, number")
        if bool(self.start) != bool(self.to):
            raise ValueError("'from' and 'to' together")
        if not self.column and (self.codes or self.unit):
            raise ValueError("codes and unit only with 'column'")
        if self.range and not self.range[0] < self.range[1]:
            raise ValueError("a range whose first number is the smaller one")
        return self

    @property
    def ends(self) -> tuple[str, ...]:
        return words(self.to)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the site that are read (an end may also be a fixed date)."""
        return tuple(name for name in (self.column, self.start, *self.ends, self.known) if name)


class Mapping(Declaration):
    """A mapping file.

    Attributes
    ----------
    where : str or dict
        Which rows of the file are read: a condition on its columns, or the values of columns.
    without : words
        Variables: a row that has no value in one of them is left out, and counted.
    """

    study: str = ""
    file: FileOptions = FileOptions()
    missing: Words = ()
    where: str | dict[str, Words] = ""
    without: Words = ()
    columns: dict[str, Entry] = {}
    absent: Words = ()


def words(value: Words | None) -> tuple[str, ...]:
    """One word or several, as a tuple."""
    return (value,) if isinstance(value, str) and value else tuple(value or ())


def beside(path: Path) -> Path | None:
    """Mapping file that stands beside a cohort file: ``name.mapping.yml`` for ``name.csv``; whether it can be read is asked afterwards."""
    try:
        return next((found for suffix in SUFFIXES if os.path.lexists(found := path.with_name(path.stem + suffix))), None)
    except (OSError, ValueError):  # a name that no file can have
        return None


def read_mapping(path: Path) -> tuple[Mapping | None, list[Problem]]:
    """Read a mapping file; what is sound in it is kept, so that its other faults can be told as well.

    Returns
    -------
    mapping : Mapping or None
        None where the file cannot be read at all.
    problems : list of Problem
    """
    try:
        content = load_yaml(path, _Text, _LARGEST)
    except InputError as error:
        return None, [Problem(fault.expected, fault.found, source="mapping", place=fault.place) for fault in error.faults]
    content = {} if content in (None, "") else content
    if not isinstance(content, dict):
        return None, [Problem("keys and values", "something else", source="mapping", place="file")]
    problems: list[Problem] = []
    sound: dict[str, Any] = {}
    for key, value in content.items():
        if value == "" and key in Mapping.model_fields:
            continue  # a key left open, as in the template
        if key == "columns" and isinstance(value, dict):
            sound[key] = entries = {}
            for variable, entry in value.items():
                entry = {"column": entry} if isinstance(entry, str) else entry
                checked, faults = _check(Entry, entry, f"columns.{variable}")
                problems += faults
                if checked is not None:
                    entries[variable] = checked
        elif key in Mapping.model_fields:
            checked, faults = _check(Mapping.model_fields[key].annotation, value, key)
            problems += faults
            if checked is not None:
                sound[key] = checked
        else:
            problems.append(
                Problem(
                    f"one of {', '.join(Mapping.model_fields)}",
                    quote(key) + suggestion(key, Mapping.model_fields),
                    source="mapping",
                    place="key",
                )
            )
    return Mapping(**sound), problems


def _check(kind: Any, value: Any, place: str) -> tuple[Any, list[Problem]]:
    try:
        return TypeAdapter(kind).validate_python(value), []
    except ValidationError as error:
        return None, [_problem(kind, item, place) for item in error.errors()]


def _problem(kind: Any, item: ErrorDetails, place: str) -> Problem:
    inside = ".".join(str(part) for part in item["loc"])
    if item["type"] == "extra_forbidden":
        known = [field.alias or name for name, field in kind.model_fields.items()]
        return Problem(f"one of {', '.join(known)}", quote(inside) + suggestion(inside, known), source="mapping", place=place)
    message = item["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    found = quote(item["input"]) if isinstance(item["input"], str) else "something else"
    return Problem(message[:1].lower() + message[1:], found, source="mapping", place=f"{place}.{inside}" if inside else place)


class _Text(yaml.BaseLoader):
    """Loader that leaves every value as text and refuses aliases, which a mapping has no use for."""

    def construct_scalar(self, node: yaml.ScalarNode) -> Any:
        value = super().construct_scalar(node)
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "an alias", self.peek_event().start_mark)  # type: ignore[no-untyped-call]  # the stubs lack it
        return super().compose_node(parent, index)


_Text.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, unique_mapping)

"""Several values in the fields of a form: lists and ranges, as the grid of a sweep."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.book.provenance import spell_value
from analysis.errors import Fault, InputError
from analysis.live.forms import submitted_values
from analysis.live.forms.fields import Field, Form
from analysis.parameters import declarations

MOST = 100
"""Scenarios of a sweep from a form."""

_RANGE = re.compile(r"\s*(-?[\d.]+)\s*to\s*(-?[\d.]+)\s*by\s*([\d.]+)\s*")


def content(form: Form, submitted: Mapping[str, Any], statistics: Sequence[str], own: Path | None = None) -> dict[str, Any]:
    """Content of a sweep's file.

    Parameters
    ----------
    form : Form
    submitted : mapping of str to str
        Texts of the fields, each with one value or several.
    statistics : sequence of str
        What the scenarios are compared by.
    own : Path, optional
        File of the reader's own patients.

    Raises
    ------
    InputError
        Where a value may not stand in its field, no field has several, or there are too many scenarios.
    """
    known = {field.name: field for field in form.fields}
    single, grid = _divide(form, submitted, own)
    if not grid:
        raise InputError(Fault("form", "fields", "several values in one of them at least", "one in each"))
    if not statistics:
        raise InputError(Fault("form", "statistics", "one at least", "none"))
    fixed = submitted_values.read_values(form, single, own)
    count = math.prod(map(len, grid.values()))
    if count > MOST:
        raise InputError(Fault("form", "fields", f"at most {MOST} combinations", str(count)))
    page = form.page.removeprefix("notebooks/")
    return {
        "title": f"{', '.join(known[name].label.lower() for name in grid)} in {page}"[:100],
        "notebooks": [f"{form.page}.md"],
        **({"parameters": fixed} if fixed else {}),
        "grid": grid,
        "statistics": list(statistics),
    }


def _divide(form: Form, submitted: Mapping[str, Any], own: Path | None) -> tuple[dict[str, str], dict[str, list[Any]]]:
    """Texts of the fields with one value, and values of those with several."""
    known = {field.name: field for field in form.fields}
    single: dict[str, str] = {}
    grid: dict[str, list[Any]] = {}
    faults: list[Fault] = []
    for name, text in submitted.items():
        try:
            texts = expand(known[name], text) if name in known else [text]
        except InputError as error:
            faults += error.faults
            continue
        if len(texts) < 2:
            single[name] = texts[0] if texts else ""
            continue
        grid[name] = []
        for one in texts:
            try:
                grid[name].append(submitted_values.read_values(form, {name: one}, own).get(name, _published_value(known[name])))
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(dict.fromkeys(faults))
    return single, grid


def expand(field: Field, text: Any) -> list[str]:
    """Values that a text holds: separated by semicolons, of a number by commas too, or a range with its step.

    Raises
    ------
    InputError
        If a range does not reach its end, or holds too many values.
    """
    if not isinstance(text, str):
        raise InputError(Fault("form", f"parameter {field.name}", field.expected, "no text"))
    if field.kind == "number" and (found := _RANGE.fullmatch(text)):
        return _range(field, text, found)
    parts = [part.strip() for part in re.split("[;,]" if field.kind == "number" else ";", text)]
    kept = list(dict.fromkeys(part for part in parts if part))
    return ["" if part == "none" and field.optional else part for part in kept] or [""]


def _range(field: Field, text: str, found: re.Match[str]) -> list[str]:
    try:
        low, high, step = map(float, found.groups())
    except ValueError:
        low = high = step = 0.0
    count = int((high - low) / step + 1e-9) + 1 if step > 0 and high >= low else 0
    if not 1 <= count <= MOST:
        expected = f"a range of at most {MOST} values, such as 12 to 60 by 12"
        raise InputError(Fault("form", f"parameter {field.name}", expected, repr(text[:80])))
    return [spell_value(round(low + number * step, 10)) for number in range(count)]


def _published_value(field: Field) -> Any:
    """The published page's value, which a scenario states as any other."""
    return declarations.list_parameters()[field.name].convert(field.published)

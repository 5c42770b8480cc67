"""What a reader wrote into a form: typed, held against the study, its faults told field by field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.execution import execute
from analysis.cohorts.cohort_choice import File, parse_cohort
from analysis.errors import Fault, InputError
from analysis.live.forms.fields import OWN, Field, Form
from analysis.parameters import checks, declarations

_PLACE = re.compile(r"parameter (\w+)")


def check_values(form: Form, submitted: Mapping[str, Any], own: Path | None = None) -> dict[str, Any]:
    """Values that differ from the published page's, typed and held against the study as before any execution.

    Parameters
    ----------
    form : Form
    submitted : mapping of str to str
        By the name of the field.
    own : Path, optional
        File of the reader's own patients.

    Raises
    ------
    InputError
        With the name of a parameter in the place of each fault that is one field's.
    """
    values = read_values(form, submitted, own)
    execute.check(form.source, values)
    return values


def read_values(form: Form, submitted: Mapping[str, Any], own: Path | None = None) -> dict[str, Any]:
    """As `check_values`, not yet held against the study."""
    fields = {field.name: field for field in form.fields}
    faults = [Fault("form", f"parameter {name}", f"one of {', '.join(fields)}", repr(name)) for name in submitted if name not in fields]
    values: dict[str, Any] = {}
    for name, text in submitted.items():
        if name in fields:
            try:
                values |= _read_value(fields[name], text, own)
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(faults)
    if form.study and "study" in fields:
        values |= {"study": form.study} if form.study != fields["study"].published else {}
    return values


def _read_value(field: Field, text: Any, own: Path | None) -> dict[str, Any]:
    """The field's value by its name, or nothing where it is the published page's."""
    if not isinstance(text, str):
        raise InputError(Fault("form", f"parameter {field.name}", field.expected, "no text"))
    if field.name == "cohort":
        text = _cohort(field, text.strip(), own)
    if field.name == "study" and text.strip() not in ("", field.published, *paths.studies()):  # on a command line it may be a folder
        raise InputError(Fault("form", "parameter study", f"one of {', '.join(paths.studies())}", repr(text[:80])))
    parameter = declarations.list_parameters()[field.name]
    value = checks.check({field.name: text}, "form")[field.name]
    published = parameter.convert(field.published) if field.published or parameter.optional else parameter.default
    return {} if value == published else {field.name: value}


def _cohort(field: Field, text: str, own: Path | None) -> str:
    """Cohort of a form: one that it offers, never the path of a file."""
    if text == OWN and own is not None:
        return str(own)
    if isinstance(parse_cohort(text), File):
        found = "your own patients, for whom there is no valid file" if text == OWN else repr(text[:80])
        raise InputError(Fault("form", f"parameter {field.name}", "one that the form offers", found))
    return text


def group_by_field(faults: Iterable[Fault]) -> dict[str, str]:
    """Faults in words, by the name of their field; those of no field under the empty name."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        named = _PLACE.match(fault.place)
        place = "" if named else f"{fault.place}: "
        found.setdefault(named[1] if named else "", []).append(f"{place}expected {fault.expected}; found {fault.found}")
    return {name: " ".join(f"{told[:1].upper()}{told[1:]}." for told in lines) for name, lines in found.items()}

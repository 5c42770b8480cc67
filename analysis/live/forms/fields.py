"""Fields of a page's form: the parameters that the page takes, with what may stand in each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from analysis import paths
from analysis.book.execution import execute
from analysis.book.provenance import spell_value
from analysis.book.sources import notebooks
from analysis.cohorts.cohort_choice import File, parse_cohort
from analysis.errors import Fault, InputError
from analysis.parameters import checks, declarations, validation
from analysis.parameters.parameter import Parameter

OWN = "own"
"""What stands in the form for the reader's own patients, whose place no page tells."""

ABOUT_OWN = ("disclosure", "threshold", "coarsening", "compare")
"""Parameters that speak of own patients alone."""

_PLACE = re.compile(r"parameter (\w+)")


class Field(NamedTuple):
    """One field.

    Attributes
    ----------
    name, meaning, unit : str
    kind : {"number", "choice", "text"}
    published : str
        Value of the published page, as it is spelled.
    low, high, step : str
        Of a number; empty where there is no limit.
    choices : tuple of (str, str)
        Values, and what they are called.
    optional : bool
    own : bool
        Whether it speaks of own patients alone.
    expected : str
        What may stand in it, in words.
    """

    name: str
    meaning: str
    unit: str
    kind: str
    published: str
    low: str = ""
    high: str = ""
    step: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    own: bool = False
    expected: str = ""

    @property
    def label(self) -> str:
        """Its name in words."""
        words = self.name.replace("_", " ")
        return words[:1].upper() + words[1:]


class Form(NamedTuple):
    """A page's form.

    Attributes
    ----------
    page : str
    source : Path
    study : str
        That the page follows with these fields.
    fields : tuple of Field
    """

    page: str
    source: Path
    study: str
    fields: tuple[Field, ...]


def source_of(page: str) -> Path | None:
    """Notebook of a page of the book; None if there is none of that name.

    Only what the table of contents names is found, so no path leads outside.
    """
    return _sources().get(page)


@cache
def _sources() -> dict[str, Path]:
    from analysis.book.editions import toc

    return {page.name: page.source for page in toc.pages() if page.executed and not page.values}


def published_study(source: Path) -> str:
    """Study that the published page of a notebook follows; empty if it is bound to none."""
    return str(_takes(source)[0].get("study", ""))


def pages_of(study: str) -> list[tuple[str, str]]:
    """Pages that can be run on own patients of a study, with their titles: those that are bound to no figure of a paper first."""
    found = []
    for page, source in _sources().items():
        defaults, known, opens = _takes(source)
        if opens and "cohort" in known and source.parent.name in (study, "general"):
            title = next(line[2:] for line in source.read_text(encoding="utf-8").splitlines() if line.startswith("# "))
            found.append((source.parent.name == study, page, title))
    return [(page, title) for _, page, title in sorted(found, key=lambda entry: entry[0])]


def form(page: str, source: Path, study: str = "", own: bool = False) -> Form:
    """Fields of a page.

    Parameters
    ----------
    page : str
    source : Path
    study : str
        Chosen, on a page that is bound to none.
    own : bool
        Whether the reader has patients of their own for that study.

    Raises
    ------
    InputError
        If there is no such study.
    """
    published, known, opens = _takes(source)
    if study and study not in paths.studies():
        raise InputError(Fault("form", "parameter study", f"one of {', '.join(paths.studies())}", repr(study)))
    followed = study or published.get("study", "")
    declared = declarations.declared()
    names = [name for name in known if name not in ABOUT_OWN or own]
    if source.parent.name in paths.studies() and "study" in names:
        names.remove("study")
    fields = [_field(declared[name], published.get(name, declared[name].default), followed if opens else "", own) for name in names]
    return Form(page, source, followed, tuple(fields))


@cache
def _takes(source: Path) -> tuple[dict[str, Any], list[str], bool]:
    notebook = notebooks.read(source)
    defaults = notebooks.declared_values(notebook, paths.shown(source))
    return defaults, execute.takes(notebook, defaults), execute.opens_a_study(notebook, defaults)


def _field(parameter: Parameter, value: Any, study: str, own: bool) -> Field:
    # what only a command line can do is no help here
    meaning = parameter.meaning.partition("; ")[0] if parameter.name in ("study", "cohort") else parameter.meaning
    common = (parameter.name, meaning, parameter.unit)
    shown = "" if value is None else spell_value(value)
    rest: dict[str, Any] = {"optional": parameter.optional, "own": parameter.name in ABOUT_OWN, "expected": parameter.expected}
    choices = _choices(parameter, study, own)
    if choices is not None:
        return Field(*common, "choice", shown, choices=choices, **rest)
    if parameter.kind in (int, float):
        low, high = (f"{limit:.15g}" if abs(limit) < 1e15 else "" for limit in (parameter.low, parameter.high))
        return Field(*common, "number", shown, low, high, "1" if parameter.kind is int else "any", **rest)
    return Field(*common, "text", shown, **rest)


def _choices(parameter: Parameter, study: str, own: bool) -> tuple[tuple[str, str], ...] | None:
    """Values that a field offers; None where anything may be written into it."""
    if parameter.kind is bool:
        return ("false", "no"), ("true", "yes")
    if parameter.name == "cohort":
        members = [
            (f"member {number}", f"sampled cohort {number}") for number in range(1, (validation.ensemble_size(study) if study else 0) + 1)
        ]
        return (("", "the study's reference cohort"), *([(OWN, "my own patients")] if own else []), *members)
    offered: Iterable[tuple[str, str]]
    if parameter.name in ("endpoint", "grouping", "origin", "reading") and study:
        offered = _of_study(study)[parameter.name]
    elif parameter.choices and parameter.kind is str:
        offered = [(choice, choice) for choice in parameter.choices]
    else:
        return None
    return (*([("", "none")] if parameter.optional else []), *offered)


@cache
def _of_study(study: str) -> dict[str, list[tuple[str, str]]]:
    """What a study declares of the parameters that name something of it."""
    from analysis.cohorts.selection import COHORT
    from analysis.cohorts.study import read_study
    from analysis.parameters import interpretations

    read = read_study(study)
    declared = read.variables.get(COHORT, {})
    return {
        "endpoint": [(name, endpoint.label) for name, endpoint in read.endpoints.items()],
        "grouping": [(declarations.UNDIVIDED, "nobody is divided")]
        + [(name, name) for name, variable in declared.items() if variable.type in ("category", "boolean")],
        "origin": [(name, name) for name, variable in declared.items() if variable.type in ("number", "integer")],
        "reading": [(name, name) for name in interpretations.named(read)],
    }


def typed(form: Form, submitted: Mapping[str, Any], own: Path | None = None) -> dict[str, Any]:
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
    values = differing(form, submitted, own)
    execute.check(form.source, values)
    return values


def differing(form: Form, submitted: Mapping[str, Any], own: Path | None = None) -> dict[str, Any]:
    """As `typed`, not yet held against the study."""
    fields = {field.name: field for field in form.fields}
    faults = [Fault("form", f"parameter {name}", f"one of {', '.join(fields)}", repr(name)) for name in submitted if name not in fields]
    values: dict[str, Any] = {}
    for name, text in submitted.items():
        if name in fields:
            try:
                values |= _differing(fields[name], text, own)
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(faults)
    if form.study and "study" in fields:
        values |= {"study": form.study} if form.study != fields["study"].published else {}
    return values


def _differing(field: Field, text: Any, own: Path | None) -> dict[str, Any]:
    """The field's value by its name, or nothing where it is the published page's."""
    if not isinstance(text, str):
        raise InputError(Fault("form", f"parameter {field.name}", field.expected, "no text"))
    if field.name == "cohort":
        text = _cohort(field, text.strip(), own)
    if field.name == "study" and text.strip() not in ("", field.published, *paths.studies()):  # on a command line it may be a folder
        raise InputError(Fault("form", "parameter study", f"one of {', '.join(paths.studies())}", repr(text[:80])))
    parameter = declarations.declared()[field.name]
    value = checks.check({field.name: text}, "form")[field.name]
    published = parameter.convert(field.published) if field.published or parameter.optional else parameter.default
    return {} if value == published else {field.name: value}


def _cohort(field: Field, text: str, own: Path | None) -> str:
    """Cohort of a form: one that it offers, never the path of a file."""
    if text == OWN and own is not None:
        return str(own)
    if isinstance(parse_cohort(text), File):
        found = "own patients, of whom no sound file is here" if text == OWN else repr(text[:80])
        raise InputError(Fault("form", f"parameter {field.name}", "one that the form offers", found))
    return text


def by_field(faults: Iterable[Fault]) -> dict[str, str]:
    """Faults in words, by the name of their field; those of no field under the empty name."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        named = _PLACE.match(fault.place)
        place = "" if named else f"{fault.place}: "
        found.setdefault(named[1] if named else "", []).append(f"{place}expected {fault.expected}; found {fault.found}")
    return {name: " ".join(f"{told[:1].upper()}{told[1:]}." for told in lines) for name, lines in found.items()}

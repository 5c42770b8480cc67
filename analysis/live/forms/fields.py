"""The form of a page: a field for each parameter that the page takes, with what may stand in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from analysis import paths
from analysis.book.provenance import spell_value
from analysis.errors import Fault, InputError
from analysis.live.forms.runnable_pages import read_declared
from analysis.parameters import declarations, validation
from analysis.parameters.parameter import Parameter

OWN = "own"
"""What stands in the form for the reader's own patients, whose place no page tells."""

ABOUT_OWN = ("disclosure", "threshold", "coarsening", "compare")
"""Parameters that speak of own patients alone."""


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


def make_form(page: str, source: Path, study: str = "", own: bool = False) -> Form:
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
    published, known, opens = read_declared(source)
    if study and study not in paths.studies():
        raise InputError(Fault("form", "parameter study", f"one of {', '.join(paths.studies())}", repr(study)))
    followed = study or published.get("study", "")
    declared = declarations.list_parameters()
    names = [name for name in known if name not in ABOUT_OWN or own]
    if source.parent.name in paths.studies() and "study" in names:
        names.remove("study")
    fields = [_field(declared[name], published.get(name, declared[name].default), followed if opens else "", own) for name in names]
    return Form(page, source, followed, tuple(fields))


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
        "grouping": [(declarations.UNDIVIDED, "patients are not divided")]
        + [(name, name) for name, variable in declared.items() if variable.type in ("category", "boolean")],
        "origin": [(name, name) for name, variable in declared.items() if variable.type in ("number", "integer")],
        "reading": [(name, name) for name in interpretations.readings_by_name(read)],
    }

"""What files of editions and sweeps may declare."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from analysis.book.sphinx import titles
from analysis.cohorts.declarations import Declaration

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
"""Names of editions, scenarios and their pages: they become names of folders and files."""


def in_words(expected: str) -> WrapValidator:
    """Tell whatever is wrong with a value as one fault, in these words."""

    def check(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
        try:
            return validate(value)
        except ValidationError:
            raise ValueError(expected) from None

    return WrapValidator(check)


def _must(holds: Any) -> AfterValidator:
    """Refuse values of which something does not hold; `in_words` says what was expected."""

    def check(value: Any) -> Any:
        if not holds(value):
            raise ValueError
        return value

    return AfterValidator(check)


def _some_notebooks(value: Any) -> Any:
    if not isinstance(value, list) or not value:
        raise ValueError("a list of notebooks")
    return value


def _entry(value: Any) -> Any:
    """A notebook named alone, as an entry with its file."""
    if not isinstance(value, (str, dict)):
        raise ValueError("a notebook, or one with file, as, parameters")
    return {"file": value} if isinstance(value, str) else value


def _names_of_their_own(scenarios: list[Scenario] | None) -> list[Scenario] | None:
    names = [scenario.name for scenario in scenarios or ()]
    if len(set(names)) < len(names):
        raise ValueError("each with a `name` of its own")
    return scenarios


Title = Annotated[str, _must(titles.is_title), in_words("a line of text")]
Line = Annotated[str, _must(titles.is_line), in_words("a line of text")]
Slug = Annotated[str, _must(SLUG.fullmatch), in_words("small letters, digits and hyphens")]
Values = Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value), in_words("names and values")]
Listed = Annotated[list[str], Field(min_length=1), in_words("a list")]
Grid = Annotated[
    dict[str, Annotated[list[Any], Field(min_length=1)]], Field(min_length=1), in_words("parameters, each with a list of values")
]


class Entry(Declaration):
    """A notebook of an edition, or several by a pattern.

    Attributes
    ----------
    file : str
        Relative to the repository, e.g. ``notebooks/<study>/survival.md``.
    name : str
        Written ``as``: the page's name in the edition, if not that of its notebook.
    parameters : dict of str to object
        Given to this notebook alone.
    """

    file: str
    name: Slug | None = Field(None, alias="as")
    parameters: Values = {}


class Scenario(Declaration):
    """Parameters that make a scenario, and its name."""

    name: Slug
    parameters: Values


class EditionFile(Declaration):
    """An edition: chosen notebooks with chosen parameters.

    Attributes
    ----------
    title, about : str
        What the first page says of it.
    parameters : dict of str to object
        Given to each notebook that takes them.
    notebooks : list of Entry
        In reading order.
    """

    title: Title
    about: Line = ""
    parameters: Values = {}
    notebooks: Annotated[list[Annotated[Entry, BeforeValidator(_entry)]], BeforeValidator(_some_notebooks)]


class SweepFile(Declaration):
    """A sweep: notebooks under many scenarios.

    Attributes
    ----------
    title, about, parameters
        As of an edition.
    notebooks : list of str
    grid : dict of str to list
        Parameters whose every combination is a scenario.
    scenarios : list of Scenario
        Scenarios one by one, in place of a grid.
    statistics : list of str
        What scenarios are compared by.
    """

    title: Title
    about: Line = ""
    parameters: Values = {}
    notebooks: Listed
    grid: Grid | None = None
    scenarios: Annotated[list[Scenario] | None, AfterValidator(_names_of_their_own)] = None
    statistics: Listed

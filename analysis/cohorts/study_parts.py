"""What a study declares: tables, variables, endpoints, groupings, readings."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from analysis.cohorts.declarations import Declaration
from analysis.cohorts.populations import Population

TimeUnit = Literal["days", "weeks", "months", "years"]

PER_MONTH = {"days": 30.4375, "weeks": 30.4375 / 7, "months": 1.0, "years": 1 / 12}
"""Units of time in a month."""


class Variable(Declaration):
    """A column of a patient table.

    Attributes
    ----------
    type : {"id", "category", "boolean", "integer", "number"}
        Kind of its values; an ``id`` names rows or patients.
    meaning : str
        In words, for the data dictionary.
    levels : tuple of str
        Of a category, in the order in which a page shows them.
    unit : str
        Of a number, e.g. ``months``.
    range : (float, float)
        Least and greatest admissible value, in `unit`.
    grain : float
        Step, in `unit`, in which a number is measured: 0.1 where ages are printed as 9.1 years.
    missing : bool
        Whether an empty cell is allowed.
    label : str
        What tables and figures call it; its name in words, if empty.
    known : {"start", "later"}
        When its value is known: at the start of follow-up, or later on, so that whoever has it survived to get it.
    time : str
        Of what comes later: the variable with the time at which it came.
    optional : bool
        Whether somebody's own cohort may lack the column even where a population or endpoint
        speaks of it; the study's own tables always have every column.
    """

    type: Literal["id", "category", "boolean", "integer", "number"]
    meaning: str = ""
    levels: tuple[str, ...] = ()
    unit: str = ""
    range: tuple[float, float] | None = None
    grain: float = Field(1.0, gt=0, le=1)
    missing: bool = False
    label: str = ""
    known: Literal["start", "later"] = "start"
    time: str = ""
    optional: bool = False

    @model_validator(mode="after")
    def _levels_belong_to_categories(self) -> Variable:
        if (self.type == "category") != bool(self.levels):
            raise ValueError("levels for a category, and only for a category")
        if self.grain != 1 and (self.type != "number" or abs(1 / self.grain - round(1 / self.grain)) > 1e-9):
            raise ValueError("grain for a number, and a whole part of its unit, such as 0.1")
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """Ends of the declared range.

        Raises
        ------
        ValueError
            If none is declared.
        """
        if self.range is None:
            raise ValueError("expected a variable with a declared range, found none")
        return self.range


class Table(Declaration):
    """A file of patients, courses or registered children.

    Attributes
    ----------
    file : str
        CSV in the study's folder.
    unit : str
        What a row is, e.g. ``patient``.
    key : str
        Variable that tells rows apart.
    label : str
        What pages call the table; its name, if empty.
    first : str
        Condition that the first row of a patient meets, where one may have several.
    """

    file: str
    unit: str
    key: str
    label: str = ""
    first: str = ""

    @property
    def units(self) -> str:
        """What rows are."""
        return plural(self.unit)


def plural(unit: str) -> str:
    """What several rows are, of what one is: ``children`` of ``child``, ``women`` of ``woman``, ``patients`` of ``patient``."""
    return f"{unit}ren" if unit.endswith("child") else f"{unit[:-2]}en" if unit.endswith("man") else f"{unit}s"


class Endpoint(Declaration):
    """A time to an event.

    Attributes
    ----------
    table : str
        Table of the patients.
    time : str
        Variable with the time, in `unit` since `origin`.
    event : str
        Variable that is true where the event happened.
    unit : str
        Of the time; the study's, where an endpoint declares none.
    origin : str
        From when it counts, in words, e.g. ``randomisation``; the study's, where an endpoint declares none.
    label : str
        What figures and tables call it.
    meaning : str
        What counts as an event, in words.
    within : str
        Population to which it belongs, if not all patients have it; time and event may be empty for the others.
    competing : str
        Boolean variable that is true where another event ended the time, after which this one cannot happen; of patients with
        the event it says nothing.
    includes : str
        Endpoint whose events are events of this one, too, as a death ends event-free survival.
    until : float
        Time, in `unit`, at which follow-up is censored.
    """

    table: str = "cohort"
    time: str
    event: str
    unit: str = "months"
    origin: str = ""
    label: str
    meaning: str = ""
    within: str = ""
    competing: str = ""
    includes: str = ""
    until: float = Field(math.inf, gt=0)

    def observed(self, time: Any, event: Any) -> tuple[Any, Any]:
        """Times and events within the follow-up that counts: an event at `until` counts, a later one is censored there.

        Parameters
        ----------
        time : ndarray or Series of float, shape (n,)
            In `unit`.
        event : ndarray or Series of bool, shape (n,)
        """
        return time.clip(max=self.until) if isinstance(time, np.ndarray) else time.clip(upper=self.until), event & (time <= self.until)


class Grouping(Declaration):
    """Groups that a paper compares: the levels of the variable under whose name this stands.

    Attributes
    ----------
    table : str
        Table of the patients.
    label : str
        What figures and tables call it.
    reference : str
        Level that the others are compared with; the last one, if empty.
    randomised : bool
        Whether patients were allocated to the groups at random.
    """

    table: str = "cohort"
    label: str
    reference: str = ""
    randomised: bool = False


class Reading(Declaration):
    """One way to read an ambiguous sentence: what it declares in place of the study's own.

    Attributes
    ----------
    meaning : str
        The reading in words.
    endpoints : dict of str to Endpoint
        Endpoints as this reading has them.
    populations : dict of str to Population
        Populations as this reading has them.
    """

    meaning: str
    endpoints: dict[str, Endpoint] = {}
    populations: dict[str, Population] = {}

"""The declaration of a study: tables, variables, endpoints, populations, named conventions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field, PrivateAttr, model_validator

from analysis import paths
from analysis.cohorts import conditions
from analysis.cohorts.conditions import MISSING, Condition
from analysis.cohorts.declarations import Declaration, load_yaml, validate_content
from analysis.cohorts.populations import Population, Populations
from analysis.errors import Fault, InputError, Undefined, suggestion

TimeUnit = Literal["days", "weeks", "months", "years"]

LIMITS = tuple(f"{name}_{end}" for name in ("survival", "incidence", "survival_median") for end in ("lower", "upper"))
"""Statistics whose convention is a scale of the confidence interval of survival."""


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
        Population to which it belongs, if not all patients have it.
    competing : str
        Boolean variable that is true where another event ended the time, after which this one cannot happen.
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


class Study(Declaration):
    """Everything that is specific to a study but its numbers (see the ledger).

    Attributes
    ----------
    study : str
        Slug: the name of its folder.
    label : str
        What figures and tables call it, a few words.
    title : str
        Title of the paper.
    citation : dict
        Journal, year, volume, article or pages, DOI of the paper.
    software : tuple of str
        Programs that the paper names, with their versions.
    design : {"cohort", "trial", "prognostic"}
        Which reporting guideline is for the paper: STROBE, CONSORT, REMARK; empty where nothing is declared.
    significance : float
        The paper's level.
    interval : {"log", "log-log", "plain"}
        Scale of the paper's confidence intervals of survival: pages draw it, and it is the convention of printed limits
        that `named` does not speak of.
    time_unit, origin : str
        Unit of times and what they are counted from, for endpoints that declare none of their own.
    horizon : float
        Follow-up that figures of generated pages show, in `time_unit`.
    tables : dict of str to Table
        Patient tables by name.
    variables : dict of str to dict
        Columns of each table by name.
    endpoints : dict of str to Endpoint
        Endpoints by name.
    populations : dict of str to Population
        Populations by name; ``all`` is one of them.
    programs : dict of str to {"half-up", "half-even", "binary"}
        Programs whose output the paper prints, as `analysis.ledger.rows.programs` names them, in the order in which they are
        tried; of each, the one way with ties in which what it shows was rounded again.
    named : dict
        By statistic, the conventions that the paper names.
    groupings : dict of str to Grouping
        By variable, the groups that the paper compares.
    readings : dict
        Ambiguous sentences and how they may be read.
    central : tuple of str
        Quantities of ``ranges.yml`` over which the reference cohort is the medoid of its ensemble.
    notes : object
        Whatever whoever transcribed the paper wants to keep.
    time_axis : {"days", "weeks", "months", "years"}
        Unit of the time axis of figures: `time_unit`, if nothing is declared.
    """

    study: str
    label: str
    title: str
    citation: dict[str, Any]
    design: Literal["", "cohort", "trial", "prognostic"] = ""
    software: tuple[str, ...] = ()
    significance: float = Field(0.05, gt=0, lt=1)
    interval: Literal["", "log", "log-log", "plain"] = ""
    time_unit: TimeUnit = "months"
    origin: str = ""
    horizon: float | None = Field(None, gt=0)
    tables: dict[str, Table]
    variables: dict[str, dict[str, Variable]]
    endpoints: dict[str, Endpoint] = {}
    groupings: dict[str, Grouping] = {}
    populations: Populations
    programs: dict[str, Literal["half-up", "half-even", "binary"]] = {}
    named: dict[str, str | tuple[str, ...]] = {}
    readings: dict[str, Reading] = {}
    central: tuple[str, ...] = ()
    time_axis: TimeUnit = "months"
    notes: Any = None
    _folder: Path = PrivateAttr(default=Path())
    _censored_at: float | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _pass_down(cls, content: Any) -> Any:
        """What is declared once for the study, given to endpoints, limits and figures that declare nothing of their own."""
        if not isinstance(content, dict):
            return content
        content = dict(content)
        once = {"unit": content.get("time_unit"), "origin": content.get("origin")}
        given = {name: value for name, value in once.items() if isinstance(value, str)}
        endpoints = content.get("endpoints")
        if given and isinstance(endpoints, dict):
            content["endpoints"] = {name: given | one if isinstance(one, dict) else one for name, one in endpoints.items()}
        if "unit" in given:
            content.setdefault("time_axis", given["unit"])
        interval, named = content.get("interval"), content.get("named", {})
        if interval and isinstance(named, dict):
            content["named"] = {statistic: interval for statistic in LIMITS if statistic not in named} | named
        return content

    def reference_of(self, grouping: str) -> str:
        """Level of a grouping that the others are compared with."""
        declared = self.groupings[grouping]
        return declared.reference or self.levels_of(grouping)[-1]

    def levels_of(self, grouping: str) -> tuple[str, ...]:
        """Levels of a grouping's variable as conditions write them."""
        variable = self.variables[self.groupings[grouping].table][grouping]
        return variable.levels or ("1", "0")

    def randomised(self, grouping: str) -> bool:
        """Whether patients were allocated at random to the levels of a variable."""
        return grouping in self.groupings and self.groupings[grouping].randomised

    @property
    def slug(self) -> str:
        return self.study

    @property
    def folder(self) -> Path:
        """Where the study's files stand."""
        return self._folder

    def censored(self, months: float, until: Mapping[str, float]) -> Study:
        """The study with the follow-up of every endpoint censored so many months after its origin; `until` is that in the unit of each."""
        endpoints = {name: one.model_copy(update={"until": min(one.until, until[name])}) for name, one in self.endpoints.items()}
        changed = self.model_copy(update={"endpoints": endpoints})
        changed._folder, changed._censored_at = self.folder, months
        return changed

    def require_countable(self, names: Iterable[str]) -> None:
        """Refuse to count by variables that are known only in the course of follow-up, where that is censored.

        A count knows no time: deaths of all follow-up would stand beside analyses of a part of it.

        Parameters
        ----------
        names : iterable of str
            Variables that a count speaks of; other words are passed over.

        Raises
        ------
        Undefined
        """
        found = sorted(name for name in set(names) if not self.countable(name))
        if found:
            told = f"{', '.join(found)} {'is' if len(found) == 1 else 'are'} known of all follow-up"
            raise Undefined(f"{told}, and a count cannot be censored at {self._censored_at:g} months")

    def countable(self, name: str) -> bool:
        """Whether patients may be counted by a variable: where follow-up is censored, not by what is known only in its course."""
        if self._censored_at is None:
            return True
        outcome = any(name in (endpoint.time, endpoint.event) for endpoint in self.endpoints.values())
        return not outcome and all(name not in variables or variables[name].known == "start" for variables in self.variables.values())

    def named_conventions(self, statistic: str) -> tuple[str, ...]:
        """Conventions that the paper names for a statistic; empty if it names none."""
        named = self.named.get(statistic, ())
        return (named,) if isinstance(named, str) else named

    def limits(self, table: str, name: str) -> set[float]:
        """Values at which declared populations of a table divide a variable."""
        clauses = [
            clause for population in self.populations.values() if population.table == table for clause in population.condition.clauses
        ]
        return {float(clause.values[0]) for clause in clauses if clause.variable == name and clause.comparison not in ("=", "!=")}

    def faults(self, condition: Condition, table: str) -> list[str]:
        """What is wrong with a condition on a table of this study, in words."""
        declared = self.variables.get(table, {})
        wrong = []
        for clause in condition.clauses:
            variable = declared.get(clause.variable)
            if variable is None:
                wrong.append(f"unknown variable {clause.variable!r} of table {table!r}" + suggestion(clause.variable, declared))
            elif variable.type in ("category", "boolean"):
                levels = variable.levels or ("0", "1")
                for value in clause.values:
                    if value != MISSING and value not in levels:
                        wrong.append(f"unknown level {value!r} of {clause.variable!r} (levels: {', '.join(levels)})")
        return wrong


def read_study(study: str | Path) -> Study:
    """Read ``study.yml``.

    Parameters
    ----------
    study : str or Path
        A slug (a folder of ``data``), or a folder that holds a ``study.yml``.

    Raises
    ------
    InputError
        With every fault: unknown study, unknown key, wrong type, a condition, endpoint
        or population that speaks of an undeclared table, variable or level.
    """
    folder = paths.study_folder(paths.study_named(study))
    path = folder / "study.yml"
    result: Study = validate_content(Study, load_yaml(path), path)
    result._folder = folder
    faults = [Fault(paths.shown(path), place, "declared names only", found) for place, found in _loose_ends(result)]
    if faults:
        raise InputError(faults)
    return result


def _loose_ends(study: Study) -> Iterator[tuple[str, str]]:
    """Places where a declaration speaks of something that is not declared."""
    yield from _loose_tables(study)
    for name, population in study.populations.items():
        place = f"populations.{name}"
        if population.table not in study.tables:
            yield place, f"unknown table {population.table!r}" + suggestion(population.table, study.tables)
            continue
        try:
            for found in study.faults(population.condition, population.table):
                yield place, found
        except ValueError as error:
            yield place, str(error)
    for name, endpoint in study.endpoints.items():
        declared = study.variables.get(endpoint.table, {})
        for variable in (endpoint.time, endpoint.event, *filter(None, [endpoint.competing])):
            if variable not in declared:
                yield f"endpoints.{name}", f"no variable {variable!r} in table {endpoint.table!r}" + suggestion(variable, declared)
        if endpoint.includes and (endpoint.includes == name or endpoint.includes not in study.endpoints):
            yield f"endpoints.{name}.includes", f"{endpoint.includes!r}, which is no other endpoint"
        if endpoint.within and endpoint.within not in study.populations:
            yield f"endpoints.{name}.within", f"unknown population {endpoint.within!r}"
    for name, grouping in study.groupings.items():
        declared = study.variables.get(grouping.table, {})
        if name not in declared:
            yield f"groupings.{name}", f"no variable {name!r} in table {grouping.table!r}" + suggestion(name, declared)
        elif declared[name].type not in ("category", "boolean"):
            yield f"groupings.{name}", f"a variable of type {declared[name].type}, which has no levels"
        elif grouping.reference and grouping.reference not in study.levels_of(name):
            yield f"groupings.{name}.reference", f"unknown level {grouping.reference!r} (levels: {', '.join(study.levels_of(name))})"


def _loose_tables(study: Study) -> Iterator[tuple[str, str]]:
    """The same of variables and tables."""
    for name in study.variables:
        for variable, declared in study.variables[name].items():
            if declared.time and declared.time not in study.variables[name]:
                yield (
                    f"variables.{name}.{variable}.time",
                    f"no variable {declared.time!r} in table {name!r}" + suggestion(declared.time, study.variables[name]),
                )
        if name not in study.tables:
            yield f"variables.{name}", f"unknown table {name!r}" + suggestion(name, study.tables)
    for name, table in study.tables.items():
        if table.key not in study.variables.get(name, {}):
            yield f"tables.{name}.key", f"no variable {table.key!r} in {name!r}"
        try:
            for found in study.faults(conditions.parse(table.first), name):
                yield f"tables.{name}.first", found
        except ValueError as error:
            yield f"tables.{name}.first", str(error)

"""The declaration of a study as a whole, and its reading from ``study.yml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PrivateAttr, model_validator

from analysis import paths
from analysis.cohorts import undeclared
from analysis.cohorts.conditions import Condition
from analysis.cohorts.declarations import Declaration, load_yaml, validate_content
from analysis.cohorts.populations import Populations
from analysis.cohorts.study_parts import Endpoint, Grouping, Reading, Table, TimeUnit, Variable
from analysis.errors import Fault, InputError, Undefined

LIMITS = tuple(f"{name}_{end}" for name in ("survival", "incidence", "survival_median", "follow_up_median") for end in ("lower", "upper"))
"""Statistics whose convention is a scale of the confidence interval of survival."""


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
        if isinstance(content.get("variables"), dict) and isinstance(content.get("endpoints"), dict):
            content["variables"] = _empty_outside(content["variables"], content["endpoints"])
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
        return undeclared.levels_of(variable)

    def reference_last(self, table: str, name: str) -> tuple[str, ...]:
        """Levels of a category or truth value of a table, its reference last: the declared one of a grouping, else the last level or 0."""
        levels = self.variables[table][name].levels or ("1", "0")
        declared = self.groupings.get(name)
        reference = declared.reference if declared and declared.table == table and declared.reference else levels[-1]
        return (*(level for level in levels if level != reference), reference)

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
        return undeclared.condition_faults(condition, table, self.variables)


def _empty_outside(variables: dict[str, Any], endpoints: dict[str, Any]) -> dict[str, Any]:
    """Variables as declared; those of endpoints of a part of the patients (`within`) alone may be empty for the others."""
    apart, of_all = set[tuple[str, str]](), set[tuple[str, str]]()
    for one in endpoints.values():
        if isinstance(one, dict):
            used = {(str(one.get("table", "cohort")), str(one[key])) for key in ("time", "event", "competing") if one.get(key)}
            (apart if one.get("within") else of_all).update(used)
    return {
        table: {
            name: {"missing": True} | variable if isinstance(variable, dict) and (table, name) in apart - of_all else variable
            for name, variable in declared.items()
        }
        if isinstance(declared, dict)
        else declared
        for table, declared in variables.items()
    }


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
    folder = paths.study_folder(paths.find_study(study))
    path = folder / "study.yml"
    result: Study = validate_content(Study, load_yaml(path), path)
    result._folder = folder
    undeclared_names = (
        *undeclared.in_variables(result.variables, result.tables),
        *undeclared.in_tables(result.tables, result.variables),
        *undeclared.in_populations(result.populations, result.tables, result.variables),
        *undeclared.in_endpoints(result.endpoints, result.populations, result.variables),
        *undeclared.in_groupings(result.groupings, result.variables),
    )
    faults = [Fault(paths.shorten_path(path), place, "declared names only", found) for place, found in undeclared_names]
    if faults:
        raise InputError(faults)
    return result

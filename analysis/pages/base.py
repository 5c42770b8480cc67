"""A study as a page opens it: its rows, cohorts and groups, and what to say where something does not apply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohorts import conditions
from analysis.cohorts.protection.counts import Protection
from analysis.cohorts.protection.released import Released
from analysis.cohorts.selection import Selection
from analysis.cohorts.study import read_study
from analysis.cohorts.study_parts import PER_MONTH, Endpoint
from analysis.errors import NotShown, Undefined
from analysis.figures.parts.time_axis import TimeAxis
from analysis.ledger.session.study_session import Opened, open_study
from analysis.ledger.session.unjudged import evaluate_protected, evaluate_unjudged
from analysis.ledger.statistics import groups as grouping
from analysis.ledger.verdicts.recompute import CohortValues
from analysis.pages import session
from analysis.pages.session import Parameter
from analysis.parameters import interpretations
from analysis.parameters.validation import is_own
from analysis.tables.html.audit_index import Judged, as_judged

#: The study's audit page, seen from its other pages.
AUDIT_PAGE = "audit.html"


class Base:
    """A study as one page shows it.

    Without arguments a page takes its parameters from the notebook that makes it (`analysis.pages.session`):
    none is passed by hand, so none can be forgotten.

    Parameters
    ----------
    study : str, optional
        Slug, or a folder with a study.yml: a page made in code, apart from a notebook's parameters.
    values : keywords
        With a study: parameters as `analysis.parameters.declarations` declares them, declared defaults for the others.

    Raises
    ------
    InputError
        If a parameter is unknown, may not have its value, or is not taken by the notebook.
    """

    audit_page = AUDIT_PAGE
    horizon = Parameter()
    level = Parameter()
    landmark = Parameter()
    seed = Parameter()
    ties = Parameter()

    def __init__(self, study: str | None = None, **values: Any):
        if study is None and values:
            raise TypeError("a page takes its parameters from the notebook; name a study to give others")
        self.parameters = given = session.of_notebook() if study is None else session.values_given(study, values)
        study, cohort = given["study"], given["cohort"]
        self.own = is_own(cohort)
        self.kept: dict[str, dict] = {}  # what sections compute once for a page
        self.protection = (
            Protection(given["threshold"], given["coarsening"], given["origin"] or "")
            if self.own and given["disclosure"] == "protected"
            else None
        )
        declared = given["reading"] in read_study(study).readings  # in study.yml; else in readings.yml
        self.selection = Selection(given["where"], given["first_enrolments"], given["reading"] if declared else None, given["censor_at"])
        opened = open_study(study, cohort, self.selection, self.protection)
        self.opened: Opened = opened if declared or given["reading"] is None else interpretations.follow(opened, given["reading"])

    @property
    def interval(self) -> str:
        """Scale of confidence intervals of survival: the parameter's, else the one that the study declares, else ``log``."""
        return self.parameters["interval"] or self.opened.study.interval or "log"

    @property
    def score_ties(self) -> str:
        """The page's handling of ties for tests and variances made of scores, which the exact likelihood has not: Breslow's instead."""
        return "breslow" if self.ties == "exact" else self.ties

    @property
    def significance(self) -> float:
        """Level of significance that the study declares."""
        return self.opened.study.significance

    @property
    def members(self) -> int:
        """Sampled cohorts beside the reference."""
        return max(len(self.opened.cohorts) - 1, 0)

    @cached_property
    def judged(self) -> Judged:
        """The audit of this page's cohort, with links to the study's audit page."""
        if self.compared:
            return as_judged(self.opened.audit, prefix=self.audit_page)
        study, ledger, released = self.opened.study, self.opened.ledger, self.opened.released
        own = evaluate_unjudged(study, ledger, self.opened.cohorts) if released is None else evaluate_protected(study, ledger, released)
        return as_judged(own, prefix=self.audit_page)

    @property
    def compared(self) -> bool:
        """Whether printed numbers stand beside: only where the patients are the published ones, all of them."""
        return not self.own and self.opened.whole

    def time_axis(self, endpoints: Iterable[Endpoint]) -> TimeAxis:
        """Time axis of a figure of some endpoints: the unit asked for or the study's, and their origin where they share one."""
        origins = {endpoint.origin for endpoint in endpoints}
        unit = self.parameters["time_unit"] or self.opened.study.time_axis
        return TimeAxis(unit, origins.pop() if len(origins) == 1 else "")

    @property
    def released(self) -> Released:
        """What may be known of the patients where they need protection.

        Raises
        ------
        Undefined
            If they need none.
        """
        if self.opened.released is None:
            raise Undefined("these patients are not a cohort of your own, or are shown without protection")
        return self.opened.released

    def without_rows(self) -> Undefined:
        """Why there are no rows: patients who need protection have none here, whoever asks."""
        return NotShown() if self.protection else Undefined("no cohort of this study has been reconstructed yet")

    @cached_property
    def values(self) -> tuple[CohortValues, ...]:
        """The cohorts, each ready to evaluate ledger rows and populations."""
        if not self.opened.reference:
            return ()
        return (self.opened.shown(strict=self.compared), *self.opened.members.cohorts)

    def rows_of(self, population: str, member: int = 0) -> pd.DataFrame:
        """Rows of a declared population in the reference cohort (0) or a member of the ensemble."""
        if not self.values:
            raise self.without_rows()
        return self.population_in(self.values[member], population)

    def unit_of(self, population: str) -> str:
        """What a row of a declared population is, e.g. ``enrolment``."""
        study = self.opened.study
        return study.tables[study.populations[population].table].unit

    def population_in(self, values: CohortValues, population: str) -> pd.DataFrame:
        """Rows of a declared population in one cohort.

        Raises
        ------
        Undefined
            If the cohort does not hold its table, or nobody is in it.
        """
        declared = self.opened.study.populations[population]
        if declared.table not in values.tables:
            raise Undefined(f"the table {declared.table} is not available")
        frame = values.population(population)
        if not len(frame):
            raise Undefined(f"there are no patients in “{declared.label}”")
        return frame

    def times(self, frame: pd.DataFrame, endpoint: str) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
        """Times, in months whatever the endpoint's unit, and 0/1 events of an endpoint, and the rows that have them.

        Raises
        ------
        Undefined
            If nobody has a time.
        """
        declared = self.opened.study.endpoints[endpoint]
        known = frame[declared.time].notna().to_numpy() & frame[declared.event].notna().to_numpy()
        if not known.any():
            raise Undefined(f"no patient has a time of {_within(declared.label)}")
        rows = frame if known.all() else frame[known]
        time, event = declared.observed(rows[declared.time].to_numpy(float), rows[declared.event].to_numpy(bool))
        return time / PER_MONTH.get(declared.unit, 1.0), event.astype(int), rows

    def months_of(self, frame: pd.DataFrame, name: str) -> np.ndarray:
        """Values of a variable that holds a time, in months whatever its unit; NaN where unknown."""
        unit = next((declared[name].unit for declared in self.opened.study.variables.values() if name in declared), None)
        return frame[name].astype("Float64").to_numpy(float, na_value=np.nan) / PER_MONTH.get(unit or "months", 1.0)

    def positions(self, frame: pd.DataFrame, by: str, groups: Sequence[str]) -> np.ndarray:
        """Group of each row: 0 the first, 1 the reference, −1 neither.

        Raises
        ------
        Undefined
            If a group is empty.
        """
        table = next(name for name, declared in self.opened.study.variables.items() if by in declared)
        found = grouping.assign_groups(frame, by, groups, self.opened.study.variables[table][by])
        empty = [group for number, group in enumerate(groups) if not (found == number).any()]
        if empty:
            raise Undefined(f"there are no patients with {by} {' or '.join(empty)}")
        return found

    def two_groups(self, frame: pd.DataFrame, endpoint: str, by: str, groups: Sequence[str]) -> dict[str, np.ndarray]:
        """Times of an endpoint by group: time, event, position (0 first, 1 reference), one entry a patient of either.

        Raises
        ------
        Undefined
            If a group is empty or nobody has an event.
        """
        time, event, rows = self.times(frame, endpoint)
        position = self.positions(rows, by, groups)
        inside = position >= 0
        time, event, position = time[inside], event[inside], position[inside]
        if not event.any():
            raise Undefined(f"no event of {_within(self.opened.study.endpoints[endpoint].label)}")
        return {"time": time, "event": event, "position": position}

    def randomised(self, by: str, population: str, among: str = "") -> bool:
        """Whether the groups of a variable were formed at random in a population, or in those of it who meet a condition: as long as
        nothing narrows them that was known only later, and their patients are those of the paper.
        """
        study = self.opened.study
        declared = study.populations[population]
        narrowing = (declared.condition & conditions.parse(among) & conditions.parse(self.selection.where)).variables
        return study.randomised(by) and not self.own and all(study.variables[declared.table][name].known == "start" for name in narrowing)

    @staticmethod
    def met(frame: pd.DataFrame, where: str) -> np.ndarray:
        """Rows that meet a condition, e.g. ``arm=A & age<10``."""
        return conditions.parse(where).mask(frame)


def _within(label: str) -> str:
    """A label inside a sentence: its first letter small."""
    return label[:1].lower() + label[1:]

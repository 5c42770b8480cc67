"""Which rows of a cohort a page looks at: a condition, first enrolments only, one reading of an ambiguous sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cohorts import conditions
from analysis.cohorts.conditions import Condition
from analysis.cohorts.populations import Populations
from analysis.cohorts.reading import ABSENT
from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import PER_MONTH, Reading
from analysis.errors import Fault, InputError, suggestion

COHORT = "cohort"
"""The table that a selection speaks of, and that a cohort of somebody's own stands for."""

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Selection:
    """What is asked for in place of everybody.

    Attributes
    ----------
    where : str
        Condition on the table ``cohort``; empty is everybody.
    first : bool
        Only the first row of a patient who has several.
    reading : str or None
        Name of a declared reading.
    censor_at : float or None
        Months from its origin at which the follow-up of every endpoint is censored.
    """

    where: str = ""
    first: bool = False
    reading: str | None = None
    censor_at: float | None = None

    def condition(self, study: Study) -> Condition:
        """All that a row must meet.

        Raises
        ------
        InputError
            If the condition cannot be read, or speaks of what the study does not declare.
        """
        try:
            asked = conditions.parse(self.where)
            wrong = study.faults(asked, COHORT)
        except ValueError as error:
            asked, wrong = Condition(), [str(error)]
        if wrong:
            expected = f"a condition on declared variables of {study.slug}, e.g. 'variable=level & number>=10'"
            raise InputError(Fault("parameters", "parameter where", expected, found) for found in wrong)
        first = study.tables[COHORT].first if self.first and COHORT in study.tables else ""
        return asked & conditions.parse(first)

    def read(self, study: Study) -> Study:
        """The study under the chosen reading, its endpoints censored where that is asked for.

        Raises
        ------
        InputError
            If the study declares no such reading.
        """
        read = self._under_reading(study)
        if self.censor_at is None:
            return read
        return read.censored(self.censor_at, {name: self.censor_at * PER_MONTH.get(one.unit, 1.0) for name, one in read.endpoints.items()})

    def _under_reading(self, study: Study) -> Study:
        if self.reading is None:
            return study
        if self.reading not in study.readings:
            expected = f"one of {', '.join(study.readings)}" if study.readings else f"none, as {study.slug} declares no readings"
            raise InputError(
                Fault("parameters", "parameter reading", expected, repr(self.reading) + suggestion(self.reading, study.readings))
            )
        chosen: Reading = study.readings[self.reading]
        changed = study.model_copy(
            update={
                "endpoints": {**study.endpoints, **chosen.endpoints},
                "populations": Populations({**study.populations, **chosen.populations}),
            }
        )
        changed._folder = study.folder
        return changed


def select(study: Study, tables: Tables, condition: Condition) -> dict[str, pd.DataFrame]:
    """Tables of the patients who meet a condition.

    A table that declares everything the condition speaks of is filtered by itself; one that
    refers to rows of the cohort keeps those of the rows that stay; any other is left out, as
    nothing says which of its rows are meant.

    Parameters
    ----------
    study : Study
    tables : mapping of str to DataFrame
    condition : Condition
        On the table ``cohort``.

    Raises
    ------
    InputError
        If somebody's own cohort lacks a column that the condition speaks of.
    """
    if not condition.clauses or COHORT not in tables:
        return dict(tables)
    frame = tables[COHORT]
    lacking = [name for name in condition.variables if name in frame.attrs.get(ABSENT, ())]
    if lacking:
        raise InputError(Fault("parameters", "selection of patients", "columns that the cohort has", f"no column {', '.join(lacking)}"))
    kept = frame[condition.mask(frame)]
    key = study.tables[COHORT].key
    found = {COHORT: kept}
    for name, other in tables.items():
        declared = study.variables[name]
        if name == COHORT:
            continue
        if all(variable in declared for variable in condition.variables):
            found[name] = other[condition.mask(other)]
        elif key in declared and study.tables[name].key != key:
            found[name] = other[other[key].isin(kept[key])]
    return found


def same_rows(before: Sequence[Tables], after: Sequence[Tables]) -> bool:
    """Whether a selection left every row of every cohort in place."""
    return all(
        set(one) == set(other) and all(len(one[name]) == len(other[name]) for name in one) for one, other in zip(before, after, strict=True)
    )

"""Unpublished quantities whose ranges are searched for their ends: ``ranges.yml`` of a study."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property

import pandas as pd

from analysis.cohorts import conditions
from analysis.cohorts.declarations import Declaration, load_yaml, validated
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError, suggestion
from analysis.ledger import checks, printed
from analysis.ledger.recompute import CohortValues
from analysis.ledger.rows import Row
from analysis.ledger.statistics import REGISTRY
from analysis.paths import shown

FILE = "ranges.yml"


class Aim(Declaration):
    """A quantity that is not printed, described as a ledger row would be.

    Attributes
    ----------
    id : str
    quantity : str
        In words, with its unit.
    population, subset, statistic : str
    arguments : dict of str to str
        As in the ledger.
    convention : str
        Of the statistic; its default where left out.
    decimals : int
        With which it is shown.
    """

    id: str
    quantity: str
    population: str = "all"
    subset: str = ""
    statistic: str
    arguments: dict[str, str] = {}
    convention: str = ""
    decimals: int = 2

    @cached_property
    def row(self) -> Row:
        """The quantity as a row of a ledger in which nothing is printed of it."""
        return Row(
            self.id, "not printed", self.quantity, self.population, conditions.parse(self.subset), self.statistic, self.arguments,
            "0", "held-out", None, "", "", printed.parse("0"), 0, self.id,
        )  # fmt: skip

    @property
    def greatest(self) -> float:
        """No value is greater."""
        return math.inf

    @property
    def linear(self) -> bool:
        """Whether it is a number of patients, whose ends the solver can prove."""
        return self.statistic == "count"

    def value(self, study: Study, tables: Mapping[str, pd.DataFrame]) -> float:
        """On the typed tables of a cohort; NaN where it is undefined."""
        values = CohortValues(study, tables).of(self.row)
        return float(values[self.convention or self.row.registered.default or next(iter(values))])


def read_aims(study: Study) -> tuple[Aim, ...]:
    """Aims of a study, in the order of their file; none where there is no file.

    Raises
    ------
    InputError
        With every fault: unknown keys, statistics, populations, variables, conventions, an id used twice.
    """
    path = study.folder / FILE
    if not path.is_file():
        return ()
    aims = validated(tuple[Aim, ...], load_yaml(path) or (), path)
    faults: list[Fault] = []
    seen: set[str] = set()
    for aim in aims:
        faults += [Fault(shown(path), f"{aim.id}, {column}", expected, found) for column, expected, found in _wrong(study, aim)]
        if aim.id in seen:
            faults.append(Fault(shown(path), f"id {aim.id}", "an id used once", "twice"))
        seen.add(aim.id)
    if faults:
        raise InputError(faults)
    return aims


def _wrong(study: Study, aim: Aim) -> list[tuple[str, str, str]]:
    if aim.statistic not in REGISTRY:
        return [("statistic", "a registered statistic", repr(aim.statistic) + suggestion(aim.statistic, REGISTRY))]
    try:
        row = aim.row
    except ValueError as error:
        return [("subset", "a condition", str(error))]
    return checks.declared(study, row)

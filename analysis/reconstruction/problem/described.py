"""Quantities described as rows of a ledger are, of which no number is printed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import pandas as pd

from analysis.cohorts import conditions
from analysis.cohorts.declarations import Declaration
from analysis.cohorts.study import Study
from analysis.errors import suggestion
from analysis.ledger.rows import checks, printed
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics import REGISTRY
from analysis.ledger.statistics.registry import Range
from analysis.ledger.verdicts.recompute import CohortValues


class Described(Declaration):
    """A quantity that is not printed.

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
    """

    id: str
    quantity: str
    population: str = "all"
    subset: str = ""
    statistic: str
    arguments: dict[str, str] = {}
    convention: str = ""

    @cached_property
    def row(self) -> Row:
        """The quantity as a row of a ledger in which nothing is printed of it."""
        return Row(
            self.id, "not printed", self.quantity, self.population, conditions.parse(self.subset), self.statistic, self.arguments,
            "0", "held-out", None, "", "", printed.parse("0"), 0, self.id,
        )  # fmt: skip

    def has(self, study: Study, tables: Mapping[str, pd.DataFrame]) -> bool:
        """Whether tables hold what it needs."""
        return study.populations[self.population].table in tables

    def value(self, study: Study, tables: Mapping[str, pd.DataFrame]) -> float:
        """On the typed tables of a cohort; NaN where it is undefined."""
        values = CohortValues(study, tables).of(self.row)
        value = values[self.convention or self.row.registered.default or next(iter(values))]
        assert not isinstance(value, Range), "only what is computed from printed cells gives a range"
        return float(value)

    def faults(self, study: Study) -> list[tuple[str, str, str]]:
        """What is wrong with the description: column, what was expected, what was found."""
        if self.statistic not in REGISTRY:
            return [("statistic", "a registered statistic", repr(self.statistic) + suggestion(self.statistic, REGISTRY))]
        try:
            row = self.row
        except ValueError as error:
            return [("subset", "a condition", str(error))]
        return list(checks.check_declarations(study, row))

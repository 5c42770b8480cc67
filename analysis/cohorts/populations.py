"""Populations of a study: declared ones, and those that a condition narrows where they are named."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from analysis.cohorts import conditions
from analysis.cohorts.conditions import Condition
from analysis.cohorts.declarations import Declaration

AND = " & "
"""Joins the name of a declared population and what narrows it, as it joins clauses."""


class Population(Declaration):
    """Rows of a table that meet a condition.

    Attributes
    ----------
    table : str
        Table of the patients.
    where : str
        Condition, e.g. ``arm=A & age>=10``; everybody, if empty.
    label : str
        What figures and tables call it.
    """

    table: str = "cohort"
    where: str = ""
    label: str

    @cached_property
    def condition(self) -> Condition:
        return conditions.parse(self.where)


class Populations(dict[str, Population]):
    """Declared populations by name; ``arm_a & grade!=?`` is found, too: those of ``arm_a`` whose grade is known.

    Only the declared ones are iterated over.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(cls, handler(dict[str, Population]))

    def __missing__(self, name: str) -> Population:
        declared, _, further = name.partition(AND)
        if not further or not dict.__contains__(self, declared):
            raise KeyError(name)
        base = dict.__getitem__(self, declared)
        try:
            narrowed = base.condition & conditions.parse(further)
        except ValueError:
            raise KeyError(name) from None
        return Population(table=base.table, where=str(narrowed), label=f"{base.label}, {further}")

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def get(self, name: str, default: Any = None) -> Any:
        """Population of a name, declared or narrowed; `default` where there is none."""
        try:
            return self[name]
        except KeyError:
            return default

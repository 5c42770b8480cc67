"""What a reconstruction assumes beside the printed numbers: ``reconstruction.yml`` of a study.

Printed numbers rank above assumptions.  Each assumption says why, so that a reader can
dispute it; the header of a study's file explains the keys.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property

import pandas as pd

from analysis.cohorts import conditions
from analysis.cohorts.conditions import Condition
from analysis.cohorts.declarations import Declaration, load_yaml, validate_content
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError, suggestion
from analysis.ledger.rows.row import Ledger
from analysis.paths import shorten_path
from analysis.reconstruction.problem.default_timeline import default_timeline
from analysis.reconstruction.problem.described import Described
from analysis.reconstruction.problem.digitised import Digitised
from analysis.reconstruction.problem.linked import Linked, Reading
from analysis.reconstruction.problem.timeline_assumptions import Timeline


class Rule(Declaration):
    """Rows that meet `when` meet `then`."""

    when: str
    then: str
    why: str

    @cached_property
    def premise(self) -> Condition:
        return conditions.parse(self.when)

    @cached_property
    def conclusion(self) -> Condition:
        return conditions.parse(self.then)


class Bound(Declaration):
    """Between `at_least` and `at_most` rows meet `where`."""

    where: str
    at_least: int = 0
    at_most: int = 10**6
    why: str

    @cached_property
    def condition(self) -> Condition:
        return conditions.parse(self.where)


class Statement(Described):
    """What the paper says in words of a quantity that it does not print, such as a difference that is not significant.

    Attributes
    ----------
    at_least, at_most : float
        Between which a cohort must have it.
    source : str
        Where the paper says so.
    why : str
    """

    at_least: float = -math.inf
    at_most: float = math.inf
    source: str
    why: str

    def broken(self, study: Study, tables: Mapping[str, pd.DataFrame]) -> str:
        """What a cohort has instead, in words; empty where the statement is true, or needs a table that is not available."""
        if not self.has(study, tables):
            return ""
        value = self.value(study, tables)
        return "" if self.at_least <= value <= self.at_most else f"{self.quantity}: {value:.3g}, where the paper says {self.why}"


class Pair(Declaration):
    """A patient with two rows: conditions on the first and on the second.

    `gap` are the months that may lie between the two rows' origins; without it nothing is
    asked of their times.  With it the first row has its first event before the second row
    begins, and either both end together, or the first is followed, alive, until the second begins.
    """

    first: str
    second: str
    gap: tuple[int, int] | None = None
    why: str


class Pairs(Declaration):
    """Rows that belong to the same patient.

    Attributes
    ----------
    key : str
        Variable that names the patient.
    same : tuple of str
        Variables whose block does not change between the two rows.
    age : str
        Variable that grows by the gap.
    known : tuple of Pair
    """

    key: str
    same: tuple[str, ...]
    age: str = ""
    known: tuple[Pair, ...]


class Parent(Declaration):
    """A table with several rows for each row of another one."""

    table: str
    key: str
    count: str
    number: str
    copied: tuple[str, ...] = ()


class TableAssumptions(Declaration):
    """Assumptions of one table.

    Attributes
    ----------
    rules, bounds, pairs, parent
        See there.
    filled : dict
        Columns on which nothing is printed, with one value for all rows.
    derived : dict of str to tuple of str, or to dict of str to float
        Columns that are sums of others, or weighted sums of others in other units (how much of its unit one unit of each is): age at
        relapse is ``{age: 1, months_to_relapse: 0.0833333}``, in completed years if it is an integer. Missing where one of them is.
    likely : dict of variable to weights of levels
        What a start draws where the printed numbers leave a choice.
    baseline : tuple of str
        Columns known at the start, which stay with a row when rows exchange their outcomes; of
        linked cases, those that the registry has besides.
    """

    rules: tuple[Rule, ...] = ()
    bounds: tuple[Bound, ...] = ()
    pairs: Pairs | None = None
    parent: Parent | None = None
    filled: dict[str, float | str | None] = {}
    derived: dict[str, tuple[str, ...] | dict[str, float]] = {}
    likely: dict[str, dict[str, float]] = {}
    baseline: tuple[str, ...] = ()


class Assumptions(Declaration):
    timeline: Timeline | None = None
    linked: Linked | None = None
    readings: dict[str, Reading] = {}
    tables: dict[str, TableAssumptions] = {}
    statements: tuple[Statement, ...] = ()
    set_aside: dict[str, str] = {}
    digitised: tuple[Digitised, ...] = ()

    def of(self, table: str) -> TableAssumptions:
        return self.tables.get(table, TableAssumptions())


def read_assumptions(study: Study, ledger: Ledger) -> Assumptions:
    """Read ``reconstruction.yml`` beside a study's declaration; where it has no timeline, that of `default_timeline`.

    Raises
    ------
    InputError
        With every fault: unknown key, variable, level, endpoint or table.
    """
    path = study.folder / "reconstruction.yml"
    found: Assumptions = validate_content(Assumptions, load_yaml(path) or {}, path)
    if found.timeline is None and found.linked is None:
        found = found.model_copy(update={"timeline": default_timeline(study, ledger)})
    faults = [Fault(shorten_path(path), place, "declared names only", wrong) for place, wrong in _loose_ends(study, found)]
    if faults:
        raise InputError(faults)
    return found


def _loose_ends(study: Study, assumptions: Assumptions):
    for name, table in assumptions.tables.items():
        if name not in study.tables:
            yield f"tables.{name}", f"unknown table {name!r}"
            continue
        for kind, texts in (
            ("rules", [text for rule in table.rules for text in (rule.when, rule.then)]),
            ("bounds", [bound.where for bound in table.bounds]),
        ):
            for text in texts:
                yield from ((f"tables.{name}.{kind}", wrong) for wrong in _faults(study, text, name, table.parent))
        for column, parts in table.derived.items():
            yield from (
                (f"tables.{name}.derived", f"unknown variable {one!r}" + suggestion(one, study.variables[name]))
                for one in (column, *parts)
                if one not in study.variables[name]
            )
    for statement in assumptions.statements:
        yield from (
            (f"statements.{statement.id}, {column}", f"{found} (expected {expected})")
            for column, expected, found in statement.faults(study)
        )
    timeline = assumptions.timeline
    if timeline is None:
        return
    for endpoint in (*timeline.chain, *(window.endpoint for window in timeline.windows)):
        if endpoint not in study.endpoints:
            yield "timeline", f"unknown endpoint {endpoint!r}"
    for name in timeline.causes:
        declared = study.endpoints.get(name)
        if (
            declared is None
            or not declared.competing
            or len(timeline.chain) != 2
            or declared.time != study.endpoints[timeline.chain[0]].time
        ):
            yield "timeline.causes", f"{name!r}, which is no endpoint with a competing event and the time of the first of two in `chain`"
        elif any(study.endpoints[other].competing == declared.event for other in timeline.causes if other in study.endpoints):
            yield "timeline.causes", f"{name!r}, whose event competes with another one of them: one of the two says both"
    for window in timeline.windows:
        yield from (("timeline.windows", wrong) for wrong in _faults(study, window.where, timeline.table, None))


def _faults(study: Study, text: str, table: str, parent: Parent | None) -> list[str]:
    try:
        condition = conditions.parse(text)
    except ValueError as error:
        return [str(error)]
    wrong = []
    for clause in condition.clauses:
        owner = table
        if parent and clause.variable.startswith(f"{parent.table}_"):
            clause = conditions.Clause(clause.variable.removeprefix(f"{parent.table}_"), clause.comparison, clause.values)
            owner = parent.table
        wrong += study.faults(Condition((clause,)), owner)
    return wrong

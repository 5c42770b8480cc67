"""Declarations of a cohort whose rows are the cases of a registry: key ``linked`` of ``reconstruction.yml``."""

from __future__ import annotations

from functools import cached_property

from pydantic import Field

from analysis.cohorts import conditions
from analysis.cohorts.conditions import Condition
from analysis.cohorts.declarations import Declaration


class Span(Declaration):
    """Rows that meet `where` have a value of `variable` from `first` to `last` (both included)."""

    where: str
    variable: str
    first: float
    last: float
    why: str

    @cached_property
    def condition(self) -> Condition:
        return conditions.parse(self.where)


class Order(Declaration):
    """`before` precedes `after` by at least `gap` wherever both are known."""

    before: str
    after: str
    gap: float = Field(0.0, ge=0)
    why: str


class Exchange(Declaration):
    """Variables whose levels may change places together between rows that meet `where`."""

    variables: tuple[str, ...]
    where: str
    why: str

    @cached_property
    def condition(self) -> Condition:
        return conditions.parse(self.where)


class FirstEvent(Declaration):
    """An endpoint that ends with a relapse, with death, or at once where a reading says so.

    Attributes
    ----------
    endpoint : str
    relapse : str
        Variable: whether there was one.
    later : tuple of str
        Times that precede a relapse.
    reading : str
        Key of ``readings``; its `zero` names the rows whose event is on day 0, conditions joined by `` | ``
        with spaces.
    """

    endpoint: str
    relapse: str = "relapse"
    later: tuple[str, ...] = ()
    reading: str
    why: str


class Times(Declaration):
    """How the times of the cases hang together.

    Attributes
    ----------
    endpoint : str
        The one that ends all others.
    grain : float
        Times are whole multiples of it (months).
    variables : tuple of str
        Times to be searched; the endpoint's comes first.
    derived : dict of str to float
        Variables that are the endpoint's time divided by a number (12: years).
    rounded_twice : dict of str to str
        Ids of rows that no cohort satisfies under plain rounding, and the proof; the search
        takes every value that some documented rounding rule turns into what is printed.
    """

    endpoint: str
    grain: float = Field(gt=0)
    variables: tuple[str, ...]
    windows: tuple[Span, ...] = ()
    order: tuple[Order, ...] = ()
    exchange: tuple[Exchange, ...] = ()
    first_event: FirstEvent | None = None
    derived: dict[str, float] = {}
    rounded_twice: dict[str, str] = {}


class Linked(Declaration):
    """A table of cases, and the registry to which they belong.

    Attributes
    ----------
    cases, registry : str
        Tables.
    where : str
        The registry's rows that are cases.
    key : str
        Variable that links them.
    given : dict of str to str
        Registry columns that are the same for all cases.
    skeleton : tuple of str
        Columns of the cases decided first, as counts.
    stages : tuple of tuple of str
        Columns of the registry, in the order in which they are filled; those of one stage together.
    whole : tuple of str
        Numbers of the cases that are filled from printed summaries.
    shuffled : tuple of Exchange
        Labels of the cases that hang together with nothing else.
    kept : int
        Members of the ensemble whose registry is saved; of the others the cases alone.
    """

    cases: str
    registry: str
    where: str
    key: str
    given: dict[str, str] = {}
    skeleton: tuple[str, ...]
    stages: tuple[tuple[str, ...], ...]
    whole: tuple[str, ...] = ()
    shuffled: tuple[Exchange, ...] = ()
    kept: int = 25
    times: Times

    @cached_property
    def condition(self) -> Condition:
        return conditions.parse(self.where)


class Reading(Declaration):
    """One way to read a sentence that cannot be read plainly, and what came of it.

    Attributes
    ----------
    of : str
        The sentence, in our words.
    chosen : bool
        Whether the saved cohorts follow it.
    zero : str
        For an endpoint of first events: rows whose event is on day 0.
    text, outcome : str
    """

    of: str
    chosen: bool
    zero: str = ""
    text: str
    outcome: str

    @cached_property
    def at_zero(self) -> tuple[Condition, ...]:
        return tuple(conditions.parse(part) for part in self.zero.split(" | ")) if self.zero else ()

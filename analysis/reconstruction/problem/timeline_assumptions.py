"""Assumptions about times: months, windows, tallies and a second clock."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field, PrivateAttr

from analysis.cohorts import conditions
from analysis.cohorts.conditions import Condition
from analysis.cohorts.declarations import Declaration

REVERSE = "reverse Kaplan-Meier"
FollowUp = Literal["over all", "over survivors", "reverse Kaplan-Meier"]


class Window(Declaration):
    """Months in which rows that meet `where` may have the `endpoint`'s event, end their time, or stay free of it."""

    where: str
    endpoint: str
    what: str = Field("event", pattern="^(event|end|free)$")
    first: int = 0
    last: int = 10**6
    why: str

    @cached_property
    def condition(self) -> Condition:
        return conditions.parse(self.where)


class Term(Declaration):
    """Rows that meet `where` and have (`what` = event, end or free) in a stretch of months."""

    where: str
    endpoint: str
    what: str = Field("event", pattern="^(event|end|free)$")
    first: int = 0
    last: int = 10**6

    @cached_property
    def condition(self) -> Condition:
        return conditions.parse(self.where)


class Tally(Declaration):
    """Bounds of a sum of numbers of rows; a later stage needs them, and `why` says how they follow."""

    terms: tuple[Term, ...]
    at_least: int = 0
    at_most: int = 10**6
    why: str


class Pattern(Declaration):
    """One order of the events of some groups: who is at risk when they happen, and which of them are tied.

    Attributes
    ----------
    at_risk, events : tuple of tuple of int, shape (event times, groups)
        Of each group just before an event time, and the events then.
    gives_up : dict of row id to reason
        Imposed rows that cannot hold in this order.
    """

    at_risk: tuple[tuple[int, ...], ...]
    events: tuple[tuple[int, ...], ...]
    gives_up: dict[str, str] = {}


class Order(Declaration):
    """The orders of events that printed curves and comparisons leave, found by `order_search`; each start takes one of them.

    Attributes
    ----------
    id : str
    endpoint : str
        Of the chain.
    groups : tuple of str
        Conditions on the strata; every row meets one of them.
    patterns : tuple of Pattern
    """

    id: str
    endpoint: str
    groups: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    why: str

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        return tuple(conditions.parse(group) for group in self.groups)


class Clock(Declaration):
    """Endpoints whose time starts later than the chain's, for some rows.

    Attributes
    ----------
    origin : str
        Variable: months from the chain's origin to this one.  Large groups alone know a chain's own time, as of survival after
        relapse, and a start of which no variable tells (empty).
    where : str
        Rows that have the clock.
    first, last : int
        Months in which it may start.
    ends : tuple of str
        Endpoints that end with the chain's last one and share its event.
    events : tuple of str
        Endpoints with an event of their own: the chain's first event where it comes after
        the clock's start; where that came before, perhaps a second one.
    from_origin : tuple of str
        Endpoints with the event of `events`, of the same rows, whose time counts from the chain's origin.
    needed : bool
        Whether a death needs an event of `events` first.
    early : str
        Rows whose first event of the chain may come before the clock's start.
    """

    origin: str = ""
    where: str
    first: int = 0
    last: int = 10**6
    ends: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    from_origin: tuple[str, ...] = ()
    needed: bool = True
    early: str = ""
    why: str

    @cached_property
    def condition(self) -> Condition:
        return conditions.parse(self.where)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """All endpoints of the clock, in the order in which the search numbers them."""
        return (*self.ends, *self.events, *self.from_origin)


class Timeline(Declaration):
    """How the times of a table's endpoints hang together.

    Attributes
    ----------
    chain : tuple of str
        One or two endpoints on one clock.  With two: an event of the last is preceded by
        (or is) one of the first, and without an event of the first both end together.
    causes : tuple of str
        Endpoints that share the time of a chain's first one: their event is a first event that is not the last endpoint's (a
        relapse), their competing event one that is (a death without relapse), after which both times end together.
    last : int
        Months; no time is longer.
    strata : mapping of variable to "each", or to lists of levels taken together
        What the model of times tells apart.
    months : mapping of str to int
        How many distinct months a start may use in each stretch: {"2-11": 6, …}.
    always : tuple of int
        Months every start may use.
    follow_up : {"over all", "over survivors", "reverse Kaplan-Meier"}
        Whose times the printed follow-up summarises; its median by the last of these is known to the search of large groups alone.
    crowd : dict of str to int
        Most rows whose time ends without an event in one month of a stretch.
    labels_counted : bool
        Whether the model of times counts rows by the labels that rules and printed numbers tie to groups and events.
    steps : int
        Steps of time in a unit of the chain's times: 1 for whole months, 10 for tenths (large groups alone).
    clock : Clock
    clocks : tuple of Clock
        Beside `clock`, or in its place, such as one from remission and one from transplantation (large groups alone).
    """

    table: str = "cohort"
    chain: tuple[str, ...]
    causes: tuple[str, ...] = ()
    last: int
    strata: dict[str, str | tuple[tuple[str, ...], ...]]
    months: dict[str, int]
    always: tuple[int, ...] = ()
    follow_up: FollowUp = "over all"
    crowd: dict[str, int] = {}
    labels_counted: bool = False
    steps: int = Field(1, ge=1, le=100)
    windows: tuple[Window, ...] = ()
    tallies: tuple[Tally, ...] = ()
    orders: tuple[Order, ...] = ()
    clock: Clock | None = None
    clocks: tuple[Clock, ...] = ()
    _by_default: bool = PrivateAttr(default=False)

    @property
    def by_default(self) -> bool:
        """Whether it follows from the study's declarations, where nobody declared how times hang together."""
        return self._by_default

    @property
    def all_clocks(self) -> tuple[Clock, ...]:
        """Those of `clock` and `clocks`."""
        return (*filter(None, [self.clock]), *self.clocks)

    @property
    def first(self) -> int:
        """The first month in which a time may end."""
        return min([min((int(stretch.split("-")[0]) for stretch in self.months), default=1), *self.always])

    @property
    def first_step(self) -> int:
        """The same in steps: with several a month, the first of that month."""
        return self.first if self.steps == 1 else max(0, (self.first - 1) * self.steps + 1) if self.first else 0

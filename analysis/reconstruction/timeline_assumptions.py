"""Assumptions about times: months, windows, tallies and a second clock."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field

from analysis.cohorts import conditions
from analysis.cohorts.conditions import Condition
from analysis.cohorts.declarations import Declaration


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


class Clock(Declaration):
    """Endpoints whose time starts later than the chain's, for some rows.

    Attributes
    ----------
    origin : str
        Variable: months from the chain's origin to this one.
    where : str
        Rows that have the clock.
    first, last : int
        Months in which it may start.
    ends : tuple of str
        Endpoints that end with the chain's last one and share its event.
    events : tuple of str
        Endpoints with an event of their own: the chain's first event where it comes after
        the clock's start; where that came before, perhaps a second one.
    needed : bool
        Whether a death needs an event of `events` first.
    early : str
        Rows whose first event of the chain may come before the clock's start.
    """

    origin: str
    where: str
    first: int
    last: int
    ends: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    needed: bool = True
    early: str = ""
    why: str


class Timeline(Declaration):
    """How the times of a table's endpoints hang together.

    Attributes
    ----------
    chain : tuple of str
        One or two endpoints on one clock.  With two: an event of the last is preceded by
        (or is) one of the first, and without an event of the first both end together.
    last : int
        Months; no time is longer.
    strata : mapping of variable to "each", or to lists of levels taken together
        What the model of times tells apart.
    months : mapping of str to int
        How many distinct months a start may use in each stretch: {"2-11": 6, …}.
    always : tuple of int
        Months every start may use.
    follow_up : {"over all", "over survivors"}
        Whose times the printed follow-up summarises.
    crowd : dict of str to int
        Most rows whose time ends without an event in one month of a stretch.
    """

    table: str = "cohort"
    chain: tuple[str, ...]
    last: int
    strata: dict[str, str | tuple[tuple[str, ...], ...]]
    months: dict[str, int]
    always: tuple[int, ...] = ()
    follow_up: Literal["over all", "over survivors"] = "over all"
    crowd: dict[str, int] = {}
    windows: tuple[Window, ...] = ()
    tallies: tuple[Tally, ...] = ()
    clock: Clock | None = None

"""A result over many cohorts that satisfy the same printed numbers: the reference value and the sampled range."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np

from analysis.errors import Undefined
from analysis.estimators.engines.shown import kernels

Cohort = TypeVar("Cohort")
#: A number, or numbers by whatever names them; a text under the name ``why`` says why those that are NaN are.
Found: TypeAlias = float | Mapping[Any, float | str]
Given = TypeVar("Given")
Made = TypeVar("Made")

LABEL = "across cohorts"
#: Parameter that a reason begins with, which says nothing to the reader of a page; kept where it is the subject of what follows.
_PARAMETER = re.compile(r"^[a-z_]+: (?!expected)")


@dataclass(frozen=True)
class Sampled:
    """A value on a reference cohort and its range over an ensemble.

    Attributes
    ----------
    reference : float
        NaN where it is undefined; then `why` says why.
    low, high : float
        Smallest and largest value among the reference and the sampled cohorts in which it is defined; NaN without an
        ensemble. What the search happened to find: an inner bound of what is possible, without probability meaning.
    members, undefined : int
        Sampled cohorts beside the reference, and how many of them do not define the value.
    why : str
    searched : str
        What is to be said of a range of which both ends were searched for; empty where the cohorts just happen to span it.
    """

    reference: float
    low: float
    high: float
    members: int
    undefined: int
    why: str = ""
    searched: str = ""

    @property
    def defined(self) -> bool:
        """Whether the reference cohort has a value."""
        return not np.isnan(self.reference)

    @property
    def ranged(self) -> bool:
        """Whether there is a range to show."""
        return self.members > self.undefined and not np.isnan(self.low)

    @property
    def fixed(self) -> bool:
        """Whether all sampled cohorts give one value."""
        return self.ranged and self.low == self.high and not self.undefined


def over(cohorts: Iterable[Cohort], function: Callable[[Cohort], Found]) -> dict[Any, Sampled]:
    """Evaluate a function on a reference cohort and on the other members of an ensemble, on these by this project's kernels alone.

    Parameters
    ----------
    cohorts : iterable
        The reference first; whatever the function takes.
    function : callable
        Of a cohort to a number, or to numbers by name. `analysis.errors.Undefined` means that the value does not exist there
        (an arm without patients, no event). A text under the name ``why`` says why those that are NaN are.

    Returns
    -------
    dict to Sampled
        By name; a single number under the name ``value``. If the reference is undefined and no member names its
        values, there is one entry ``value``.

    Raises
    ------
    ValueError
        If there is no cohort at all.
    """
    return over_many(list(cohorts), lambda some: each(function, some))


def over_many(cohorts: Sequence[Cohort], function: Callable[[Sequence[Cohort]], Sequence[Found | Undefined]]) -> dict[Any, Sampled]:
    """As `over`, by a function of many cohorts at once: asked of the reference alone, then of all members.

    Parameters
    ----------
    cohorts : sequence
        The reference first.
    function : callable
        Of a sequence of cohorts to what it gives for each, as `over` describes it, the `Undefined` itself where there is one.
    """
    if not cohorts:
        raise ValueError("cohorts: expected at least one, found none")
    results = [*function(cohorts[:1])]
    with kernels():
        results += function(cohorts[1:]) if len(cohorts) > 1 else []
    found, reasons = zip(*map(_read, results), strict=True)
    names = list(dict.fromkeys(name for values in found for name in values)) or ["value"]
    return {name: of([values.get(name, np.nan) for values in found], reasons[0]) for name in names}


def each(function: Callable[[Given], Made], items: Iterable[Given | Undefined]) -> list[Made | Undefined]:
    """A function of each item, in whose place stands the `Undefined` that it raises; items that are one stay."""
    found: list[Made | Undefined] = []
    for item in items:
        try:
            found.append(item if isinstance(item, Undefined) else function(item))
        except Undefined as problem:
            found.append(problem)
    return found


def of(values: Sequence[float], why: str = "") -> Sampled:
    """A result known on every cohort.

    Parameters
    ----------
    values : sequence of float
        On the reference cohort first, then on the others; NaN where it is undefined.
    why : str
        Why it is undefined on the reference cohort, if it is.
    """
    array = np.array(values, dtype=float)
    members = array[1:]
    undefined = int(np.isnan(members).sum())
    if len(members) == undefined:
        low = high = float("nan")
    else:
        low, high = float(np.nanmin(array)), float(np.nanmax(array))
    reason = (why or "the value does not exist on this cohort") if np.isnan(array[0]) else ""
    return Sampled(float(array[0]), low, high, len(members), undefined, reason)


def _read(result: Found | Undefined) -> tuple[dict[Any, float], str]:
    """Values by name, and why there are none."""
    if isinstance(result, Undefined):
        return {}, _PARAMETER.sub("", str(result))
    values: dict[Any, float | str] = dict(result) if isinstance(result, Mapping) else {"value": result}
    why = str(values.pop("why", ""))
    return {name: float(number) for name, number in values.items()}, why

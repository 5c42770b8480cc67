"""The register of statistics, and what their functions are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import Condition
from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import Endpoint, Variable


class Range(NamedTuple):
    """Closed range of the values that a quantity can take, both ends attained."""

    low: float
    high: float


#: What a statistic gives: for each convention its value, or the range of its attainable values.
Values = Mapping[str, float | Fraction | Range]


LIMITS = ("_lower", "_upper")
"""Endings of statistics that are limits: each takes the argument ``level``, its confidence level in percent."""
USUAL_LEVEL = "95"


def level_of(arguments: Mapping[str, str]) -> float:
    """Confidence level that a row's arguments ask for, as a share of 1."""
    return float(arguments.get("level", USUAL_LEVEL)) / 100


def without_level(arguments: Mapping[str, str]) -> dict[str, str]:
    """Arguments that a limit shares with its estimate."""
    return {key: value for key, value in arguments.items() if key != "level"}


@dataclass(frozen=True)
class Sample:
    """Rows of one table of a cohort, as a ledger row selects them.

    Attributes
    ----------
    study : Study
    table : str
        Name of the table.
    population : DataFrame
        Rows of the row's population.
    chosen : ndarray of bool, shape (len(population),)
        Rows that also meet its subset.
    arguments : mapping of str to str
    tables : mapping of str to DataFrame
        All tables of the cohort.
    condition : Condition
        Its subset.
    identity : tuple of str
        Names the selection, for `once`.
    cache : dict
        Shared by all samples of a cohort.
    """

    study: Study
    table: str
    population: pd.DataFrame
    chosen: np.ndarray
    arguments: Mapping[str, str]
    tables: Mapping[str, pd.DataFrame]
    condition: Condition = Condition()
    identity: tuple[str, ...] = ()
    cache: dict[Any, Any] = field(default_factory=dict, repr=False)

    def once(self, what: str, arguments: Sequence[str], compute: Callable[[], Any]) -> Any:
        """Result of a computation that several statistics of the same rows and arguments share.

        Parameters
        ----------
        what : str
            Names the computation.
        arguments : sequence of str
            Keys of the arguments that it depends on.
        compute : callable
        """
        key = (what, *self.identity, *(self.arguments.get(argument, "") for argument in arguments))
        if key not in self.cache:
            self.cache[key] = compute()
        return self.cache[key]

    @property
    def frame(self) -> pd.DataFrame:
        """Rows of the population that meet the subset."""
        return self.population if self.chosen.all() else self.population[self.chosen]

    @property
    def declared(self) -> Mapping[str, Variable]:
        """Declared variables of the table."""
        return self.study.variables[self.table]

    @property
    def level(self) -> float:
        """Confidence level of a limit, as a share of 1."""
        return level_of(self.arguments)

    @property
    def endpoint(self) -> Endpoint:
        return self.study.endpoints[self.arguments["endpoint"]]

    def times(self, frame: pd.DataFrame | None = None) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
        """Times and events of the endpoint, and their rows; rows without a time are left out."""
        frame = self.frame if frame is None else frame
        endpoint = self.endpoint
        known = frame[endpoint.time].notna().to_numpy() & frame[endpoint.event].notna().to_numpy()
        frame = frame if known.all() else frame[known]
        return (*endpoint.observed(frame[endpoint.time].to_numpy(dtype=float), frame[endpoint.event].to_numpy(dtype=bool)), frame)


class Cell(NamedTuple):
    """A printed number, or a sum of such, as its exact value and what its digits allow."""

    value: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Cells:
    """Printed numbers that another printed number follows from, in table form."""

    rows: Sequence[Sequence[Cell]]
    no_data: Sequence[Sequence[Cell]]
    arguments: Mapping[str, str]

    @property
    def level(self) -> float:
        """Confidence level of a limit, as a share of 1."""
        return level_of(self.arguments)

    def table(self, with_no_data: bool = False) -> np.ndarray:
        """Whole-number contingency table, shape (rows, columns)."""
        rows = [*self.rows, *self.no_data] if with_no_data else self.rows
        return np.array([[int(cell.value) for cell in row] for row in rows])


@dataclass(frozen=True)
class Statistic:
    """A registered statistic.

    Attributes
    ----------
    name : str
    family : str
        For the scoreboard and the false-reproduction rate.
    kind : str
        Key of `analysis.ledger.rows.rounding.RULES`.
    from_cohort : callable of Sample to Values
    from_printed : callable of Cells to Values, or None
        None where it cannot follow from other printed numbers.
    shape : callable of (rows, columns) to bool, or None
        Whether a ``from`` of that shape fits.
    required, optional : tuple of str
        Names of arguments.
    default : str
        Convention taken where a paper names none; empty if there is only one way.
    from_counts : callable of (int, int) to number, or None
        Of how many of a population meet the subset, and of its size, to the value, where nothing else decides it.
    """

    name: str
    family: str
    kind: str
    from_cohort: Callable[[Sample], Values]
    from_printed: Callable[[Cells], Values] | None = None
    needs: str = ""
    fits: Callable[[int, int], bool] | None = None
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    default: str = ""
    from_counts: Callable[[int, int], Fraction | float] | None = None

    @property
    def meaning(self) -> str:
        """First sentence of the function's docstring."""
        return (self.from_cohort.__doc__ or "").strip().split("\n")[0]


Compute: TypeAlias = Callable[[Sample], Values]
REGISTRY: dict[str, Statistic] = {}


def register(name: str, **kwargs: Any) -> Callable[[Compute], Compute]:
    """Decorator: register a function of a `Sample` as the statistic `name`; a limit takes the argument ``level``."""
    if name.endswith(LIMITS):
        kwargs = kwargs | {"optional": (*kwargs.get("optional", ()), "level")}

    def decorate(function: Compute) -> Compute:
        if name in REGISTRY:
            raise ValueError(f"statistic {name!r} is registered twice")
        REGISTRY[name] = Statistic(name, from_cohort=function, **kwargs)
        return function

    return decorate


@register("quoted", family="context", kind="exact")
def quoted(sample: Sample) -> Values:
    """A number that is quoted and cannot be recomputed here."""
    raise NotImplementedError("a quoted number is not recomputed")

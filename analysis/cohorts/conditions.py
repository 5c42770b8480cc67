"""A small language for "which patients": populations, subsets and covariates.

Clauses are joined by `` & ``.  A clause is ``variable=level``,
``variable=level1|level2``, ``variable!=level`` or a comparison with a number
(``<``, ``<=``, ``>``, ``>=``); ``variable=?`` means missing and ``variable!=?`` known.
A patient whose value is missing meets no other clause, neither ``=`` nor ``!=``:
nothing is known of that patient in this respect.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

MISSING = "?"
_CLAUSE = re.compile(r"^\s*([A-Za-z_]\w*)\s*(<=|>=|!=|=|<|>)\s*(.*?)\s*$")
_ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@dataclass(frozen=True)
class Clause:
    """One comparison of a variable with levels, or with a number.

    Attributes
    ----------
    variable : str
    comparison : str
        ``=``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``.
    values : tuple of str
        Levels as written; for an order comparison exactly one number.
    """

    variable: str
    comparison: str
    values: tuple[str, ...]

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        """Rows of a table that meet the clause.

        Parameters
        ----------
        frame : DataFrame, shape (patients, variables)

        Returns
        -------
        ndarray of bool, shape (patients,)

        Raises
        ------
        KeyError
            If the table has no such variable.
        """
        column = frame[self.variable]
        if self.comparison in _ORDER:
            numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float)
            with np.errstate(invalid="ignore"):
                return _ORDER[self.comparison](numbers, float(self.values[0]))  # a missing one is neither above nor below
        found = _among(column, {value for value in self.values if value != MISSING})
        if MISSING in self.values:
            found |= column.isna().to_numpy()
        if self.comparison == "=":
            return found
        return ~found if MISSING in self.values else column.notna().to_numpy() & ~found

    def __str__(self) -> str:
        return f"{self.variable}{self.comparison}{'|'.join(self.values)}"


@dataclass(frozen=True)
class Condition:
    """Clauses that must all hold.  No clause: every patient."""

    clauses: tuple[Clause, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables the condition speaks of, in order."""
        return tuple(dict.fromkeys(clause.variable for clause in self.clauses))

    @property
    def canonical(self) -> str:
        """Text that is the same for conditions that differ in the order of clauses and levels only."""
        return " & ".join(sorted({f"{c.variable}{c.comparison}{'|'.join(sorted(c.values))}" for c in self.clauses}))

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        """Rows of a table that meet every clause: ndarray of bool, shape (patients,)."""
        met = np.ones(len(frame), dtype=bool)
        for clause in self.clauses:
            met &= clause.mask(frame)
        return met

    def __and__(self, other: Condition) -> Condition:
        return Condition(self.clauses + other.clauses)

    def __str__(self) -> str:
        return " & ".join(str(clause) for clause in self.clauses)


@lru_cache(maxsize=4096)
def parse(text: str) -> Condition:
    """Read a condition.

    Parameters
    ----------
    text : str
        E.g. ``arm=A & age_months>=120``; the empty string is everybody.

    Returns
    -------
    Condition

    Raises
    ------
    ValueError
        If a clause is not of the form above; the message shows the clause.
    """
    if not text.strip():
        return Condition()
    return Condition(tuple(_clause(part) for part in text.split("&")))


def _clause(text: str) -> Clause:
    match = _CLAUSE.match(text)
    if not match:
        raise ValueError(f"not of the form 'variable=level': {text.strip()!r}")
    variable, comparison, right = match.groups()
    values = tuple(value.strip() for value in right.split("|"))
    if not all(values) or re.search(r"[=<>!]", right):
        raise ValueError(f"no single level after {comparison!r} in {text.strip()!r}")
    if comparison in _ORDER:
        try:
            float(right)
        except ValueError:
            raise ValueError(f"a number after {comparison!r} in {text.strip()!r}") from None
    return Clause(variable, comparison, values)


def written_levels(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Values of a column as a declaration writes levels: booleans 1/0, whole numbers without a point.

    Returns
    -------
    places : ndarray of int, shape (rows,)
        Of each row's value among the levels; −1 where it is missing.
    levels : list of str
        Those that occur.
    """
    if column.dtype == "boolean":
        values = column.to_numpy(float, na_value=np.nan)
        return np.where(np.isnan(values), -1, values).astype(int), ["0", "1"]
    places, distinct = pd.factorize(column)
    if pd.api.types.is_bool_dtype(column.dtype):
        return places, ["1" if value else "0" for value in distinct]
    if pd.api.types.is_numeric_dtype(column.dtype):
        return places, [f"{value:g}" for value in distinct]
    return places, list(map(str, distinct))


def _among(column: pd.Series, levels: set[str]) -> np.ndarray:
    """Rows whose value is one of some levels, as `written_levels` writes them."""
    places, written = written_levels(column)
    # a missing value has place -1, the last
    return np.array([*(value in levels for value in written), False])[places]

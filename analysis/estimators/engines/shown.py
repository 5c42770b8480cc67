"""Values that are shown: taken from a library, and confirmed by this project's kernel.

An estimator computes its result by its kernel and offers it to `take`. Inside `shown`, the library that has the method under
the convention asked for evaluates it too, and its values are what the estimator returns; outside, and inside `kernels`, where
ensembles of cohorts are evaluated, the kernel's values stay.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from analysis.errors import EnginesDiffer

# each module registers its engines; the libraries themselves are imported when one is first asked
from analysis.estimators.engines import regression, survival, tables  # noqa: F401
from analysis.estimators.engines.registry import ENGINES, Engine, Values, difference


class Scope:
    """What happened where values are shown.

    Attributes
    ----------
    strict : bool
        Whether engines that differ are an error, else a remark.
    differences : dict of (statistic, convention) to float
        Largest difference seen.
    remarks : list of str
        What engines did not confirm.
    """

    def __init__(self, strict: bool):
        self.strict = strict
        self.differences: dict[tuple[str, str], float] = {}
        self.remarks: list[str] = []

    def confirm(self, engine: Engine, ours: Values, arguments: tuple[Any, ...]) -> Values:
        """The engine's values, if it has any and the kernel's agree."""
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            try:
                theirs = engine.evaluate(*arguments)
            except Exception as problem:  # whatever a library refuses data with
                return self._unconfirmed(engine, ours, f"gives no value ({type(problem).__name__})")
        if any("convergence" in type(one.message).__name__.lower() for one in told):
            return self._unconfirmed(engine, ours, "did not converge")
        found = difference(theirs, ours)
        key = (engine.statistic, engine.convention)
        self.differences[key] = max(found, self.differences.get(key, 0.0))
        if not found <= engine.bound:
            return self._unconfirmed(engine, ours, f"differs from this project’s kernel by more than {engine.bound:g}")
        return {name: np.where(np.isnan(np.asarray(value, dtype=float)), np.nan, theirs[name]) for name, value in ours.items()}

    def _unconfirmed(self, engine: Engine, ours: Values, what: str) -> Values:
        remark = f"{' '.join(filter(None, (engine.statistic, engine.convention and f'({engine.convention})')))}: {engine.spelled} {what}"
        if self.strict:
            raise EnginesDiffer(remark)
        if remark not in self.remarks:
            self.remarks.append(remark)
        return ours


_SCOPE: ContextVar[Scope | None] = ContextVar("scope", default=None)


def take(statistic: str, convention: str, ours: Values, *arguments: Any) -> Mapping[str, Any]:
    """Values of a statistic as they are to be shown.

    Parameters
    ----------
    statistic, convention : str
        Key of `registry.ENGINES`; where it has none, no library offers the method and the kernel's values stay.
    ours : mapping of str to array_like
        The kernel's values; NaN where the convention defines none.
    arguments : object
        Data for the engine.

    Returns
    -------
    mapping of str to array_like
        Under the same names.

    Raises
    ------
    EnginesDiffer
        In a strict scope: the library gives no value, does not converge, or differs beyond its bound.
    """
    scope = _SCOPE.get()
    engine = ENGINES.get((statistic, convention)) if scope is not None else None
    return ours if scope is None or engine is None else scope.confirm(engine, ours, arguments)


def active() -> bool:
    """Whether values are shown here, so that engines are asked."""
    return _SCOPE.get() is not None


@contextmanager
def shown(strict: bool = True) -> Iterator[Scope]:
    """Within this block values are those of libraries; inside such a block, it is the one around it that counts.

    Parameters
    ----------
    strict : bool
        Whether engines that differ raise `EnginesDiffer`; else there is a remark and the kernel's value stays.
    """
    around = _SCOPE.get()
    if around is not None:
        yield around
        return
    token = _SCOPE.set(Scope(strict))
    try:
        scope = _SCOPE.get()
        assert scope is not None
        yield scope
    finally:
        _SCOPE.reset(token)


@contextmanager
def kernels() -> Iterator[None]:
    """Within this block, which evaluates ensembles, values are those of this project's kernels alone."""
    token = _SCOPE.set(None)
    try:
        yield
    finally:
        _SCOPE.reset(token)

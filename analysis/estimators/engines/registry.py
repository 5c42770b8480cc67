"""Which library gives a statistic under a convention, and how far this project's kernel may differ from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any

import numpy as np
import numpy.typing as npt

#: What an engine, or a kernel, gives: arrays or numbers by name.
Values = Mapping[str, npt.ArrayLike]

#: Bound on sums and products of a few hundred terms.
CLOSED = 1e-11
#: Bound on what an iteration ends with; each engine stops by a rule of its own.
ITERATED = 1e-7


@dataclass(frozen=True)
class Engine:
    """A function of a library that gives a statistic under one convention.

    Attributes
    ----------
    statistic, convention : str
        The convention is empty where there is only one way.
    library, function : str
        A distribution that is installed, and what of it is called.
    kernel : str
        The second engine: a function of this package that evaluates many cohorts.
    bound : float
        Largest difference allowed, relative to the value, absolute below 1.
    evaluate : callable
        Of the statistic's data to values by name.
    """

    statistic: str
    convention: str
    library: str
    function: str
    kernel: str
    bound: float
    evaluate: Callable[..., Values]

    @property
    def spelled(self) -> str:
        """Library, version and function, e.g. ``lifelines 0.30.3, KaplanMeierFitter``."""
        return f"{self.library} {version(self.library)}, {self.function}"


ENGINES: dict[tuple[str, str], Engine] = {}
"""All engines by statistic and convention."""


@cache
def version(library: str) -> str:
    """Version of an installed library."""
    return metadata.version(library)


def engine(
    statistic: str, *conventions: str, library: str, function: str, kernel: str, bound: float = CLOSED
) -> Callable[[Callable[..., Values]], Callable[..., Values]]:
    """Decorator: register a function that calls a library as the engine of a statistic.

    Parameters
    ----------
    statistic : str
    conventions : str
        Those that it gives; none: the statistic has only one. A function of several is called with the convention first.
    library, function, kernel, bound
        As in `Engine`.
    """

    def decorate(evaluate: Callable[..., Values]) -> Callable[..., Values]:
        for convention in conventions or ("",):
            key = (statistic, convention)
            if key in ENGINES:
                raise ValueError(f"{statistic}, {convention}: registered twice")
            bound_to = _with_first(evaluate, convention) if len(conventions) > 1 else evaluate
            ENGINES[key] = Engine(statistic, convention, library, function, kernel, bound, bound_to)
        return evaluate

    return decorate


def _with_first(evaluate: Callable[..., Values], convention: str) -> Callable[..., Values]:
    def called(*arguments: Any) -> Values:
        return evaluate(convention, *arguments)

    return called


def difference(theirs: Values, ours: Values) -> float:
    """Largest difference of an engine's values and a kernel's, relative to the value, absolute below 1.

    Where the kernel has no value (NaN) the convention defines none, and whatever the engine says counts for nothing; where the
    engine alone has none, or only one of both is infinite, the difference is infinite.
    """
    largest = 0.0
    for name, value in ours.items():
        kernel, library = np.asarray(value, dtype=float), np.asarray(theirs[name], dtype=float)
        if kernel.shape != library.shape:
            return float("inf")
        known = ~np.isnan(kernel) & (kernel != library)
        if not known.any():
            continue
        with np.errstate(invalid="ignore", over="ignore"):
            gaps = np.abs(library[known] - kernel[known]) / np.maximum(1.0, np.abs(kernel[known]))
        largest = max(largest, float("inf") if not np.isfinite(gaps).all() else float(gaps.max()))
    return largest

"""An estimate and its two limits, registered together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from analysis.errors import Undefined
from analysis.ledger.statistics.registry import Cells, Sample, Values, register

NAN = float("nan")
Parts: TypeAlias = Sequence[float]
"""Value, lower and upper limit, first of all."""


def evaluate(conventions: Sequence[str], compute: Callable[[str], float]) -> dict[str, float]:
    """A value by each convention, NaN where it does not exist."""
    found = {}
    for convention in conventions:
        try:
            found[convention] = float(compute(convention))
        except Undefined:
            found[convention] = NAN
    return found


def register_with_limits(
    name: str,
    meaning: str,
    conventions: Sequence[str],
    compute: Callable[[Any, str, float], Parts],
    given: Callable[[Sample], Any],
    *,
    family: str,
    kind: str,
    from_printed: Callable[[Cells], Any] | None = None,
    estimate: bool = True,
    scale: float = 1.0,
    **asked: Any,
) -> None:
    """Register a statistic, its ``_lower`` and its ``_upper`` limit.

    Parameters
    ----------
    name, meaning : str
        Of the estimate; the meaning begins in lower case and has no full stop.
    conventions : sequence of str
        Of the limits, the first taken where a paper names none; the estimate is the same under all.
    compute : callable of (what is given, convention, confidence level as a share of 1) to Parts
        May raise `Undefined`.
    given : callable of Sample
        What is computed from, such as counts.
    family, kind : str
        As in `register`.
    from_printed : callable of Cells, optional
        The same from printed numbers.
    estimate : bool
        Whether the estimate itself is registered; else its limits alone.
    scale : float
        Of value and limits.
    **asked
        Further arguments of `register`.
    """

    def add(ending: str, part: int, names: Sequence[str], words: str) -> None:
        def values(found: Any, level: float) -> Values:
            return evaluate(names, lambda convention: scale * compute(found, convention or conventions[0], level)[part])

        def from_cohort(sample: Sample) -> Values:
            try:
                return values(given(sample), sample.level)
            except Undefined:
                return dict.fromkeys(names, NAN)

        from_cohort.__doc__ = f"{words}."
        printed = None if from_printed is None else lambda cells: values(from_printed(cells), cells.level)
        default = names[0] if len(names) > 1 else ""
        register(f"{name}{ending}", family=family, kind=kind, default=default, from_printed=printed, **asked)(from_cohort)

    names = tuple(conventions) if len(conventions) > 1 else ("",)
    if estimate:
        add("", 0, ("",), meaning[:1].upper() + meaning[1:])
    for ending, part, words in (("_lower", 1, "Lower"), ("_upper", 2, "Upper")):
        add(ending, part, names, f"{words} confidence limit of the {meaning}")

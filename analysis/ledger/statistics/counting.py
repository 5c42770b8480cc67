"""Counts and percentages."""

from __future__ import annotations

from fractions import Fraction

from analysis.ledger.statistics.registry import Cells, Sample, Values, register


def sum_of_cells(cells: Cells) -> Values:
    """What printed numbers add up to."""
    return {"": cells.rows[0][0].value}


def _count(chosen: int, total: int) -> Fraction:
    return Fraction(chosen)


@register(
    "count",
    family="counts",
    kind="exact",
    from_printed=sum_of_cells,
    needs="one sum",
    fits=lambda r, c: (r, c) == (1, 1),
    from_counts=_count,
)
def count(sample: Sample) -> Values:
    """Rows of the population that meet the subset."""
    return {"": _count(int(sample.chosen.sum()), len(sample.population))}


@register(
    "distinct",
    family="counts",
    kind="exact",
    required=("variable",),
    from_printed=sum_of_cells,
    needs="one sum",
    fits=lambda r, c: (r, c) == (1, 1),
)
def distinct(sample: Sample) -> Values:
    """Distinct values of a variable, e.g. children behind the enrolments."""
    return {"": Fraction(int(sample.frame[sample.arguments["variable"]].nunique()))}


def _share(cells: Cells) -> Values:
    numerator, denominator = cells.rows[0]
    if denominator.value == 0:
        return {"": float("nan")}
    return {"": 100 * numerator.value / denominator.value}


def _percent(chosen: int, total: int) -> Fraction | float:
    return 100 * Fraction(chosen, total) if total else float("nan")


@register(
    "percent",
    family="percentages",
    kind="percent",
    from_printed=_share,
    needs="numerator ; denominator",
    fits=lambda r, c: (r, c) == (1, 2),
    from_counts=_percent,
)
def percent(sample: Sample) -> Values:
    """Percentage of the population that meets the subset."""
    return {"": _percent(int(sample.chosen.sum()), len(sample.population))}

"""Counts and percentages."""

from __future__ import annotations

from fractions import Fraction

from analysis.ledger.statistics.registry import Cells, Sample, Values, register


def sum_of_cells(cells: Cells) -> Values:
    """What printed numbers add up to."""
    return {"": cells.rows[0][0].value}


@register("count", family="counts", kind="exact", from_printed=sum_of_cells, needs="one sum", fits=lambda r, c: (r, c) == (1, 1))
def count(sample: Sample) -> Values:
    """Rows of the population that meet the subset."""
    return {"": Fraction(int(sample.chosen.sum()))}


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


@register(
    "percent",
    family="percentages",
    kind="percent",
    from_printed=_share,
    needs="numerator ; denominator",
    fits=lambda r, c: (r, c) == (1, 2),
)
def percent(sample: Sample) -> Values:
    """Percentage of the population that meets the subset."""
    total = len(sample.population)
    return {"": 100 * Fraction(int(sample.chosen.sum()), total) if total else float("nan")}

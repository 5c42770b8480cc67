"""Checks of what a survival figure is asked to draw."""

from __future__ import annotations

import math

INTERVALS = ("log", "log-log", "plain")


def check_arguments(curves, horizon, interval, level, points, ensemble) -> None:
    """Refuse what cannot be drawn; parameters as in `analysis.figures.plots.survival.survival_figure`.

    Raises
    ------
    ValueError
        With the argument, what is expected and what was found.
    """
    if not curves:
        raise ValueError("curves: at least one group expected, none found")
    if not (math.isfinite(horizon) and horizon > 0):
        raise ValueError(f"horizon: a positive number of months expected, {horizon!r} found")
    if interval is not None and interval not in INTERVALS:
        raise ValueError(f"interval: one of {', '.join(INTERVALS)} or None expected, {interval!r} found")
    if not 0 < level < 1:
        raise ValueError(f"level: a number between 0 and 1 expected, {level!r} found")
    named = [point.group for point in points if point.group is not None] + [label for cohort in ensemble for label in cohort]
    unknown = sorted(set(named) - set(curves))
    if unknown:
        raise ValueError(f"group: one of {', '.join(curves)} expected, {', '.join(unknown)} found")
    if len(curves) > 1 and any(point.group is None for point in points):
        raise ValueError("printed: with more than one curve each point names its group")

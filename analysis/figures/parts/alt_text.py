"""Captions and alternative texts of survival figures, made from the numbers drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.cohorts.study_parts import plural
from analysis.figures.parts.curves import PrintedPoint, any_censored, is_empty, medians_reached
from analysis.figures.parts.time_axis import MONTHS, TimeAxis
from analysis.figures.style import RECONSTRUCTED, describe_range


def _key_times(ticks: Sequence[float]) -> list[float]:
    """At most four of the ticks after 0: whole years where there are any, spread to the last."""
    later = [tick for tick in ticks if tick > 0]
    years = [tick for tick in later if tick % 12 == 0] or later
    if len(years) <= 4:
        return years
    return [years[position] for position in np.linspace(0, len(years) - 1, 4).round().astype(int)]


def describe_group(
    label: str,
    curve,
    times: Sequence[float],
    *,
    horizon: float,
    interval: str | None,
    level: float,
    axis: TimeAxis = MONTHS,
    unit: str = "patient",
) -> str:
    """One group in a sentence: patients, events, estimates with limits, median, end of follow-up."""
    if is_empty(curve):
        return f"{label}: no {plural(unit)}."
    end = float(np.asarray(curve.time)[-1])
    events = int(np.asarray(curve.events)[np.asarray(curve.time) <= horizon].sum())
    known = [time for time in times if time <= end]
    estimates = [_estimate(curve, time, interval, level, axis) for time in known]
    median = float(curve.median())
    parts = [
        f"{curve.n} {unit if curve.n == 1 else plural(unit)}, {events} event{'s' * (events != 1)}",
        ", ".join(estimates),
        f"median {axis.spell(median)}" if np.isfinite(median) else "median not reached",
        f"follow-up ends at {axis.spell(end)}" if end < horizon else "",
    ]
    return f"{label}: {'; '.join(part for part in parts if part)}."


def _estimate(curve, time: float, interval: str | None, level: float, axis: TimeAxis) -> str:
    text = f"{100 * float(curve.survival_at(time)):.1f}%"
    if interval is not None:
        lower, upper = (float(limit) for limit in curve.limits_at(time, kind=interval, level=level))
        if np.isfinite(lower) and np.isfinite(upper):
            text += f" ({100 * level:g}% CI {100 * lower:.1f} to {100 * upper:.1f})"
    return f"{text} at {axis.spell(time)}"


def describe_printed(points: Sequence[PrintedPoint], axis: TimeAxis = MONTHS) -> str:
    """The printed points in a sentence; empty where there are none."""
    if not points:
        return ""
    texts = []
    for point in points:
        text = f"{point.group} " if point.group else ""
        text += f"{point.estimate:g}%"
        if point.error is not None:
            text += f" ± {point.error:g}"
        elif point.bar:
            text += f" ({point.lower:g} to {point.upper:g})"
        texts.append(f"{text} at {axis.spell(point.time)}")
    return f"Printed: {', '.join(texts)}."


def alternative(
    curves: Mapping[str, Any],
    *,
    what: str,
    ticks,
    horizon,
    interval,
    level,
    annotations,
    printed,
    cohorts,
    reconstructed,
    axis=MONTHS,
    unit="patient",
) -> str:
    """What the figure shows, for those who do not see it.

    Parameters
    ----------
    curves : dict of str to Curve or None
    what : str
        What is plotted, e.g. ``Overall survival``.
    ticks, horizon, interval, level, annotations, printed, reconstructed, axis, unit
        As in `analysis.figures.plots.survival.survival_figure`.
    cohorts : int
        Cohorts whose range is drawn; 0 for none.

    Returns
    -------
    str
    """
    count = len(curves)
    subject = f"{what}: Kaplan–Meier curve{'s' * (count != 1)} of {count} group{'s' * (count != 1)} to {axis.spell(horizon)}"
    sentences = [f"{subject}, {RECONSTRUCTED}." if reconstructed else f"{subject}."]
    times = sorted({*_key_times(ticks), *(point.time for point in printed)})
    sentences += [
        describe_group(label, curve, times, horizon=horizon, interval=interval, level=level, axis=axis, unit=unit)
        for label, curve in curves.items()
    ]
    sentences += [f"{line.rstrip('.')}." for line in annotations]
    sentences += [describe_printed(printed, axis)]
    sentences += [f"Hatched: range across {cohorts} cohorts." if cohorts else ""]
    return " ".join(sentence for sentence in sentences if sentence)


def describe_curves(curves: Mapping, *, printed: Sequence[PrintedPoint], horizon: float, axis: TimeAxis, unit: str = "patient") -> str:
    """What a figure shows, one sentence a group: patients, events, and estimates at the printed times, else at the end of the axis."""
    return " ".join(_describe(label, curve, printed, horizon, axis, unit) for label, curve in curves.items())


def _describe(label: str, curve, printed: Sequence[PrintedPoint], horizon: float, axis: TimeAxis, unit: str) -> str:
    if is_empty(curve):
        return f"{label}: no {plural(unit)}."
    end = float(np.asarray(curve.time)[-1])
    wanted = sorted({point.time for point in printed if point.group in (label, None)}) or [horizon]
    known = [time for time in wanted if time <= end or np.asarray(curve.survival)[-1] <= 0]
    estimates = [f"{100 * float(curve.survival_at(time)):.1f}% at {axis.spell(time)}" for time in known]
    events = int(np.asarray(curve.events).sum())
    told = f"{label}: {curve.n} {unit if curve.n == 1 else plural(unit)}, {events} event{'s' * (events != 1)}"
    return f"{told}; {', '.join(estimates) or f'followed to {axis.spell(round(end, 1))}'}."


def legend_caption(curves: Sequence, *, horizon, interval, level, printed, cohorts, reconstructed) -> str:
    """The part of a caption that explains the marks that are drawn, in full sentences."""
    marks = ["ticks: censored"] * any_censored(curves, horizon) + ["dashed: medians"] * bool(medians_reached(curves, horizon))
    sentences = ["; ".join(["Kaplan–Meier estimates", *marks]) + "."]
    if interval is not None:
        sentences.append(f"Tinted: pointwise {100 * level:g}% CI ({interval}).")
    if cohorts:
        sentences.append(f"Hatched: {describe_range(cohorts)}")
    if printed:
        sentences.append(explain_printed(printed))
    if reconstructed:
        sentences.append(f"{RECONSTRUCTED.capitalize()}.")
    return " ".join(sentences)


def explain_printed(printed: Sequence[PrintedPoint]) -> str:
    """What the diamonds and their bars are, as a sentence."""
    return f"Hollow diamonds: as printed{_bars(printed)}."


def _bars(printed: Sequence[PrintedPoint]) -> str:
    errors = any(point.error is not None for point in printed)
    limits = any(point.error is None and point.bar for point in printed)
    names = ["± 1 SE"] * errors + ["the printed CI"] * limits
    text = f", bars {' or '.join(names)}" if names else ""
    return text

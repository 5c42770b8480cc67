"""Cumulative incidence of one cause, with the table of numbers under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import seaborn
from matplotlib.figure import Figure

from analysis.cohorts.study_parts import plural
from analysis.figures import svg
from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.look import Look
from analysis.figures.palette import Theme, group_style
from analysis.figures.parts.alt_text import explain_printed
from analysis.figures.parts.curves import PrintedPoint, draw_printed, draw_range, turning
from analysis.figures.parts.interactive_data import exploration, printed_frame, range_frame
from analysis.figures.parts.layout import sheet
from analysis.figures.parts.legend import Key, printed_key
from analysis.figures.parts.risk_table import draw_risk_table, table_height
from analysis.figures.parts.time_axis import MONTHS, TimeAxis
from analysis.figures.style import RECONSTRUCTED, describe_range

#: Lines of the table: whoever ended in another way, by another cause or censored, stands in the last.
ROWS = (("At risk", "at_risk"), ("Events", "events"), ("Other ends", "other_ends"))
COUNTS = ("At risk: just before each time", "; events and other ends: up to and including it")
LEFT, RIGHT, PLOT, BELOW = 0.86, 0.22, 2.3, 0.48


def incidence_figure(
    curves: Mapping,
    *,
    horizon: float,
    title: str,
    ylabel: str = "Cumulative incidence",
    axis: TimeAxis = MONTHS,
    printed: Sequence[PrintedPoint] = (),
    ensemble: Sequence[Mapping] = (),
    reconstructed: bool = True,
    caption: str = "",
    name: str | None = None,
    unit: str = "patient",
) -> PairedFigure:
    """Draw cumulative incidences (Aalen–Johansen).

    Parameters
    ----------
    curves : mapping of label to analysis.estimators.curves.competing_risks.Incidence
    horizon : float
        Months.
    title, ylabel : str
        ``(%)`` is added to the y label.
    axis : TimeAxis
    printed : sequence of PrintedPoint
        Estimates as printed, percent.
    ensemble : sequence of mapping
        Further cohorts; their range is hatched.
    reconstructed, caption, name, unit
        As in `analysis.figures.plots.survival.survival_figure`.

    Returns
    -------
    PairedFigure
        Frames ``curve steps``, ``numbers at risk`` and, where drawn, ``range over cohorts`` and ``printed estimates``.

    Raises
    ------
    ValueError
        If there is no curve or the horizon is not positive.
    """
    if not curves or not horizon > 0:
        raise ValueError(f"curves, horizon: curves and a positive number of months expected, {len(curves)} and {horizon!r} found")
    printed = [point for point in printed if point.time <= horizon]
    shown = [point.time for point in printed]
    ticks = axis.ticks(horizon, shown)
    frames = {"curve steps": _steps(curves), "numbers at risk": _numbers(curves, ticks)}
    frames |= range_frame({label: _range_steps(_members(ensemble, label), horizon) for label in curves})
    if reconstructed:
        frames = {key: frame.assign(origin=RECONSTRUCTED) for key, frame in frames.items()}
    frames |= printed_frame(printed, list(curves))
    alt = _alternative(curves, title, horizon, ticks, printed, len(ensemble), unit)
    draw = lambda theme, look: _draw(curves, theme, look, horizon, axis, ticks, title, ylabel, printed, ensemble, reconstructed)  # noqa: E731
    told = "Steps: cumulative incidence, other causes competing (Aalen–Johansen)."
    told += f" Hatched: {describe_range(len(ensemble))}" if ensemble else ""
    told += f" {explain_printed(printed)}" if printed else ""
    told += f" {RECONSTRUCTED.capitalize()}." if reconstructed else ""
    plot = exploration(
        title=title,
        value="incidence",
        ylabel=ylabel,
        axis=axis,
        ticks=ticks,
        opened_at=max(shown, default=horizon),
        horizon=horizon,
        reconstructed=reconstructed,
        level=None,
        cohorts=len(ensemble),
    )
    return PairedFigure(name or slug(title), Drawing(draw, title, alt), f"{caption.strip()} {told}".strip(), frames, plot, COUNTS)


def _steps(curves: Mapping) -> pd.DataFrame:
    parts = [curve.steps().assign(group=label, incidence=100 * curve.incidence) for label, curve in curves.items()]
    return pd.concat(parts, ignore_index=True)[["group", "time", "at_risk", "events", "other_events", "censored", "incidence"]]


def _numbers(curves: Mapping, ticks: Sequence[float]) -> pd.DataFrame:
    """At risk just before each tick; events of the cause and all other ends up to and including it."""
    rows = []
    for label, curve in curves.items():
        for tick in ticks:
            reached = curve.time <= tick * (1 + 1e-9)
            later = np.flatnonzero(curve.time >= tick)
            at_risk = int(curve.at_risk[later[0]]) if later.size else 0
            others = int((curve.censored + curve.other_events)[reached].sum())
            rows.append((label, tick, at_risk, int(curve.events[reached].sum()), others))
    return pd.DataFrame(rows, columns=["group", "time", "at_risk", "events", "other_ends"])


def _alternative(
    curves: Mapping, title: str, horizon: float, ticks: Sequence[float], printed: Sequence[PrintedPoint], cohorts: int, unit: str
) -> str:
    sentences = [f"{title}: cumulative incidence of {len(curves)} group{'s' * (len(curves) != 1)} to {horizon:g} months."]
    years = [tick for tick in ticks if tick and tick % 12 == 0] or ticks[1:]
    for label, curve in curves.items():
        values = ", ".join(f"{100 * curve.incidence_at(tick):.1f}% at {tick:g} months" for tick in years if tick <= curve.time[-1])
        sentences.append(
            f"{label}: {int(curve.at_risk[0])} {plural(unit)}, {_events(int(curve.events.sum()))}, {int(curve.other_events.sum())} of other causes; {values or 'no value within follow-up'}."
        )
    sentences += [f"Printed: {point.group} {point.estimate:g}% at {point.time:g} months." for point in printed]
    return " ".join(sentences + ([f"Hatched: range across {cohorts} cohorts."] if cohorts else []))


def _events(number: int) -> str:
    return f"{number} event{'s' * (number != 1)}"


def _path(curve, horizon: float) -> tuple[np.ndarray, np.ndarray]:
    end = min(horizon, float(curve.time[-1]))
    times = np.concatenate([[0.0], curve.time[(curve.time > 0) & (curve.time < end)], [end]])
    values = 100 * np.asarray(curve.incidence_at(times))
    return np.repeat(times, 2)[1:], np.repeat(values, 2)[:-1]


def _draw(curves, theme: Theme, look: Look, horizon, axis: TimeAxis, ticks, title, ylabel, printed, ensemble, reconstructed) -> Figure:
    keys = [Key("curve", label, index) for index, label in enumerate(curves)]
    keys += [Key("sampled", f"range across {len(ensemble)} cohorts")] * bool(ensemble) + [printed_key(printed)] * bool(printed)
    table = table_height(len(curves), look.rows(ROWS))
    drawn = sheet(title, keys, theme, PLOT + BELOW + table, look, reconstructed=reconstructed)
    across = look.inches - LEFT - RIGHT
    axes = drawn.axes(LEFT, BELOW + table, across, PLOT)
    axes.set(xlim=(0, horizon), ylim=(0, 102), xlabel=axis.label, ylabel=look.share_label(ylabel))
    axes.set_yticks(range(0, 101, 20), [look.share_tick(tick) for tick in range(0, 101, 20)])
    axes.set_xticks(ticks, [axis.tick_label(tick) for tick in ticks])
    axes.yaxis.set_label_coords(-0.48 / across, 0.5)
    seaborn.despine(ax=axes)
    with svg.add_class(axes, svg.RECOMPUTED * bool(printed)):
        for index, (label, curve) in enumerate(curves.items()):
            draw_range(axes, _range_steps(_members(ensemble, label), horizon), index, theme)
            axes.plot(*_path(curve, horizon), linewidth=1.8, zorder=3, clip_on=False, **group_style(index, theme))
    with svg.add_class(axes, svg.AS_PRINTED):
        draw_printed(axes, printed, list(curves), theme, horizon=horizon)
    place = lambda months: LEFT + across * months / horizon  # noqa: E731
    with svg.add_class(drawn.figure, svg.RECOMPUTED * bool(printed)):
        draw_risk_table(drawn.figure, _numbers(curves, ticks), theme, top=table, left=0.08, place=place, rows=look.rows(ROWS))
    return drawn.figure


def _range_steps(curves: Sequence, horizon: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times at which the range of incidences changes, and its ends from there on, in percent."""
    if not curves:
        return np.empty(0), np.empty(0), np.empty(0)
    times = np.unique(np.concatenate([[0.0, horizon], *(curve.time[curve.time < horizon] for curve in curves)]))
    values = np.array([100 * np.asarray(curve.incidence_at(times)) for curve in curves])
    low, high = values.min(axis=0), values.max(axis=0)
    turns = turning(low, high)
    return times[turns], low[turns], high[turns]


def _members(ensemble: Sequence[Mapping], label: str) -> list:
    return [cohort[label] for cohort in ensemble if cohort.get(label) is not None]

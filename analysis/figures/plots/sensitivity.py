"""A result as a function of an assumption: estimate, confidence limits and sampled range over the values assumed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn
from matplotlib.colors import to_rgba

from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.look import Look
from analysis.figures.palette import Theme, group_style
from analysis.figures.parts.curves import RANGE_HATCH
from analysis.figures.parts.layout import sheet
from analysis.figures.parts.legend import Key
from analysis.figures.parts.limits import GIVEN, stack_limits
from analysis.figures.style import RECONSTRUCTED, SMALL, describe_range

COLUMNS = ("assumed", "estimate", "lower", "upper", "low", "high")
LEFT, RIGHT, PLOT, BELOW = 0.86, 0.22, 2.3, 0.48
_BEYOND = 1e12  # past every axis
_TICKS = (0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000)


def sensitivity_figure(
    frame: pd.DataFrame,
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    reference: tuple[str, float] | None = None,
    null: float | None = 1.0,
    log: bool = True,
    level: float = 0.95,
    members: int = 0,
    reconstructed: bool = True,
    caption: str = "",
    name: str | None = None,
) -> PairedFigure:
    """Draw how a result depends on a declared assumption.

    Parameters
    ----------
    frame : DataFrame
        Columns ``assumed`` (x), ``estimate``, ``lower, upper`` (confidence limits) and ``low, high`` (sampled range);
        NaN where undefined.
    title, xlabel, ylabel : str
    reference : (str, float), optional
        A level to compare with, e.g. the printed value, and what it is.
    null : float or None
        Value of no effect.
    log : bool
        Logarithmic y axis.
    level, members, reconstructed, caption, name
        As in `analysis.figures.plots.forest.forest_figure`.

    Returns
    -------
    PairedFigure
        Frame ``assumption and result``.

    Raises
    ------
    ValueError
        If a column is missing or no value is finite.
    """
    missing = [column for column in COLUMNS if column not in frame]
    if missing:
        raise ValueError(f"frame: columns {', '.join(COLUMNS)} expected, {', '.join(missing)} not found")
    if not np.isfinite(frame["estimate"].to_numpy(float)).any():
        raise ValueError("estimate: at least one finite value expected, none found")
    ranged = members > 0 and np.isfinite(frame["low"].to_numpy(float)).any()
    alt = _alternative(frame, title, xlabel, ylabel, reference, ranged, members)
    shown = members if ranged else 0
    draw = lambda theme, look: _draw(  # noqa: E731
        frame, theme, look, title, xlabel, ylabel, reference, null, log, level, shown, reconstructed
    )
    told = f"Points: the result under each assumed value. Tinted: {100 * level:g}% CI."
    if ranged:
        told += f" Hatched: {describe_range(members)}"
        unbounded = bool(np.isinf(frame[["low", "high"]].to_numpy(float)).any() or (log and (frame["low"].to_numpy(float) == 0).any()))
        told += " It reaches the edge of the figure where some cohort has no finite ratio." * unbounded
    told += " A function of the assumption, not a finding." + (f" {RECONSTRUCTED.capitalize()}." if reconstructed else "")
    data = frame[list(COLUMNS)].assign(**({"origin": RECONSTRUCTED} if reconstructed else {}))
    return PairedFigure(
        name or slug(title), Drawing(draw, title, alt), f"{caption.strip()} {told}".strip(), {"assumption and result": data}
    )


def _alternative(frame, title, xlabel, ylabel, reference, ranged, members) -> str:
    parts = []
    for row in frame.itertuples():
        if np.isnan(row.estimate):
            parts.append(f"at {row.assumed:g} undefined")
            continue
        text = f"at {row.assumed:g} {row.estimate:.2f} ({row.lower:.2f} to {row.upper:.2f})"
        parts.append(
            text
            + (f", sampled {row.low:.2f} to {'∞' if np.isinf(row.high) else f'{row.high:.2f}'}" if ranged and np.isfinite(row.low) else "")
        )
    beside = f" For comparison, {reference[0]}: {reference[1]:.2f}." if reference else ""
    sampled = f" Hatched: range across {members} cohorts." if ranged else ""
    return f"{title}: {ylabel.lower()} by {xlabel.lower()}: {'; '.join(parts)}.{beside}{sampled}"


def _draw(frame, theme: Theme, look: Look, title, xlabel, ylabel, reference, null, log, level, members, reconstructed):
    keys = [Key("curve", "estimate"), Key("band", f"{100 * level:g}% CI")]
    keys += [Key("sampled", f"range across {members} cohorts")] * bool(members)
    drawn = sheet(title, keys, theme, PLOT + BELOW, look, reconstructed=reconstructed)
    axes = drawn.axes(LEFT, BELOW, look.inches - LEFT - RIGHT, PLOT)
    x = frame["assumed"].to_numpy(float)
    style = group_style(0, theme)
    tinted = {
        "facecolor": to_rgba(style["color"], 0.16),
        "edgecolor": to_rgba(style["color"], 0.45),
        "linewidth": 0.5,
        "alpha": None,
        "zorder": 0.8,
    }
    _lines(axes, frame, ["estimate", "lower", "upper"], log, err_kws=tinted, marker="o", markersize=5, linewidth=1.8, zorder=3, **style)
    if members:
        hatched = {
            "facecolor": "none",
            "edgecolor": theme.muted,
            "hatch": RANGE_HATCH,
            "alpha": 0.6,
            "linewidth": 0.6,
            "linestyle": (0, (1, 1.5)),
        }
        ranged = frame.assign(estimate=frame["low"])  # cohorts can have a value where the reference has none
        _lines(axes, ranged, ["estimate", "low", "high"], log, err_kws=hatched, color=theme.muted, linestyle="none")
    if null is not None:
        axes.axhline(null, color=theme.muted, linewidth=0.8, linestyle=(0, (4, 2)), zorder=0.5)
    if reference is not None:
        _reference_line(axes, frame, reference, log, theme)
    axes.set(xlabel=xlabel, ylabel=ylabel, xlim=(x.min(), x.max()) if len(x) > 1 else (x[0] - 1, x[0] + 1))
    axes.set_xticks(_spread(x), [f"{tick:g}" for tick in _spread(x)])
    if log:
        _log_axis(axes, frame, null, reference)
    seaborn.despine(ax=axes)
    axes.yaxis.set_label_coords(-0.5 / (look.inches - LEFT - RIGHT), 0.5)
    return drawn.figure


def _reference_line(axes, frame: pd.DataFrame, reference: tuple[str, float], log: bool, theme: Theme) -> None:
    """A value to compare with, named at the end that the estimates are farther from."""
    label, value = reference
    axes.axhline(value, **group_style(1, theme), linewidth=1.1, zorder=1.5)
    halo = {"facecolor": theme.ground, "edgecolor": "none", "alpha": 0.7, "pad": 1}
    left = _farther_left(frame["estimate"].to_numpy(float), value, log)
    axes.text(
        frame["assumed"].iloc[0 if left else -1],
        value,
        label,
        ha="left" if left else "right",
        va="bottom",
        fontsize=SMALL,
        color=theme.ink,
        bbox=halo,
        zorder=4,
    )


def _lines(axes, frame: pd.DataFrame, columns: list[str], log: bool, **look) -> None:
    """Lines of a column with the band between two others, broken where the column is undefined."""
    ends = frame[columns[1:]].astype(float).replace({np.inf: _BEYOND, -np.inf: -_BEYOND})  # without a finite end it reaches the edge
    drawn = frame[["assumed", columns[0]]].join(ends.clip(lower=1 / _BEYOND) if log else ends)
    gap = drawn[columns[0]].isna()
    for _, run in drawn[~gap].groupby(gap.cumsum()[~gap]):
        rows = stack_limits(run, *columns)
        seaborn.lineplot(rows, x="assumed", y="value", sort=False, ax=axes, clip_on=False, markeredgewidth=0, **GIVEN, **look)


def _farther_left(estimates: np.ndarray, reference: float, log: bool) -> bool:
    """Whether the curve keeps off the reference more at its left end than at its right one, where a label then has room."""
    ends = estimates[np.isfinite(estimates)][[0, -1]]
    with np.errstate(divide="ignore"):
        gaps = np.abs(np.log(ends / reference)) if log else np.abs(ends - reference)
    return bool(gaps[0] > gaps[1])


def _spread(x: np.ndarray) -> list[float]:
    """At most eight of the assumed values, evenly chosen."""
    if len(x) <= 8:
        return list(x)
    step = -(-len(x) // 7)
    return list(x[::step])


def _log_axis(axes, frame, null, reference) -> None:
    values = frame[list(COLUMNS[1:])].to_numpy(float)
    values = values[np.isfinite(values) & (values > 0)]
    extra = [value for value in (null, reference[1] if reference else None) if value]
    low, high = min(values.min(), *extra, 1e9), max(values.max(), *extra, 0)
    axes.set_yscale("log")
    axes.set_ylim(
        max([tick for tick in _TICKS if tick <= low], default=_TICKS[0]), min([tick for tick in _TICKS if tick >= high], default=_TICKS[-1])
    )
    ticks = [tick for tick in _TICKS if axes.get_ylim()[0] <= tick <= axes.get_ylim()[1]]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_yticks([], minor=True)

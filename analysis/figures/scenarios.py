"""One statistic over many scenarios: a dot for each, in the order of the scenarios."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

from analysis.figures.palette import Theme, group_style
from analysis.figures.present import PairedFigure, slug
from analysis.figures.style import RECONSTRUCTED, SMALL, WIDTH, new_figure, paired


def scenarios_figure(values: Mapping[str, float | None], *, title: str, ylabel: str, reconstructed: bool = True) -> PairedFigure:
    """Draw a statistic of each scenario.

    Parameters
    ----------
    values : mapping of str to float or None
        By scenario; None where there is none, which leaves a gap.
    title, ylabel : str
    reconstructed : bool
        Whether rows of some scenario are reconstructed; if so the figure says so.

    Raises
    ------
    ValueError
        If no scenario has a value.
    """
    known = {name: value for name, value in values.items() if value is not None}
    if not known:
        raise ValueError("no scenario has a value")
    lowest, highest = min(known, key=known.get), max(known, key=known.get)
    alt = (f"{title}: {len(known)} of {len(values)} scenarios have a value, from {known[lowest]:.4g} ({lowest}) to {known[highest]:.4g} ({highest})." + (f" {RECONSTRUCTED.capitalize()}." if reconstructed else ""))
    light, dark = paired(lambda theme: _draw(values, theme, title, ylabel, reconstructed), title=title, description=alt)
    return PairedFigure(name=slug(title), light=light, dark=dark, caption="One dot a scenario, numbered as in the table.", alt=alt, frames={})


def _draw(values: Mapping[str, float | None], theme: Theme, title: str, ylabel: str, reconstructed: bool) -> Figure:
    figure = new_figure(WIDTH, 2.6)
    axes = figure.add_axes((0.12, 0.2, 0.84, 0.66))
    places = [place for place, value in enumerate(values.values(), 1) if value is not None]
    axes.plot(places, [value for value in values.values() if value is not None], "o", markersize=5, color=group_style(0, theme)["color"])
    axes.set(xlabel="Scenario", ylabel=ylabel, xlim=(0.5, len(values) + 0.5))
    axes.set_title(title, loc="left", fontweight="bold", pad=16 if reconstructed else 6)
    if reconstructed:
        axes.text(0, 1.03, RECONSTRUCTED, transform=axes.transAxes, fontsize=SMALL, fontstyle="italic", color=theme.muted)
    axes.xaxis.get_major_locator().set_params(integer=True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure

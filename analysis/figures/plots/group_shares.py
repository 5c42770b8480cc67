"""How many of each group have each finding, as a heat map: one row a finding, one column a group, the numbers in the cells."""

from __future__ import annotations

import pandas as pd
import seaborn
from matplotlib.colors import ListedColormap, to_rgba
from matplotlib.figure import Figure

from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.look import Look
from analysis.figures.palette import Theme
from analysis.figures.parts.layout import LINE, MARGIN, sheet
from analysis.figures.style import RECONSTRUCTED, SMALL, describe_range, text_width, wrap_text

NUMBERS = ("examined", "count", "share")
COLUMNS = ("finding", "group", *(f"{number}{end}" for number in NUMBERS for end in ("", "_low", "_high")))
ROW, BELOW = 0.23, 0.06  # inches: height of a row, under the last
DARKEST = 0.45
"""Opacity of a share of 100%: lighter or darker than the page by so much that the numbers stay legible on either theme."""


def group_shares_figure(
    frame: pd.DataFrame,
    *,
    title: str,
    members: int = 0,
    reconstructed: bool = True,
    caption: str = "",
    name: str | None = None,
) -> PairedFigure:
    """Draw how many patients of each group have each finding.

    Parameters
    ----------
    frame : DataFrame
        One row a finding and group, in the order drawn: ``finding``, ``group``, patients ``examined`` for it, ``count`` of those with
        it and their ``share`` (percent), each with its range over the cohorts (``count_low``, ``count_high`` …), the number itself
        where there is none.
    title : str
    members : int
        Cohorts that the ranges run over; 0 for none.
    reconstructed, caption, name
        As elsewhere.

    Returns
    -------
    PairedFigure
        Frame ``findings by group``.

    Raises
    ------
    ValueError
        If a column is missing, there is no row, or a finding is not told of every group once.
    """
    missing = [column for column in COLUMNS if column not in frame]
    if missing or frame.empty:
        raise ValueError(f"frame: rows with {', '.join(COLUMNS)} expected, {', '.join(missing) or 'no row'} {'not ' * bool(missing)}found")
    if len(frame) != frame["finding"].nunique() * frame["group"].nunique() or frame.duplicated(["finding", "group"]).any():
        raise ValueError(f"frame: each finding once in each group expected, {len(frame)} rows found")
    told = frame.assign(text=[_cell(row) for row in frame.itertuples()])
    alt = f"{title}: patients with each finding, of those examined. " + " ".join(
        f"{group}: {', '.join(f'{finding} {text}' for finding, text in zip(part['finding'], part['text'], strict=True))}."
        for group, part in told.groupby("group", sort=False)
    )
    drawing = Drawing(lambda theme, look: _draw(told, theme, look, title, reconstructed), title, alt)
    ranged = members and any((frame[f"{number}_low"] != frame[f"{number}_high"]).any() for number in NUMBERS)
    words = f"{caption.strip()} Patients with each finding, of those examined for it; the stronger the colour, the greater their share"
    words += f" in the reference cohort. Ranges: {describe_range(members)}" if ranged else "."
    words += f" {RECONSTRUCTED.capitalize()}." * reconstructed
    data = frame[list(COLUMNS)].assign(**({"origin": RECONSTRUCTED} if reconstructed else {}))
    return PairedFigure(name or slug(title), drawing, words.strip(), {"findings by group": data})


def _cell(row) -> str:
    """``4 of 15``, over cohorts that differ ``3–6 of 15``; a dash where nobody was examined."""
    if not row.examined_high:
        return "–"
    return f"{_range_text(row.count_low, row.count_high)} of {_range_text(row.examined_low, row.examined_high)}"


def _range_text(low: float, high: float) -> str:
    """``4``, or ``3–6``."""
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"


def _draw(told: pd.DataFrame, theme: Theme, look: Look, title: str, reconstructed: bool) -> Figure:
    shares, texts = (_matrix(told, column) for column in ("share", "text"))
    left = MARGIN + max(text_width(finding, SMALL) for finding in shares.index) + 0.1
    across = look.inches - left - MARGIN
    room = across / shares.shape[1] - 0.06
    heads = [wrap_text(group, room, SMALL, "bold") for group in shares.columns]
    broken = max(text_width(text, SMALL) for text in told["text"]) > room
    high = (ROW + LINE * broken) * len(shares)
    drawn = sheet(title, [], theme, BELOW + high + LINE * max(map(len, heads)) + 0.06, look, reconstructed=reconstructed)
    axes = drawn.axes(left, BELOW, across, high)
    shades = ListedColormap([to_rgba(theme.groups[0], DARKEST * percent / 100) for percent in range(101)])
    seaborn.heatmap(
        shares.fillna(0), vmin=0, vmax=100, cmap=shades, cbar=False, linewidths=0.6, linecolor=theme.rule, ax=axes,
        annot=texts.replace(" of ", "\nof ", regex=True) if broken else texts, fmt="", annot_kws={"color": theme.ink, "fontsize": SMALL},
    )  # fmt: skip
    axes.set(xlabel="", ylabel="")
    axes.xaxis.tick_top()
    axes.set_xticks(axes.get_xticks(), ["\n".join(lines) for lines in heads], fontsize=SMALL, fontweight="bold", rotation=0)
    axes.set_yticks(axes.get_yticks(), shares.index, fontsize=SMALL, rotation=0)
    axes.tick_params(length=0, pad=4)
    return drawn.figure


def _matrix(told: pd.DataFrame, column: str) -> pd.DataFrame:
    """A column as findings by groups, in the order of first appearance."""
    rows, heads = (list(dict.fromkeys(told[key])) for key in ("finding", "group"))
    return told.pivot(index="finding", columns="group", values=column).loc[rows, heads]

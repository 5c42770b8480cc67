"""Landscapes of findings: one column a patient, one row a gene, patients in groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.cohorts.study_parts import plural
from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.look import Look
from analysis.figures.palette import Theme
from analysis.figures.parts.layout import LINE, MARGIN, Sheet, sheet
from analysis.figures.style import RECONSTRUCTED, SMALL, text_width

ROW, BETWEEN, PRINTED = 0.17, 0.07, "Printed"  # inches: height of a row, between groups; head of the frequencies
#: Fills by kind of finding: colour and hatching, so that they differ in grey.
HATCHES = ("", "////", "....", "xxxx")


class _Plot(NamedTuple):
    """All that a drawing needs, patients in the order drawn; see `landscape_figure` for the meaning."""

    shown: pd.DataFrame
    labels: Sequence[str]
    kinds: Mapping[str, str]
    strips: Mapping[str, np.ndarray]
    printed: Mapping[str, str]
    title: str
    reconstructed: bool


class _Columns(NamedTuple):
    """Where the patients stand, inches: left edges of their columns, and width of one."""

    place: list[float]
    cell: float


def landscape_figure(
    findings: pd.DataFrame,
    groups: Sequence[str],
    kinds: Mapping[str, str],
    *,
    title: str,
    strips: Mapping[str, Sequence[bool]] | None = None,
    printed: Mapping[str, str] | None = None,
    reconstructed: bool = True,
    caption: str = "",
    name: str | None = None,
    unit: str = "patient",
) -> PairedFigure:
    """Draw who has which finding.

    Parameters
    ----------
    findings : DataFrame of bool, shape (patients, findings)
        One column a gene or fusion, in the order of the rows drawn.
    groups : sequence of str, shape (patients,)
        Group of each patient, e.g. response; groups stand in the order of their first appearance.
    kinds : mapping of finding to kind
        E.g. ``fusion`` and ``mutation``; each kind has a fill of its own.
    title : str
    strips : mapping of label to flags, optional
        Marks above the rows, e.g. the arm of each patient.
    printed : mapping of finding to text, optional
        Frequency as a paper prints it, at the end of its row; of other findings the number drawn stands there in brackets.
    reconstructed, caption, name, unit
        As in `analysis.figures.plots.survival.survival_figure`.

    Returns
    -------
    PairedFigure
        Frame ``findings by patient`` in the order drawn, and ``findings by group``.

    Raises
    ------
    ValueError
        If lengths differ or a finding has no kind.
    """
    strips = {label: np.asarray(flags, dtype=bool) for label, flags in (strips or {}).items()}
    _check(findings, groups, kinds, strips)
    order = _order(findings, groups)
    shown, labels = findings.iloc[order].reset_index(drop=True), [groups[place] for place in order]
    marked = {label: flags[order] for label, flags in strips.items()}
    counts = shown.astype(int).groupby(pd.Series(labels), sort=False).sum().T
    counts.insert(0, "all", counts.sum(axis=1))
    plot = _Plot(shown, labels, kinds, marked, printed or {}, title, reconstructed)
    drawing = Drawing(lambda theme, look: _draw(plot, theme, look), title, _alternative(plot, counts, unit), broad=True)
    told = f"{caption.strip()} One column per {unit}, one row per finding. At the end of each row its frequency"
    told += " as printed; in brackets where none is printed, counted here." if printed else f": {plural(unit)} with it, and their share."
    told += " How findings combine in a patient is not reported; this is one of many possibilities." * reconstructed
    told += f" {RECONSTRUCTED.capitalize()}." * reconstructed
    frames = {
        "findings by patient": shown.astype(int).assign(group=labels, **{k: v.astype(int) for k, v in marked.items()}),
        "findings by group": counts.rename_axis("finding").reset_index(),
    }
    if reconstructed:
        frames = {key: frame.assign(origin=RECONSTRUCTED) for key, frame in frames.items()}
    return PairedFigure(name or slug(title), drawing, told.strip(), frames)


def _check(findings: pd.DataFrame, groups: Sequence[str], kinds: Mapping[str, str], strips: Mapping[str, np.ndarray]) -> None:
    if not len(findings) == len(groups) or any(len(flags) != len(groups) for flags in strips.values()):
        raise ValueError(f"groups: one for each of the {len(findings)} patients expected, {len(groups)} found")
    without = [finding for finding in findings if finding not in kinds]
    if without or not len(findings):
        raise ValueError(f"kinds: a kind for every finding expected, none found for {', '.join(without) or 'any patient'}")


def _order(findings: pd.DataFrame, groups: Sequence[str]) -> list[int]:
    """Positions of patients: by group, then so that findings form steps."""
    first = list(dict.fromkeys(groups))
    key = [(first.index(group), *(not flag for flag in row)) for group, row in zip(groups, findings.to_numpy(dtype=bool), strict=True)]
    return sorted(range(len(key)), key=key.__getitem__)


def _alternative(plot: _Plot, counts: pd.DataFrame, unit: str) -> str:
    sizes = pd.Series(plot.labels).value_counts(sort=False)
    groups = ", ".join(f"{group} {size}" for group, size in sizes.items())
    rows = "; ".join(
        f"{finding} {row['all']}"
        + (f" ({', '.join(f'{group} {row[group]}' for group in sizes.index if row[group])})" if row["all"] else "")
        + (f", printed {plot.printed[finding]}" if finding in plot.printed else "")
        for finding, row in counts.iterrows()
    )
    columns = f"{len(plot.shown)} {plural(unit)} in columns ({groups})"
    return f"{plot.title}: {columns}, {plot.shown.shape[1]} findings in rows. {plural(unit).capitalize()} with each finding: {rows}."


def _draw(plot: _Plot, theme: Theme, look: Look) -> Figure:
    names = [*plot.strips, *plot.shown.columns]
    ends = {finding: _frequency(plot.shown[finding], finding, plot.printed, look) for finding in plot.shown}
    left = MARGIN + max(text_width(name, SMALL) for name in names) + 0.08
    groups = list(dict.fromkeys(plot.labels))
    room = max(text_width(text, SMALL) for text in [*ends.values(), PRINTED * bool(plot.printed)]) + 0.08
    cell = (look.inches - left - room - MARGIN - BETWEEN * (len(groups) - 1)) / len(plot.labels)
    columns = _Columns([left + number * cell + BETWEEN * groups.index(group) for number, group in enumerate(plot.labels)], cell)
    below = 2 * LINE + ROW * (len(names) + bool(plot.strips) * 0.4) + 0.35
    drawn = sheet(plot.title, [], theme, below, look, reconstructed=plot.reconstructed)
    y = drawn.top - LINE
    if plot.printed:
        drawn.text(drawn.width - MARGIN, y + LINE / 2, PRINTED, ha="right", fontsize=SMALL, fontweight="bold")
    _draw_heads(drawn, plot.labels, columns, y, theme)
    y -= 0.06
    for label, flags in plot.strips.items():
        _draw_row(drawn, label, flags, columns, y, theme, theme.muted, "", f"({int(flags.sum())})" if plot.printed else _share(flags, look))
        y -= ROW
    y -= 0.4 * ROW * bool(plot.strips)
    order = list(dict.fromkeys(plot.kinds[finding] for finding in plot.shown))
    for finding in plot.shown:
        style = order.index(plot.kinds[finding])
        flags = plot.shown[finding].to_numpy(dtype=bool)
        _draw_row(drawn, finding, flags, columns, y, theme, theme.groups[style], HATCHES[style % len(HATCHES)], ends[finding])
        y -= ROW
    _draw_kinds(drawn, order, theme, y - 0.2)
    return drawn.figure


def _draw_heads(drawn: Sheet, labels: Sequence[str], columns: _Columns, y: float, theme: Theme) -> None:
    """Name and size of each group over its columns, with a line under it."""
    for group in dict.fromkeys(labels):
        members = [number for number, label in enumerate(labels) if label == group]
        start, end = columns.place[members[0]], columns.place[members[-1]] + columns.cell
        words = f"{group} ({len(members)})" if end - start > 0.7 else f"{group}"
        drawn.text((start + end) / 2, y + LINE / 2, words, ha="center", fontsize=SMALL, fontweight="bold")
        line = Line2D([start, end], [y - 0.01] * 2, transform=drawn.figure.dpi_scale_trans, color=theme.ink, linewidth=1.2)
        drawn.figure.add_artist(line)


def _draw_row(
    drawn: Sheet, label: str, flags: np.ndarray, columns: _Columns, y: float, theme: Theme, colour: str, hatch: str, end: str
) -> None:
    """A row of cells, filled where a patient has what it is of, its name before and its frequency behind it."""
    drawn.text(columns.place[0] - 0.06, y - ROW / 2, label, ha="right", fontsize=SMALL)
    present = {"facecolor": colour, "edgecolor": theme.ground, "hatch": hatch}
    absent = {"facecolor": theme.rule, "alpha": 0.45, "edgecolor": "none"}
    for kept, fill in ((True, present), (False, absent)):
        cells = [(x + columns.cell * 0.08, y - ROW * 0.92) for x, flag in zip(columns.place, flags, strict=True) if bool(flag) is kept]
        drawn.cells(cells, columns.cell * 0.84, ROW * 0.84, linewidth=0, **fill)
    drawn.text(drawn.width - MARGIN, y - ROW / 2, end, ha="right", fontsize=SMALL, color=theme.muted)


def _frequency(flags: pd.Series, finding: str, printed: Mapping[str, str], look: Look) -> str:
    """As printed; ``(2)`` of what is not; without a paper ``11 (17%)``."""
    if not printed:
        return _share(flags, look)
    return printed.get(finding, f"({int(np.sum(flags))})")


def _share(flags: np.ndarray | pd.Series, look: Look) -> str:
    """``11 (17%)``; shares below one percent with a decimal."""
    share = 100 * float(np.mean(flags))
    return f"{int(np.sum(flags))} ({look.share(share, 0 if share == 0 or share >= 1 else 1)})"


def _draw_kinds(drawn: Sheet, order: Sequence[str], theme: Theme, y: float) -> None:
    x = MARGIN
    for style, kind in enumerate(order):
        look: dict[str, Any] = {
            "facecolor": theme.groups[style],
            "edgecolor": theme.ground,
            "hatch": HATCHES[style % len(HATCHES)],
            "linewidth": 0,
        }
        drawn.figure.add_artist(Rectangle((x, y - 0.06), 0.16, 0.12, transform=drawn.figure.dpi_scale_trans, **look))
        drawn.text(x + 0.22, y, kind, fontsize=SMALL, color=theme.muted)
        x += 0.42 + text_width(kind, SMALL)

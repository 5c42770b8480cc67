"""Landscapes of findings: one column a patient, one row a gene, patients in groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.look import Look
from analysis.figures.palette import Theme
from analysis.figures.parts.layout import LINE, MARGIN, sheet
from analysis.figures.style import RECONSTRUCTED, SMALL, text_width

ROW, BETWEEN, PRINTED = 0.17, 0.07, "Printed"  # inches: height of a row, between groups; head of the frequencies
#: Fills by kind of finding: colour and hatching, so that they differ in grey.
HATCHES = ("", "////", "....", "xxxx")


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
    reconstructed, caption, name
        As elsewhere.

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
    if not len(findings) == len(groups) or any(len(flags) != len(groups) for flags in strips.values()):
        raise ValueError(f"groups: one for each of the {len(findings)} patients expected, {len(groups)} found")
    without = [finding for finding in findings if finding not in kinds]
    if without or not len(findings):
        raise ValueError(f"kinds: a kind for every finding expected, none found for {', '.join(without) or 'any patient'}")
    order = _ordered(findings, groups)
    shown, labels = findings.iloc[order].reset_index(drop=True), [groups[place] for place in order]
    marked = {label: flags[order] for label, flags in strips.items()}
    counts = shown.astype(int).groupby(pd.Series(labels), sort=False).sum().T
    counts.insert(0, "all", counts.sum(axis=1))
    alt = _alternative(title, shown, labels, counts, printed or {})
    drawing = Drawing(
        lambda theme, look: _draw(shown, labels, kinds, marked, printed or {}, theme, look, title, reconstructed),
        title,
        alt,
        broad=True,
    )
    told = f"{caption.strip()} One column per patient, one row per finding. At the end of each row its frequency"
    told += " as printed; in brackets where none is printed, counted here." if printed else ": patients with it, and their share."
    told += " How findings combine in a patient is not reported; this is one of many possibilities." * reconstructed
    told += f" {RECONSTRUCTED.capitalize()}." * reconstructed
    frames = {
        "findings by patient": shown.astype(int).assign(group=labels, **{k: v.astype(int) for k, v in marked.items()}),
        "findings by group": counts.rename_axis("finding").reset_index(),
    }
    if reconstructed:
        frames = {key: frame.assign(origin=RECONSTRUCTED) for key, frame in frames.items()}
    return PairedFigure(name or slug(title), drawing, told.strip(), frames)


def _ordered(findings: pd.DataFrame, groups: Sequence[str]) -> list[int]:
    """Positions of patients: by group, then so that findings form steps."""
    first = list(dict.fromkeys(groups))
    key = [(first.index(group), *(not flag for flag in row)) for group, row in zip(groups, findings.to_numpy(dtype=bool), strict=True)]
    return sorted(range(len(key)), key=key.__getitem__)


def _alternative(title: str, shown: pd.DataFrame, labels: Sequence[str], counts: pd.DataFrame, printed: Mapping[str, str]) -> str:
    sizes = pd.Series(labels).value_counts(sort=False)
    groups = ", ".join(f"{group} {size}" for group, size in sizes.items())
    rows = "; ".join(
        f"{finding} {row['all']}"
        + (f" ({', '.join(f'{group} {row[group]}' for group in sizes.index if row[group])})" if row["all"] else "")
        + (f", printed {printed[finding]}" if finding in printed else "")
        for finding, row in counts.iterrows()
    )
    return f"{title}: {len(shown)} patients in columns ({groups}), {shown.shape[1]} findings in rows. Patients with each finding: {rows}."


def _draw(
    shown: pd.DataFrame,
    labels: Sequence[str],
    kinds: Mapping,
    strips: Mapping,
    printed: Mapping[str, str],
    theme: Theme,
    look: Look,
    title: str,
    reconstructed: bool,
) -> Figure:
    names = [*strips, *shown.columns]
    ends = {finding: _frequency(shown[finding], finding, printed, look) for finding in shown}
    left = MARGIN + max(text_width(name, SMALL) for name in names) + 0.08
    groups = list(dict.fromkeys(labels))
    room = max(text_width(text, SMALL) for text in [*ends.values(), PRINTED * bool(printed)]) + 0.08
    across = look.inches - left - room - MARGIN - BETWEEN * (len(groups) - 1)
    cell = across / len(labels)
    place = [left + number * cell + BETWEEN * groups.index(group) for number, group in enumerate(labels)]
    below = 2 * LINE + ROW * (len(names) + bool(strips) * 0.4) + 0.35
    drawn = sheet(title, [], theme, below, look, reconstructed=reconstructed)
    y = drawn.top - LINE
    if printed:
        drawn.text(drawn.width - MARGIN, y + LINE / 2, PRINTED, ha="right", fontsize=SMALL, fontweight="bold")
    _heads(drawn, labels, place, cell, y, theme)
    y -= 0.06
    for label, flags in strips.items():
        _row(drawn, label, flags, place, cell, y, left, theme, theme.muted, "", f"({int(flags.sum())})" if printed else _share(flags, look))
        y -= ROW
    y -= 0.4 * ROW * bool(strips)
    order = list(dict.fromkeys(kinds[finding] for finding in shown))
    for finding in shown:
        style = order.index(kinds[finding])
        _row(
            drawn,
            finding,
            shown[finding].to_numpy(dtype=bool),
            place,
            cell,
            y,
            left,
            theme,
            theme.groups[style],
            HATCHES[style % len(HATCHES)],
            ends[finding],
        )
        y -= ROW
    _kinds(drawn, order, theme, y - 0.2)
    return drawn.figure


def _heads(drawn, labels: Sequence[str], place: Sequence[float], cell: float, y: float, theme: Theme) -> None:
    """Name and size of each group over its columns, with a line under it."""
    for group in dict.fromkeys(labels):
        members = [number for number, label in enumerate(labels) if label == group]
        start, end = place[members[0]], place[members[-1]] + cell
        drawn.text(
            (start + end) / 2,
            y + LINE / 2,
            f"{group} ({len(members)})" if end - start > 0.7 else f"{group}",
            ha="center",
            fontsize=SMALL,
            fontweight="bold",
        )
        drawn.figure.add_artist(
            Line2D([start, end], [y - 0.01] * 2, transform=drawn.figure.dpi_scale_trans, color=theme.ink, linewidth=1.2)
        )


def _row(drawn, label, flags, place, cell, y, left, theme: Theme, colour: str, hatch: str, end: str) -> None:
    drawn.text(left - 0.06, y - ROW / 2, label, ha="right", fontsize=SMALL)
    present = {"facecolor": colour, "edgecolor": theme.ground, "hatch": hatch}
    absent = {"facecolor": theme.rule, "alpha": 0.45, "edgecolor": "none"}
    for kept, look in ((True, present), (False, absent)):
        cells = [(x + cell * 0.08, y - ROW * 0.92) for x, flag in zip(place, flags, strict=True) if bool(flag) is kept]
        drawn.cells(cells, cell * 0.84, ROW * 0.84, linewidth=0, **look)
    drawn.text(drawn.width - MARGIN, y - ROW / 2, end, ha="right", fontsize=SMALL, color=theme.muted)


def _frequency(flags: Sequence[bool], finding: str, printed: Mapping[str, str], look: Look) -> str:
    """As printed; ``(2)`` of what is not; without a paper ``11 (17%)``."""
    if not printed:
        return _share(flags, look)
    return printed.get(finding, f"({int(np.sum(flags))})")


def _share(flags: Sequence[bool], look: Look) -> str:
    """``11 (17%)``; shares below one percent with a decimal."""
    share = 100 * float(np.mean(flags))
    return f"{int(np.sum(flags))} ({look.share(share, 0 if share == 0 or share >= 1 else 1)})"


def _kinds(drawn, order: Sequence[str], theme: Theme, y: float) -> None:
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

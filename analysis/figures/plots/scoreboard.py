"""The scoreboard: how many printed results got which verdict, by study and by what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.palette import Theme
from analysis.figures.style import SMALL, TEXT, new_figure, text_width
from analysis.figures.verdict_symbols import EVIDENCE, MARKS

#: Hatching beside colour: the bars stay apart in grey.
HATCHES = dict(zip(MARKS, ("", "////", "....", "xxxx", "\\\\\\\\", "----", ""), strict=True))
LEFT, RIGHT, BAR, ROW, LINE = 0.86, 0.62, 0.27, 0.52, 0.2  # inches


def tally(audits: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Count rows by study, evidence and verdict.

    Parameters
    ----------
    audits : mapping of str to pandas.DataFrame
        Label of a study to `analysis.ledger.verdicts.audit.Audit.results` (columns ``verdict`` and ``evidence``).

    Returns
    -------
    pandas.DataFrame
        Columns ``study, evidence, verdict, rows, share`` (percent of the study's rows of that
        evidence). Every verdict of a kind of evidence that occurs is listed, with 0 where none has it.

    Raises
    ------
    ValueError
        If a verdict or a kind of evidence is unknown.
    """
    records = []
    for study, table in audits.items():
        unknown = (set(table["verdict"]) - set(MARKS)) | (set(table["evidence"]) - set(EVIDENCE))
        if unknown:
            raise ValueError(f"verdict or evidence: a known name expected, {', '.join(sorted(unknown))} found ({study})")
        for evidence in EVIDENCE:
            part = table[table["evidence"] == evidence]
            listed = [verdict for verdict in MARKS if (verdict == "context") == (evidence == "")]
            if len(part):
                listed += [verdict for verdict in MARKS if verdict not in listed and (part["verdict"] == verdict).any()]
                counts = {verdict: int((part["verdict"] == verdict).sum()) for verdict in listed}
                records += [(study, evidence, verdict, count, 100 * count / len(part)) for verdict, count in counts.items()]
    return pd.DataFrame(records, columns=["study", "evidence", "verdict", "rows", "share"])


def scoreboard(audits: Mapping[str, pd.DataFrame]) -> PairedFigure:
    """Draw the verdicts as stacked bars, one a study and kind of evidence, with the numbers in them.

    Parameters
    ----------
    audits : mapping of str to pandas.DataFrame
        As for `tally`.

    Returns
    -------
    PairedFigure
        Rows of context are counted in caption and alt text and have no bar.
    """
    frame = tally(audits)
    judged = frame[frame["evidence"] != ""]
    title = "Verdicts by study and evidence"
    alt = _alternative(frame)
    drawing = Drawing(lambda theme, look: _draw(judged, theme, look.inches), title, alt)
    context = int(frame.loc[frame["evidence"] == "", "rows"].sum())
    caption = (
        f"Verdicts on {int(judged['rows'].sum())} printed results; bars show shares of the number at their right. "
        + " ".join(f"{kind.capitalize()}: {EVIDENCE[kind]}." for kind in EVIDENCE if kind and kind in set(judged["evidence"]))
        + (f" Not drawn: {context} numbers of context." if context else "")
    )
    return PairedFigure("scoreboard", drawing, caption, {"verdicts": frame})


def _alternative(frame: pd.DataFrame) -> str:
    sentences = []
    for (study, evidence), part in frame.groupby(["study", "evidence"], sort=False):
        counts = [f"{count} {verdict}" for verdict, count in zip(part["verdict"], part["rows"], strict=True) if count]
        total = int(part["rows"].sum())
        sentences.append(f"{study}, {evidence}: of {total}, {', '.join(counts)}." if evidence else f"{study}: {total} of context.")
    return "Stacked bars of verdicts. " + " ".join(sentences)


def _draw(frame: pd.DataFrame, theme: Theme, broad: float) -> Figure:
    shown = [verdict for verdict in MARKS if frame.loc[frame["verdict"] == verdict, "rows"].sum()]
    legend, legend_height = _legend_places(shown, broad)
    studies = list(frame.groupby("study", sort=False))
    rows = sum(part["evidence"].nunique() for _, part in studies)
    height = 0.1 + legend_height + len(studies) * 0.3 + rows * ROW + 0.04
    figure = new_figure(broad, height)
    top = height - 0.06
    for verdict, x, y in legend:
        _block(figure, verdict, theme, x, top - y - 0.16, 0.26, 0.14)
        _text(figure, x + 0.33, top - y - 0.09, f"{MARKS[verdict].symbol} {verdict}", fontsize=SMALL)
    y = top - legend_height
    for study, part in studies:
        y -= 0.3
        _text(figure, 0.08, y + 0.1, study, fontweight="bold")
        for evidence, row in part.groupby("evidence", sort=False):
            y -= ROW
            _text(figure, 0.08, y + 0.04 + BAR / 2, evidence)
            _draw_row(figure, row, theme, y + 0.04, broad)
    return figure


def _text(figure: Figure, x: float, y: float, text: str, **kwargs: Any) -> None:
    look: dict[str, Any] = {"va": "center", "fontsize": TEXT} | kwargs
    figure.text(x, y, text, transform=figure.dpi_scale_trans, **look)


def _legend_places(shown: Sequence[str], broad: float) -> tuple[list[tuple[str, float, float]], float]:
    places, x, y = [], 0.08, 0.0
    for verdict in shown:
        needed = 0.33 + text_width(f"{MARKS[verdict].symbol} {verdict}", SMALL) + 0.2
        if x > 0.08 and x + needed > broad:
            x, y = 0.08, y + LINE
        places.append((verdict, x, y))
        x += needed
    return places, y + LINE


def _block(figure: Figure, verdict: str, theme: Theme, x: float, y: float, width: float, height: float) -> None:
    patch = Rectangle(
        (x, y), width, height, transform=figure.dpi_scale_trans, facecolor=theme.verdicts[verdict],
        edgecolor=theme.muted, linewidth=0.6, hatch=HATCHES[verdict],
    )  # fmt: skip
    figure.add_artist(patch)


def _draw_row(figure: Figure, row: pd.DataFrame, theme: Theme, y: float, broad: float) -> None:
    across = broad - LEFT - RIGHT
    x, outside = LEFT, []
    for verdict, count, share in zip(row["verdict"], row["rows"], row["share"], strict=True):
        if not count:
            continue
        width = across * share / 100
        _block(figure, verdict, theme, x, y, width, BAR)
        label = f"{MARKS[verdict].symbol} {count}"
        if text_width(label, SMALL) + 0.12 <= width:
            ground = {"facecolor": theme.verdicts[verdict], "edgecolor": "none", "pad": 1.2}  # hatching stays off the digits
            _text(figure, x + width / 2, y + BAR / 2, label, ha="center", fontsize=SMALL, color=theme.on_verdict, bbox=ground)
        else:
            outside.append((label, x + width / 2))
        x += width
    _text(figure, LEFT + across + 0.08, y + BAR / 2, f"of {int(row['rows'].sum())}", color=theme.muted, fontsize=SMALL)
    _label_above(figure, outside, theme, y + BAR, broad)


def _label_above(figure: Figure, labels: Sequence[tuple[str, float]], theme: Theme, y: float, broad: float) -> None:
    """Write the numbers that do not fit into their block above it, pushed apart, each with a leader."""
    widths = [text_width(label, SMALL) for label, _ in labels]
    places: list[float] = []
    for (_, centre), width in zip(labels, widths, strict=True):
        free = places[-1] + widths[len(places) - 1] / 2 + 0.1 + width / 2 if places else 0.0
        places.append(max(centre, free))
    limit = broad - 0.04
    for position in reversed(range(len(places))):  # the last ones must end inside the figure
        places[position] = min(places[position], limit - widths[position] / 2)
        limit = places[position] - widths[position] / 2 - 0.1
    for (label, centre), place in zip(labels, places, strict=True):
        figure.add_artist(Line2D([centre, place], [y, y + 0.05], transform=figure.dpi_scale_trans, color=theme.muted, linewidth=0.6))
        _text(figure, place, y + 0.125, label, ha="center", fontsize=SMALL)

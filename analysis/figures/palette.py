"""The palette: colours and line styles of groups and verdicts, for a light and a dark page.

The hues derive from Okabe and Ito's colour-blind-safe set (Color Universal Design, 2008).
They are darkened on white and lightened on the dark page, so that a line keeps a contrast of at
least 3:1 with its ground, and the first groups, which most figures need, are spread in
luminance.  Line styles differ as well: a figure printed in grey stays readable.
"""

from __future__ import annotations

from dataclasses import dataclass

DASHES = (
    "-",
    (0, (5, 1.6)),
    (0, (1.2, 1.2)),
    (0, (7, 1.6, 1.3, 1.6)),
    (0, (10, 2.4)),
    (0, (4, 1.2, 1.2, 1.2, 1.2, 1.2)),
    (0, (2.6, 1.2)),
    (0, (12, 1.6, 3, 1.6)),
)


@dataclass(frozen=True)
class Theme:
    """Colours of one variant of the page.

    Attributes
    ----------
    name : str
        ``light`` or ``dark``.
    ground, ink, muted, rule : str
        Page, text and axes, secondary text, hairlines (hexadecimal RGB).
    sampled : str
        Grey of a range sampled over an ensemble.
    groups : tuple of str
        Colours of groups, in the order of use.
    verdicts : mapping
        Verdict name to the colour of its bar; text on it is ``on_verdict``.
    on_verdict : str
        Text on a verdict's bar.
    """

    name: str
    ground: str
    ink: str
    muted: str
    rule: str
    sampled: str
    groups: tuple[str, ...]
    verdicts: dict[str, str]
    on_verdict: str


LIGHT = Theme(
    name="light",
    ground="#ffffff",
    ink="#1b1f24",
    muted="#4b5563",
    rule="#d1d5da",
    sampled="#8a8f98",
    groups=("#003f6b", "#d55e00", "#00835f", "#b0578f", "#1a1a1a", "#2f86c9", "#9a6a00", "#777777"),
    verdicts={
        "reproduced": "#b9e3d3",
        "reproduced under convention": "#9fcbec",
        "not identified": "#f0df9b",
        "contradicted": "#f3a58f",
        "in conflict": "#f5c893",
        "not reached": "#dcbde3",
        "context": "#dfe3e8",
    },
    on_verdict="#121212",
)

DARK = Theme(
    name="dark",
    ground="#121212",  # the page of the book's theme in dark mode
    ink="#e6ebf0",
    muted="#aab4bf",
    rule="#48566b",
    sampled="#8d96a3",
    groups=("#8fd0fa", "#e8742a", "#4fd6ad", "#d58bb4", "#f5f5f5", "#4f9fe0", "#f0d23c", "#9a9a9a"),
    verdicts={
        "reproduced": "#0f5a44",
        "reproduced under convention": "#1b5684",
        "not identified": "#66560c",
        "contradicted": "#8f3220",
        "in conflict": "#754407",
        "not reached": "#63376d",
        "context": "#3a4350",
    },
    on_verdict="#ffffff",
)


def group_style(index: int, theme: Theme) -> dict:
    """Colour and line style of the group at a position (from 0).

    After as many groups as colours the line styles shift by one, so a pair never repeats
    within ``len(groups) * len(DASHES)`` groups.
    """
    colours = len(theme.groups)
    shift = index // colours
    return {"color": theme.groups[index % colours], "linestyle": DASHES[(index + shift) % len(DASHES)]}


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (hexadecimal RGB), 1 to 21, as the Web Content Accessibility Guidelines 2 define it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

"""How figures are drawn: what an analyst can choose once for all figures of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

MILLIMETRES = 25.4
"""In an inch."""

COLUMNS = {"85 mm": 85.0, "178 mm": 178.0}
"""Widths of a figure over one column of a journal and over two, millimetres."""

RISK_ROWS = ("all", "at risk", "none")
"""What of the table under a curve is shown: numbers at risk with events and other ends, numbers at risk alone, or nothing."""

SHARES = ("percent", "proportion")
"""How figures tell a share of patients: of 100 or of 1."""

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Look:
    """Size of figures, and what stands under curves.

    Attributes
    ----------
    width : float
        Millimetres; narrow enough by default that text stays legible at the width of a phone.
    risk_rows : str
        One of `RISK_ROWS`.
    shares : str
        One of `SHARES`.
    """

    width: float = 114.3
    risk_rows: str = "all"
    shares: str = "percent"

    @property
    def inches(self) -> float:
        """Width in inches."""
        return self.width / MILLIMETRES

    def at_width(self, width: float) -> Look:
        """The same at another width, millimetres."""
        return replace(self, width=width)

    def share_label(self, name: str) -> str:
        """Label of an axis of shares: ``Survival (%)`` or ``Survival (proportion)``."""
        return f"{name} ({'%' if self.shares == 'percent' else self.shares})"

    def share_tick(self, percent: float) -> str:
        """Label of a tick on an axis of shares."""
        return f"{percent if self.shares == 'percent' else percent / 100:g}"

    def share(self, percent: float, decimals: int = 0) -> str:
        """A share with so many decimals of a percent: ``17%`` or ``0.17``."""
        return f"{percent:.{decimals}f}%" if self.shares == "percent" else f"{percent / 100:.{decimals + 2}f}"

    def rows(self, rows: Sequence[_Row]) -> tuple[_Row, ...]:
        """Those of the rows of a table under curves that are shown; the first is the number at risk."""
        return tuple(rows[: {"all": len(rows), "at risk": 1, "none": 0}[self.risk_rows]])


HOUSE = Look()
"""What is drawn where nobody chose."""

BROAD = 150.0
"""Millimetres of the drawing that a page shows in its place where it has `BROAD_FROM`, so that a figure is as broad as the text."""

BROAD_FROM = "34rem"

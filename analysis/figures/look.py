"""How figures are drawn: what an analyst can choose once for all figures of a page."""

from __future__ import annotations

from dataclasses import dataclass

MILLIMETRES = 25.4
"""In an inch."""

COLUMNS = {"85 mm": 85.0, "178 mm": 178.0}
"""Widths of a figure over one column of a journal and over two, millimetres."""

RISK_ROWS = ("at risk", "events", "censored")
"""Lines that the table under a curve can have for each group."""


@dataclass(frozen=True)
class Look:
    """Size and wording of figures.

    Attributes
    ----------
    width : float
        Millimetres; narrow enough by default that text stays legible at the width of a phone.
    percent : bool
        Whether survival and incidence are labelled in percent rather than as shares from 0 to 1.
    risk_rows : tuple of str
        Lines of the table under a curve, of `RISK_ROWS`; none leaves it out.
    """

    width: float = 114.3
    percent: bool = True
    risk_rows: tuple[str, ...] = RISK_ROWS

    @property
    def inches(self) -> float:
        """Width in inches."""
        return self.width / MILLIMETRES

    def axis_label(self, words: str) -> str:
        """Label of an axis of shares: ``Survival (%)``."""
        return f"{words} (%)" if self.percent else words

    def tick(self, percent: float) -> str:
        """Tick of such an axis, given in percent: ``20`` or ``0.2``."""
        return f"{percent:g}" if self.percent else f"{percent / 100:g}"

    def share(self, percent: float, decimals: int = 1) -> str:
        """A share, given in percent, in words: ``63.4%`` or ``0.634``."""
        return f"{percent:.{decimals}f}%" if self.percent else f"{percent / 100:.{decimals + 2}f}"

    def number(self, percent: float, decimals: int = 1) -> str:
        """The number alone of a share: ``63.4`` or ``0.634``."""
        return self.share(percent, decimals).removesuffix("%")


HOUSE = Look()
"""What is drawn where nobody chose."""

"""Widths of lines of text, against the extents of their outlines."""

import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from analysis.figures.style import FONT, text_width


@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize(
    "text", ["Overall survival, DAC-CLAG", "P 0.0007, as printed", "§&@ß%ÄÖÜéæ", "(95% CI 0.05 to 0.52)", "S", "—·≥×", "jfgyQ{}"]
)
def test_a_line_is_as_wide_as_its_outline(text, weight):
    outline = TextPath((0, 0), text, size=8.3, prop=FontProperties(family=FONT, weight=weight))
    assert text_width(text, 8.3, weight) == pytest.approx(outline.get_extents().width / 72, rel=1e-12)


def test_nothing_has_no_width():
    assert text_width("  ") == 0

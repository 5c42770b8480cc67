"""One drawing in every form: the same bytes each time, as broad as asked for, text as text."""

import io
import re

import pytest
from PIL import Image
from pypdf import PdfReader

from analysis.figures.drawing import DPI, Drawing
from analysis.figures.look import COLUMNS, MILLIMETRES
from analysis.figures.style import new_figure


@pytest.fixture(scope="module")
def drawing():
    def draw(theme, look):
        figure = new_figure(look.inches, 1)
        figure.text(0.1, 0.5, "Overall survival ≥ 63.4%", color=theme.ink)
        return figure

    return Drawing(draw, "A title", "What is seen")


@pytest.mark.parametrize("width", COLUMNS.values())
def test_a_pdf_is_as_broad_as_a_column_and_its_text_can_be_searched(drawing, width):
    page = PdfReader(io.BytesIO(drawing.pdf(width))).pages[0]
    assert float(page.mediabox.width) / 72 * MILLIMETRES == pytest.approx(width, abs=0.1)
    assert "Overall survival ≥ 63.4%" in page.extract_text()
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts and not any(font["/Subtype"] == "/Type3" for font in fonts)


@pytest.mark.parametrize("width", COLUMNS.values())
def test_a_png_has_300_dots_an_inch(drawing, width):
    picture = Image.open(io.BytesIO(drawing.png(width)))
    assert picture.width == pytest.approx(width / MILLIMETRES * DPI, abs=1)
    assert picture.info["dpi"] == pytest.approx((DPI, DPI), abs=0.1)


def test_the_same_bytes_each_time_and_no_date(drawing):
    assert drawing.pdf(85) == drawing.pdf(85) and drawing.png(85) == drawing.png(85)
    assert b"CreationDate" not in drawing.pdf(85)


def test_a_document_says_what_it_shows_and_keeps_text_as_text(drawing):
    document = drawing.standalone()
    assert "<title>A title</title><desc>What is seen</desc>" in document
    assert re.search(r"<text[^>]*>Overall survival ≥ 63.4%</text>", document)

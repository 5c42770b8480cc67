"""A figure on a page: two images, their words, their data."""

import base64
import io
from urllib.parse import unquote

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.style import new_figure, paired

HOSTILE = '<script>alert("1")</script> & more'


@pytest.fixture(scope="module")
def figure():
    def draw(theme):
        drawing = new_figure(2, 1)
        drawing.text(0.5, 0.5, HOSTILE, color=theme.ink)
        return drawing

    light, dark = paired(draw, title=HOSTILE, description=HOSTILE)
    frame = pd.DataFrame({"name": [HOSTILE, 'comma, "quote"'], "value": [1.5, 2.0]})
    return PairedFigure("a-figure", light, dark, f"Caption {HOSTILE}", f"Alt {HOSTILE}", {"its data": frame})


@pytest.fixture(scope="module")
def page(figure):
    return BeautifulSoup(figure._repr_html_(), "html.parser")


def test_one_image_for_each_theme(page, figure):
    images = page.select(".figure-pair img")
    assert [image["class"] for image in images] == [["only-light"], ["only-dark"]]
    for image, svg in zip(images, (figure.light, figure.dark), strict=True):
        assert base64.b64decode(image["src"].removeprefix("data:image/svg+xml;base64,")).decode() == svg


def test_both_images_have_the_same_words(page, figure):
    assert {image["alt"] for image in page.select("img")} == {figure.alt}


def test_caption_does_not_follow_an_image_that_the_theme_hides(page):
    assert page.select("img ~ figcaption") == []
    assert page.select_one("figure > figcaption p").text == f"Caption {HOSTILE}"


def test_foreign_text_is_escaped(page):
    assert page.select("script") == []


def test_data_come_back_from_the_link(page, figure):
    link = page.select_one("a[download]")
    assert link["download"] == "a-figure-its-data.csv"
    text = unquote(link["href"].removeprefix("data:text/csv;charset=utf-8,"))
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(text)), figure.data)


def test_nothing_is_fetched(page):
    addresses = [tag.get("src") or tag.get("href") for tag in page.select("[src], [href]")]
    assert all(address.startswith(("data:", "#")) for address in addresses)


def test_plain_representation_is_the_alternative_text(figure):
    assert repr(figure) == f"Figure: {figure.alt}"


def test_slug():
    assert slug("Overall survival, by arm (n = 39)") == "overall-survival-by-arm-n-39"
    assert slug("…") == "figure"

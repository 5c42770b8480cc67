"""A figure on a page: a drawing in two themes, its words, its data."""

import io
import re
from dataclasses import replace
from urllib.parse import unquote

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.look import Look
from analysis.figures.palette import DARK, LIGHT
from analysis.figures.style import new_figure

HOSTILE = '<script>alert("1")</script> & more'


@pytest.fixture(scope="module")
def figure():
    def draw(theme, look):
        drawing = new_figure(2, 1)
        drawing.text(0.5, 0.5, HOSTILE, color=theme.ink)
        return drawing

    frame = pd.DataFrame({"name": [HOSTILE, 'comma, "quote"'], "value": [1.5, 2.0]})
    return PairedFigure("a-figure", Drawing(draw, HOSTILE, f"Alt {HOSTILE}", broad=True), f"Caption {HOSTILE}", {"its data": frame})


@pytest.fixture(scope="module")
def page(figure):
    return BeautifulSoup(figure._repr_html_(), "html.parser")


def test_one_drawing_whose_colours_follow_the_theme(page, figure):
    for drawing in page.select(".figure-pair svg"):
        assert drawing["role"] == "img" and drawing["aria-label"] == figure.alt
        assert not any(re.search("#[0-9a-f]{6}", str(part)) for part in drawing.find_all(True) if part.name != "style")
        assert drawing.style, "HTML allows no style sheet beside it"
    assert not page.select("style:not(svg > style)")
    sheet = "".join(style.string for style in page.select("style"))
    assert f"--figure-ink:{LIGHT.ink}" in sheet and f"--figure-ink:{DARK.ink}" in sheet
    assert LIGHT.ink in figure.light and DARK.ink not in figure.light and DARK.ink in figure.dark


def test_its_words_are_text(page, figure):
    assert [[text.string for text in drawing.select("text")] for drawing in page.select("svg")] == [[HOSTILE], [HOSTILE]]


def test_a_page_has_a_drawing_for_a_phone_and_one_as_broad_as_the_text_of_unlike_ids(page):
    drawings = page.select(".figure-pair svg")
    assert [drawing["class"] for drawing in drawings] == [["drawing", "narrow"], ["drawing", "broad"]]
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_what_needs_no_more_room_is_drawn_once(figure):
    page = BeautifulSoup(replace(figure, drawing=replace(figure.drawing, broad=False))._repr_html_(), "html.parser")
    assert [drawing["class"] for drawing in page.select(".figure-pair svg")] == [["drawing"]] and not page.figure.has_attr("style")


def test_a_width_that_somebody_chose_is_the_only_one(figure):
    page = BeautifulSoup(figure.with_look(Look(width=90))._repr_html_(), "html.parser")
    assert [drawing["class"] for drawing in page.select(".figure-pair svg")] == [["drawing"]]
    assert page.figure["style"] == "--figure-breadth:31.5rem"


def test_foreign_text_is_escaped(page):
    assert page.select("script") == []


def test_data_come_back_from_the_link(page, figure):
    link = page.select_one("a[download$=csv]")
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

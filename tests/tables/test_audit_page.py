"""The audit page: every row, with anchors, filters and keys to sort by."""

import io
from urllib.parse import unquote

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.figures.marks import MARKS
from analysis.tables.audit_page import COLUMNS, audit_page, sort_keys

HOSTILE = '<script>alert("1")</script> & "quoted"'


@pytest.fixture
def view(entries):
    return audit_page(entries)


@pytest.fixture
def page(view):
    return BeautifulSoup(view.html, "html.parser")


def test_one_anchored_row_a_ledger_row(page, entries):
    assert [row["id"] for row in page.select("tbody tr")] == [judgement.row.id for judgement in entries]
    assert page.select_one('tr[id="t1.p"] th a')["href"] == "#t1.p"


def test_sort_keys_follow_value_and_verdict(page, entries):
    keys = {judgement.row.id: sort_keys(judgement, position) for position, judgement in enumerate(entries)}
    assert keys["t1.a.pct"] == [3, 63.37, 63.6364, list(MARKS).index("contradicted")]
    assert keys["t1.b.n"][2] == 6 and keys["t1.r"][2] == float("inf")
    for row in page.select("tbody tr"):
        cells = [float(cell["data-sort"]) for cell in row.find_all(["th", "td"], recursive=False)]
        assert cells == pytest.approx(keys[row["id"]])


def test_every_column_can_be_sorted_by_keyboard(page):
    buttons = page.select("thead th[aria-sort] button[type=button]")
    assert [button.text for button in buttons] == list(COLUMNS)
    assert [int(button["data-column"]) for button in buttons] == list(range(len(COLUMNS)))


def test_filters_offer_each_value_with_its_count(page, entries):
    for select in page.select("select"):
        name = select["data-filter"]
        rows = [row[f"data-{name}"] for row in page.select("tbody tr")]
        offered = {option["value"]: option.text for option in select.select("option")[1:]}
        assert set(offered) == {f"={value}" for value in rows}
        assert all(text.endswith(f"({rows.count(value[1:])})") for value, text in offered.items())
        assert page.select_one(f'label[for="{select["id"]}"]')


def test_without_scripts_the_table_is_whole_and_the_controls_hide(page):
    assert page.select_one("form").has_attr("hidden")
    assert page.select("tbody tr[hidden]") == []


def test_the_script_finds_its_table(page):
    root = page.select_one(".exhibit-audit")["id"]
    scripts = page.select("script")
    assert len(scripts) == 1 and f'getElementById("{root}")' in scripts[0].text
    assert "http" not in scripts[0].text


def test_foreign_text_is_escaped(page):
    row = page.select_one('tr[id="t1.a.pct"]')
    assert HOSTILE in row.select_one("th").text
    assert row.select_one(".audit-note").text == HOSTILE
    assert row.select("script") == []


def test_each_row_has_a_place_for_the_pages_it_stands_on(page, entries):
    places = {place["data-row"]: place for place in page.select("tbody tr .audit-used")}
    assert list(places) == [judgement.row.id for judgement in entries]
    assert all(place.has_attr("hidden") and not place.text for place in places.values())


def test_context_is_not_called_recomputed(page):
    cells = page.select('tr[id="met.dose"] td')
    assert cells[1].text == ""


def test_the_whole_table_can_be_saved(page, view):
    text = unquote(page.select_one("a[download]")["href"].removeprefix("data:text/csv;charset=utf-8,"))
    saved = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(saved, view.frame)

"""The audit page: every row, with anchors, filters and keys to sort by."""

import io
from urllib.parse import unquote

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.figures.verdict_symbols import MARKS
from analysis.ledger.verdicts.withheld import Trial
from analysis.tables.rows.audit_page import COLUMNS, audit_page, sort_keys, trial_class

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


def test_values_are_sorted_by_what_is_printed_and_what_comes_back(page, entries):
    keys = {judgement.row.id: sort_keys(judgement) for judgement in entries}
    assert keys["t1.a.pct"] == (63.37, 63.6364)
    assert keys["t1.b.n"][1] == 6 and keys["t1.r"][1] == float("inf")
    for row in page.select("tbody tr"):
        cells = [float(cell.get("data-sort", cell.text)) for cell in row.select("td:not(.words)")]
        assert cells == pytest.approx(keys[row["id"]])


def test_verdicts_are_sorted_from_reproduced_to_context(page, entries):
    order = {row["id"]: int(row["data-f"].split()[0]) for row in page.select("tbody tr")}
    for one in entries:
        for other in entries:
            assert (order[one.row.id] < order[other.row.id]) == (list(MARKS).index(one.verdict) < list(MARKS).index(other.verdict))


def test_every_column_can_be_sorted_by_keyboard(page):
    buttons = page.select("thead th[aria-sort] button[type=button]")
    assert [button.text for button in buttons] == list(COLUMNS)
    assert [int(button["data-column"]) for button in buttons] == list(range(len(COLUMNS)))


def _value(judgement, name):
    if name == "withheld":
        return trial_class(judgement)
    return str(getattr(judgement if name in ("verdict", "evidence") else judgement.row, name))


@pytest.mark.parametrize(
    ("trial", "told"),
    [(Trial(3, 3), "predicted"), (Trial(2, 3), "in some cohorts"), (Trial(0, 3), "in no cohort"), (Trial(0, 0), "not rebuilt"), (None, "")],
)
def test_the_filter_says_what_came_of_withholding(judgement, trial, told):
    assert trial_class(judgement("a", "1", "1", "reproduced", evidence="cohort", withheld=trial)) == told


def test_filters_offer_each_value_with_its_count(page, entries):
    rows = {row["id"]: row["data-f"].split() for row in page.select("tbody tr")}
    for select in page.select("select"):
        position, name = int(select["data-filter"]), select["id"].rpartition("-")[2]
        offered = {option["value"]: option.text for option in select.select("option")[1:]}
        values = [(rows[j.row.id][position], _value(j, name)) for j in entries]
        assert {place for place, _ in values} == set(offered)
        for place, value in values:
            assert offered[place] == f"{value or 'none'} ({sum(other == value for _, other in values)})"
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

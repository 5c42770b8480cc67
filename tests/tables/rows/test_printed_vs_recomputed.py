"""A paper's table: printed numbers, recomputed ones beside, a verdict each."""

import pytest
from bs4 import BeautifulSoup

from analysis.tables.html.audit_index import Judged, as_judged
from analysis.tables.rows.printed_vs_recomputed import _FOOTNOTE, printed_table

HOSTILE = '<script>alert("1")</script> & "quoted"'

LAYOUT = {
    "source": "Table 1",
    "caption": f"Patients {HOSTILE}",
    "columns": [{"label": "Share (n/N)", "cell": "{pct} ({n}/{total})"}, {"label": "P", "cell": "{p}"}],
    "rows": [
        {"label": "All", "key": "all"},
        {"label": "By arm"},
        {"label": f"A {HOSTILE}", "key": "a", "indent": 1},
        {"label": "B", "key": "b", "indent": 2},
        {"label": "nothing printed", "key": "c"},
    ],
}


@pytest.fixture
def view(entries):
    return printed_table(LAYOUT, entries, table="t1")


@pytest.fixture
def page(view):
    return BeautifulSoup(view.html, "html.parser")


def test_as_text(entries):
    layout = LAYOUT | {"caption": "Patients", "rows": [*LAYOUT["rows"][:2], LAYOUT["rows"][2] | {"label": "A"}, LAYOUT["rows"][3]]}
    assert printed_table(layout | {"columns": [{"label": "Share (n/N)", "cell": "{pct} ({n})"}]}, entries, table="t1").text == (
        "Table 1. Patients\n"
        "\n"
        "        Share (n/N)\n"
        "------  ----------------------\n"
        "All     63.64%✓ (14✓)\n"
        "By arm\n"
        "  A     63.37%✗ [63.64%] (14✓)\n"
        "    B   (7⇔ [6 to 8])"
    )


def test_what_is_not_recomputed_is_the_printed_number_alone(entries):
    layout = {"source": "Table 1", "caption": "c", "columns": [{"label": "Mean", "cell": "{r}"}], "rows": [{"label": "All", "key": "x"}]}
    entries = Judged(entries.study, {"t1.x.r": entries["t1.r"]})
    view = printed_table(layout, entries, table="t1")
    assert view.text.splitlines()[-1] == "All  12.5?"
    assert BeautifulSoup(view.html, "html.parser").select_one("tbody td .as-printed").text == "12.5"


def test_frame_holds_recomputed_numbers(view):
    assert view.frame["Share (n/N)"].tolist() == ["63.64% (14/22)", "", "63.64%", "", ""]


def test_each_number_has_a_verdict_that_links_to_its_row(page, entries):
    marks = page.select("td .exhibit-number > a.verdict")
    assert [mark["href"] for mark in marks] == [f"audit.html#t1.{id}" for id in ("all.pct", "all.n", "all.total", "a.pct")]
    assert [mark.text for mark in marks] == ["✓", "✓", "✓", "✗"]
    assert marks[3]["aria-label"] == "contradicted, printed 63.37%"
    assert "printed 63.37% (Table 1)" in marks[3]["title"]


def test_the_paper_s_number_stands_first_and_ours_is_lit_where_it_differs(page):
    assert [number.text for number in page.select(".as-printed")] == ["63.64%", "14", "Twenty-two", "63.37%"]
    ours = [(number.text.strip(), "same" in number["class"], "differs" in number.parent["class"]) for number in page.select(".recomputed")]
    assert ours == [("[63.64%]", True, False), ("[14]", True, False), ("[22]", True, False), ("[63.64%]", False, True)]


def test_what_stands_in_brackets_is_not_broken_over_lines_where_it_is_short(page, entries):
    assert [group.text for group in page.select("td .unbroken")] == ["(14✓ [14]/Twenty-two✓ [22])"]
    cells = "{n} ({total}), {pct} (of {n} patients who were evaluable)", "{n} [{total} ({pct})]"
    layout = LAYOUT | {
        "columns": [{"label": str(at), "cell": cell} for at, cell in enumerate(cells)],
        "rows": [{"label": "All", "key": "all"}],
    }
    html = printed_table(layout, entries, table="t1").html
    groups = [group.select_one(".as-printed").text for group in BeautifulSoup(html, "html.parser").select("td .unbroken")]
    assert groups == ["Twenty-two", "Twenty-two", "63.64%"]
    assert "patients who were evaluable)" in html  # nothing is lost


def test_structure(page):
    assert page.select_one("table > caption").text == f"Table 1. Patients {HOSTILE}"
    assert [head.text for head in page.select('thead th[scope="col"]')] == ["Share (n/N)", "P"]
    assert [head.text for head in page.select('tbody th[scope="row"]')] == ["All", f"A {HOSTILE}"]
    assert [head["colspan"] for head in page.select('tbody th[scope="rowgroup"]')] == ["3"] * 3
    assert page.select_one('[role="region"][tabindex="0"]')["aria-label"].startswith("Table 1")


def test_foreign_text_is_escaped(page):
    assert page.select("script") == []


def test_key_explains_the_marks_that_occur(page):
    assert [mark.text for mark in page.select(".exhibit-key .verdict")] == ["✓", "✗"]


def test_same_html(entries, view):
    assert printed_table(LAYOUT, entries, table="t1").html == view.html


def test_another_prefix(entries):
    html = printed_table(LAYOUT, as_judged(entries, prefix="../audits/one.html"), table="t1").html
    assert 'href="../audits/one.html#t1.all.pct"' in html


def test_footnotes_stand_below_the_table_each_on_its_line(entries):
    view = printed_table(LAYOUT | {"note": f"ᵃ Only some.\nᵇ {HOSTILE}\n"}, entries, table="t1")
    notes = BeautifulSoup(view.html, "html.parser").select_one(".exhibit-key")
    assert [text.strip() for text in notes.stripped_strings] == ["ᵃ Only some.", f"ᵇ {HOSTILE}"]
    assert view.text.endswith(f"ᵃ Only some.\n\nᵇ {HOSTILE}")


@pytest.mark.parametrize(("printed", "shown"), [("0.800a", "0.800<sup>a</sup>"), ("a", "a"), ("63.37%", "63.37%")])
def test_the_letter_of_a_footnote_is_set_high(printed, shown):
    assert _FOOTNOTE.sub(r"<sup>\1</sup>", printed) == shown

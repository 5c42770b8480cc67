"""The way from a row of the audit to the pages that its number stands on."""

import pytest
from bs4 import BeautifulSoup

from analysis.book.html import backlinks

AUDIT_ROWS = "".join(
    f'<tr id="{row}"><th><span class="audit-used" data-row="{row}" hidden></span><a class="verdict verdict-badge" href="#{row}">own</a></th></tr>'
    for row in ("t1.a", "t1.b", "t1.c")
)
FILES = {
    "book/index.html": '<h1>Start</h1><p>Contents</p><h1>Start<a class="headerlink" href="#x">#</a></h1><a class="verdict verdict-mark" href="../notebooks/first/audit.html#t1.a">1</a>'
    '<a class="verdict verdict-mark" href="../notebooks/second/audit.html#t1.a">2</a>',
    "notebooks/first/survival.html": '<h1>Survival &amp; <em>time</em>: of a study<a class="headerlink" href="#x">#</a></h1>'
    '<a class="verdict verdict-mark" href="audit.html#t1.b" title="x">1</a><a class="verdict verdict-mark" href="audit.html#t1.b">2</a>'
    '<a class="exhibit-number" href="audit.html#t1.a">3</a><a class="other" href="audit.html#t1.c">4</a>',
    "notebooks/first/audit.html": AUDIT_ROWS,
    "notebooks/second/audit.html": AUDIT_ROWS,
}
PAGES = [name.removesuffix(".html") for name in FILES]


@pytest.fixture
def book(tmp_path):
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    backlinks.link(tmp_path, PAGES)
    return tmp_path


def soup(book, name):
    return BeautifulSoup((book / name).read_text(encoding="utf-8"), "html.parser")


def told(book, study):
    page = soup(book, f"notebooks/{study}/audit.html")
    return {row["data-row"]: [(link.text, link["href"]) for link in row.select("a")] for row in page.select(".audit-used")}


def test_a_row_leads_to_each_page_that_shows_its_verdict_in_reading_order(book):
    assert told(book, "first") == {
        "t1.a": [("Start", "../../book/index.html#n-t1.a"), ("Survival & time", "survival.html#n-t1.a")],
        "t1.b": [("Survival & time", "survival.html#n-t1.b")],
        "t1.c": [],
    }


def test_rows_of_two_studies_are_told_apart(book):
    assert told(book, "second")["t1.a"] == [("Start", "../../book/index.html#n-t1.a")]
    assert told(book, "second")["t1.b"] == []


def test_every_address_is_an_anchor_that_stands_once(book):
    for study in ("first", "second"):
        for links in told(book, study).values():
            for _, address in links:
                file, anchor = address.split("#")
                page = BeautifulSoup((book / "notebooks" / study / file).resolve().read_text(encoding="utf-8"), "html.parser")
                assert len(page.find_all(id=anchor)) == 1


def test_a_row_on_no_page_says_nothing(book):
    place = soup(book, "notebooks/first/audit.html").select_one('[data-row="t1.c"]')
    assert place.has_attr("hidden") and place.text == ""


def test_doing_it_again_changes_nothing(book):
    before = {name: (book / name).read_text(encoding="utf-8") for name in FILES}
    backlinks.link(book, PAGES)
    assert before == {name: (book / name).read_text(encoding="utf-8") for name in FILES}


def test_what_no_page_shows_any_more_is_taken_back(book):
    survival = book / "notebooks/first/survival.html"
    survival.write_text("<h1>Survival<a href='#x'>#</a></h1>", encoding="utf-8")
    backlinks.link(book, PAGES)
    assert told(book, "first")["t1.b"] == []

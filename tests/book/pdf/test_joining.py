"""Pages joined into one document: every link between them leads to a place that is there, and nothing leads outside."""

import pytest
from bs4 import BeautifulSoup

from analysis.book.pdf.joining import contents, join_articles

FIRST = """<html><body><nav><a href="two.html">sidebar</a></nav><article class="bd-article"><section id="first"><h1>First <em>page</em><a class="headerlink" href="#first">#</a></h1>
<p id="row.a"><a href="#row.a">itself</a> <a href="../notes/two.html#row.a">the other</a> <a href="../notes/two.html">its page</a>
<a href="https://example.org/x">outside</a> <a href="../_static/data.csv">a file</a> <a href="nowhere.html#x">no page</a> <a href="file:///etc/hosts">a machine</a></p>
<label for="box">box</label><table aria-labelledby="row.a"><tr><td headers="first row.a">1</td></tr></table>
<img src="../_static/made/x%20y.svg" alt="a curve" loading="lazy"><img class="only-dark" src="../_static/made/dark.svg">
<div class="cell_input code-cell">secret()</div><p class="code-link"><a href="#page-code">secret code</a></p><details><summary>Numbers</summary>seen</details>
<script>alert(1)</script></section></article></body></html>"""
SECOND = """<html><body><article class="bd-article"><section id="first"><h1>Second page</h1><h2>Inside</h2><p id="row.a"><a href="../one/first.html#first">back</a></p></section></article></body></html>"""


PARTS = [("", ["one/first"]), ("A part", ["notes/two"])]


@pytest.fixture
def folder(tmp_path):
    for name, text in {"one/first": FIRST, "notes/two": SECOND}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / f"{name}.html").write_text(text)
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "book.css").write_text("p {}")
    return tmp_path


@pytest.fixture
def page(folder):
    return BeautifulSoup(join_articles(folder, PARTS, "A <book>")[0], "html.parser")


def test_every_link_inside_leads_to_one_place_that_is_there(page):
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    inside = [link["href"] for link in page.select("a[href]") if not link["href"].startswith("https:")]
    assert len(inside) >= 6
    assert all(address.startswith("#") and address[1:] in ids for address in inside)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("itself", "#one-first--row.a"),
        ("the other", "#notes-two--row.a"),
        ("its page", "#notes-two"),
        ("back", "#one-first--first"),
        ("outside", "https://example.org/x"),
    ],
)
def test_a_link_leads_where_it_led(page, words, expected):
    assert page.find("a", string=words)["href"] == expected


@pytest.mark.parametrize("words", ["a file", "no page", "a machine"])
def test_what_is_no_page_of_the_book_is_words_alone(page, words):
    found = page.find(string=words)
    assert found.parent.name == "span" and not found.parent.attrs


def test_attributes_that_name_ids_follow_them(page):
    assert page.table["aria-labelledby"] == "one-first--row.a"
    assert page.td["headers"] in ("one-first--first one-first--row.a", ["one-first--first", "one-first--row.a"])


def test_pictures_are_addressed_where_they_lie_and_dark_ones_left_out(page, folder):
    assert [picture["src"] for picture in page.select("img")] == [(folder / "_static" / "made" / "x y.svg").as_uri()]
    assert page.img["alt"] == "a curve" and not page.img.has_attr("loading")


def test_nothing_that_serves_a_screen_is_left_and_details_are_open(page):
    assert not page.select("script, nav > a[href='two.html'], label, .headerlink")
    assert "secret()" not in page.get_text() and page.details.has_attr("open")


def test_buttons_of_a_table_s_head_leave_their_words(folder):
    (folder / "notes" / "two.html").write_text(
        SECOND.replace("<h2>", "<button>Filter</button><table><tr><th><button>Printed</button></th></tr></table><h2>")
    )
    page = BeautifulSoup(join_articles(folder, PARTS, "A <book>")[0], "html.parser")
    assert page.select("article th")[0].get_text() == "Printed" and "Filter" not in page.get_text() and not page.select("button")


def test_pages_stand_below_their_part_and_in_the_contents(page):
    assert [(heading.name, heading.get_text()) for heading in page.select("article h1, article h2, article h3")] == [
        ("h1", "First page"),
        ("h2", "Second page"),
        ("h3", "Inside"),
    ]
    assert page.select_one(".book-part h1").get_text() == "A part"
    lines = [line.get_text(" ", strip=True) for line in page.select(".book-contents li")]
    assert lines == ["First page", "Second page"]
    assert page.select_one(".the-title").get_text() == "A <book>"
    assert "not the original patients" in page.select_one(".book-title").get_text()


def test_the_numbers_are_laid_out_as_the_contents_are_and_without_links(folder):
    _, titles = join_articles(folder, PARTS, "A <book>")
    over = BeautifulSoup(contents(folder, PARTS, "A <book>", titles, {"one/first": 3, "notes/two": 7}), "html.parser")
    assert [line.get_text(" ", strip=True) for line in over.select(".book-contents li")] == ["First page 3", "Second page 7"]
    assert not over.select("a[href], article")

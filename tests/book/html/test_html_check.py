"""The check of the built HTML catches each fault that is planted."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import paths
from analysis.book.html import html_check

PAGE = '<!DOCTYPE html><html lang="en"><head><title>Page</title></head><body><h1 id="top-of-page">Page</h1>{}</body></html>'


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A faultless book of two pages."""
    (tmp_path / "index.html").write_text(PAGE.format('<a href="one.html#top-of-page">One</a>'))
    (tmp_path / "one.html").write_text(PAGE.format('<a href="https://example.org">Elsewhere</a>'))
    (tmp_path / "dot.svg").write_text("<svg/>")
    return tmp_path


def problems(book: Path) -> list[str]:
    return [str(fault) for fault in html_check.check(book, ["one"])]


def test_faultless_book_has_no_faults(book):
    assert problems(book) == []


@pytest.mark.parametrize(
    ("planted", "problem"),
    [
        ('<div class="output traceback">ValueError: no</div>', "error output in a cell: 'ValueError: no'"),
        ("<pre>Traceback (most recent call last)\nKeyError: 1</pre>", "error output in a cell"),
        ('<div class="output stderr">careful</div>', "standard error in a cell: 'careful'"),
        ('<a href="two.html">Two</a>', "broken link: two.html"),
        ('<a href="index.html#nowhere">Two</a>', "broken anchor: index.html#nowhere"),
        ('<a href="#nowhere">Two</a>', "broken anchor: #nowhere"),
        ('<a href="../../outside.html">Two</a>', "link leaves the book"),
        ('<img src="none.png" alt="a curve">', "broken link: none.png"),
        ('<svg role="img" id="drawing-x"></svg>', "drawing without alternative text: drawing-x"),
        ('<img src="dot.svg">', "picture without alternative text: dot.svg"),
        ('<img src="dot.svg" alt="_images/dot.svg">', "picture without alternative text"),
        ('<img src="https://example.org/a.png" alt="a curve">', "remote asset https://example.org/a.png (img)"),
        ('<img src="dot.svg" srcset="dot.svg 1x, //example.org/b.png 2x" alt="a">', "//example.org/b.png"),
        ('<script src="//example.org/a.js"></script>', "remote asset //example.org/a.js (script)"),
        ('<script>import("https://example.org/a.js")</script>', "(inline script)"),
        ('<link rel="stylesheet" href="http://example.org/a.css">', "remote asset http://example.org/a.css"),
        ('<link rel="preconnect" href="https://example.org">', "remote asset https://example.org (link)"),
        ("<style>@import 'https://example.org/a.css';</style>", "remote asset https://example.org/a.css (style)"),
        ('<p style="background: url(https://example.org/a.png)">x</p>', "https://example.org/a.png (style)"),
        ('<iframe src="https://example.org"></iframe>', "remote asset https://example.org (iframe)"),
        (f"<p>{paths.ROOT}/data/cohort.csv</p>", "path on the machine that built the book"),
    ],
)
def test_planted_fault_is_found_on_its_page(book, planted, problem):
    (book / "one.html").write_text(PAGE.format(planted))
    found = problems(book)
    assert found
    assert all(line.startswith("one.html: ") for line in found)
    assert any(problem in line for line in found), found


@pytest.mark.parametrize("rule", ["@import '//example.org/a.css';", "@font-face{src:url(https://example.org/f.woff2)}"])
def test_remote_asset_in_a_style_sheet_is_found(book, rule):
    (book / "extra.css").write_text(rule)
    (line,) = problems(book)
    assert line.startswith("extra.css: remote asset")


def test_missing_page_is_found(book):
    (book / "one.html").unlink()
    assert "one: page of _toc.yml is missing" in problems(book)


def test_page_outside_the_contents_is_found(book):
    (book / "draft.html").write_text(PAGE.format(""))
    assert problems(book) == ["draft: page is not in _toc.yml"]


def test_missing_entry_page_is_found(book):
    (book / "index.html").unlink()
    assert problems(book) == ["index: entry page is missing"]


def test_built_book_holds_just_the_pages_of_its_contents(finished):
    html = finished.root / "_build/html"
    pages = {p.relative_to(html).as_posix() for p in html.rglob("*.html") if p.parent.name != "_static"}
    assert pages == {
        "index.html",
        "search.html",
        "book/index.html",
        "notebooks/demo/first.html",
        "notebooks/demo/second.html",
    }
    done = finished.job("check-book")
    assert done.returncode == 0, done.stderr
    assert "3 pages checked" in done.stdout


def test_formulas_are_mathml_and_pages_load_no_script_for_them(finished):
    page = finished.read("_build/html/notebooks/demo/first.html")
    assert "<math" in page
    assert "mathjax" not in page.lower()


def test_links_to_sources_lead_to_pages(finished):
    assert 'href="../notebooks/demo/first.html"' in finished.read("_build/html/book/index.html")


def test_a_page_is_read_again_only_where_it_changed_and_its_links_are_always_followed(book):
    (book / "two.html").write_text(PAGE.format('<p id="aim">There</p><a href="one.html">back</a>'))
    (book / "one.html").write_text(PAGE.format('<a href="two.html#aim">there</a><iframe src="http://far.example/x"></iframe>'))
    kept: dict[str, tuple[str, str]] = {}
    read = []

    def remember(name, made_from, make):
        if kept.get(name, ("", ""))[0] != made_from:
            read.append(name)
            kept[name] = (made_from, make())
        return kept[name][1]

    first = html_check.check(book, ["one", "two"], remember)
    assert first == html_check.check(book, ["one", "two"]) and len(first) == 1
    read.clear()
    assert html_check.check(book, ["one", "two"], remember) == first and read == []
    (book / "two.html").write_text(PAGE.format("<p>There</p>"))
    found = html_check.check(book, ["one", "two"], remember)
    assert read == ["two.html.json"] and "one.html: broken anchor: two.html#aim" in map(str, found)


def test_a_page_heavier_than_the_limit_is_a_fault(book):
    (book / "one.html").write_text(PAGE.format("x" * html_check.PAGE_LIMIT))
    assert any("one.html: 500," in problem and "more than 500,000" in problem for problem in problems(book))


def test_a_book_heavier_than_the_limit_is_a_fault(book, monkeypatch):
    monkeypatch.setattr(html_check, "BOOK_LIMIT", 300)
    assert any(problem.startswith("the book: ") for problem in problems(book))

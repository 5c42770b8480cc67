"""A page that stands alone: nothing is replaced, no link is broken, nothing searches."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from bs4 import BeautifulSoup

from analysis import paths
from analysis.book.commands import single_page

PAGE = """<html><head><script src="_static/searchtools.js"></script></head><body><dialog id="pst-search-dialog"></dialog>
<a href="#../../book/guide/re-executing.md">guide</a> <a href="#../../book/guide/re-executing.md#editions">editions</a> <a href="audit.html#row-1">row</a>
<a href="transplant.html">absent</a> <a href="#here">here</a> <a href="https://example.org">out</a> <a href="_sources/survival.ipynb">source</a>
<a href="_static/x.svg">picture</a> <a href="data:text/csv,1">data</a></body></html>"""


@pytest.fixture
def links(tmp_path, monkeypatch):
    """Publish the page into a folder; returns addresses by their words, those without address as None."""
    made = tmp_path / "made"
    (made / "_static").mkdir(parents=True)
    for name in ("index.html", "search.html", "searchindex.js", "_static/x.svg"):
        (made / name).write_text("x")
    (made / "survival.html").write_text(PAGE)
    monkeypatch.setattr(paths, "ROOT", tmp_path / "repository")
    monkeypatch.setattr(paths, "BUILD", tmp_path / "repository" / "_build")
    for name in ("book/guide/re-executing.html", "notebooks/demo/audit.html"):
        (paths.BUILD / "html" / name).parent.mkdir(parents=True, exist_ok=True)
        (paths.BUILD / "html" / name).write_text("")

    def publish(folder, name="survival"):
        folder.mkdir(parents=True, exist_ok=True)
        page = single_page.publish(made, "survival", folder, name, PurePosixPath("notebooks/demo/survival.md"))
        soup = BeautifulSoup(page.read_text(), "html.parser")
        return soup, {link.get_text(): link["href"] for link in soup.find_all("a")}

    return publish


def test_links_lead_to_the_built_book_where_it_can_be_reached(links):
    _, found = links(paths.ROOT / "out")
    assert found["guide"] == "../_build/html/book/guide/re-executing.html" and found["editions"].endswith("re-executing.html#editions")
    assert found["row"] == "../_build/html/notebooks/demo/audit.html#row-1"
    assert all(
        (paths.ROOT / "out" / address.partition("#")[0]).is_file()
        for words, address in found.items()
        if words in ("guide", "editions", "row", "picture")
    )


def test_elsewhere_and_where_there_is_no_such_page_they_are_plain_text(links, tmp_path):
    soup, found = links(tmp_path / "elsewhere")
    assert not {"guide", "editions", "row", "absent"} & found.keys()
    assert "guide" in soup.get_text() and str(tmp_path) not in str(soup)


def test_other_links_stay_as_they_are_and_the_source_is_the_notebook_beside(links):
    _, found = links(paths.ROOT / "out", "survival-2")
    assert (found["here"], found["out"], found["picture"], found["data"], found["source"]) == (
        "#here",
        "https://example.org",
        "_static/x.svg",
        "data:text/csv,1",
        "survival-2.ipynb",
    )


def test_nothing_searches_and_no_page_is_written_that_serves_nothing(links):
    soup, _ = links(paths.ROOT / "out")
    assert "search" not in str(soup)
    assert sorted(path.name for path in (paths.ROOT / "out").iterdir()) == ["_static", "survival.html"]


@pytest.mark.parametrize(
    ("there", "name"),
    [
        ((), "survival"),
        (("survival.html",), "survival-2"),
        (("survival.ipynb", "survival-2.html"), "survival-3"),
        (("other.html",), "survival"),
    ],
)
def test_a_name_is_one_under_which_nothing_stands(tmp_path, there, name):
    for one in there:
        Path(tmp_path / one).write_text("")
    assert single_page.free_name(tmp_path, "survival") == name

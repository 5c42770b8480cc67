"""The printed book: a small one through the browser, where there is one."""

import pypdf
import pytest

from analysis import paths
from analysis.book.editions import toc
from analysis.book.pdf import making, printing
from analysis.errors import InputError

pytestmark = pytest.mark.slow

needs_browser = pytest.mark.skipif(printing.browser() is None, reason="no chromium is installed to print with")

TEXT = '<html><body><article class="bd-article"><section id="s{n}"><h1>Page {n}</h1><p><a href="p{other}.html#s{other}">over</a> <a href="https://example.org/">out</a></p><h2>Within {n}</h2>{more}</section></article></body></html>'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "_static").mkdir()
    for n, other in ((1, 2), (2, 1)):
        (tmp_path / f"p{n}.html").write_text(TEXT.format(n=n, other=other, more="<p>words</p>" * 200))
    return tmp_path


@pytest.fixture
def made(folder):
    parts = [("", ["p1"]), ("Part", ["p2"])]
    making.print_book(folder, parts, "Small", folder / "draft.pdf", folder / "book.pdf")
    return folder / "book.pdf"


def targets(reader):
    """Pages that the links inside a PDF lead to, and addresses outside."""
    inside, outside = [], []
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            action = annotation.get_object()
            if "/A" in action and "/URI" in action["/A"]:
                outside.append(action["/A"]["/URI"])
            elif "/Dest" in action:
                inside.append(str(action["/Dest"]))
    return inside, outside


@needs_browser
def test_links_lead_inside_and_headings_make_the_outline(made):
    reader = pypdf.PdfReader(made)
    inside, outside = targets(reader)
    places = {name.lstrip("/") for name in reader.named_destinations}
    assert set(outside) == {"https://example.org/"}
    assert {name.lstrip("/") for name in inside} == {"p1", "p2", "p1--s1", "p2--s2"} <= places
    flat = [
        entry.title
        for level in (reader.outline, *[part for part in reader.outline if isinstance(part, list)])
        for entry in level
        if not isinstance(entry, list)
    ]
    assert [title for title in flat if title in ("Page 1", "Part", "Page 2", "Contents")] == ["Contents", "Page 1", "Part", "Page 2"]
    assert reader.metadata.title == "Small" and reader.root_object["/Lang"] == "en"


@needs_browser
def test_pages_are_numbered_and_the_contents_know_where_each_begins(made):
    reader = pypdf.PdfReader(made)
    found = making.beginnings(made, ["p1", "p2"])
    assert found["p1"] < found["p2"]
    for name, number in found.items():
        text = reader.pages[number - 1].extract_text()
        assert f"Page {name[1]}" in text and str(number) in text.split()
    listed = reader.pages[1].extract_text().split()
    assert all(str(number) in listed for number in found.values())


@needs_browser
def test_a_page_without_a_place_is_named(made):
    with pytest.raises(InputError, match="PDF: page p9: expected a place in the document; found none"):
        making.beginnings(made, ["p9"])


def test_without_a_browser_the_command_says_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    with pytest.raises(InputError, match="browser: expected one of chromium.*found none"):
        printing.to_pdf("<p>x</p>", tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


def test_a_browser_that_prints_nothing_is_an_error_and_leaves_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", "false")
    with pytest.raises(InputError, match="PDF: browser: expected a printed document"):
        printing.to_pdf("<p>x</p>", tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


def test_without_the_finished_book_nothing_is_printed(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "BUILD", tmp_path)
    with pytest.raises(InputError, match="_build/html: pages: expected the finished book"):
        making.make()


def test_the_parts_hold_every_page_of_the_book_once_in_reading_order():
    assert [name for _, pages in making.book_parts() for name in pages] == [page.name for page in toc.pages(paths.ROOT)]

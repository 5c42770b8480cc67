"""What the theme leaves undone."""

import pandas as pd
from bs4 import BeautifulSoup

from analysis.book.html.post_processing import repair

PAGE = """<!DOCTYPE html>
<html lang="en" data-content_root="../" data-theme="auto">
<body data-default-mode="auto"><div id="pst-primary-sidebar" class="bd-sidebar-primary bd-sidebar"><a href="#">Title</a></div></body></html>
"""


def test_the_sidebar_becomes_a_named_landmark_and_the_page_has_colours_without_scripts(tmp_path):
    file = tmp_path / "book" / "page.html"
    file.parent.mkdir()
    file.write_text(PAGE, encoding="utf-8")
    repair(tmp_path)
    once = file.read_text(encoding="utf-8")
    page = BeautifulSoup(once, "html.parser")
    sidebar = page.select_one("#pst-primary-sidebar")
    assert sidebar["role"] == "complementary" and sidebar["aria-label"]
    assert sidebar["class"] == ["bd-sidebar-primary", "bd-sidebar"]
    assert not page.html.has_attr("data-theme") and page.html["lang"] == "en"
    assert page.body["data-default-mode"] == "auto"
    repair(tmp_path)
    assert file.read_text(encoding="utf-8") == once


def test_references_are_entries_of_their_list(tmp_path):
    file = tmp_path / "citing.html"
    file.write_text(
        '<div role="list" class="citation-list"><div class="citation" id="id6" role="doc-biblioentry"><p>N. Breslow.</p></div></div>',
        encoding="utf-8",
    )
    repair(tmp_path)
    (entry,) = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser").select("[role=list] > *")
    assert entry["role"] == "listitem" and entry["id"] == "id6"


def test_an_empty_heading_of_a_data_frame_is_an_empty_cell(tmp_path):
    frame = pd.DataFrame({"n": [1]}, index=pd.Index(["a"], name="arm")).to_html()
    (tmp_path / "page.html").write_text(f"{frame}<table><tr><th></th></tr></table>", encoding="utf-8")
    repair(tmp_path)
    shown, other = BeautifulSoup((tmp_path / "page.html").read_text(encoding="utf-8"), "html.parser").select("table")
    assert [cell.get_text() for cell in shown.select("th")] == ["n", "arm", "a"]
    assert len(shown.select("td")) == 3 and len(other.select("th")) == 1

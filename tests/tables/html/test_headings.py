"""Cells that head the columns of a table."""

import pytest
from bs4 import BeautifulSoup

from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import headings


@pytest.mark.parametrize(
    "html", [headings(["", "As < described"]), plain_table(["", "As < described"], [["Design", "one arm"]], "Design").html]
)
def test_a_corner_with_nothing_to_say_is_no_heading(html):
    page = BeautifulSoup(f"<table><tr>{html}</tr></table>" if html.startswith("<t") else html, "html.parser")
    assert [cell.text for cell in page.select('th[scope="col"]')] == ["As < described"]
    assert len(page.select("td.corner")) == 1

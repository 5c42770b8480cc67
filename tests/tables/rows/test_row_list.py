"""Lists of ledger rows."""

import pytest
from bs4 import BeautifulSoup

from analysis.tables.html.audit_index import as_judged
from analysis.tables.rows.row_list import list_results

HOSTILE = '<script>alert("1")</script> & "quoted"'


def test_rows_in_the_order_asked(entries):
    view = list_results(entries, ["t1.p", "t1.a.pct", "met.dose"], caption=HOSTILE)
    assert view.frame.index.tolist() == ["t1.p", "t1.a.pct", "met.dose"]
    assert view.frame.loc["t1.p"].tolist() == [
        "A number", "Table 1", "0.318", "0.3185", "reproduced under convention", "Pearson’s χ² test; half-even rounding",
    ]  # fmt: skip
    assert view.frame.loc["met.dose", "Recomputed"] == "—"  # what is quoted was not recomputed
    page = BeautifulSoup(view.html, "html.parser")
    assert [cell.text for cell in page.select("tbody th")] == ["A number", HOSTILE, "A number"]
    assert page.select("script") == []
    assert len(page.select("tbody a.verdict")) == 3
    assert [cell.text for cell in page.select("thead th")] == ["Result", "Source", "Printed", "Recomputed", "Verdict"]
    assert [name.text for name in page.select("td:last-child .verdict-convention-name")] == ["Pearson’s χ² test; half-even rounding"]
    assert view.text.splitlines()[4].startswith("A number")
    assert "✗ contradicted" in view.text


def test_on_an_audit_page_each_row_is_where_links_lead(entries):
    page = BeautifulSoup(list_results(as_judged(entries, prefix=""), ["t1.p", "met.dose"], anchored=True).html, "html.parser")
    assert [row["id"] for row in page.select("tbody tr")] == ["t1.p", "met.dose"]
    assert [link["href"] for link in page.select("a.verdict")] == ["#t1.p", "#met.dose"]
    assert not BeautifulSoup(list_results(entries, ["t1.p"]).html, "html.parser").select("tr[id]")


def test_an_unknown_row(entries):
    with pytest.raises(KeyError, match="nowhere"):
        list_results(entries, ["nowhere"])

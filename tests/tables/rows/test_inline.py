"""Numbers in prose come from the audit."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from analysis.tables.rows.inline import inline


def test_number_with_the_papers_decimals_and_its_mark(entries):
    number = inline(entries, "t1.all.pct")
    assert number.text == "63.64%✓"
    assert BeautifulSoup(f"{number} of all", "html.parser").text == "63.64%✓ of all"


def test_printed_value_where_it_differs(entries):
    assert inline(entries, "t1.a.pct").text == "63.64%✗ (printed 63.37%)"


def test_in_a_sentence_about_the_paper_its_number_comes_first(entries):
    assert inline(entries, "t1.a.pct", of_the_paper=True).text == "63.37%✗ (recomputed 63.64%)"
    assert inline(entries, "t1.all.pct", of_the_paper=True).text == "63.64%✓"


def test_what_is_not_recomputed_is_the_printed_number_in_brackets(entries):
    assert inline(entries, "t1.r").text == "[12.5]?"


def test_value_for_statements(entries):
    assert inline(entries, "t1.p").value == Decimal("0.31849")
    assert inline(entries, "t1.b.n").value is None
    assert inline(entries, "t1.r").value is None


def test_bound_is_escaped(entries):
    assert "&lt;0.001" in inline(entries, "t1.q").html


def test_an_unknown_row(entries):
    with pytest.raises(KeyError, match="nowhere"):
        inline(entries, "nowhere")

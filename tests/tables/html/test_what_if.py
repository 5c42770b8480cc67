"""A panel of choices: a table of all of them, which carries what its script shows, and no verdict."""

import json

from bs4 import BeautifulSoup

from analysis.tables.html.what_if import NO_VERDICT, Choice, panel


def read(**asked):
    choices = [
        Choice("first", ["81.4%"], "First: 81.4%.", {"A": ([0.0, 1.23456], [100.0, 81.4499])}),
        Choice("a < b", ['"x"'], 'He said "x" & <b>.', {"A": ([0.0], [100.0])}),
    ]
    return BeautifulSoup(panel("any <cohort>", "Cohort", ["A"], choices, **asked), "html.parser")


def test_every_choice_is_a_row_with_its_sentence_and_curves():
    first, second = read(horizon=36).select("tbody tr")
    assert [cell.get_text() for cell in first.find_all(["th", "td"])] == ["first", "81.4%"]
    assert first["data-said"] == "First: 81.4%."
    assert json.loads(first["data-curves"]) == {"A": [[0.0, 1.23], [100.0, 81.4]]}
    assert second["data-said"] == 'He said "x" & <b>.' and second.find("th").get_text() == "a < b"
    assert second.find("b") is None


def test_it_says_what_the_choices_are_and_that_none_is_judged():
    soup = read(note="Assumed.")
    assert soup.find("p").get_text() == f"Assumed. {NO_VERDICT}"
    assert soup.find("summary").get_text() == "What if? any <cohort>"
    assert "data-horizon" not in soup.find("details").attrs
    assert soup.select_one("[role=region]")["tabindex"] == "0"

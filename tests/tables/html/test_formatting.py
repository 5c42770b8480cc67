"""A recomputed number is shown to the printed decimals, and never as something it is not."""

import pytest

from analysis.tables.html.formatting import differs, format_plain, format_recomputed, sort_value


@pytest.mark.parametrize(
    ("text", "recomputed", "verdict", "convention", "expected"),
    [
        ("63.64%", "63.6364", "reproduced", "", "63.64%"),
        ("63.37%", "63.6364", "contradicted", "", "63.64%"),
        ("Twenty-two", "22", "reproduced", "", "22"),
        ("27%%", "26.7159", "reproduced", "", "27%"),
        ("1,013", "1013", "reproduced", "", "1,013"),
        ("0a", "0", "reproduced", "", "0"),
        ("<0.001", "0.000412", "reproduced", "", "<0.001"),
        ("<0.001", "0.0231", "contradicted", "", "0.0231"),
        ("almost 40%", "37.83", "reproduced", "", "38%"),
        ("more than half", "58.33", "reproduced", "", ">50%"),
        # the audit's own text is rounded: 2.4999 is 2.50 there, and 2.5 would be shown as 3
        ("2", "2.50", "reproduced", "", "2"),
        ("12.6", "12.549", "reproduced under convention", "two-stage (2 decimals) rounding", "12.55"),
        ("20", "20.5", "reproduced under convention", "half-even rounding", "20.5"),
        ("12.5", "11.812 to 12.604", "not identified", "", "11.8 to 12.6"),
        ("0.05", "0.0512 to 0.0533", "not identified", "", "0.0512 to 0.0533"),
        ("12.5", "", "not reached", "", "—"),
        ("12.5", "undefined", "not reached", "", "undefined"),
        ("−1.5", "-1.52", "contradicted", "", "−1.5"),
        ("20", "", "context", "", "20"),
    ],
)
def test_shown(judgement, text, recomputed, verdict, convention, expected):
    assert format_recomputed(judgement("t.x", text, recomputed, verdict, convention=convention)) == expected


@pytest.mark.parametrize("least", ["0.0000117", "0.00000"])
@pytest.mark.parametrize(("statistic", "expected"), [("logrank_p", "<0.001 to 0.938"), ("survival", "0.000 to 0.938")])
def test_a_p_value_is_not_shown_as_nothing(judgement, least, statistic, expected):
    assert format_recomputed(judgement("t.x", "0.042", f"{least} to 0.938", "not identified", statistic=statistic)) == expected


@pytest.mark.parametrize(
    ("text", "recomputed", "verdict", "expected"),
    [
        ("63.64%", "63.6364", "reproduced", False),
        ("Twenty-two", "22", "reproduced", False),
        ("27%%", "26.7", "reproduced", False),
        ("63.37%", "63.6364", "contradicted", True),
        ("almost 40%", "37.83", "reproduced", True),
        ("12.5", "", "not reached", True),
        ("20", "", "context", False),
    ],
)
def test_differs(judgement, text, recomputed, verdict, expected):
    assert differs(judgement("t.x", text, recomputed, verdict)) is expected


def test_plain_spelling(judgement):
    assert format_plain(judgement("t.x", "27%%", "", "context").row.value) == "27%"


@pytest.mark.parametrize(("text", "value"), [("12.5", 12.5), ("6 to 8", 6), ("<0.001", 0.001), ("1,013", 1013), ("−2%", -2)])
def test_sort_value(text, value):
    assert sort_value(text) == value


@pytest.mark.parametrize("text", ["", "undefined", "—"])
def test_what_is_no_number_sorts_last(text):
    assert sort_value(text) == float("inf")

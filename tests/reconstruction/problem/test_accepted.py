"""Which values a printed number accepts: the interval agrees with the test of single values."""

from fractions import Fraction

import pytest

from analysis.ledger.rows.printed import parse
from analysis.ledger.rows.rounding import RULES, UNBOUNDED, interval
from analysis.reconstruction.problem.accepted import accepts, widest


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("almost 40%", 35, 40),
        ("approximately 40%", 35, 45),
        ("<0.001", 0, Fraction("0.001")),
        ("≥10", 10, UNBOUNDED),
        ("63.6%", Fraction("63.55"), Fraction("63.65")),
    ],
)
def test_the_interval_of_a_printed_number_ends_where_its_words_end(text, low, high):
    assert interval(parse(text)) == (low, high)


@pytest.mark.parametrize("text", ["almost 40%", "approximately 40%", "63.6%", "<0.001", "≥10"])
def test_what_lies_outside_the_interval_is_not_accepted_and_what_lies_inside_is(text):
    low, high = interval(parse(text))
    step = Fraction(1, 10**7)
    inside, outside = [low + step, high - step], [low - step] * (low > 0) + [high + step] * (high < UNBOUNDED)
    assert [accepts(parse(text), float(value), RULES["number"]) for value in (*inside, *outside)] == [True] * 2 + [False] * len(outside)


def test_two_stage_rounding_widens_the_interval_as_far_as_it_reaches():
    # 37.45 % is shown as 37.5 %, which half-up makes 38; 38.54 % as 38.5 %, which half-even makes 38
    low, high = widest(parse("38%"), RULES["survival"])
    assert (low, high) == pytest.approx((37.45, 38.55), abs=1e-6)
    assert accepts(parse("38%"), low, RULES["survival"]) and accepts(parse("38%"), high, RULES["survival"])
    low, high = widest(parse("almost 40%"), RULES["survival"])
    assert low == 35 and 39.999 < high < 40

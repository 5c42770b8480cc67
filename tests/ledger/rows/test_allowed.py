"""The interval of values that a printed number allows is that of the rounding rules, to its very ends."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.ledger.rows.allowed import find_allowed
from analysis.ledger.rows.printed import parse
from analysis.ledger.rows.rounding import HALF_EVEN, HALF_UP, PLAIN, RULES, UNBOUNDED, states


@pytest.mark.parametrize(
    ("text", "rules", "low", "high", "ends"),
    [
        ("13", PLAIN, "12.5", "13.5", (True, False)),
        ("14", PLAIN, "13.5", "14.5", (True, True)),  # half-even turns 14.5 into 14
        ("14", (HALF_UP,), "13.5", "14.5", (True, False)),
        ("13", (HALF_EVEN,), "12.5", "13.5", (False, False)),
        ("0.00", (HALF_UP,), "-0.005", "0.005", (False, False)),
        ("38%", RULES["percent"], "37.45", "38.55", (True, False)),  # half-even makes 38.55 38.6 first
        ("almost 40%", PLAIN, "35", "40", (True, False)),
        ("about 40%", PLAIN, "35", "45", (True, True)),
        ("<0.001", PLAIN, "0", "0.001", (True, False)),
        ("≤3", PLAIN, "0", "3", (True, True)),
        (">10", PLAIN, "10", str(UNBOUNDED), (False, True)),
        ("≥10", PLAIN, "10", str(UNBOUNDED), (True, True)),
    ],
)
def test_ends_belong_to_it_or_not(text, rules, low, high, ends):
    found = find_allowed(parse(text), rules)
    assert (found.low, found.high, (found.low_in, found.high_in)) == (Fraction(low), Fraction(high), ends)


_NUMBERS = st.builds(lambda digits, decimals: f"{Decimal(digits).scaleb(-decimals):f}", st.integers(1, 2_000), st.integers(0, 4))


@settings(max_examples=300)
@given(_NUMBERS, st.sampled_from(sorted(RULES)), st.integers(-160, 160), st.sampled_from([80, 800, 8_000]))
@example("10.0", "p", -80, 8_000)  # where significant digits change
@example("0.010", "ratio", -75, 80)
@example("38", "survival", -110, 200)
def test_a_value_lies_in_it_where_some_rule_prints_the_number(text, kind, place, parts):
    """Every place where a rule turns is among those tried: ties, and halves of the digits that two-stage rules keep."""
    printed, rules = parse(text), RULES[kind]
    value = printed.value + printed.unit_in_last_place * Decimal(place) / parts
    for near in (value, value + Decimal("1e-9"), value - Decimal("1e-9")):
        if near > 0:
            assert find_allowed(printed, rules).holds(near) is any(states(printed, near, rule) for rule in rules)


@given(_NUMBERS, st.sampled_from(sorted(RULES)))
def test_the_closed_interval_inside_gives_the_printed_digits_everywhere(text, kind):
    printed, rules = parse(text), RULES[kind]
    low, high = find_allowed(printed, rules).inside()
    for value in (low, (low + high) / 2, high):
        assert find_allowed(printed, rules).holds(Fraction(f"{value:.12f}"))


@given(_NUMBERS, st.integers(1, 12))
def test_the_steps_inside_are_those_whose_times_lie_in_it(text, number):
    found = find_allowed(parse(text))
    first, last = found.steps(number)
    assert all(found.holds(Fraction(step, number)) for step in (first, last) if first <= last)
    assert not any(found.holds(Fraction(step, number)) for step in (first - 1, last + 1))


def test_the_complement_turns_ends_round():
    found = find_allowed(parse("13%")).complement()
    assert (found.low, found.high, found.low_in, found.high_in) == (Fraction("86.5"), Fraction("87.5"), False, True)

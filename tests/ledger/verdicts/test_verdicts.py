import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ledger.rows import rounding
from analysis.ledger.rows.printed import parse
from analysis.ledger.rows.rounding import HALF_UP
from analysis.ledger.statistics import REGISTRY
from analysis.ledger.statistics.registry import Range
from analysis.ledger.verdicts import verdicts

P = REGISTRY["logrank_p"]


@pytest.mark.parametrize("value", [math.nan, math.inf, Range(math.nan, math.nan), Range(0.2, math.nan), Range(0.0, math.inf)])
def test_an_undefined_value_matches_nothing_and_does_not_fail(value):
    found = verdicts.match(parse("0.265"), {"logrank": value, "gehan-breslow-wilcoxon": math.nan}, P, ["logrank"])
    assert found.way is None
    assert isinstance(verdicts.format_value(found.value, parse("0.265")), str)


@pytest.mark.parametrize(
    ("printed", "value", "text"),
    [("12", 12.0, "12"), ("12", 12.25, "12.25"), ("0.05", 0.05123, "0.0512"), ("<0.001", 0.00004321, "0.0000432")],
)
def test_a_recomputed_value_is_shown_with_two_digits_more_and_three_significant_ones_beside_a_bound(printed, value, text):
    assert verdicts.format_value(rounding.exact(value), parse(printed)) == text


def test_the_papers_own_convention_is_tried_before_the_others():
    values = {"gehan-breslow-wilcoxon": 0.265, "logrank": 0.265}
    assert verdicts.match(parse("0.265"), values, P, ["gehan-breslow-wilcoxon"]).way.convention == "gehan-breslow-wilcoxon"
    assert verdicts.match(parse("0.265"), values, P, []).way.convention == "logrank"


def test_a_named_convention_that_the_statistic_lacks_is_not_taken_for_the_papers():
    assert verdicts.match(parse("0.265"), {"logrank": 0.265}, P, ["cox"]).way.plain


def test_a_range_that_holds_the_printed_value_is_possible_and_no_match():
    found = verdicts.match(parse("0.283"), {"student": Range(0.2817, 0.2870)}, REGISTRY["t_test_p"], ["student"])
    assert found.way is None and found.possible
    assert verdicts.format_value(found.value, parse("0.283")) == "0.28170 to 0.28700"


@pytest.mark.parametrize(("low", "high"), [(0.2750, 0.2851), (0.2749, 0.2849)])
def test_a_range_of_which_one_end_gives_the_printed_digits_is_possible_and_no_match(low, high):
    found = verdicts.match(
        parse("0.28"),
        {"student": Range(low, high)},
        REGISTRY["t_test_p"],
        ["student"],
        tried=verdicts.ways(REGISTRY["t_test_p"], ["student"], [], [HALF_UP]),
    )
    assert found.way is None and found.possible


@pytest.mark.parametrize(
    ("printed", "low", "high", "possible"),
    [
        ("<0.05", 0.05, 0.07, False), ("<0.05", 0.0499, 0.07, True), ("<0.05", 0.05, 0.05, False), (">0.05", 0.03, 0.05, False), (">0.05", 0.03, 0.0501, True),
        ("≤0.05", 0.05, 0.07, True), ("≥0.05", 0.03, 0.05, True), ("almost 0.4", 0.4, 0.5, False), ("almost 0.4", 0.2, 0.4, True), ("about 0.4", 0.2, 0.6, True),
        ("0.4", 0.2, 0.6, True), ("0.4", 0.46, 0.6, False),
    ],
)  # fmt: skip
def test_a_range_that_reaches_a_strict_bound_and_not_beyond_does_not_hold_it(printed, low, high, possible):
    value = low if low == high else Range(low, high)
    found = verdicts.match(parse(printed), {"logrank": value}, P, ["logrank"])
    assert found.way is None and found.possible is possible


@pytest.mark.parametrize(
    ("rule", "named", "plain"),
    [(HALF_UP, True, True), (HALF_UP, False, False), (rounding.HALF_EVEN, True, False), (rounding.HALF_EVEN, False, False)],
)
def test_only_the_papers_convention_rounded_half_up_is_plain(rule, named, plain):
    assert verdicts.Way("logrank", rule, named).plain is plain


def test_ways_go_from_the_papers_own_to_other_conventions_and_roundings():
    found = verdicts.ways(P, ["gehan-breslow-wilcoxon", "logrank"], ["logrank"], rounding.PLAIN)
    assert [(way.convention, way.rule.name) for way in found] == [
        ("logrank", "half-up"), ("logrank", "half-even"), ("gehan-breslow-wilcoxon", "half-up"), ("gehan-breslow-wilcoxon", "half-even")
    ]  # fmt: skip


def test_a_range_that_rounds_to_one_value_is_a_match():
    assert verdicts.match(parse("0.28"), {"student": Range(0.2817, 0.2830)}, REGISTRY["t_test_p"], ["student"]).way.plain


@given(st.floats(min_value=0, max_value=1))
def test_a_value_always_matches_its_own_rounding(value):
    printed = parse(f"{Decimal(repr(value)).quantize(Decimal('0.0001'), rounding='ROUND_HALF_UP'):f}")
    assert verdicts.match(printed, {"logrank": value}, P, ["logrank"]).way is not None


@given(st.floats(min_value=0, max_value=1), st.integers(min_value=1, max_value=5))
def test_a_value_never_matches_a_number_two_units_away(value, units):
    step = Decimal("0.001") * (units + 1)
    printed = parse(f"{Decimal(repr(value)).quantize(Decimal('0.001'), rounding='ROUND_HALF_UP') + step:f}")
    assert verdicts.match(printed, {"logrank": value}, P, ["logrank"]).way is None

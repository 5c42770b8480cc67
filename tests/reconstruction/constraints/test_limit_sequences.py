"""Sequences behind printed limits: all of them by trying every subset, and two printed intervals that need rounding twice."""

import itertools
import math
from types import SimpleNamespace

import pytest

from analysis.ledger.rows.printed import parse
from analysis.ledger.rows.rounding import RULES
from analysis.reconstruction.constraints.limit_sequences import with_limits
from analysis.reconstruction.constraints.risk_sets import TooMany

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

Z = 1.959963984540054


def printed(estimate, lower, upper):
    texts = {"estimate": estimate, "lower": lower, "upper": upper}
    return {name: SimpleNamespace(value=parse(text), rules=RULES["survival"]) for name, text in texts.items()}


def values(sequence):
    survival = math.prod((n - 1) / n for n in sequence)
    reach = Z * math.sqrt(sum(1 / (n * (n - 1)) for n in sequence))
    return 100 * survival, 100 * survival * math.exp(-reach), min(100, 100 * survival * math.exp(reach))


@pytest.mark.parametrize("truth", [(9, 8, 5), (9, 7, 6, 4), (6,)])
def test_every_subset_with_these_digits_is_found_and_no_other(truth):
    digits = [f"{value:.0f}%" for value in values(truth)]
    found = with_limits(9, printed(*digits))
    expected = {
        subset
        for length in range(1, 9)
        for subset in itertools.combinations(range(9, 1, -1), length)
        if [f"{value:.0f}%" for value in values(subset)] == digits
    }
    assert truth in expected
    assert set(found) == expected


def on_scale(sequence, scale):
    survival = math.prod((n - 1) / n for n in sequence)
    root = Z * math.sqrt(sum(1 / (n * (n - 1)) for n in sequence))
    if scale == "plain":
        limits = survival * (1 - root), survival * (1 + root)
    else:
        limits = sorted(survival ** math.exp(sign * root / math.log(survival)) for sign in (1, -1))
    return 100 * survival, *(100 * min(1, max(0, limit)) for limit in limits)


@pytest.mark.parametrize("scale", ["log-log", "plain"])
@pytest.mark.parametrize("truth", [(9, 8, 5), (9, 7, 6, 4)])
def test_limits_on_another_scale_are_not_taken_for_logarithmic_ones(truth, scale):
    digits = [f"{value:.0f}%" for value in on_scale(truth, scale)]
    expected = {
        subset
        for length in range(1, 9)
        for subset in itertools.combinations(range(9, 1, -1), length)
        if [f"{value:.0f}%" for value in on_scale(subset, scale)] == digits
    }
    assert truth in expected
    assert set(with_limits(9, printed(*digits), scales=[scale])) == expected
    assert truth not in with_limits(9, printed(*digits))
    assert expected <= set(with_limits(9, printed(*digits), scales=["log", "log-log", "plain"]))


def test_a_search_that_takes_too_long_says_so():
    with pytest.raises(TooMany):
        with_limits(60, printed("51%", "37%", "63%"), "documented", scales=["log-log"], effort=1_000)


def test_remission_interval_needs_rounding_twice():
    rows = printed("57%", "42%", "75%")
    assert with_limits(37, rows) == []
    found = with_limits(37, rows, "documented")
    assert found and all(len(sequence) == 16 for sequence in found)
    assert tuple(range(37, 23, -1)) + (22, 21) in found


def test_unrelated_donor_interval_needs_rounding_twice():
    rows = printed("46%", "29%", "71%")
    assert with_limits(24, rows) == []
    assert with_limits(24, rows, "documented") == [(*range(24, 12, -1), 11)]


def test_no_remission_means_four_of_twenty_eight():
    assert with_limits(28, printed("14%", "6%", "35%")) == [tuple(range(28, 4, -1))]


def test_an_unknown_rounding_is_refused():
    with pytest.raises(ValueError, match="rounding"):
        with_limits(5, printed("50%", "20%", "90%"), "any")

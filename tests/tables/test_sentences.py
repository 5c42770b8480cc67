import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tables import sentences

SHARES = st.floats(0, 100)
P = st.floats(0, 1)
RATIO = st.floats(0.01, 100)
#: Words that say that one group did better, and the phrase that no test can support.
DIRECTION = re.compile(r"\b(better|worse|superior|inferior|improved?|higher with|lower with|longer with|shorter with)\b")
NO_DIFFERENCE = re.compile(r"(?<!evidence of a )\b(no difference|did not differ|are alike|equal)\b")


@given(SHARES, SHARES, P)
def test_nothing_that_is_not_significant_is_given_a_direction(one, other, p):
    text = sentences.shares("Remission", "A", "B", (one, other), p, significance=0.05).text
    assert bool(DIRECTION.search(text)) == (p < 0.05)
    assert not NO_DIFFERENCE.search(text)


@given(RATIO, P)
def test_a_hazard_ratio_gets_a_direction_only_below_the_level(hr, p):
    text = sentences.hazards("death", "A", "B", (hr, hr / 2, hr * 2), p, significance=0.05).text
    assert bool(DIRECTION.search(text)) == (p < 0.05)
    assert ("no evidence of a difference" in text) == (p >= 0.05)


@given(SHARES, SHARES, st.floats(0, 0.049))
def test_swapping_the_arms_turns_the_sentence_round(one, other, p):
    straight = sentences.shares("Remission", "A", "B", (one, other), p).text
    swapped = sentences.shares("Remission", "A", "B", (other, one), p).text
    if one != other:
        assert {"higher with A" in straight, "higher with A" in swapped} == {True, False}


def test_flipping_the_outcome_turns_the_hazard_round():
    lower = sentences.hazards("death", "A", "B", (0.2, 0.1, 0.5), 0.001).text
    higher = sentences.hazards("death", "A", "B", (5.0, 2.0, 10.0), 0.001).text
    assert "lower with A" in lower and "higher with A" in higher


@pytest.mark.parametrize(
    ("p", "significance", "found"), [(0.04, 0.05, True), (0.04, 0.01, False), (0.05, 0.05, False), (math.nan, 0.05, False)]
)
def test_significance_is_judged_at_the_declared_level(p, significance, found):
    assert sentences.is_significant(p, significance) is found
    text = sentences.shares("Remission", "A", "B", (80, 20), p, significance=significance).text
    assert ("higher with A" in text) is found


def test_effects_compatible_with_an_interval_are_given_in_both_directions():
    text = sentences.hazards("death", "A", "B", (0.5, 0.2, 1.5), 0.2).text
    assert "5.0-fold reduction to a 1.5-fold increase" in text


def test_a_group_without_events_has_no_finite_ratio():
    text = sentences.hazards("death", "A", "B", (0.0, math.nan, math.nan), 0.04).text
    assert "No death was seen with A" in text and "a difference at the level" in text


def test_an_empty_group_is_not_compared():
    assert "no patients" in sentences.shares("Remission", "A", "B", (math.nan, 20), math.nan).text


@given(P, st.integers(1, 500))
def test_the_silence_of_a_check_is_never_called_proportional(p, events):
    text = sentences.proportionality("death", p, events, 1).text
    assert ("does not show that the hazards are proportional" in text) == (p >= 0.05)
    assert not re.search(r"hazards (are|were) proportional\.", text.replace("does not show that the hazards are proportional.", ""))


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.7401, "P = 0.74"),
        (0.0286, "P = 0.029"),
        (0.0004, "P = 0.0004"),
        (0.00001, "P < 0.0001"),
        (1.0, "P = 1.00"),
        (0.0499, "P = 0.0499"),
        (0.0503, "P = 0.0503"),
        (math.nan, "no P value"),
    ],
)
def test_p_values_never_round_across_the_level(p, text):
    assert sentences.p_text(p) == text


def test_a_sentence_is_escaped():
    html = sentences.shares("<b>Remission</b>", "A & B", "C", (1, 2), 0.5)._repr_html_()
    assert "&lt;b&gt;" in html and "A &amp; B" in html


def test_odds_get_a_direction_only_with_evidence():
    assert "higher with age, as an association" in str(sentences.odds("disease", "age", (2.0, 1.2, 3.4), 0.01))
    assert "lower with age" in str(sentences.odds("disease", "age", (0.5, 0.3, 0.9), 0.01))
    assert "no evidence of a difference" in str(sentences.odds("disease", "age", (2.0, 0.9, 3.4), 0.2))


def test_odds_name_their_reference_and_whether_they_are_adjusted():
    alone = str(sentences.odds("disease", "FLT3-ITD", (2.7, 1.3, 5.4), 0.01))
    assert alone.startswith("Odds ratio for disease, FLT3-ITD vs none: 2.70")
    beside = str(sentences.odds("disease", "age ten or more", (2.0, 1.2, 3.4), 0.01, reference="under ten", adjusted=True))
    assert beside.startswith("Adjusted odds ratio for disease, age ten or more vs under ten: 2.00")


def test_odds_without_a_finite_estimate_say_so():
    assert "no finite estimate" in str(sentences.odds("disease", "age", (float("inf"), 1.0, float("inf")), 0.01))


@pytest.mark.parametrize(("value", "written"), [(-0.04, "0.0"), (-0.05001, "−0.1"), (0.04, "0.0"), (-0.0, "0.0")])
def test_nothing_is_written_as_minus_nought(value, written):
    assert sentences.number(value, 1) == written

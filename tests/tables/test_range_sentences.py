"""The range over cohorts comes before what is told of the reference cohort."""

import pytest

from analysis.estimators.ensemble_range import Sampled
from analysis.tables import range_sentences, sentences


def test_a_range_comes_before_what_is_told_of_the_reference():
    text = range_sentences.describe_range("The ratio", Sampled(0.5, 0.4, 0.6, 20, 1), "It was 0.50.", words="< 0.05 in every cohort").text
    assert (
        text
        == "The ratio ranges from 0.40 to 0.60 across 20 compatible cohorts; in 1 it is not estimable, with P < 0.05 in every cohort. In the reference cohort: it was 0.50."
    )


def test_where_all_cohorts_give_the_same_digits_nothing_is_said_of_a_range():
    assert range_sentences.describe_range("The ratio", Sampled(0.501, 0.499, 0.502, 20, 0), "It was 0.50.").text == "It was 0.50."


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.01, 0.04, "< 0.05 in every"),
        (0.06, 0.2, "≥ 0.05 in every"),
        (0.01, 0.2, "from 0.010 to 0.20: significance at 0.05 undetermined"),
    ],
)
def test_a_sampled_p_value_says_on_which_side_of_the_level_it_lies(low, high, said):
    assert said in range_sentences.crossing(Sampled(low, low, high, 9, 0), 0.05)
    assert ("in which it exists (7 of 9)" in range_sentences.crossing(Sampled(low, low, high, 9, 2), 0.05)) == ("every" in said)


@pytest.mark.parametrize(
    ("low", "high", "undefined", "cell"),
    [
        (39.96, 40.04, 0, "40.0 (20 to 60)"),
        (39.96, 40.04, 2, "40.0 (20 to 60); undefined in 2"),
        (39.94, 40.04, 0, "39.9–40.0; reference 40.0 (20 to 60)"),
        (39.0, 41.0, 1, "39.0–41.0, undefined in 1; reference 40.0 (20 to 60)"),
    ],
)
def test_a_cell_begins_with_the_range_where_cohorts_differ_in_the_digits_shown(low, high, undefined, cell):
    assert (
        range_sentences.begin_with_range(
            Sampled(40.0, low, high, 9, undefined), "40.0 (20 to 60)", lambda value: sentences.number(value, 1)
        )
        == cell
    )

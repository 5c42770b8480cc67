"""What printed numbers leave open: every possibility is looked at, and the marked ones are those that print the same."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import paths
from analysis.ledger.rows.printed import parse
from analysis.pages.methods import identifiability
from analysis.pages.methods.guide import Guide
from analysis.reconstruction.constraints.risk_sets import Horizon, sequences

guide = Guide()


def test_every_falling_sequence_is_there_once():
    found = identifiability.sequences(6, "50%", "10%", 6)
    assert len(found) == 2**6 and found["sequence"].is_unique


def test_the_example_of_the_page_has_one_sequence():
    found = identifiability.sequences(17, "81.45%", "9.72%", 4)
    assert found.loc[found["fits"], "sequence"].tolist() == ["17, 16, 13"]
    assert "1 of 3214 sequences" in guide.table.matching_risk_sets(17, "81.45%", "9.72%", 4).text  # 1 + 17 + 136 + 680 + 2380


@given(st.lists(st.integers(2, 12), min_size=1, max_size=4, unique=True))
def test_a_curve_that_was_printed_is_found_again_and_as_the_reconstruction_finds_it(at_risk):
    at_risk = sorted(at_risk, reverse=True)
    survival = math.prod(Fraction(n - 1, n) for n in at_risk)
    error = float(survival) * math.sqrt(sum(Fraction(1, n * (n - 1)) for n in at_risk))
    printed = f"{100 * float(survival):.2f}%", f"{100 * error:.2f}%"
    found = identifiability.sequences(12, *printed, 4)
    fitting = set(found.loc[found["fits"], "sequence"])
    assert ", ".join(map(str, at_risk)) in fitting
    wanted = [parse(text) for text in printed]
    near = Horizon(
        12,
        lambda *values: all(abs(float(number.value) - value) < 0.00500001 for number, value in zip(wanted, values)),
        lowest=100 * float(survival) - 0.1,
    )
    assert fitting <= {", ".join(map(str, sequence)) for (sequence,) in sequences(12, [near])}


def test_the_tables_of_given_margins():
    found = identifiability.tables(17, 22, 26)
    assert found["count"].tolist() == list(range(4, 18)) and found["fits"].all()
    assert identifiability.tables(17, 22, 26, "0.740").query("fits")["count"].tolist() == [12]


def test_a_bound_narrows_less_than_digits():
    frame = guide.table.narrowing(17, 22, 26, "<0.05", ">0.05", "0.740").frame
    counts = frame["How many"].astype(int).tolist()
    assert counts[1] + counts[2] == counts[0] == 14 and counts[3] == 1


def test_pictures_say_in_words_how_many_fit():
    assert "of which 1 fit what is printed" in guide.figure.risk_sets(17, "81.45%", "9.72%", 3).alt
    figure = guide.figure.fourfold_tables(17, 22, 26, "0.740")
    assert "14 attainable pairs" in figure.alt and "P = 0.740 leaves the 1 that is marked" in figure.caption


def test_a_picture_of_nothing_is_refused():
    import pandas as pd

    from analysis.figures.plots.attainable import attainable

    with pytest.raises(ValueError, match="no attainable value"):
        attainable(pd.DataFrame({"x": [], "y": [], "fits": []}), name="n", title="t", caption="c")


@pytest.mark.slow
def test_left_out_counts_are_shown_with_their_proven_range():
    frame = guide.table.left_out_examples(*paths.studies()).frame
    for printed, proven, told in frame[["Printed", "Proven range without it", "So it is"]].itertuples(index=False):
        low, high = map(int, proven.split(" to "))
        assert low <= int(parse(printed).value) <= high
        assert told.startswith("fixed" if low == high else "open")

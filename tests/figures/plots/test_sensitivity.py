import math

import matplotlib
import numpy as np
import pandas as pd
import pytest

from analysis.figures.palette import LIGHT
from analysis.figures.plots.sensitivity import _farther_left, sensitivity_figure
from analysis.figures.style import settings

NAN = math.nan
FRAME = pd.DataFrame(
    {
        "assumed": [0, 3, 6],
        "estimate": [0.2, 0.5, NAN],
        "lower": [0.1, 0.2, NAN],
        "upper": [0.6, 1.4, NAN],
        "low": [0.1, 0.3, NAN],
        "high": [0.3, 0.9, NAN],
    }
)


def draw(frame=FRAME, **named):
    return sensitivity_figure(frame, title="By month", xlabel="Month assumed", ylabel="Hazard ratio", **named)


def test_each_assumed_value_is_told_with_its_result():
    alt = draw(members=9, reference=("printed", 0.18)).alt
    assert "at 3 0.50 (0.20 to 1.40), sampled 0.30 to 0.90" in alt and "at 6 undefined" in alt and "printed: 0.18" in alt


def test_it_says_that_it_is_no_finding():
    assert "A function of the assumption, not a finding." in draw().caption


def test_a_range_is_labelled_and_left_out_without_an_ensemble():
    assert "Hatched: range across 9 compatible cohorts" in draw(members=9).caption
    assert ">95% CI</text>" in draw(members=9).light and ">range across 9 cohorts</text>" in draw(members=9).light
    assert "sampled" not in draw().caption + draw().alt + draw().light


def test_nothing_finite_and_missing_columns_are_refused():
    with pytest.raises(ValueError, match="estimate"):
        draw(FRAME.assign(estimate=NAN))
    with pytest.raises(ValueError, match="upper"):
        draw(FRAME.drop(columns="upper"))


def test_a_range_without_a_finite_end_reaches_the_edge_and_says_so():
    open_ended = FRAME.assign(high=[0.3, math.inf, NAN])
    assert "reaches the edge" in draw(open_ended, members=9).caption
    assert "reaches the edge" not in draw(members=9).caption + draw(open_ended).caption
    assert "sampled 0.30 to ∞" in draw(open_ended, members=9).alt


@pytest.mark.parametrize(
    ("estimates", "left"), [([1.7, 0.5, 0.44], True), ([0.16, 0.7, 2.7], False), ([NAN, 0.9, 0.3], True), ([0.0, 0.2], True)]
)
def test_the_label_of_a_printed_value_stands_where_the_curve_keeps_off_it(estimates, left):
    assert _farther_left(np.array(estimates), 0.25, True) is left


def drawn(frame, **named):
    """The axes as drawn."""
    figure = draw(frame, **named)
    with matplotlib.rc_context(settings(LIGHT)):
        return figure.drawing.draw(LIGHT, figure.drawing.look).axes[0]


GAP = pd.DataFrame(
    {
        "assumed": range(5),
        "estimate": [0.2, 0.4, NAN, 0.6, 0.8],
        "lower": [0.1, 0.2, NAN, 0.3, 0.4],
        "upper": [0.4, 0.8, NAN, 1.2, 1.6],
        "low": [0.1, 0.3, 0.3, 0.5, 0.7],
        "high": [0.3, 0.5, 0.6, 0.7, 0.9],
    }
)


def test_an_undefined_value_is_not_bridged():
    lines = [line for line in drawn(GAP).lines if line.get_marker() == "o"]
    assert [line.get_xdata().tolist() for line in lines] == [[0, 1], [3, 4]]
    assert [line.get_ydata().tolist() for line in lines] == [[0.2, 0.4], [0.6, 0.8]]


def test_bands_are_the_limits_and_the_range_which_reaches_over_where_the_reference_is_undefined():
    left, right, ranged = drawn(GAP, members=9).collections
    assert [sorted(set(band.get_paths()[0].vertices[:, 0])) for band in (left, right, ranged)] == [[0, 1], [3, 4], [0, 1, 2, 3, 4]]
    assert set(left.get_paths()[0].vertices[:, 1]) == {0.1, 0.2, 0.4, 0.8}
    assert set(ranged.get_paths()[0].vertices[:, 1]) == set(GAP["low"]) | set(GAP["high"])
    assert ranged.get_hatch() and not left.get_hatch()

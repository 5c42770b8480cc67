import math

import pandas as pd
import seaborn
from matplotlib.figure import Figure

from analysis.figures.parts.limits import GIVEN, stack_limits

FRAME = pd.DataFrame({"at": ["a", "b", "c"], "hr": [0.5, 3.0, 1.0], "low": [0.2, 3.5, math.nan], "high": [0.9, 4.0, 2.0]})


def test_an_estimate_is_followed_by_its_limits_and_by_none_where_one_is_missing():
    stacked = stack_limits(FRAME, "hr", "low", "high")
    assert stacked["at"].tolist() == ["a"] * 3 + ["b"] * 3 + ["c"]
    assert stacked["value"].tolist() == [0.5, 0.2, 0.9, 3.0, 3.5, 4.0, 1.0]


def test_limits_without_an_estimate_are_left_out():
    assert stack_limits(FRAME.assign(hr=[math.nan, 3.0, math.nan]), "hr", "low", "high")["value"].tolist() == [3.0, 3.5, 4.0]


def test_seaborn_draws_the_numbers_as_given_even_an_estimate_outside_its_limits():
    axes = Figure().subplots()
    seaborn.pointplot(stack_limits(FRAME, "hr", "low", "high"), x="at", y="value", ax=axes, **GIVEN)
    points, *bars = axes.lines
    assert points.get_ydata().tolist() == [0.5, 3.0, 1.0]
    drawn = [bar.get_ydata().tolist() for bar in bars]
    assert drawn[:2] == [[0.2, 0.9], [3.5, 4.0]] and all(math.isnan(end) for bar in drawn[2:] for end in bar)

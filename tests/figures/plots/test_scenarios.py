import itertools
import math

import matplotlib
import numpy as np
import pandas as pd

from analysis.figures.palette import LIGHT
from analysis.figures.plots.scenarios import NO_UPPER_LIMIT, estimates_figure
from analysis.figures.style import settings

FRAME = pd.DataFrame(
    [(a, b, value, value / 2, 2 * value) for (a, b), value in zip(itertools.product("xyz", "pq"), (1, 2, 3, 4, 5, 6), strict=True)],
    columns=["a", "b", "value", "lower", "upper"],
)


def drawn(frame=FRAME, along=("a", "b"), **named):
    figure = estimates_figure(frame, along, title="Median", ylabel="months", **named)
    with matplotlib.rc_context(settings(LIGHT)):
        return figure.drawing.draw(LIGHT, figure.drawing.look)


def points(axes):
    """Values of the points, by place of the axis."""
    lines = [line for line in axes.lines if line.get_marker() not in ("None", "", "^")]
    return sorted((round(float(x)), float(y)) for line in lines for x, y in zip(*line.get_data(), strict=True) if np.isfinite(y))


def bars(axes):
    return sorted(tuple(map(float, line.get_ydata())) for line in axes.lines if line.get_marker() == "None" and len(line.get_ydata()) == 2)


def test_each_scenario_has_its_point_and_its_interval():
    (axes,) = drawn().axes
    assert points(axes) == [(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 6)]
    assert bars(axes) == [(value / 2, 2 * value) for value in range(1, 7)]


def test_scenarios_that_share_a_place_are_not_averaged():
    (axes,) = drawn(along=("a",)).axes
    assert points(axes) == [(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 6)]
    assert len(bars(axes)) == 6


def test_panels_hold_their_own_scenarios():
    both = pd.concat([FRAME.assign(c="1"), FRAME.assign(c="2", value=7.0)], ignore_index=True)
    first, second = drawn(both, ("a", "b", "c")).axes
    assert [y for _, y in points(first)] == [1, 2, 3, 4, 5, 6] and {y for _, y in points(second)} == {7.0}
    assert first.get_title() == "c = 1"


def test_marks_differ_beside_colours_and_the_legend_names_the_parameter():
    figure = drawn()
    (legend,) = figure.legends
    assert legend.get_title().get_text() == "b" and [text.get_text() for text in legend.get_texts()] == ["p", "q"]
    marks, colours = {handle.get_marker() for handle in legend.legend_handles}, {handle.get_color() for handle in legend.legend_handles}
    assert len(marks) == 2 and colours == set(LIGHT.groups[:2])


def test_more_levels_than_colours_stay_in_the_palette():
    many = pd.DataFrame({"a": "x", "b": [f"level {n}" for n in range(10)], "value": 1.0, "lower": 0.5, "upper": 2.0})
    (legend,) = drawn(many).legends
    assert {handle.get_color() for handle in legend.legend_handles} == set(LIGHT.groups)


def test_an_interval_without_upper_limit_starts_at_its_lower_one():
    (axes,) = drawn(FRAME.assign(upper=[2, 4, 6, math.inf, 10, 12])).axes
    assert [low for low, _ in bars(axes)] == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    (arrow,) = [line for line in axes.lines if line.get_gid() == NO_UPPER_LIMIT and np.isfinite(line.get_ydata()).any()]
    assert arrow.get_marker() == "^" and [round(x) for x, y in zip(*arrow.get_data(), strict=True) if np.isfinite(y)] == [1]


def test_a_ratio_has_a_logarithmic_axis():
    assert drawn(ratio=True).axes[0].get_yscale() == "log" and drawn().axes[0].get_yscale() == "linear"

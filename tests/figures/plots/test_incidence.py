import pytest

from analysis.estimators.curves.competing_risks import cumulative_incidence
from analysis.figures.parts.curves import PrintedPoint
from analysis.figures.plots.incidence import incidence_figure

CURVE = cumulative_incidence([2, 4, 6, 8, 12, 20], [1, 2, 1, 0, 0, 0])


def test_values_events_and_competing_ends_are_told():
    figure = incidence_figure({"A": CURVE}, horizon=24, title="Relapse")
    assert f"{100 * CURVE.incidence_at(12):.1f}% at 12 months" in figure.alt
    assert "6 patients, 2 events, 1 of other causes" in figure.alt


def test_numbers_at_risk_add_up_at_every_tick():
    frame = incidence_figure({"A": CURVE}, horizon=24, title="Relapse").frames["numbers at risk"]
    assert frame["at_risk"].iloc[0] == 6
    last = frame.iloc[-1]
    assert last["events"] + last["other_ends"] + last["at_risk"] == 6


def test_printed_points_and_sampled_ranges_are_told():
    figure = incidence_figure(
        {"A": CURVE}, horizon=24, title="Relapse", printed=[PrintedPoint(12, 30.0, 5.0, group="A")], ensemble=[{"A": CURVE}] * 3
    )
    assert "Printed: A 30% at 12 months." in figure.alt and "range across 3 cohorts" in figure.alt


def test_no_curve_is_refused():
    with pytest.raises(ValueError, match="curves"):
        incidence_figure({}, horizon=12, title="t")


def test_a_range_is_hatched_with_dotted_edges_as_in_survival_figures():
    beside = [{"A": cumulative_incidence([1, 5, 9, 20], [1, 1, 2, 0])}, {"A": CURVE}]
    with_range = incidence_figure({"A": CURVE}, horizon=24, title="Relapse", ensemble=beside).light
    alone = incidence_figure({"A": CURVE}, horizon=24, title="Relapse").light
    assert [svg.count("stroke-dasharray") > 0 and "pattern" in svg for svg in (with_range, alone)] == [True, False]


def test_bars_that_are_not_printed_are_not_told_and_points_beyond_the_axis_neither():
    bare = incidence_figure({"A": CURVE}, horizon=24, title="t", printed=[PrintedPoint(12, 30.0, group="A")])
    assert "as printed." in bare.caption and "± SE" not in bare.light
    beyond = incidence_figure({"A": CURVE}, horizon=11.9, title="t", printed=[PrintedPoint(12, 30.0, group="A")])
    assert "Printed" not in beyond.alt and "printed estimates" not in beyond.frames and "diamonds" not in beyond.caption

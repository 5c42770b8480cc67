"""A survival figure shows its numbers to the eye and in words."""

import re
import xml.etree.ElementTree as ElementTree
from html import unescape

import numpy as np
import pytest

from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.figures.look import Look
from analysis.figures.parts.curves import PrintedPoint, sampled_range, turning
from analysis.figures.parts.time_axis import TimeAxis
from analysis.figures.plots.survival import survival_figure
from analysis.figures.style import RECONSTRUCTED

ARM_A = ([2, 5, 8, 12, 20, 30], [1, 0, 1, 1, 0, 0])
ARM_B = ([1, 3, 4, 9, 14], [1, 1, 1, 0, 1])


@pytest.fixture
def curves():
    return {"Arm A": kaplan_meier(*ARM_A), "Arm <B> & more": kaplan_meier(*ARM_B)}


def drawn(figure):
    """Both documents, checked to be well-formed."""
    for svg in (figure.light, figure.dark):
        ElementTree.fromstring(svg)
    return figure.light, figure.dark


def test_alternative_text_holds_the_numbers(curves):
    figure = survival_figure(curves, horizon=24, ylabel="Overall survival", annotate=["P = 0.123 (log-rank)"])
    at_12 = 100 * curves["Arm A"].survival_at(12)
    lower, upper = (100 * limit for limit in curves["Arm A"].interval_at(12, kind="log", level=0.95))
    assert f"{at_12:.1f}% (95% CI {lower:.1f} to {upper:.1f}) at 12 months" in figure.alt
    assert "Arm A: 6 patients, 3 events" in figure.alt
    assert "Arm <B> & more: 5 patients, 4 events" in figure.alt
    assert "P = 0.123 (log-rank)." in figure.alt
    assert "follow-up ends at 14 months" in figure.alt
    assert "Overall survival: Kaplan–Meier curves of 2 groups to 24 months" in figure.alt


def test_rows_that_are_no_patients_are_called_what_they_are(curves):
    figure = survival_figure(curves, horizon=24, unit="enrolment")
    assert "Arm A: 6 enrolments, 3 events" in figure.alt and "Arm A: 6 enrolments, 3 events" in figure.caption
    assert "patient" not in figure.alt.replace(RECONSTRUCTED, "")
    assert "Nobody: no enrolments." in survival_figure({"Nobody": None} | curves, horizon=24, unit="enrolment").alt


def test_the_caption_says_first_what_is_seen(curves):
    points = [PrintedPoint(12, 77.01, 9.04, group="Arm A")]
    figure = survival_figure(curves, horizon=24, printed=points, axis=TimeAxis("years", "diagnosis"))
    at_12 = 100 * curves["Arm A"].survival_at(12)
    assert figure.caption.startswith(
        f"Arm A: 6 patients, 3 events; {at_12:.1f}% at 1 year. Arm <B> & more: 5 patients, 4 events; 0.0% at 2 years."
    )
    alone = survival_figure({"All": kaplan_meier([3, 9], [1, 0])}, horizon=12)
    assert alone.caption.startswith("All: 2 patients, 1 event; followed to 9 months.")


def test_median_in_words(curves):
    alt = survival_figure(curves, horizon=24).alt
    assert f"median {curves['Arm <B> & more'].median():g} months" in alt
    assert survival_figure({"all": kaplan_meier([3, 9], [0, 0])}, horizon=12).alt.count("median not reached") == 1


@pytest.mark.parametrize("reconstructed", [True, False])
def test_a_reconstruction_says_so_everywhere(curves, reconstructed):
    figure = survival_figure(curves, horizon=24, reconstructed=reconstructed)
    assert [f">{RECONSTRUCTED}</text>" in svg for svg in drawn(figure)] == [reconstructed] * 2
    assert (RECONSTRUCTED in figure.alt) is reconstructed
    assert (RECONSTRUCTED in figure.caption.lower()) is reconstructed
    assert [("origin" in frame) for frame in figure.frames.values()] == [reconstructed] * 2


def test_same_bytes_at_each_call(curves):
    first, second = (survival_figure(curves, horizon=24, annotate=["P = 0.1"]) for _ in range(2))
    assert (first.light, first.dark) == (second.light, second.dark)
    assert first._repr_html_() == second._repr_html_()
    assert first.light != first.dark


def test_no_date_and_no_remote_address(curves):
    svg = survival_figure(curves, horizon=24).light
    assert "dc:date" not in svg
    assert "<image" not in svg and "@import" not in svg and "url(http" not in svg


def test_steps_are_those_of_the_curve(curves):
    figure = survival_figure(curves, horizon=24, interval="plain", level=0.9)
    steps = figure.data[figure.data["group"] == "Arm A"]
    expected = curves["Arm A"].steps(kind="plain", level=0.9)
    for column in ("time", "at_risk", "events", "censored"):
        assert steps[column].tolist() == expected[column].tolist()
    assert steps["survival"].tolist() == pytest.approx((100 * expected["survival"]).tolist())
    assert steps["lower"].tolist() == pytest.approx((100 * expected["lower"]).tolist())


def test_no_interval_leaves_out_limits(curves):
    figure = survival_figure(curves, horizon=24, interval=None)
    assert figure.data["lower"].isna().all()
    assert "interval" not in figure.alt and "confidence" not in figure.caption


def test_printed_points_in_words_and_picture(curves):
    points = [PrintedPoint(12, 77.01, 9.04, group="Arm A"), PrintedPoint(12, 60.0, lower=40, upper=80, group="Arm <B> & more")]
    figure = survival_figure(curves, horizon=24, printed=points)
    assert "Printed: Arm A 77.01% ± 9.04 at 12 months, Arm <B> & more 60% (40 to 80) at 12 months." in figure.alt
    assert "Hollow diamonds: as printed, bars ± 1 SE or the printed CI." in figure.caption
    assert all(">printed</text>" in svg for svg in drawn(figure))


def test_each_printed_point_is_told_in_the_papers_characters_whatever_the_others_have(curves):
    points = [PrintedPoint(12, 100.0, group="Arm A"), PrintedPoint(12, 92.31, 7.39, group="Arm <B> & more", told="92.31% ± 7.39%")]
    html = survival_figure(curves, horizon=24, printed=points)._repr_html_()
    assert "As printed: Arm A, 12 months: 100%; Arm &lt;B&gt; &amp; more, 12 months: 92.31% ± 7.39%." in html


def test_a_printed_point_beyond_the_horizon_is_not_told(curves):
    figure = survival_figure({"Arm A": curves["Arm A"]}, horizon=12, printed=[(24, 50.0, 5.0)])
    assert "Printed:" not in figure.alt and "diamonds" not in figure.caption
    assert ">printed" not in figure.light and "printed estimates" not in figure.frames


def test_range_over_cohorts_is_labelled_as_a_range(curves):
    cohorts = [{"Arm A": kaplan_meier([1, 2, 9], [1, 1, 0])}, {"Arm A": kaplan_meier([4, 6, 12], [1, 0, 0])}]
    figure = survival_figure(curves, horizon=24, ensemble=cohorts)
    assert "range across 2 cohorts" in figure.alt
    assert "an inner bound and not a confidence interval" in figure.caption
    assert ">range across 2 cohorts</text>" in figure.light


def test_range_and_confidence_never_look_alike(curves):
    alone = survival_figure(curves, horizon=24)
    beside = survival_figure(curves, horizon=24, ensemble=[{"Arm A": kaplan_meier([1, 2, 9], [1, 1, 0])}])
    for figure in (alone, beside):
        assert ">95% CI</text>" in figure.light and "Tinted: pointwise 95% CI (log)." in figure.caption
    assert ["hatch" in figure.light or "pattern" in figure.light for figure in (alone, beside)] == [False, True]
    assert ["Hatched" in figure.caption for figure in (alone, beside)] == [False, True]


@pytest.mark.parametrize(("horizon", "drawn_medians"), [(12.1, True), (12.0, True), (11.9, False)])
def test_a_median_is_drawn_where_it_is_reached_within_the_axis(horizon, drawn_medians):
    at_12 = kaplan_meier([6, 12, 12, 20], [1, 1, 1, 0])
    assert at_12.median() == 12
    figure = survival_figure({"All": at_12}, horizon=horizon)
    assert ('class="median"' in figure.light) is drawn_medians
    assert ("dashed: medians" in figure.caption) is drawn_medians


@pytest.mark.parametrize(("horizon", "ticked"), [(8.1, True), (8.0, True), (7.9, False)])
def test_censor_ticks_are_explained_where_one_is_drawn(horizon, ticked):
    figure = survival_figure({"All": kaplan_meier([3, 8, 9], [1, 0, 1])}, horizon=horizon)
    assert ("ticks: censored" in figure.caption) is ticked
    assert (">censored</text>" in figure.light) is ticked


def test_the_axis_says_its_origin_and_years_have_a_tick_at_each_printed_time(curves):
    axis = TimeAxis("years", "diagnosis")
    figure = survival_figure(curves, horizon=120, axis=axis, printed=[PrintedPoint(60, 40.0, 5.0, group="Arm A")])
    assert ">Years since diagnosis</text>" in figure.light
    assert figure.plot["unit"] == "years" and figure.plot["start"] == 60 and 60 in figure.plot["ticks"]
    assert survival_figure(curves, horizon=24, annotate=["HR 0.5"]).plot["annotations"] == ["HR 0.5"]


def test_sampled_range_spans_the_members_under_observation():
    early, late = kaplan_meier([1, 3], [1, 1]), kaplan_meier([2, 6, 9, 9], [1, 0, 0, 0])
    low, high = sampled_range([early, late], np.array([0.0, 1.0, 2.0, 5.0, 9.0, 10.0]))
    assert low.tolist() == [100, 50, 50, 0, 0, 0]
    assert high[:5].tolist() == [100, 100, 75, 75, 75]
    assert high[5] == 0  # the second ended by censoring; the first stays at 0


@pytest.mark.parametrize(
    ("times", "events"),
    [([5], [1]), ([5], [0]), ([3, 9, 20], [0, 0, 0]), ([0, 1, 2], [1, 1, 1]), ([0], [1]), ([0.5, 100], [1, 0])],
    ids=["one death", "one censored", "no events", "all events", "only at 0", "beyond"],
)
@pytest.mark.parametrize("interval", ["log", "log-log", "plain", None])
def test_small_groups_are_drawn(times, events, interval):
    curve = kaplan_meier(times, events)
    figure = survival_figure({"g": curve}, horizon=24, interval=interval, annotate=["note"])
    drawn(figure)
    assert f"g: {len(times)} patient" in figure.alt
    assert "nan" not in figure.alt and "inf " not in figure.alt


def test_an_empty_group_keeps_its_rows(curves):
    figure = survival_figure(curves | {"Nobody": None}, horizon=24)
    assert "Nobody: no patients." in figure.alt
    rows = figure.frames["numbers at risk"].query("group == 'Nobody'")
    assert len(rows) > 1 and (rows[["at_risk", "events", "censored"]] == 0).all(axis=None)
    assert ">Nobody (n = 0)</text>" in figure.light


def test_only_empty_groups():
    figure = survival_figure({"Nobody": None}, horizon=24)
    assert len(figure.data) == 0
    drawn(figure)


def test_more_than_six_groups():
    curves = {f"Group {number}": kaplan_meier([number + 1, 12, 20], [1, 0, 1]) for number in range(10)}
    figure = survival_figure(curves, horizon=24)
    assert all(f">Group {number} (n = 3)</text>" in figure.dark for number in range(10))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"horizon": 0}, "horizon"),
        ({"horizon": float("nan")}, "horizon"),
        ({"interval": "wald"}, "interval"),
        ({"level": 95}, "level"),
        ({"printed": [(12, 50.0, 5.0)]}, "printed"),
        ({"printed": [PrintedPoint(12, 50.0, group="Arm C")]}, "Arm C"),
        ({"ensemble": [{"Arm C": None}]}, "Arm C"),
    ],
)
def test_refusals_say_what_was_found(curves, changed, said):
    with pytest.raises(ValueError, match=said):
        survival_figure(curves, **({"horizon": 24} | changed))


def test_no_curve_is_refused():
    with pytest.raises(ValueError, match="at least one group"):
        survival_figure({}, horizon=12)


def test_the_outline_of_a_range_keeps_every_turn_and_nothing_between():
    low, high = np.array([9.0, 9, 8, 8, np.nan, np.nan]), np.array([9.0, 9, 9, 9, np.nan, np.nan])
    assert turning(low, high).tolist() == [True, False, True, False, True, True]


@pytest.mark.parametrize(
    ("rows", "seen", "told"),
    [
        ("all", {"At risk", "Events", "Censored"}, "At risk: just before each time; events and censored: up to and including it."),
        ("at risk", {"At risk"}, "At risk: just before each time."),
        ("none", set(), ""),
    ],
)
def test_the_table_has_the_rows_asked_for_and_the_caption_explains_those(curves, rows, seen, told):
    figure = survival_figure(curves, horizon=24).with_look(Look(risk_rows=rows))
    words = set(re.findall(r">([^<]*)</text>", figure.light))
    assert words & {"At risk", "Events", "Censored"} == seen
    assert figure.told == f"{figure.caption} {told}".strip()
    assert (f'"counted": {"false" if rows == "none" else "true"}' in unescape(figure._repr_html_())) and ("Arm A (n = 6)" in words) is bool(
        seen
    )


@pytest.mark.parametrize("width", [80.0, 85.0, 178.0, 250.0])
def test_a_figure_is_as_broad_as_asked_for_with_text_as_large_as_ever(curves, width):
    figure = survival_figure(curves, horizon=24, title="Overall survival with a title of some length").with_look(Look(width=width))
    assert f'viewBox="0 0 {width / 25.4 * 72:g}' in figure.light and "font-size:9px" in figure.light


def test_the_alternative_text_tells_times_in_the_unit_of_the_axis(curves):
    figure = survival_figure(curves, title="Overall survival", horizon=24, axis=TimeAxis("years"))
    assert "curves of 2 groups to 2 years" in figure.alt and " at 1 year" in figure.alt and "months" not in figure.alt

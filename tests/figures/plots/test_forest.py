import math
import re

import pytest

from analysis.figures.look import HOUSE
from analysis.figures.parts.intervals import ForestRow, Interval
from analysis.figures.plots.forest import forest_figure, limits
from analysis.figures.style import TEXT, text_width

NAN = math.nan
ROW = ForestRow(
    "A v B", (Interval("printed", 0.49, 0.16, 1.56), Interval("recomputed", 0.51, 0.17, 1.6), Interval("sampled", NAN, 0.4, 0.6))
)


def draw(*rows, **named):
    return forest_figure(rows or (ROW,), title="Ratios", xlabel="Hazard ratio", members=9, **named)


def test_printed_recomputed_and_sampled_are_told_apart_in_words_and_picture():
    figure = draw()
    assert "A v B: printed 0.49 (0.16–1.56), recomputed 0.51 (0.17–1.60), cohorts 0.40–0.60." in figure.alt
    assert ">range across 9 cohorts</text>" in figure.light
    assert "Hatched bars without a mark" in figure.caption and "an inner bound and not a confidence interval" in figure.caption


def test_a_sampled_range_is_never_written_like_an_interval():
    assert Interval("sampled", NAN, 0.4, 0.6).text == "cohorts 0.40–0.60"


def test_without_a_printed_estimate_none_is_explained():
    figure = draw(ForestRow("A v B", (Interval("recomputed", 0.5, 0.2, 1.2),)), reconstructed=False)
    assert "printed" not in figure.caption + figure.alt and "econstructed" not in figure.light + figure.caption


def test_an_infinite_limit_and_a_missing_estimate_are_drawn():
    rows = (
        ForestRow("open", (Interval("recomputed", math.inf, 0.2, math.inf),)),
        ForestRow("none", ()),
        ForestRow("nan", (Interval("recomputed", NAN, NAN, NAN),)),
    )
    figure = draw(*rows)
    assert "open: recomputed ∞" in figure.alt and "none: no estimate." in figure.alt


def test_the_axis_holds_everything_finite_up_to_a_hundredfold():
    assert limits((ROW,), 1.0, True) == (0.1, 2)
    low, high = limits((ForestRow("x", (Interval("recomputed", 0.5, 1e-9, 1e9),)),), 1.0, True)
    assert (low, high) == (0.01, 100)


def test_shares_have_one_decimal_each():
    figure = draw(ForestRow("Share", (Interval("exact", 37.5, 8.523, 75.514), Interval("printed", 5.0, NAN, NAN))), log=False, null=None)
    assert "exact 37.5 (8.5–75.5), printed 5.0." in figure.alt


def test_a_linear_axis_takes_differences():
    figure = draw(ForestRow("gap", (Interval("recomputed", -3.0, -9.0, 4.0),)), log=False, null=0.0)
    assert "gap: recomputed -3.0 (-9.0 to 4.0)." in figure.alt


def test_same_bytes_at_each_call():
    assert draw().light == draw().light


def test_data_can_be_downloaded_and_says_its_origin():
    frame = draw().frames["estimates"]
    assert frame["kind"].tolist() == ["printed", "recomputed", "sampled"] and "origin" in frame


@pytest.mark.parametrize("rows", [(), (ForestRow("x", (Interval("guessed", 1, 1, 1),)),)])
def test_nothing_and_unknown_kinds_are_refused(rows):
    with pytest.raises(ValueError):
        forest_figure(rows, title="t", xlabel="x")


def test_counts_and_ranges_of_reports_have_marks_and_words_of_their_own():
    shares = ForestRow("Here", (Interval("exact", 50.0, 15.7, 84.3),)), ForestRow("Elsewhere", (Interval("reported", NAN, 22.0, 23.0),))
    figure = draw(*shares, log=False, null=None, reconstructed=False)
    assert "Here: exact 50.0 (15.7–84.3). Elsewhere: reports 22.0–23.0." in figure.alt
    assert "exact (Clopper–Pearson) 95% CI" in figure.caption and "no interval" in figure.caption


def test_a_linear_axis_starts_at_nothing_unless_something_lies_below():
    assert limits([ForestRow("Share", (Interval("exact", 50.0, 20.0, 80.0),))], None, False)[0] == 0
    assert limits([ForestRow("Gap", (Interval("exact", -5.0, -20.0, 10.0),))], 0.0, False)[0] < -20


def test_a_long_label_is_wrapped_inside_the_figure_as_it_is_set_in_bold():
    label = "Death: favourable or intermediate versus adverse cytogenetics"
    figure = draw(ForestRow(label, (Interval("recomputed", 0.5, 0.2, 1.2),)))
    lines = [line for line in re.findall(r">([^<]*)</text>", figure.light) if line and line in label]
    assert " ".join(lines) == label
    assert all(text_width(line, TEXT, "bold") <= HOUSE.inches for line in lines) and len(lines) == 2

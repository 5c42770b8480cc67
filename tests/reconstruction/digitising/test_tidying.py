"""A curve is brought into percent of survival by month; what was changed is said, what cannot be is refused by row."""

import pytest

from analysis.errors import InputError
from analysis.reconstruction.digitising.layouts import Dataset
from analysis.reconstruction.digitising.tidying import tidy


def curve(*points, **options):
    return tidy(Dataset("curve.csv", "", tuple((row, float(t), float(h)) for row, (t, h) in enumerate(points, 1))), **options)


def heights(tidied):
    return [(point.time, pytest.approx(point.height)) for point in tidied.points]


def test_percent_and_shares_are_told_apart():
    percent, share = curve((0, 100), (6, 80)), curve((0, 1), (6, 0.8))
    assert heights(percent) == heights(share) == [(0, 100), (6, 80)]
    assert "in percent" in percent.said[0] and "shares of 1" in share.said[0]
    assert heights(curve((0, 0.9), (6, 0.8), unit="percent", kind="incidence")) == [(0, 100), (6, 99.2)]


LOW = ((1, 0.0, 0.0), (2, 6.0, 0.4), (3, 12.0, 0.9))  # an incidence of less than one per cent


def test_heights_with_a_per_cent_sign_are_percent_however_low():
    found = tidy(Dataset("curve.csv", "", LOW, percent=True), kind="incidence")
    assert heights(found) == [(0, 100), (6, 99.6), (12, 99.1)]
    with pytest.raises(InputError, match="expected shares of 1, as '--unit share' says; found a per cent sign"):
        tidy(Dataset("curve.csv", "", LOW, percent=True), unit="share", kind="incidence")


@pytest.mark.parametrize(
    ("name", "highest", "asked"), [("CIF (%)", 1.05, True), ("CIF (%)", 1.06, False), ("CIF", 0.9, False), ("Percent", 0.9, True)]
)
def test_low_heights_under_a_name_that_says_percent_are_asked_about(name, highest, asked):
    data = Dataset("curve.csv", "", (LOW[0], (2, 12.0, highest)), scale=name)
    if not asked:
        assert tidy(data, kind="incidence").points
        return
    with pytest.raises(InputError, match=r"column .*: expected percent, as its name says \(--unit percent\), or shares of 1"):
        tidy(data, kind="incidence")
    assert heights(tidy(data, unit="percent", kind="incidence"))[-1] == (12, 100 - highest)


def test_shares_below_a_start_in_percent_are_asked_about():
    with pytest.raises(InputError, match="row 2, column survival: expected heights in one unit.*found 1 at most, beside 100"):
        curve((0, 100), (3, 1), (6, 0.75))
    assert heights(curve((0, 100), (3, 1), (6, 0.75), unit="percent"))[1:] == [(3, 1), (6, 0.75)]
    for lower in ((3, 1.06), (3, 0)), ((3, 0), (6, 0)):
        assert len(curve((0, 100), *lower).points) >= 2


def test_order_repeats_and_steps_are_put_right_and_said():
    found = curve((0, 100), (6, 80), (3, 100), (6, 100), (6, 90), (6, 80), (9, 80))
    assert heights(found) == [(0, 100), (3, 100), (6, 100), (6, 80), (9, 80)]
    assert found.said[1:] == (
        "1 point stood after a later one: sorted by time",
        "1 repeated point dropped",
        "1 vertical step with both ends kept",
        "1 point inside vertical steps dropped",
    )


def test_the_start_is_added_or_put_at_100():
    missing = curve((3, 95), (6, 80))
    assert heights(missing)[0] == (0, 100) and missing.points[0].row == 0 and "100% at time 0 added" in missing.said[-1]
    near = curve((-0.01, 99.6), (0.02, 100.3), (6, 80))
    assert heights(near) == [(0, 100), (0.02, 100), (6, 80)]
    assert near.said[1:] == ("1 point before time 0 moved to it", "1 point above 100% or below 0% put onto the edge")


def test_rises_are_left_as_read_and_counted():
    found = curve((0, 100), (3, 90), (4, 90.6), (6, 80), (7, 80.2))
    assert heights(found)[2] == (4, 90.6)
    assert found.said[-1] == "2 points above an earlier one, by 0.6 points at most (row 3): left as read, within the tolerance"


def test_incidence_is_turned_into_what_it_leaves_and_said():
    found = curve((0, 0), (6, 20), (12, 35))
    assert heights(found) == [(0, 100), (6, 80), (12, 65)] and found.rises
    assert any("incidence of one kind of event" in sentence for sentence in found.said)
    assert not curve((0, 100), (6, 80)).rises


def test_days_weeks_and_years_become_months():
    assert curve((0, 100), (2, 80), months=12.0).points[-1].time == 24


@pytest.mark.parametrize(
    ("points", "options", "place", "found"),
    [
        ([(0, 100)], {}, "file", "1 point"),
        ([], {}, "file", "0 points"),
        ([(0, 40), (6, 30)], {}, "row 1, column survival", "40 at 0 months"),
        ([(0, 0.4), (6, 0.3)], {}, "row 1, column survival", "0.4 at 0 months"),
        ([(0, 100), (-5, 90), (12, 20)], {}, "row 2, column time", "-5"),
        ([(0, 100), (6, 120)], {}, "row 2, column survival", "120"),
        ([(0, 100), (6, -3)], {}, "row 2, column survival", "-3"),
        ([(0, 100), (900, 50)], {}, "row 2, column time", "900"),
        ([(0, 100), (0, 90)], {}, "column time", "0 at most"),
    ],
)
def test_a_faulty_curve_is_refused_by_row(points, options, place, found):
    with pytest.raises(InputError) as caught:
        curve(*points, **options)
    assert (caught.value.faults[0].file, caught.value.faults[0].place, caught.value.faults[0].found) == ("curve.csv", place, found)

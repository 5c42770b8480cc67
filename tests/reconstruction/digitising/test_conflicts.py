"""Points that no falling curve passes: the tolerance they need, and which of them to look at."""

import pytest

from analysis.reconstruction.digitising.at_risk import AtRisk
from analysis.reconstruction.digitising.conflicts import least_points, least_tolerance
from analysis.reconstruction.digitising.tidying import Point, Tidied


def curve(*points):
    return Tidied("curve.csv", tuple(Point(t, h, row) for row, (t, h) in enumerate(points, 1)), False, ())


def numbers(*marks):
    return AtRisk("n.csv", "", tuple((t, n, f"row {row}") for row, (t, n) in enumerate(marks, 2)))


RISING = curve((0, 100), (6, 80), (12, 60), (13, 66), (24, 40))


@pytest.mark.parametrize(("tolerance", "told"), [(2.9, 1), (3.0, 0), (3.1, 0)])
def test_a_rise_needs_half_its_height(tolerance, told):
    assert least_tolerance(RISING, None, 20, 0.0) == 3.0
    assert len(least_points(RISING, None, 20, 0.0, tolerance)) == told


@pytest.mark.parametrize(("wide", "needs"), [(0.49, 3.0), (0.5, 0.0), (0.51, 0.0)])
def test_points_that_may_have_changed_places_do_not_conflict(wide, needs):
    assert least_tolerance(RISING, None, 20, wide) == needs


def test_of_many_conflicts_the_one_point_behind_them_is_named():
    outlier = curve((0, 100), (6, 80), (7, 30), (12, 70), (18, 60), (24, 50))
    (fault,) = least_points(outlier, None, 20, 0.0, 2.0)
    assert (fault.file, fault.place, fault.found) == ("curve.csv", "row 3, column survival", "30% at 7 months")
    assert fault.expected == "at least 66% within 2 points of row 4 (70% at 12 months): the curve only falls"


@pytest.mark.parametrize(("left", "needs"), [(9, 0.0), (10, 0.0), (11, 5.0)])
def test_numbers_at_risk_fall_at_least_as_fast_as_the_curve(left, needs):
    falling = curve((0, 100), (6, 50), (12, 40))
    assert least_tolerance(falling, numbers((0, 20), (9, left)), 20, 0.0) == pytest.approx(needs)
    assert least_tolerance(falling, numbers((9, left)), 20, 0.0) == pytest.approx(needs)


def test_a_number_at_risk_too_high_for_the_curve_is_named_with_its_row():
    (fault,) = least_points(curve((0, 100), (6, 50), (12, 40)), numbers((0, 20), (9, 15)), 20, 0.0, 2.0)
    assert (fault.file, fault.place, fault.found) == ("n.csv", "row 3, at risk", "15 at 9 months")
    assert "at most 10 of the 20 at 0 months, as the curve falls to 50% (row 2 of curve.csv)" in fault.expected

"""Columns of periods in SPSS and Stata files are never taken for days."""

import pytest

from analysis.cohorts.importing.parsing import dates
from analysis.cohorts.importing.parsing.statistical_dates import convert_dates


@pytest.mark.parametrize(
    ("written", "value", "shown"),
    [
        ("%tm", 662, "2015m3"), ("%tmCCYY-NN", 659, "2014m12"), ("%tq", 220, "2015q1"), ("%tw", 2868, "2015w9"), ("%th", 111, "2015h2"), ("%ty", 2015, "2015y"), ("%tm", -1, "1959m12"),
        ("MOYR8", 13644547200, "2015m3"), ("QYR6", 13644547200, "2015q1"), ("WKYR8", 13639708800, "2015w1"),
    ],
)  # fmt: skip
def test_a_period_is_written_as_such_and_no_order_makes_a_day_of_it(written, value, shown):
    (found,), impossible = convert_dates([value], written)
    assert (found, impossible) == (shown, [])
    for order in ("", "ymd", "dmy", "mdy", *dates.ORIGINS):
        with pytest.raises(dates.NotADate):
            dates.date(found, order)


def test_a_missing_period_stays_missing_and_days_stay_days():
    found, _ = convert_dates([float("nan"), None], "%tm")
    assert found[0] != found[0] and found[1] is None
    assert convert_dates([20151], "%td")[0][0].date().isoformat() == "2015-03-04"

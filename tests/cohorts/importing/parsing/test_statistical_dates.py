"""Columns of periods in files of SPSS, Stata and SAS are never taken for days."""

import pytest

from analysis.cohorts.importing.parsing import dates
from analysis.cohorts.importing.parsing.statistical_dates import SAS, SPSS, STATA, convert_dates


@pytest.mark.parametrize(
    ("written", "value", "shown"),
    [
        ("%tm", 662, "2015m3"), ("%tmCCYY-NN", 659, "2014m12"), ("%tq", 220, "2015q1"), ("%tw", 2868, "2015w9"), ("%th", 111, "2015h2"), ("%ty", 2015, "2015y"), ("%tm", -1, "1959m12"),
        ("MOYR8", 13644547200, "2015m3"), ("QYR6", 13644547200, "2015q1"), ("WKYR8", 13639708800, "2015w1"),
    ],
)  # fmt: skip
def test_a_period_is_written_as_such_and_no_order_makes_a_day_of_it(written, value, shown):
    program = STATA if written.startswith("%") else SPSS
    (found,), impossible = convert_dates([value], written, program)
    assert (found, impossible) == (shown, [])
    for order in ("", "ymd", "dmy", "mdy", *dates.ORIGINS):
        with pytest.raises(dates.NotADate):
            dates.date(found, order)


def test_a_missing_period_stays_missing_and_days_stay_days():
    found, _ = convert_dates([float("nan"), None], "%tm", STATA)
    assert found[0] != found[0] and found[1] is None
    assert convert_dates([20151], "%td", STATA)[0][0].date().isoformat() == "2015-03-04"


@pytest.mark.parametrize(
    ("written", "value", "shown"),
    [
        ("DATE9", 20151, "2015-03-04 00:00:00"), ("YYMMDD10", 20151, "2015-03-04 00:00:00"), ("E8601DA", 20151, "2015-03-04 00:00:00"),
        ("DATETIME20", 1741046400, "2015-03-04 00:00:00"), ("MONYY7", 20151, "2015m3"), ("YYQ6", 20151, "2015q1"), ("YEAR4", 20151, "2015y"),
        ("DTMONYY7", 1741046400, "2015m3"), ("HHMM5", 5400, "1:30:00"), ("BEST12", 20151, "20151"), ("COMMA8", 20151, "20151"),
    ],
)  # fmt: skip
def test_formats_of_sas_count_days_or_seconds_from_1960(written, value, shown):
    assert str(convert_dates([value], written, SAS)[0][0]) == shown


def test_one_name_of_a_format_counts_otherwise_in_another_program():
    assert [convert_dates([20151], "DATE11", program)[0][0].year for program in (SPSS, SAS)] == [1582, 2015]

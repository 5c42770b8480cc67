"""Numbers, dates and units, as people write them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file, read_cohort
from analysis.cohorts.importing.parsing import dates, numbers, units
from analysis.cohorts.importing.problems import make_printable, row_list
from analysis.errors import InputError

DAY = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))


@given(DAY)
def test_a_date_comes_back_from_every_way_of_writing_it(day):
    for text, order in (
        (day.isoformat(), ""),
        (f"{day:%d.%m.}{day.year}", ""),
        (f"{day.day}/{day.month}/{day.year}", "dmy"),
        (f"{day.month}-{day.day}-{day.year}", "mdy"),
        (f"{day.isoformat()} 13:45:00", ""),
        (f"{day:%B} {day.day}, {day.year}", ""),
        (f"{day:%b}. {day.day} {day.year}", ""),
    ):
        assert dates.date(text, order) == day


@given(DAY, st.integers(0, 40000))
def test_completed_units_never_exceed_the_time_between_two_dates(start, days):
    end = start + datetime.timedelta(days)
    months, years = dates.count_completed(start, end, "months"), dates.count_completed(start, end, "years")
    assert months // 12 == years
    assert abs(units.convert_unit(days, "days", "months") - months) < 1.2
    assert dates.count_completed(start, end, "weeks") * 7 <= days == dates.count_completed(start, end, "days")


def test_the_last_day_of_a_short_month_completes_it():
    assert dates.count_completed(datetime.date(2020, 1, 31), datetime.date(2020, 2, 29), "months") == 1
    assert dates.count_completed(datetime.date(2020, 1, 31), datetime.date(2020, 2, 28), "months") == 0
    assert dates.count_completed(datetime.date(2020, 2, 29), datetime.date(2021, 2, 28), "years") == 1


@pytest.mark.parametrize("text", ["31.02.2020", "2020-13-01", "1.1.20", "03/04/2020", "2020", "1.1.0020", "gestern", 43831, "1.2-2020"])
def test_what_is_no_date_or_not_one_date_is_refused(text):
    with pytest.raises(dates.NotADate):
        dates.date(text)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("19 août 2015", 8), ("22 juil. 2012", 7), ("1 févr. 2014", 2), ("17-dic-2017", 12), ("10-ene-2014", 1), ("22-lug-2012", 7), ("08-set-2016", 9),
        ("5 mrt 2016", 3), ("5. Dez. 2016", 12), ("5 de 2016", 0), ("3 jui 2016", 0), ("12JUL2016:13:45:00", 7), ("septiembre 5, 2016", 9), ("3rd May 2016", 0),
    ],
)  # fmt: skip
def test_months_are_known_by_name_in_several_languages_where_one_alone_is_meant(text, month):
    if month:
        assert (dates.date(text).month, dates.date(text).year) == (month, int(text.split(":")[0][-4:]))
    else:
        with pytest.raises(dates.NotADate):
            dates.date(text)


def test_two_digit_years_lie_in_the_century_that_is_told():
    assert dates.date("5.3.21", century=1950).year == 2021
    assert dates.date("5.3.51", century=1950).year == 1951


def test_the_order_of_day_and_month_is_found_out_or_left_open():
    assert dates.order_of(["03/04/2020", "13/04/2020"]) == "dmy"
    assert dates.order_of(["03/04/2020", "03/14/2020"]) == "mdy"
    assert dates.order_of(["03/04/2020"]) == dates.order_of(["13/04/2020", "03/14/2020"]) == "?"
    assert dates.order_of(["2020-04-03", "3.4.2020"]) == ""


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_a_number_comes_back_with_either_decimal_mark(value):
    assert numbers.number(repr(value), ".") == value
    assert numbers.number(repr(value).replace(".", ","), ",") == value


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("1.23,5", ","),
        ("1.5", ","),
        ("1,5", "."),
        ("1 23", "."),
        ("12'34", "."),
        ("0.123.456", ","),
        ("1.234.567", "."),
        ("inf", "."),
        ("nan", "."),
        ("0x1f", "."),
        ("١٢", "."),
        ("1_000", "."),
        (float("inf"), "."),
        (True, "."),
    ],
)
def test_what_is_no_plain_number_is_refused(text, mark):
    with pytest.raises(numbers.NotANumber):
        numbers.number(text, mark)


@pytest.mark.parametrize(("text", "proof"), [("1.080", ""), ("1,080", ""), ("1.234.567", ""), ("1'080", ""), ("1\u2009080", ""), ("1\u202f080", ""), ("12", ""), ("x", ""),
                                              ("0.250", "."), ("0,250", ","), ("1.08", "."), ("1,0805", ","), ("1.080,5", ","), ("1,080.500", "."), ("1'080.5", "."), (".500", ".")])  # fmt: skip
def test_only_a_number_that_can_be_read_in_one_way_proves_the_decimal_mark(text, proof):
    assert numbers.prove_mark(text) == proof


def months(values):
    return "patient;arm;age;months;died\n" + "".join(f"{at};A;50;{value};1\n" for at, value in enumerate(values, 1))


@pytest.mark.parametrize("value", ["1.080", "1,080", "1'080", "1’080", "1\u2009080", "1\u202f080", "1 080"])
def test_a_mark_before_three_digits_is_asked_about_until_a_column_that_is_read_proves_the_mark(study, put, value):
    header = "patient;arm;age;months;died;unused\n"
    alone = put("own.csv", header + f"1;A;50;12;1;0,5\n2;A;50;{value};1;0,5\n")
    with pytest.raises(
        InputError,
        match=r"line 3, column months: expected cells that prove the decimal mark, or 'file: {decimal: comma}' or 'file: {decimal: point}'.*thousands as well .a hint, as nothing reads them: decimal commas in unused",
    ):
        read_cohort(study, alone)
    for proof, read in (("0,5", 1.08 if "," in value else 1080), ("0.5", 1.08 if "." in value else 1080)):
        put("own.mapping.yml", "columns: {months: {column: months, range: [0, 2000]}}\n")
        proved = put("own.csv", header + f"1;A;50;{proof};1;x\n2;A;50;{value};1;x\n")
        assert read_cohort(study, proved)["months"].tolist() == [0.5, read]
    for mark, read in (("comma", 1.08 if "," in value else 1080), ("point", 1.08 if "." in value else 1080)):
        put("own.mapping.yml", f"file: {{decimal: {mark}}}\ncolumns: {{months: {{column: months, range: [0, 2000]}}}}\n")
        assert read_cohort(study, put("own.csv", header + f"2;A;50;{value};1;0.5\n"))["months"].tolist() == [read]


def test_what_one_column_proves_holds_for_the_others_and_the_report_says_so(study, put):
    put("own.mapping.yml", "columns: {months: {column: months, unit: days}, age: {column: weight, range: [0, 200]}}\n")
    path = put("own.csv", "patient;arm;weight;months;died\n1;A;70;1.080;1\n2;A;8,0;2.160;0\n")
    checked = check_file(study, path)
    assert checked.frame["months"].tolist() == pytest.approx([1080 / 30.4375, 2160 / 30.4375])
    assert "months: 2 cells with a mark before three digits were read with a decimal comma (proved by weight)" in report.as_text(checked)


def test_columns_that_prove_different_marks_are_asked_about(study, put):
    path = put("own.csv", "patient;arm;age;months;died\n1;A;50,0;1.5;1\n2;A;8;2.160;0\n")
    with pytest.raises(InputError, match="decimal points in months and decimal commas in age"):
        read_cohort(study, path)
    put("own.mapping.yml", "columns: {age: {column: age, decimal: comma}}\n")
    assert read_cohort(study, path)["months"].tolist() == [1.5, 2.16]


def test_typed_numbers_are_never_ambiguous(study, put, reference):
    path = put("own.xlsx", b"")
    reference.assign(died=reference["died"].astype(int), months=reference["months"] + 0.08).to_excel(path, index=False)
    assert read_cohort(study, path)["months"].tolist() == (reference["months"] + 0.08).tolist()
    reference.assign(died=reference["died"].astype(int), months="1.080").to_excel(path, index=False)
    with pytest.raises(InputError, match="points before exactly three digits"):
        read_cohort(study, path)


def test_commas_and_points_in_one_column_are_a_fault(study, put):
    with pytest.raises(InputError, match="lines 2 and 3, column months: expected one decimal mark"):
        read_cohort(study, put("own.csv", months(["1,5", "2.5", "3"])))


@pytest.mark.parametrize(
    ("value", "unit", "target", "whole"),
    [
        (23, "months", "years", 1),
        (24, "months", "years", 2),
        (8.33, "years", "months", 100),
        (100, "days", "weeks", 14),
        (2, "weeks", "days", 14),
    ],
)
def test_whole_units_are_completed_upwards_and_nearest_downwards(value, unit, target, whole):
    assert units.whole(units.convert_unit(value, unit, target), unit, target) == whole


def test_a_hundred_thousand_rows_with_the_same_fault_are_one_line(study, put):
    rows = "".join(f"{at},X,I,50,2,1\n" for at in range(20000))
    checked = check_file(study, put("own.csv", "patient,arm,stage,age,months,died\n" + rows))
    assert [len(problem.rows) for problem in checked.problems] == [20000]
    assert row_list(checked.problems[0].rows, "line") == "lines 2, 3, 4, 5, 6 and 19995 more"


def test_control_characters_never_reach_a_terminal():
    assert make_printable("a\x1b[31mb\nc\u202ed") == "a\\x1b[31mb\\nc\\u202ed"

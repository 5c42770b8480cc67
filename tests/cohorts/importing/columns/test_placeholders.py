"""Numbers and dates that files hold in place of nothing are asked about, and the mapping's answer is followed."""

import datetime

import openpyxl
import pytest

from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file
from analysis.cohorts.importing.columns import placeholders

HEADER = "patient;arm;age;months;died\n"


@pytest.fixture
def told(study, put):
    """What a report says, and the table if there is one."""

    def check(content, mapping="", name="own.csv"):
        put("own.mapping.yml", mapping)
        checked = check_file(study, put(name, content) if isinstance(content, str) else content)
        return checked.frame, report.as_text(checked)

    return check


def ages(*values):
    return HEADER + "".join(f"{at};A;{value};{at + 1};1\n" for at, value in enumerate(values))


@pytest.mark.parametrize(("values", "asked"), [
    ([3, 5, 99, 99], {99}), ([3, 5, 99], set()), ([3, 49, 99, 99], {99}), ([3, 50, 99, 99], set()), ([3, 5, 999], {999}), ([400, 499, 999], {999}), ([400, 500, 999], set()), ([3, 5, 998], set()),
    ([3, 0, -9], {-9}), ([3, 0, -1], {-1}), ([3, -2, -9], set()), ([3, 5, -5], set()), ([3, 5, 8888, -99], {8888, -99}), ([3, 999], set()), ([3.5, 5, 99.9], set()), ([0, 1, 3, 9, 9], {9}), ([1, 2, 4, 9, 9], {9}), ([1, 2, 5, 9, 9], set()), ([2, 3, 9, 9], set()), ([0.5, 1, 9, 9], set()), ([0, 1, 9], set()), ([0, 3, 8, 9, 8, 9], {8, 9}), ([3, float("nan"), 5, 9999], {9999}),
])  # fmt: skip
def test_a_code_is_a_number_of_nines_that_no_other_value_comes_near_or_the_only_negative_one(values, asked):
    assert placeholders.codes_among(values)[0] == asked


@pytest.mark.parametrize(
    ("values", "remarked"),
    [
        ([30, 60, 99, 99], {99}),
        ([30, 60, 99], set()),
        ([30, 60, 999, 1000], set()),
        ([30, 600, 999], {999}),
        ([3, 5, 999], set()),
        ([3, 17, 99], {99}),
        ([3, 50, 99], set()),
        ([0, 1, 4, 9], {9}),
        ([0, 1, 5, 9], set()),
    ],
)
def test_a_largest_number_of_nines_is_remarked_where_others_come_near(values, remarked):
    assert placeholders.codes_among(values)[1] == remarked


@pytest.mark.parametrize("code", ["99", "999", "-9", "-1", "-99", "888", "99.0", "99,0", "\u221299"])
def test_an_undeclared_code_is_asked_about_with_its_rows_and_followed_either_way(told, code):
    content = ages(3, 17, code, 12, 5, code)
    mapping = "columns: {age: {column: age}}\n"
    frame, text = told(content, mapping)
    assert frame is None
    outside = abs(float(code.replace(",", ".").replace("\u2212", "-"))) > 120 or not code[0].isdigit()
    assert (
        "'missing: ['" if outside else "a number that is none of the codes for missing; if it is one: 'missing: ['"
    ) in text and "lines 4 and 7" in text
    frame, _ = told(content, f"columns: {{age: {{column: age, missing: ['{code}']}}}}\n")
    assert frame["age"].isna().tolist() == [False, False, True, False, False, True]
    frame, _ = told(content, "columns: {age: {column: age, range: [-100, 1000]}}\n")
    assert frame["age"].isna().sum() == 0


@pytest.mark.parametrize("written", ["99", "99.0", "99,0", "99.00", "099", "+99"])
def test_a_declared_code_means_missing_however_its_number_is_written(told, written):
    for mapping in ("missing: 99\n", "missing: ['99.0']\n", "columns: {age: {column: age, missing: [99]}}\n"):
        frame, text = told(ages(3, written, 12), mapping)
        assert frame["age"].isna().tolist() == [False, True, False]
        assert "1 cells read as missing by their code" in text


def test_a_declared_code_in_thousandths_means_missing_once_the_mark_is_told(told):
    frame, _ = told(ages(3, "99.000", 12), "missing: 99\nfile: {decimal: point}\n")
    assert frame["age"].isna().tolist() == [False, True, False]


def test_a_largest_number_in_nines_is_remarked_in_the_report_of_a_sound_file(told):
    frame, text = told(ages(60, 70, 99, 99))
    assert frame["age"].tolist() == [60, 70, 99, 99] and "age: 99, the largest number, in 2 rows: a code for missing?" in text


DATED = "patient;arm;begin;end;died\n1;A;2019-05-01;2020-05-01;1\n2;B;{0};2021-05-01;0\n3;B;2018-01-01;{1};0\n"
BETWEEN = "columns: {{months: {{from: begin, to: end, range: [0, 4000]{0}}}}}\n"


@pytest.mark.parametrize(
    "day",
    [
        "1900-01-01",
        "01.01.1900",
        "1899-12-30",
        "1899-12-31",
        "1960-01-01",
        "01JAN1960",
        "1970-01-01",
        "1904-01-01",
        "2120-12-31",
        "2099-12-31",
    ],
)
@pytest.mark.parametrize("place", ["begin", "end"])
def test_a_date_that_programs_write_for_none_is_asked_about_with_its_row_and_followed_either_way(told, day, place):
    content = DATED.format(*((day, "2020-02-02") if place == "begin" else ("2018-02-02", day)))
    frame, text = told(content, BETWEEN.format(""))
    assert (
        frame is None
        and f"line {3 if place == 'begin' else 4}: expected a date of a patient, not one" in text
        and f"'missing: ['{day}']'" in text
    )
    frame, text = told(content, BETWEEN.format(f", missing: ['{day}']"))
    assert frame is None and "expected a value" in text and "not one" not in text
    iso = {"01.01.1900": "1900-01-01", "01JAN1960": "1960-01-01"}.get(day, day)
    assert "not one" not in told(content, BETWEEN.format(f", true_dates: [{iso}]"))[1]
    assert "not one" not in told(content, f"file: {{true_dates: {iso}}}\n" + BETWEEN.format(""))[1]


@pytest.mark.parametrize("day", ["1900-01-01", "1.1.1900", "2099-12-31", "1/1/1960"])
def test_a_date_of_an_event_that_programs_write_for_none_is_no_event_unasked(told, day):
    content = f"patient;arm;months;gone\n1;A;2;{day}\n2;B;3;2020-02-02\n3;B;4;\n"
    frame, text = told(content, "columns: {died: {known: gone}}\n")
    assert frame is None and "line 2: expected a date of a patient, not one" in text
    frame, _ = told(content, f"columns: {{died: {{known: gone, missing: ['{day}']}}}}\n")
    assert frame["died"].tolist() == [False, True, False]


@pytest.mark.parametrize(("days", "said"), [(-1, False), (0, False), (1, True)])
def test_today_is_a_day_that_events_have_and_tomorrow_is_none(days, said):
    assert bool(placeholders.unlikely_date(datetime.date.today() + datetime.timedelta(days), ())) == said


@pytest.mark.parametrize("value", [datetime.datetime(1900, 1, 1), datetime.datetime(1899, 12, 30)])
def test_a_zero_that_excel_shows_as_a_date_is_asked_about(told, put, value):
    book = openpyxl.Workbook()
    for row in (
        ["patient", "arm", "begin", "end", "died"],
        [1, "A", datetime.datetime(2019, 5, 1), datetime.datetime(2020, 5, 1), 1],
        [2, "B", value, datetime.datetime(2020, 5, 1), 0],
    ):
        book.active.append(row)
    path = put("own.xlsx", b"")
    book.save(path)
    frame, text = told(path, BETWEEN.format(""))
    assert frame is None and "row 3" in text

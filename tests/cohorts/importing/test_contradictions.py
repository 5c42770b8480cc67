"""Where a file or its mapping says two things at once nothing is read until a person has chosen."""

import datetime

import openpyxl
import pandas as pd
import pyreadstat
import pytest
import yaml

from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file, read_cohort
from analysis.cohorts.importing.parsing import units
from analysis.cohorts.study import read_study
from analysis.errors import InputError


@pytest.fixture
def told(study, put):
    """What a report says, and the table if there is one."""

    def check(content, mapping="", name="own.csv"):
        put("own.mapping.yml", mapping)
        checked = check_file(study, put(name, content) if isinstance(content, str) else content)
        return checked.frame, report.as_text(checked)

    return check


@pytest.fixture
def sheet(put):
    def write(*rows, merged=(), hidden=()):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        for span in merged:
            book.active.merge_cells(span)
        for row in hidden:
            book.active.row_dimensions[row].hidden = True
        path = put("own.xlsx", b"")
        book.save(path)
        return path

    return write


@pytest.mark.parametrize(("text", "found"), [
    ("OS_days", {"days"}), ("Überleben (Tage)", {"days"}), ("timeYears", {"years"}), ("Zeit in Monaten", {"months"}), ("weeks", {"weeks"}), ("mo_since_days", {"days", "months"}), ("Age, yrs", {"years"}),
    ("os", set()), ("daylight", set()), ("Montag", set()), ("survival_d", {"days"}), ("OS_y", {"years"}), ("OS [w]", {"weeks"}), ("Zeit (T)", {"days"}), ("OS (J)", {"days", "years"}), ("survdays", {"days"}), ("OSTAGE", {"days"}), ("stage", set()),
    ("os_dias", {"days"}), ("overlevnad_dagar", {"days"}), ("hand", set()), ("arm_d2", set()), ("time_t", set()), ("Jahre", {"years"}),
    ("OS år", {"years"}), ("survival.time.in.y", {"years"}), ("Zeit in d", {"days"}), ("lata", {"years"}), ("settimane", {"weeks"}), ("osdagar", {"days"}),
    ("elinaika vrk", {"days"}), ("měsíce", {"months"}), ("levetidsdage", {"days"}), ("time.t", set()), ("OS in d2", set()), ("arm d", set()), ("pladsen", set()),
])  # fmt: skip
def test_units_are_heard_in_names_as_whole_words_endings_and_letters(text, found):
    assert units.find_units(text) == found


@pytest.mark.parametrize(
    ("column", "unit", "factor"),
    [("OS_days", "days", 12 / 365.25), ("Zeit (Wochen)", "weeks", 7 * 12 / 365.25), ("follow-up, years", "years", 12)],
)
def test_a_name_that_speaks_of_another_unit_is_asked_about(told, column, unit, factor):
    content = f'patient;arm;"{column}";died\n1;A;10;1\n2;B;20;0\n'
    frame, text = told(content, f"columns: {{months: '{column}'}}\n")
    assert frame is None and f"unit: {unit}}}' in the mapping (or unit: months); found a name that speaks of {unit}" in text
    assert told(content, f"columns: {{months: {{column: '{column}', unit: {unit}}}}}\n")[0]["months"].tolist() == pytest.approx(
        [10 * factor, 20 * factor]
    )
    assert told(content, f"columns: {{months: {{column: '{column}', unit: months}}}}\n")[0]["months"].tolist() == [10, 20]


@pytest.mark.parametrize(
    ("style", "unit"), [('0.0" years"', "years"), ('0\\ "days"', "days"), ('0" €"', ""), ("0.0", ""), ('0" months"', ""), (r"0\ \d\a\y\s", "days"), (r"0.0\ \y\r\s;\-0.0\ \y\r\s", "years"), (r"0\d", "days"), (r"0\ \M\o\n\a\t\e", ""), (r'[=1]0\ "day";0\ "days"', "days"), ('[>9]0" Tage";0" Tag"', "days")]
)  # fmt: skip
def test_a_unit_that_excel_shows_beside_each_number_is_asked_about(study, put, reference, style, unit):
    book = openpyxl.Workbook()
    book.active.append(list(reference))
    for row in reference.assign(died=reference["died"].astype(int), stage="", age=None).to_dict("records"):
        book.active.append(list(row.values()))
        book.active.cell(book.active.max_row, list(reference).index("months") + 1).number_format = style
    path = put("own.xlsx", b"")
    book.save(path)
    told = check_file(study, path)
    assert (told.frame is None) == bool(unit), report.as_text(told)
    assert not unit or f"months: {{column: months, unit: {unit}}}' in the mapping" in report.as_text(told)
    put("own.mapping.yml", f"columns: {{months: {{column: months, unit: {unit or 'months'}}}}}\n")
    assert check_file(study, path).frame is not None


@pytest.mark.parametrize("suffix", ["sav", "dta"])
@pytest.mark.parametrize(
    ("label", "sound"), [("Overall survival (days)", False), ("Overall survival in months", True), ("Time from diagnosis", True)]
)
def test_a_label_that_speaks_of_another_unit_is_asked_about(told, put, suffix, label, sound):
    path = put(f"own.{suffix}", b"")
    frame = pd.DataFrame({"patient": ["1", "2"], "arm": ["A", "B"], "months": [300.0, 400.0], "died": [1.0, 0.0]})
    (pyreadstat.write_sav if suffix == "sav" else pyreadstat.write_dta)(frame, str(path), column_labels=["key", "arm", label, "died"])
    read, text = told(path)
    assert (read is not None) == sound
    assert sound or "a label that speaks of days: 'Overall survival (days)'" in text


DATES = "patient;arm;begin;end;died\n1;A;{0};{1};1\n2;B;{2};{3};0\n"
BETWEEN = "columns: {{months: {{from: begin, to: end{0}}}}}\n"


def test_columns_that_prove_different_orders_of_day_and_month_are_asked_about(told):
    frame, text = told(DATES.format("13/04/2019", "05/06/2020", "02/02/2019", "07/28/2020"), BETWEEN.format(""))
    assert frame is None and "one order of day and month" in text and "days first in begin and months first in end" in text
    assert told(DATES.format("13/04/2019", "28/06/2020", "02/02/2019", "28/07/2020"), BETWEEN.format(""))[0] is not None


@pytest.mark.parametrize("made", ["2019-03-04", "4 March 2019"])
def test_texts_in_a_country_s_order_beside_dates_in_another_form_are_asked_about(told, made):
    """Excel makes 03/04/2019 a date, in its own order, and leaves 13/04/2019 a text."""
    content = DATES.format("2019-01-01", "13/05/2020", "2019-01-01", made)
    frame, text = told(content, BETWEEN.format(""))
    assert frame is None and "it may have taken day for month" in text and "line 2" in text
    assert told(content, BETWEEN.format(", dates: day/month/year"))[0] is not None


def test_texts_beside_typed_dates_of_a_workbook_are_asked_about(told, sheet):
    day = datetime.datetime(2019, 3, 4)
    rows = [["patient", "arm", "begin", "end", "died"], [1, "A", day, "13/05/2020", 1], [2, "B", day, datetime.datetime(2020, 6, 5), 0]]
    frame, text = told(sheet(*rows), BETWEEN.format(""))
    assert frame is None and "row 2: expected dates of one form" in text
    rows[1][3] = "2020-05-13"  # this can be read in one way only
    assert told(sheet(*rows), BETWEEN.format(""))[0] is not None


@pytest.mark.parametrize(("text", "day"), [
    ("12JAN2019", 12), ("12-Jan-2019", 12), ("12 January 2019", 12), ("12. Jan. 2019", 12), ("20190112", 12), ("2019-01-12T00:00:00Z", 12), ("1/13/2019 12:00:00 AM", 13), ("13/1/2019 9:05 pm", 13),
    ("2019-01-12 23:00:00+01:00", 12), ("12. Jänner 2019", 12),
])  # fmt: skip
def test_dates_that_can_be_read_in_one_way_only_are_read(told, text, day):
    frame, said = told(DATES.format(text, "2020-01-12", text, "2020-01-12"), BETWEEN.format(""))
    assert frame is not None, said
    assert frame["months"].tolist() == pytest.approx([(365 - (day - 12)) / 30.4375] * 2)


@pytest.mark.parametrize("text", ["31FEB2019", "12XYZ2019", "20191301", "19011990", "12012019", "Jan 2019", "12JAN19"])
def test_what_only_resembles_such_a_date_is_a_fault(told, text):
    frame, said = told(DATES.format(text, "2020-01-12", "2019-01-01", "2020-01-12"), BETWEEN.format(""))
    assert frame is None and f"found '{text}'" in said


def test_a_time_that_ends_on_another_day_than_its_event_is_a_fault(told):
    content = "patient;arm;begin;gone;seen\n1;A;2019-01-01;2019-05-01;2020-01-01\n2;B;2019-01-01;;2020-01-01\n"
    columns = "columns: {{months: {{from: begin, to: [{0}]}}, died: {{known: gone}}}}\n"
    for wrong in ("seen, gone", "seen"):
        frame, text = told(content, columns.format(wrong))
        assert frame is None and "line 2: expected a time that ends with the event, whose date is gone ('to: [gone, …]'" in text
    frame, _ = told(content, columns.format("gone, seen"))
    assert frame["months"].tolist() == pytest.approx([120 / 30.4375, 365 / 30.4375])
    order = content.replace("2019-05-01", "05/06/2019").replace("2020-01-01\n2", "2019-06-05\n2")
    assert told(order, columns.format("seen"))[0] is not None  # 5 June or 6 May: nothing contradicts


@pytest.mark.parametrize(
    "row",
    [
        "Total;;90;25;1",
        "Mean:;A;45;12.5;0",
        "Median (IQR);A;45;12.5;0",
        "Mean ± SD;A;45;12.5;0",
        "n = 3;A;45;12;0",
        "Grand total;A;9;9;0",
        "Summe;;;;",
        "x;;95;26;2",
        "x;;{0};{1};",
    ],
)
def test_a_last_row_that_sums_up_the_others_is_no_patient(told, row):
    content = "patient;arm;age;months;died\n1;A;50;12;1\n2;B;40;13;0\n3;B;5;1;1\n"
    last = row.format(95 / 3, 26 / 3)
    frame, text = told(content + last + "\n")
    assert frame is None and "line 5: expected a patient" in text and "'file: {last: 4}' leaves it out" in text
    assert len(told(content + last + "\n", "file: {last: 4}\n")[0]) == 3
    assert "expected a patient" not in told(content + last + "\n", "file: {last: 5}\n")[1]


@pytest.mark.parametrize(
    "row", ["4;A;95;12;1", "4;A;20;26;1", "Max;A;9;3;0", "Range;A;9;3;0", "Total body;A;9;3;0", "n4;A;9;3;0", "4;A;31.667;3;0"]
)
def test_a_patient_with_one_value_that_is_a_sum_or_a_mean_is_a_patient(told, row):
    content = "patient;arm;age;months;died\n1;A;50;12;1\n2;B;40;13;0\n3;B;5;1;1\n"
    assert "expected a patient" not in told(content + row + "\n")[1]


def test_a_word_for_totals_that_other_rows_hold_as_well_is_a_value_of_its_column(told):
    content = "patient;arm;months;died;resection\n1;A;12;1;Total\n2;B;13;0;Subtotal\n3;B;1;1;{}\n"
    assert told(content.format("Total"))[0] is not None
    assert "line 4: expected a patient; found a row called 'Mean'" in told(content.format("Mean"))[1]


def test_a_row_of_totals_between_patients_is_no_patient_and_a_condition_leaves_it_out(told):
    content = "patient;arm;months;died\n1;A;12;1\n2;A;13;0\nSubtotal A;A;12.5;1\n3;B;1;1\n4;B;7;0\n"
    frame, text = told(content)
    assert frame is None and "line 4: expected a patient" in text and "found a row called 'Subtotal A'" in text
    frame, _ = told(content, 'where: "patient!=Subtotal A"\n')
    assert frame["patient"].tolist() == ["1", "2", "3", "4"]


@pytest.fixture
def in_percent(study_folder, put):
    """Checks a column of the made-up study that is declared in per cent."""
    declared = yaml.safe_load((study_folder / "study.yml").read_text())
    declared["variables"]["cohort"]["blasts"] = {"type": "number", "unit": "percent", "missing": True}
    (study_folder / "study.yml").write_text(yaml.safe_dump(declared, sort_keys=False))
    study = read_study(study_folder)

    def check(values, mapping="", name="blasts"):
        put("own.mapping.yml", mapping)
        rows = "".join(f"{at},A,2.5,1,{value}\n" for at, value in enumerate(values, 1))
        return check_file(study, put("own.csv", f'patient,arm,months,died,"{name}"\n{rows}'))

    return check


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        ((0.2, 0.9, 1), True), ((0.2, 0.9, 1.1), False), ((0, 1, 1), False), ((0.2, 0.9), False), (("45%", "80%", 0.5), True),
        (("45%", "80%", 1.5), False), (("45%", "80%", "90%"), False),
    ],
)  # fmt: skip
def test_shares_of_one_are_asked_about_where_per_cent_is_declared(in_percent, values, asked):
    line = "blasts: {column: blasts, unit: fraction}"
    assert (f"'{line}' in the mapping" in report.as_text(in_percent(values))) == asked
    for unit, factor in (("fraction", 100), ("percent", 1)):
        read = in_percent(values, f"columns: {{{line.replace('fraction', unit)}}}\n").frame["blasts"].tolist()
        assert read == pytest.approx([float(value[:-1]) if isinstance(value, str) else factor * value for value in values])


def test_a_column_that_is_called_per_cent_is_taken_at_its_word_and_no_time_is_a_share(in_percent):
    assert in_percent((0.2, 0.9, 1), 'columns: {blasts: {column: "blasts, %"}}\n', "blasts, %").frame["blasts"].tolist() == [0.2, 0.9, 1]
    told = report.as_text(in_percent((20, 90), "columns: {months: {column: months, unit: fraction}}\n"))
    assert "expected a unit of time, as months is not in per cent; found 'fraction'" in told


def test_a_date_with_points_beside_others_that_prove_the_month_to_come_first_is_asked_about(told):
    content = "patient,arm,began,ended,died\n1,A,03/14/2019,2019-12-01,1\n2,A,{},2019-12-02,0\n"
    columns = "columns: {months: {from: began, to: ended}}\n"
    frame, text = told(content.format("05.06.2019"), columns)
    assert frame is None and "line 3: expected a date in the order of the others, which is month/day/year" in text
    frame, _ = told(content.format("05/06/2019"), columns)
    assert frame["months"].tolist() == pytest.approx([262 / 30.4375, 210 / 30.4375])
    frame, _ = told(content.format("05.06.2019"), "file: {dates: month/day/year}\n" + columns)
    assert frame["months"][1] == pytest.approx(210 / 30.4375)


def test_cells_merged_over_patients_are_a_fault_where_something_reads_them(told, sheet):
    rows = [["patient", "arm", "months", "died", "site"], [1, "A", 2.5, 1, "x"], [2, None, 3.5, 0, None], [3, "B", 3, 0, "y"]]
    frame, text = told(sheet(*rows, merged=["B2:B3"]))
    assert frame is None and "rows 2 and 3: expected a value in each row; found merged cells B2:B3" in text
    rows[2][1] = "A"
    frame, text = told(sheet(*rows, merged=["E2:E3"]))
    assert frame is not None and "site: merged cells E2:E3" in text
    assert told(sheet(["A title", None, None, None, None], *rows, merged=["A1:E1"]), "file: {header: 2}\n")[0] is not None


def test_hidden_rows_are_read_and_the_report_says_so(told, sheet):
    rows = [["patient", "arm", "months", "died"], [1, "A", 2.5, 1], [2, "B", 3.5, 0], [3, "B", 3, 0]]
    frame, text = told(sheet(*rows, hidden=[3]))
    assert len(frame) == 3 and "row 3 hidden in the sheet: read as all others" in text
    assert "hidden" not in told(sheet(*rows))[1]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [("P1", "p01", True), ("P-1", "P 1", True), ("P1", "P10", False), ("P1", "P2", False), ("P1-2", "P12", False)],
)
def test_keys_that_differ_in_how_they_are_written_are_remarked(told, first, second, said):
    frame, text = told(f"patient;arm;months;died\n{first};A;1;1\n{second};B;2;0\n")
    assert len(frame) == 2
    assert ("lines 2 and 3 have keys that differ in case, signs or zeros alone" in text) == said


def test_rows_that_are_numbered_and_equal_are_remarked(told):
    frame, text = told("who;arm;months;died\nX;A;1;1\nX;A;1;1\nY;B;2;0\n", "columns: {patient: {number: rows}}\n")
    assert len(frame) == 3 and "1 lines equal an earlier one in every cell" in text


@pytest.mark.parametrize(("words", "codes"), [
    (("dead", "alive"), "codes: {'dead': 1, 'alive': 0}"), (("Yes", "No"), "codes: {'Yes': 1, 'No': 0}"), (("1", "2"), "codes: {'1': …, '2': …}"), (("T", "F"), "codes: {'T': …, 'F': …}"),
    (("relapsed", "censored"), "codes: {'relapsed': 1, 'censored': 0}"), (("stable", "progress"), "codes: {'stable': …, 'progress': …}"),
])  # fmt: skip
def test_words_for_yes_and_no_are_asked_for_as_codes_and_never_as_missing(told, words, codes):
    frame, text = told(f"patient;arm;months;died\n1;A;1;{words[0]}\n2;B;2;{words[1]}\n")
    assert frame is None and codes in text and "missing: [" not in text
    if "…" in codes:
        assert told(f"patient;arm;months;died\n1;A;1;{words[0]}\n", f"columns: {{died: {{column: died, {codes}}}}}\n")[0] is None


def test_survivors_are_not_left_out_as_rows_without_an_outcome(told):
    content = "patient;arm;months;died\n1;A;1;1\n2;B;2;alive\n3;A;4;NA\n"
    frame, text = told(content, "missing: [alive, NA]\nwithout: [died]\n")
    assert frame is None and "line 3: expected a row without an outcome" in text and "'alive': 0" in text
    frame, _ = told(content, "columns: {died: {column: died, codes: {1: 1, alive: 0}, missing: [NA]}}\nwithout: [died]\n")
    assert frame["died"].tolist() == [True, False]


def test_no_time_is_a_negative_zero(told):
    frame, _ = told("patient;arm;months;died\n1;A;-0.0;1\n")
    assert str(frame["months"][0]) == "0.0"


@pytest.mark.parametrize("written", [("1.0", "0.0"), ("1,0", "0,0"), ("1.00", "0.00"), ("True", "False")])
def test_truth_that_pandas_writes_as_decimals_is_read(told, written):
    assert told(f"patient;arm;months;died\n1;A;1;{written[0]}\n2;B;2;{written[1]}\n")[0]["died"].tolist() == [True, False]
    codes = "columns: {died: {column: died, codes: {1: 0, 0: 1}}}\n"
    if written[0][0] == "1":
        assert told(f"patient;arm;months;died\n1;A;1;{written[0]}\n2;B;2;{written[1]}\n", codes)[0]["died"].tolist() == [False, True]


@pytest.mark.parametrize("space", ["\u200b", "\ufeff", "\u2060", "\u00a0"])
def test_signs_that_nobody_sees_change_nothing(told, space):
    frame, _ = told(f"patient;arm{space};months;died\n1;{space}A;{space}1{space};1\n2;B{space};2;0\n")
    assert frame["arm"].tolist() == ["A", "B"] and frame["months"].tolist() == [1, 2]


@pytest.mark.parametrize(("encoding", "mark"), [("utf-32", True), ("utf-16-le", False), ("utf-16-be", False)])
def test_wide_encodings_are_read_by_their_mark_or_proposed(study, put, encoding, mark):
    content = "patient,arm,months,died\n1,A,1,1\n".encode(encoding)
    checked = check_file(study, put("own.csv", content))
    assert (checked.frame is not None) == mark
    if not mark:
        assert f"file: {{encoding: {encoding}}}" in report.as_text(checked)
        put("own.mapping.yml", f"file: {{encoding: {encoding}}}\n")
        assert check_file(study, put("own.csv", content)).frame is not None


@pytest.mark.parametrize(
    ("start", "end", "said", "days"),
    [
        ("43831", "43861", "file: {dates: serial}", 30),
        ("03/04/2020", "05/04/2020", "file: {dates: day/month/year}", 2),
        ("03/04/2020", "05/04/2020", "file: {dates: month/day/year}", 61),
        ("13.01.19", "14.01.20", "file: {century: 1930}", 366),
    ],
)
def test_what_is_said_of_dates_can_be_pasted_into_the_mapping_as_it_stands(study, put, start, end, said, days):
    mapping = "columns: {months: {from: a, to: b}}\n"
    put("own.mapping.yml", mapping)
    path = put("own.csv", f"patient,arm,a,b,died\n1,A,{start},{end},1\n")
    with pytest.raises(InputError) as caught:
        read_cohort(study, path)
    assert all(f"'{said}'" in str(fault) for fault in caught.value.faults)
    put("own.mapping.yml", f"{said}\n{mapping}")
    assert read_cohort(study, path)["months"].tolist() == pytest.approx([days / 30.4375])


@pytest.mark.parametrize(("said", "months"), [("file: {decimal: comma}", 1.08), ("file: {decimal: point}", 1080)])
def test_what_is_said_of_decimal_marks_can_be_pasted_into_the_mapping_as_it_stands(study, put, said, months):
    mapping = "columns: {months: {column: months, range: [0, 2000]}}\n"
    put("own.mapping.yml", mapping)
    path = put("own.csv", 'patient,arm,months,died\n1,A,"1,080",1\n')
    with pytest.raises(InputError, match=f"'{said}'"):
        read_cohort(study, path)
    put("own.mapping.yml", f"{said}\n{mapping}")
    assert read_cohort(study, path)["months"].tolist() == [months]

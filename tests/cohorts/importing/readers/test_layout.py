"""Where the table stands in a file: titles, headers, names of rows, footnotes; what nothing reads is left alone."""

import openpyxl
import pandas as pd
import pytest

from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file, read_cohort

HEADER = "patient,arm,months,died"
LINES = [f"{at},{'AB'[at % 2]},{at * 2.5},{at % 2}" for at in range(1, 9)]
PLAIN = "\n".join([HEADER, *LINES]) + "\n"


@pytest.fixture
def expected(study, put):
    return read_cohort(study, put("expected.csv", PLAIN))


@pytest.fixture
def told(study, put):
    """What a report says of a text, and the table if there is one: ``told(content, mapping)``."""

    def check(content, mapping="", name="own.csv"):
        put("own.mapping.yml", mapping)
        checked = check_file(study, put(name, content))
        return checked.frame, report.as_text(checked)

    return check


def same(frame, expected):
    assert frame is not None
    pd.testing.assert_frame_equal(frame, expected)


def test_titles_above_the_header_are_told_with_the_row_that_looks_like_it_and_the_mapping_names_it(told, expected):
    content = "Registry export,,,\nCreated 2024-05-01,,,\n" + PLAIN
    frame, text = told(content)
    assert frame is None and "line 3 looks like the header; in the mapping 'file: {header: 3}' takes it" in text
    assert text.startswith("own.csv") and "1 fault;" in text
    frame, text = told(content, "file: {header: 3}\n")
    same(frame, expected)
    assert "header in line 3 (given in the mapping)" in text


def test_titles_in_a_workbook_are_told_alike(study, put, expected):
    book = openpyxl.Workbook()
    for row in (["Registry export"], [], ["of 2024"], HEADER.split(",")):
        book.active.append(row)
    for line in LINES:
        patient, arm, months, died = line.split(",")
        book.active.append([patient, arm, float(months), int(died)])
    path = put("own.xlsx", b"")
    book.save(path)
    assert "row 4 looks like the header" in report.as_text(check_file(study, path))
    put("own.mapping.yml", "file: {header: 4}\n")
    same(read_cohort(study, path), expected)


def test_a_header_under_foreign_names_is_found_below_a_title_by_its_shape(told):
    _, text = told("Registry export\nNr,Gruppe,Zeit,Tod\n1,A,2,1\n2,A,3,1\n")
    assert "line 2 looks like the header" in text


def test_a_second_header_row_is_told_and_left_out_or_joined_as_the_mapping_says(told, expected):
    content = PLAIN.replace(HEADER, HEADER + "\nkey,group,in months,0 is no".replace("0 is no", "event"))
    frame, text = told(content)
    assert (
        frame is None and "line 2: expected a patient; found words alone, as in a second header: 'file: {first: 3}' leaves it out" in text
    )
    same(told(content, "file: {first: 3}\n")[0], expected)
    frame, _ = told(
        content, "file: {header: [1, 2]}\ncolumns: {patient: patient key, arm: arm group, months: months in months, died: died event}\n"
    )
    same(frame, expected)


def test_a_header_that_spans_columns_names_each_of_them(told, expected):
    content = "Patient,,Survival,\nNr,Arm,months,died\n" + "\n".join(LINES)
    frame, _ = told(
        content, "file: {header: [1, 2]}\ncolumns: {patient: Patient Nr, arm: Patient Arm, months: Survival months, died: Survival died}\n"
    )
    same(frame, expected)


@pytest.mark.parametrize("note", ["* censored", "* censored,,,", '"Source: registry, 2024",,,'])
def test_footnotes_are_told_in_one_fault_and_the_mapping_leaves_them_out(told, expected, note):
    content = PLAIN + "\n" + note + "\n" + note + "\n"
    frame, text = told(content)
    assert frame is None and "1 fault " in text
    assert "lines 11 and 12: expected a patient; found one text alone, as in a footnote: 'file: {last: 9}' leaves it out" in text
    same(told(content, "file: {last: 9}\n")[0], expected)


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_the_line_by_which_excel_is_told_the_delimiter_is_no_header(told, expected, sign):
    frame, text = told(f"sep={sign}\r\n" + PLAIN.replace(",", sign))
    same(frame, expected)
    assert "(given by the line sep=)" in text
    assert "line 3" in told(f"sep={sign}\n" + PLAIN.replace(",", sign).replace("1,B".replace(",", sign), "1,X".replace(",", sign)))[1]


def test_columns_that_blanks_divide_are_read(told, expected):
    same(told(PLAIN.replace(",", "   "))[0], expected)
    same(told(PLAIN.replace(",", " \t "), name="own.txt")[0], expected)
    wide = "\n".join("".join(cell.ljust(12) for cell in line.split(",")) for line in PLAIN.splitlines())
    same(told(wide, name="own.dat")[0], expected)


@pytest.mark.parametrize("sign", [" ", "\t", ";"])
@pytest.mark.parametrize("quote", ['"', ""])
def test_what_r_s_write_table_makes_is_read_with_and_without_names_of_rows(told, expected, sign, quote):
    header = sign.join(f"{quote}{name}{quote}" for name in HEADER.split(","))
    rows = [line.split(",") for line in LINES]
    body = [sign.join([patient, f"{quote}{arm}{quote}", *rest]) for patient, arm, *rest in rows]
    same(told("\n".join([header, *body]))[0], expected)
    named = "\n".join([header, *(f"{quote}{at}{quote}{sign}{line}" for at, line in enumerate(body, 1))])
    if sign == " " and not quote:
        assert "a text of two words, or names of rows" in told(named)[1]
    frame, text = told(named, "file: {row_names: first}\n" if sign == " " and not quote else "")
    same(frame, expected)
    assert "the first cell of each row is its name, as R writes it" in text


@pytest.mark.parametrize("quote", ['"', ""])
def test_a_cell_more_than_the_header_in_every_line_between_commas_may_be_a_decimal_comma_and_is_asked_about(told, expected, quote):
    content = "\n".join([HEADER, *(f"{quote}{at}{quote},{line}" for at, line in enumerate(LINES, 1))])
    frame, text = told(content)
    assert frame is None and "a decimal comma or a text of two words, or names of rows ('file: {row_names: first}')?" in text
    same(told(content, "file: {row_names: first}\n")[0], expected)


def test_names_of_rows_before_an_empty_last_column_never_move_columns(told):
    """R writes a name and five cells below five names; the last column is empty throughout."""
    rows = [("p1", "A", "12", "1"), ("p2", "B", "13", "0")]
    content = '"patient" "arm" "months" "died" "stage"\n' + "".join(
        f'"{at}" "{key}" "{arm}" {months} {died} ""\n' for at, (key, arm, months, died) in enumerate(rows, 1)
    )
    frame, _ = told(content)
    assert frame["patient"].tolist() == ["p1", "p2"] and frame["months"].tolist() == [12, 13] and frame["stage"].isna().all()
    frame, _ = told(content.replace(" ", ";"))  # nothing ends in a delimiter where the last cell is an empty one in quotation marks
    assert frame["patient"].tolist() == ["p1", "p2"] and frame["months"].tolist() == [12, 13] and frame["stage"].isna().all()
    frame, text = told(content.replace('"', "").replace(" ", ";"))
    assert frame is None and "names of rows ('file: {row_names: first}') or a delimiter at the end ('file: {row_names: none}')?" in text
    assert told(content.replace('"', "").replace(" ", ";"), "file: {row_names: first}\n")[0]["patient"].tolist() == ["p1", "p2"]


@pytest.mark.parametrize(("keys", "asked"), [(("1", "2"), True), (("a", "b"), False), (("2", "3"), False)])
def test_a_delimiter_at_the_end_of_each_line_is_no_column(told, keys, asked):
    content = "patient;arm;months;died\n" + "".join(f"{key};A;{at + 5};1;\n" for at, key in enumerate(keys))
    assert (told(content)[0] is None) == asked
    assert told(content, "file: {row_names: none}\n")[0]["months"].tolist() == [5, 6]


def test_texts_of_two_words_between_blanks_never_move_columns(told):
    frame, text = told("patient arm months age note died\n1 A 12 50 very ill 1\n2 B 13 51 quite well 0\n")
    assert frame is None and "names of rows" in text


@pytest.mark.parametrize(("content", "remark"), [
    ("\n".join(["," + HEADER, *(f"{at},{line}" for at, line in enumerate(LINES, 1))]), "column 1 has no name and contains running numbers"),
    ("\n".join([HEADER + ",site,site", *(line + ",x,y" for line in LINES)]), "column 5 and column 6 have the same name: not read"),
    ("\n".join([HEADER + ",", *(line + ",x" for line in LINES)]), "column 5 has no name: not read"),
])  # fmt: skip
def test_columns_that_nothing_reads_never_stop_an_import_and_are_listed(told, expected, content, remark):
    frame, text = told(content)
    same(frame, expected)
    assert remark in text.partition("Columns of the file that are not used")[2]


def test_a_name_used_twice_is_a_fault_where_something_reads_it(told):
    content = "\n".join(["patient,arm,months,died,site,site", *(line + ",x,y" for line in LINES)])
    frame, text = told(content, "columns: {stage: site}\n")
    assert frame is None and "the name of column 5 again in column 6" in text


def test_formulas_without_values_are_left_alone_where_nothing_reads_them(study, put, expected):
    book = openpyxl.Workbook()
    book.active.append([*HEADER.split(","), "site"])
    for at, line in enumerate(LINES, 2):
        patient, arm, months, died = line.split(",")
        book.active.append([patient, arm, float(months), int(died), f"=A{at}+1"])
    path = put("own.xlsx", b"")
    book.save(path)
    checked = check_file(study, path)
    same(checked.frame, expected)
    assert "site: 8 formulas without a saved value" in report.as_text(checked)


def test_an_impossible_date_of_an_spss_file_is_left_alone_where_nothing_reads_it_and_a_fault_of_its_case_where_something_does(
    study, put, reference
):
    import pyreadstat

    path = put("own.sav", b"")
    frame = reference.assign(died=reference["died"].astype(float), age=reference["age"].astype(float), stage=reference["stage"].fillna(""))
    frame["visit"] = [13797302400.0] * 7 + [6.3e12]
    pyreadstat.write_sav(frame, str(path), variable_format={"visit": "DATETIME20"})
    checked = check_file(study, path)
    pd.testing.assert_frame_equal(checked.frame, reference)
    assert "visit: no date of the calendar in case 8" in report.as_text(checked)
    put("own.mapping.yml", "columns: {died: {known: visit}}\n")
    assert "case 8: expected a date, not a number" in report.as_text(check_file(study, path))


@pytest.mark.parametrize(("content", "mapping"), [
    ("#" + PLAIN, ""), (PLAIN.replace("patient", "#"), "columns: {patient: '#'}\n"), (PLAIN.replace("patient", "Patient "), ""), ("\n\n" + PLAIN, ""), (PLAIN.replace("\n", "\r"), ""),
])  # fmt: skip
def test_a_header_that_begins_with_the_sign_of_a_remark_or_is_spelled_otherwise_is_still_one(told, expected, content, mapping):
    same(told(content, mapping)[0], expected)


@pytest.mark.parametrize("content", ['patient,"arm\n1,2\n', "# a\n# b\n", "x" * 200_000, '"patient\n'])
def test_a_full_file_is_never_called_empty(told, content):
    frame, text = told(content)
    assert frame is None and "empty file" not in text


def test_a_file_without_a_header_is_read_where_the_mapping_says_so(told, expected):
    frame, text = told(
        "\n".join(LINES), "file: {header: none}\ncolumns: {patient: column 1, arm: column 2, months: column 3, died: column 4}\n"
    )
    same(frame, expected)
    assert "no header (given in the mapping)" in text


def test_a_sheet_that_understates_its_size_is_read_whole(study, put, expected):
    import io
    import re
    import zipfile

    buffer = io.BytesIO()
    expected.assign(died=expected["died"].astype(int))[["patient", "arm", "months", "died"]].to_excel(buffer, index=False)
    path = put("own.xlsx", b"")
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', content) if "sheet1" in name else content)
    same(read_cohort(study, path), expected)


@pytest.mark.parametrize("header", ["0", "-1", "x", "[3, 2]", "[1, 2, 3, 4]", "{a: 1}"])
def test_a_header_that_is_no_row_is_a_fault_of_the_mapping(told, header):
    assert "file.header: expected the row of the header" in told(PLAIN, f"file: {{header: {header}}}\n")[1].replace(
        "mapping: ", ""
    ).replace("\n  ", ": ")


def test_a_header_beyond_the_file_is_told(told):
    assert "a header in line 40, as the mapping says; found no such one" in told(PLAIN, "file: {header: 40}\n")[1]


def test_a_quotation_mark_that_swallows_whole_lines_is_told_and_a_text_of_several_lines_is_not(told):
    rows = [f"{at},A,{at}.5,1,seen" for at in range(1, 7)]
    lines = [HEADER + ",note", *rows]
    open_mark = [*lines[:3], '3,A,3.5,1,"seen', *lines[4:5], '5,A,5.5,1,seen"', lines[6]]
    frame, text = told("\n".join(open_mark) + "\n")
    assert frame is None and "line 4: expected cells in matching quotation marks; found whole lines within one cell, up to line 6" in text
    prose = [*lines[:3], '3,A,3.5,1,"seen\na, b, c, d, e\nx"', *lines[4:]]
    assert len(told("\n".join(prose) + "\n")[0]) == 6


def test_another_sheet_with_something_in_it_is_named(study, put):
    book = openpyxl.Workbook()
    book.active.title = "cohort"
    for sheet in (book.active, book.create_sheet("cohort (2)")):
        for line in PLAIN.splitlines():
            sheet.append(line.split(","))
    path = put("own.xlsx", b"")
    book.save(path)
    assert "sheet 'cohort' (by its name; not read: cohort (2))" in report.as_text(check_file(study, path))

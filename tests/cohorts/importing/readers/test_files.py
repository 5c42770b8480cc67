"""Files of every supported form come to the same table, and what cannot be read says why."""

import io
import re
import subprocess
import sys

import pandas as pd
import pytest

from analysis import paths
from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file, read_cohort
from analysis.errors import InputError


def text(frame, **how):
    return frame.to_csv(index=False, **how)


@pytest.fixture
def rows(study_folder):
    return pd.read_csv(study_folder / "cohort.csv", dtype=str, keep_default_na=False)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|", "^", "~"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_any_delimiter_and_encoding_gives_the_same_table(study, put, rows, reference, sign, encoding):
    rows["Größe"] = "ü"  # a column that nobody asks for, to tell encodings apart
    checked = check_file(study, put("own.csv", text(rows, sep=sign).encode(encoding)))
    pd.testing.assert_frame_equal(checked.frame, reference)
    assert checked.unused == ("Größe",)


def test_an_encoding_that_is_only_assumed_is_called_assumed(study, put, rows):
    rows["Größe"] = "ü"
    said = " ".join(check_file(study, put("own.csv", text(rows).encode("windows-1252"))).raw.detected)
    assert "Windows-1252 (assumed" in said
    said = " ".join(check_file(study, put("own.csv", text(rows).encode("utf-8-sig"))).raw.detected)
    assert "UTF-8 (by its byte-order mark)" in said and "assumed" not in said


@pytest.mark.parametrize("form", ["xlsx", "parquet", "sav", "dta"])
def test_typed_files_give_the_same_table_as_the_text(study, put, reference, form):
    path = put(f"own.{form}", b"")
    frame = reference.copy()
    frame["died"] = frame["died"].astype(bool) if form == "parquet" else frame["died"].astype(float)
    frame["age"] = frame["age"].astype(float)
    if form == "xlsx":
        frame.to_excel(path, index=False)
    elif form == "parquet":
        frame.to_parquet(path)
    else:
        import pyreadstat

        frame["stage"] = frame["stage"].fillna("")
        (pyreadstat.write_sav if form == "sav" else pyreadstat.write_dta)(frame, str(path))
    pd.testing.assert_frame_equal(read_cohort(study, path), reference)


@pytest.mark.parametrize("form", ["sav", "dta"])
def test_value_labels_of_spss_and_stata_are_honoured(study, put, german, labels, mapping_text, reference, form):
    import pyreadstat

    path = put(f"own.{form}", b"")
    put("own.mapping.yml", mapping_text)
    coded = dict.fromkeys(labels, "int64")
    named = labels if form == "sav" else {name: {int(code): label for code, label in codes.items()} for name, codes in labels.items()}
    (pyreadstat.write_sav if form == "sav" else pyreadstat.write_dta)(
        german if form == "sav" else german.astype(coded), str(path), variable_value_labels=named
    )
    pd.testing.assert_frame_equal(read_cohort(study, path), reference)


def test_values_that_spss_declares_missing_are_missing(study, put, reference):
    import pyreadstat

    path = put("own.sav", b"")
    frame = reference.assign(
        died=reference["died"].astype(float), age=reference["age"].astype(float).fillna(999.0), stage=reference["stage"].fillna("")
    )
    pyreadstat.write_sav(frame, str(path), missing_ranges={"age": [999.0]})
    assert read_cohort(study, path)["age"].isna().tolist() == [False, False, False, True, False, False, False, False]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("own.csv", b"", "an empty file"),
        ("own.csv", b"\n\n;;;\n", "an empty file"),
        ("own.csv", b"a\0b", "bytes that no text has"),
        ("own.csv", b"\xef\xbb\xbfpatient\n\xff\n", "other bytes in line 2"),
        ("own.xlsx", b"PK\x03\x04 and then nothing", "cannot be read as one"),
        ("own.xlsx", b"patient,arm\n", "other content"),
        ("own.xls", b"\xd0\xcf\x11\xe0 old", "an old or protected Excel file"),
        ("own.parquet", b"PAR1 broken PAR1", "cannot be read as one"),
        ("own.sav", b"$FL2 broken", "cannot be read as one"),
        ("own.dta", b"<stata_dta> broken", "cannot be read as one"),
        ("own.json", b"{}", "'.json'"),
        ("own.csv", None, "no such file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_in_one_fault(study, put, tmp_path, name, content, said):
    path = put(name, content) if content is not None else tmp_path / "nowhere" / name
    with pytest.raises(InputError) as caught:
        read_cohort(study, path)
    assert said in str(caught.value)
    assert len(caught.value.faults) == 1


def test_a_folder_is_no_cohort(study, tmp_path):
    with pytest.raises(InputError, match="a folder"):
        read_cohort(study, tmp_path)


def test_a_file_is_read_by_its_content_and_that_is_said_where_the_name_disagrees(study, put, reference):
    path = put("own.csv", b"")
    buffer = io.BytesIO()
    reference.assign(died=reference["died"].astype(int)).to_excel(buffer, index=False)
    path.write_bytes(buffer.getvalue())
    checked = check_file(study, path)
    pd.testing.assert_frame_equal(checked.frame, reference)
    assert any("read as Excel by its content" in said for said in checked.raw.detected)


def test_a_wrong_sheet_is_told_with_the_sheets_there_are(study, put, reference):
    path = put("own.xlsx", b"")
    with pd.ExcelWriter(path) as writer:
        reference.assign(died=reference["died"].astype(int)).to_excel(writer, sheet_name="Patienten", index=False)
        pd.DataFrame({"x": [1]}).to_excel(writer, sheet_name="Notizen", index=False)
    put("own.mapping.yml", "file: {sheet: Patiente}\n")
    with pytest.raises(InputError, match="one of the sheets Patienten, Notizen; found no sheet 'Patiente' .did you mean 'Patienten'"):
        read_cohort(study, path)
    put("own.mapping.yml", "")
    with pytest.raises(InputError, match="2 sheets: Patienten, Notizen"):
        read_cohort(study, path)
    put("own.mapping.yml", "file: {sheet: Patienten}\n")
    pd.testing.assert_frame_equal(read_cohort(study, path), reference)


def test_a_formula_without_a_saved_value_is_a_fault_and_not_a_gap(study, put, reference):
    import openpyxl

    path = put("own.xlsx", b"")
    reference.assign(died=reference["died"].astype(int)).to_excel(path, index=False)
    book = openpyxl.load_workbook(path)
    book.active["D3"] = "=1+59"
    book.save(path)
    with pytest.raises(InputError, match="row 3, column age: expected values; found formulas without a saved value"):
        read_cohort(study, path)


def test_rows_are_numbered_as_the_file_numbers_them(study, put):
    content = '# a remark\npatient;arm;stage;age;months;died\n\n1;A;I;50;2;1\n2;X;"I\n";50;2;1\n3;X;I;50;2;1\n'
    with pytest.raises(InputError, match="lines 5 and 7, column arm"):
        read_cohort(study, put("own.csv", content))


def test_a_row_with_too_few_or_too_many_cells_is_told_without_its_content(study, put, study_folder):
    content = (study_folder / "cohort.csv").read_text().replace("5,B,I,40,1,1", "5,B,I,40,1,1,Geheim").replace("6,B,I,41,3,1", "6,B")
    with pytest.raises(InputError) as caught:
        read_cohort(study, put("own.csv", content))
    assert "line 6, file: expected 6 cells, as in the header; found 7 cells" in str(caught.value)
    assert "line 7, file: expected 6 cells, as in the header; found 2 cells" in str(caught.value)
    assert "Geheim" not in str(caught.value)


@pytest.mark.parametrize("mapping", ["", "columns: {arm: {constant: A}}\n", "columns: {patient: Nummer}\n"])
def test_a_header_that_is_missing_shows_nothing_of_the_first_patient(study, put, mapping):
    put("own.mapping.yml", mapping)
    checked = check_file(study, put("own.csv", "17,Geheim,II,60.25,Geheim,0\n18,Anders,I,61,6,1\n"))
    for text in (report.as_text(checked), report.as_html(checked)):
        assert not re.search("Geheim|60.25|Anders", text)
    assert mapping or "is the header missing" in report.as_text(checked)


def test_a_quotation_without_end_and_a_name_used_twice_are_faults(study, put):
    with pytest.raises(InputError, match="quotation mark out of place"):
        read_cohort(study, put("own.csv", 'patient,arm,stage,age,months,died\n1,A,"I,50,2,1\n'))
    with pytest.raises(InputError, match="a name used once in the header"):
        read_cohort(study, put("own.csv", "patient,arm,stage,age,months,died,arm\n1,A,I,50,2,1,A\n"))


def test_opening_a_study_does_not_load_the_readers():
    code = "import sys; import analysis.ledger.session.study_session; print([m for m in ('openpyxl', 'pyarrow.parquet', 'pyreadstat', 'pandera') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=paths.ROOT, check=True)
    assert done.stdout.strip() == "[]"

"""Files of every supported form come to the same table, and what cannot be read says why."""

import base64
import gzip
import io
import re
import subprocess
import sys
import zipfile

import pandas as pd
import pytest
import yaml

from analysis import paths
from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file, read_cohort
from analysis.cohorts.importing.columns.durations import stated_order
from analysis.cohorts.importing.mapping import Entry, Mapping
from analysis.cohorts.importing.options import FileOptions
from analysis.cohorts.importing.parsing import dates
from analysis.cohorts.importing.raw import Unreadable, spell_cell
from analysis.cohorts.importing.readers.files import read_file
from analysis.cohorts.study import read_study
from analysis.errors import InputError

#: The made-up cohort with a column `visit`, from 4 March 2015 day by day: `haven::write_sas` of R, compressed.
SAS7BDAT = """
H4sIAAAAAAACA+3az0sbQRQH8BejTaIRIkTw0GIQC54kW1NrodDdkBQDUZDkD2ggQRdqlGb749btPSf/DKHtoeeC9uIlIJJLb7331FMV/BFnd2c2zpg1ggcrfj+BDO/tm9
nHsgmbMERdP/98fv09Obb/YytKsT2tOTGZGJsjmqIQaXSlpBSVjFLqVaGYzxllo5Qvp4JQH858r87e3f7w2+iOCmelBNGAkn4+m9bS2lKajRk2zhfN+ruPBAAAAAAAAAAA
AAAAAAAAcB/F2YvoV9yLZsLy0R2en1BmveH5skiEeF1AvjnCRyVf5Hld7Sog3xrunW8G5IsB+XhAvhXrnQcAAAC4DWfHHdd16xdp8Ebzb3p+zJedeNM76h5V51F4kAbEI7
Efi/2uYR4P8TjqxiEaVeJxJX6kxBfxVjrd59yHFHHHafJ+Aszw86V5nKEH7viC31W6349wemlNInUv8GbFMmt1iypv16lhVVZrLOe8r2/UrbUGUdWsVd+bDdMid39w/h/j
zIso5zpkrnPNH1+4Br1E+i2Q6J3uKPDtBHdSyPtkaEZBZAri88vHvy/dPwK+tPUnRkFULfODSfmH8te2Pufv37dX+MGUtJLOijJsJW+pg6NP/J8HaSWbFT3N+j3lpBX8nl
jRvF9ki6KoXPytrT/L+o3n+cGE3BMrWsiKnmxRNCX3xIpwwwAAAAAAAMD/6BwNiVSOAEAAAA==
"""


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


@pytest.mark.parametrize("form", ["xlsx", "parquet", "feather", "sav", "dta", "xpt"])
def test_typed_files_give_the_same_table_as_the_text(study, put, reference, form):
    path = put(f"own.{form}", b"")
    frame = reference.copy()
    frame["died"] = frame["died"].astype(bool) if form in ("parquet", "feather") else frame["died"].astype(float)
    frame["age"] = frame["age"].astype(float)
    if form == "xlsx":
        frame.to_excel(path, index=False)
    elif form == "parquet":
        frame.to_parquet(path)
    elif form == "feather":
        frame.to_feather(path)
    else:
        import pyreadstat

        frame["stage"] = frame["stage"].fillna("")
        {"sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta, "xpt": pyreadstat.write_xport}[form](frame, str(path))
    pd.testing.assert_frame_equal(read_cohort(study, path), reference)


def test_a_data_set_of_sas_is_read_with_its_missing_values_and_dates(study, put, reference):
    checked = check_file(study, put("own.sas7bdat", gzip.decompress(base64.b64decode(SAS7BDAT))))
    pd.testing.assert_frame_equal(checked.frame, reference)
    assert checked.raw.columns["visit"][0].isoformat()[:10] == "2015-03-04"


@pytest.mark.parametrize("suffix", ["sas7bdat", "xpt", "feather"])
def test_other_content_under_the_name_of_a_typed_file_is_told(study, put, suffix):
    with pytest.raises(InputError, match="a file in the form its name says"):
        read_cohort(study, put(f"own.{suffix}", b"patient,arm\n1,A\n"))


def test_a_transport_file_of_sas_keeps_dates_days_and_months_apart(put):
    import pyreadstat

    path = put("own.xpt", b"")
    frame = pd.DataFrame({"seen": [20151.0, None], "stay": [1.5e9, 3e18], "stated": [20151.0, 20000.0], "lasted": [90.0, 3600.0]})
    pyreadstat.write_xport(
        frame, str(path), variable_format={"seen": "DATE9.", "stay": "DATETIME20.", "stated": "MONYY7.", "lasted": "TIME8."}
    )
    raw = read_file(path)
    assert raw.columns["seen"][0].isoformat()[:10] == "2015-03-04" and raw.columns["stay"][0].year == 2007
    assert (list(raw.columns["stated"]), list(raw.columns["lasted"])) == (["2015m3", "2014m10"], ["0:01:30", "1:00:00"])
    assert any("stay: no date of the calendar in case 2" in remark for remark in raw.remarks)


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


def _workbook(put, rows, formats=(), epoch=None):
    import openpyxl

    book = openpyxl.Workbook()
    if epoch:
        book.epoch = epoch
    for row in rows:
        book.active.append(row)
    for place, style in formats:
        book.active[place].number_format = style
    path = put("own.xlsx", b"")
    book.save(path)
    return path


@pytest.mark.parametrize("style", ["0%", "0.00%", "0.0 %", "[Red]0%"])
def test_a_cell_that_excel_shows_in_per_cent_is_read_as_it_is_shown(put, style):
    raw = read_file(_workbook(put, [["patient", "blasts", "months"], ["P1", 0.455, 3], ["P2", 0.07, 4.5]], [("B2", style), ("B3", style)]))
    assert [spell_cell(value) for value in raw.columns["blasts"]] == ["45.5%", "7%"]
    assert raw.columns["months"].tolist() == [3, 4.5]


@pytest.mark.parametrize("style", ['0.0"%"', r"0\%", "General"])
def test_a_literal_sign_of_a_format_changes_no_number(put, style):
    raw = read_file(_workbook(put, [["patient", "blasts"], ["P1", 45.5]], [("B2", style)]))
    assert raw.columns["blasts"].tolist() == [45.5]


@pytest.mark.parametrize(("cells", "unit", "bounds", "read"), [
    (["45.5%", "7 %"], "percent", [0, 100], [45.5, 7]), (["45,5%", "7%"], "%", None, [45.5, 7]), (["45.5%", "7%"], "", [0, 1], [0.455, 0.07]), (["45.5%", "7%"], "", None, None), (["45.5%", "7%"], "months", [0, 100], None),
])  # fmt: skip
def test_per_cent_is_read_in_the_declared_unit_and_refused_where_there_is_none(study_folder, put, cells, unit, bounds, read):

    declared = yaml.safe_load((study_folder / "study.yml").read_text())
    declared["variables"]["cohort"]["age"] = (
        {"type": "number", "missing": True} | ({"unit": unit} if unit else {}) | ({"range": bounds} if bounds else {})
    )
    (study_folder / "study.yml").write_text(yaml.safe_dump(declared, sort_keys=False))
    put("own.mapping.yml", "columns: {patient: {number: rows}, arm: {constant: A}}\nabsent: stage\n")
    checked = check_file(read_study(study_folder), put("own.csv", f"age;months;died\n{cells[0]};3;1\n{cells[1]};4;0\n"))
    if read is None:
        assert checked.frame is None and all("not per cent" in problem.expected for problem in checked.problems)
    else:
        assert checked.frame["age"].tolist() == read


def test_serial_days_of_a_workbook_that_counts_from_1904_are_its_own(put):
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    rows = [["patient", "day"], ["P1", 40605]]
    entry = Entry(**{"from": "day", "to": "day"})
    for epoch, day in ((CALENDAR_MAC_1904, "2015-03-04"), (None, "2011-03-03")):
        raw = read_file(_workbook(put, rows, epoch=epoch))
        serial = stated_order(raw, Mapping(file=FileOptions(dates="serial")), entry)
        assert dates.date(raw.columns["day"][0], serial).isoformat() == day
        assert stated_order(raw, Mapping(file=FileOptions(dates="serial-1970")), entry) == "serial 1970"


def test_archives_and_web_pages_are_called_what_they_are(put):
    def archive(name):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as files:
            files.writestr(name, "text")
        return made.getvalue()

    for name, content, told in (
        ("own.ods", archive("mimetype"), "an OpenDocument file"),
        ("own.zip", archive("own.csv"), "an archive of other files"),
        ("own.csv", b"\xef\xbb\xbf <!DOCTYPE html><html><body>Log in</body></html>", "a web page"),
        ("own.csv", b"<table><tr><td>patient</td></tr></table>", "a web page"),
    ):
        with pytest.raises(Unreadable) as error:
            read_file(put(name, content))
        assert told in error.value.problem.found


def test_the_sign_by_which_dos_ends_a_file_is_no_row(put):
    assert read_file(put("own.csv", b"patient,months\nP1,3\nP2,4\n\x1a")).columns["patient"].tolist() == ["P1", "P2"]


def test_a_zero_of_sas_and_texts_kept_as_bytes_are_what_they_mean(study, put, reference):
    """pandas reads 0 in a transport file as 2^-260, and its texts as bytes."""
    zero = 5.397605346934028e-79
    frame = reference.assign(died=[1.0 if died else zero for died in reference["died"]], months=reference["months"].replace(1.0, zero))
    put("own.mapping.yml", "columns: {arm: arm}\n")
    encoded = frame.assign(arm=[arm.encode() for arm in frame["arm"]], patient=[key.encode() for key in frame["patient"]])
    path = put("own.parquet", b"")
    encoded.to_parquet(path, index=False)
    checked = check_file(study, path)
    assert "arm: bytes read as text in UTF-8" in report.as_text(checked)
    for read in (checked.frame, read_cohort(study, put("own.csv", text(frame)))):
        pd.testing.assert_frame_equal(read, reference.assign(months=reference["months"].replace(1.0, 0.0)))
    encoded.assign(arm=[b"\xff"] * len(frame)).to_parquet(path, index=False)
    assert "cells of another kind" in report.as_text(check_file(study, path))

"""A template filled in is a cohort."""

import csv

import openpyxl
import pandas as pd
import pytest

from analysis import paths
from analysis.cohorts.importing.checking import check_file, read_cohort
from analysis.cohorts.importing.template import write_template
from analysis.cohorts.reading import read_table
from analysis.cohorts.study import read_study
from analysis.errors import InputError

FILLED = [study for study in paths.studies() if (paths.study_folder(study) / "cohort.csv").is_file()]


def fill(path, source):
    rows = pd.read_csv(source, dtype=str, keep_default_na=False, comment="#")
    if path.suffix == ".csv":
        header = next(record for record in csv.reader(path.open(encoding="utf-8-sig", newline="")) if not record[0].startswith("#"))
        with path.open("a", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows[header].to_numpy().tolist())
    else:
        book = openpyxl.load_workbook(path)
        sheet = book["cohort"]
        for record in rows[[cell.value for cell in sheet[1]]].to_numpy().tolist():
            sheet.append([value or None for value in record])
        book.save(path)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_template_filled_with_the_made_up_cohort_comes_back_the_same(study, study_folder, tmp_path, reference, suffix):
    path, _ = write_template(study, tmp_path / f"own{suffix}")
    fill(path, study_folder / "cohort.csv")
    pd.testing.assert_frame_equal(read_cohort(study, path), reference)


@pytest.mark.parametrize("name", FILLED)
def test_a_template_filled_with_a_study_s_reference_cohort_comes_back_the_same(name, tmp_path):
    study = read_study(name)
    path, _ = write_template(study, tmp_path / "own.csv")
    fill(path, study.folder / study.tables["cohort"].file)
    pd.testing.assert_frame_equal(read_cohort(study, path), read_table(study))


@pytest.mark.parametrize("name", paths.studies())
def test_every_study_has_a_template_that_only_lacks_rows(name, tmp_path):
    study = read_study(name)
    for suffix in (".csv", ".xlsx"):
        path, _ = write_template(study, tmp_path / f"own{suffix[1:]}{suffix}")
        assert [problem.expected for problem in check_file(study, path).problems] == ["at least one row below the header"]


def test_a_template_that_a_spreadsheet_saved_with_semicolons_is_still_one(study, tmp_path, put, reference, study_folder):
    path, _ = write_template(study, tmp_path / "own.csv")
    fill(path, study_folder / "cohort.csv")
    records = list(csv.reader(path.open(encoding="utf-8-sig", newline="")))
    lines = [";".join(f'"{cell}"' if ";" in cell else cell for cell in [*record, *[""] * (6 - len(record))]) for record in records]
    pd.testing.assert_frame_equal(read_cohort(study, put("saved.csv", "\r\n".join(lines).encode("windows-1252"))), reference)


def test_no_text_of_a_declaration_becomes_a_formula(study_folder, tmp_path):
    path = study_folder / "study.yml"
    path.write_text(
        path.read_text().replace(
            "    died:\n      type: boolean", "    died:\n      meaning: '=HYPERLINK(\"x\"),=1+1'\n      type: boolean"
        )
    )
    study = read_study(study_folder)
    written, mapping = write_template(study, tmp_path / "own.xlsx")
    cells = [cell for sheet in openpyxl.load_workbook(written).worksheets for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == '=HYPERLINK("x"),=1+1' for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    written, mapping = write_template(study, tmp_path / "two.csv")
    assert not [
        cell
        for record in csv.reader(written.open(encoding="utf-8-sig", newline=""))
        for cell in record
        if cell.startswith(("=", "+", "-", "@"))
    ]


def test_a_template_overwrites_nothing(study, tmp_path):
    taken = tmp_path / "own.csv"
    taken.write_text("precious")
    with pytest.raises(InputError, match="a name that is not taken"):
        write_template(study, taken)
    assert taken.read_text() == "precious"
    with pytest.raises(InputError, match="ends in .csv or .xlsx"):
        write_template(study, tmp_path / "own.ods")
    with pytest.raises(InputError, match="a folder that can be written to"):
        write_template(study, tmp_path / "nowhere" / "own.csv")

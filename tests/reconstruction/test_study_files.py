"""Audit tells all faults of all files of a study at once, each with its line."""

import re

import pytest

from analysis import cli, paths
from analysis.reconstruction.study_files import FILES, find_faults

FAULTY = {
    "findings.yml": """- id: one
  title: A finding
  rows: [t1.aa]
  printed: x
  problem: x
  readings: [{text: x}]
  found_by: reading
""",
    "claims.yml": """- id: better
  claim: A is better
  source: Abstract
  patern: difference
  reason: x
""",
    "tables.yml": """t1:
  source: Table 1
  caption: Patients
  columns:
    - {label: Number, cell: "{pct}"}
  rows:
    - {label: Arm A, key: a}
    - {label: Arm B, key: bb}
""",
    "reconstruction.yml": """timeline:
  chain: [oss]
  last: 12
  strata: {arm: each}
  months: {"1-12": 12}
""",
    "readings.yml": "questions: []\n",
    "ranges.yml": "- {id: x, statistic: survivall}\n",
}


@pytest.fixture
def faulty(study_folder):
    """The made-up study with a fault in every file."""
    for name, text in FAULTY.items():
        (study_folder / name).write_text(text)
    study = study_folder / "study.yml"
    study.write_text(study.read_text() + "named: {survival_lower: loglog}\n")
    ledger = study_folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace("imposed,t1.a + t1.b", "imposed,t1.a + t1.bb"))
    (study_folder / "no_results.csv").write_text("printed,source,times\n")
    return study_folder


def test_the_faults_of_all_files_come_at_once_with_their_lines(faulty, capsys):
    assert cli.main(["audit", str(faulty)]) == 2
    told = capsys.readouterr().err
    assert "Traceback" not in told
    wanted = {
        "study.yml": r"named\.survival_lower, line \d+: expected one of log, log-log, plain; found 'loglog' \(did you mean 'log-log'\?\)",
        "printed.csv": r"row 2, column from: expected ids of this ledger; found 't1\.bb' \(did you mean 't1\.b'\?\)",
        "findings.yml": r"one\.rows, line 3: expected ids of the ledger; found 't1\.aa' \(did you mean 't1\.a'\?\)",
        "claims.yml": r"0\.patern, line 4: expected no such key; found 'patern' \(did you mean 'pattern'\?\)",
        "tables.yml": r"t1\.rows\.1\.key, line 8: expected the middle of ids t1\.….pct, or no key in a heading; found 'bb'",
        "reconstruction.yml": r"timeline, line 2: expected declared names only; found unknown endpoint 'oss'",
        "ranges.yml": r"0\.\w+, line 1: expected this key",
        "no_results.csv": r"row 1: expected the columns printed, source, times, why; found printed, source, times",
    }
    missing = {file: pattern for file, pattern in wanted.items() if not re.search(rf"^{re.escape(file)}: {pattern}", told, re.MULTILINE)}
    assert missing == {}, told


def test_a_study_without_a_ledger_is_told_so(study_folder, capsys):
    (study_folder / "printed.csv").unlink()
    assert cli.main(["audit", str(study_folder)]) == 2
    assert capsys.readouterr().err == "printed.csv: file: expected a ledger as CSV; found no such file\n"


def test_a_faulty_row_does_not_make_a_fault_of_whatever_names_it(study_folder):
    ledger = study_folder / "printed.csv"
    ledger.write_text(
        ledger.read_text().replace("t1.b,Table 1,patients of arm B,b,,count,,4", "t1.b,Table 1,patients of arm B,b,,cuont,,4")
    )
    (study_folder / "findings.yml").write_text(FAULTY["findings.yml"].replace("t1.aa", "t1.b"))
    found = find_faults(study_folder)
    assert [one.file for one in found if "findings" in one.file] == []
    assert any("'cuont' (did you mean 'count'?)" in one.found for one in found)


def test_faults_of_yaml_do_not_hide_those_of_other_files(faulty):
    (faulty / "findings.yml").write_text("- id: [\n")
    files = {one.file for one in find_faults(faulty)}
    assert {"findings.yml", "tables.yml", "claims.yml", "printed.csv"} <= files


def test_a_faulty_declaration_does_not_hide_faults_of_other_files(faulty):
    study = faulty / "study.yml"
    study.write_text(study.read_text().replace("significance", "x") + "spot: 1\n")
    files = {one.file for one in find_faults(faulty)}
    assert {"study.yml", "claims.yml"} <= files


@pytest.mark.parametrize("study", paths.studies())
def test_the_studies_of_the_book_have_no_fault(study):
    assert find_faults(study) == []


def test_every_yaml_file_that_people_write_is_listed():
    written = {file.name for file in FILES}
    generated = {"chance.yml", "conflicts.yml", "leave_out.yml", "orders.yml", "ranges_found.yml", "solved.yml", "withheld.yml"}
    found = {path.name for path in paths.DATA.glob("*/*.yml")}
    assert found - generated <= written

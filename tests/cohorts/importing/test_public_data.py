"""Public data sets, as packages ship them, are read to R's patients, events, estimates and P.

The files of lifelines lie in that package; those of R's survival are written by R where it is installed.
Values: ``tests/golden/own_files.R``.
"""

import json
import shutil
import subprocess
from pathlib import Path

import lifelines
import pytest
import yaml

from analysis import paths
from analysis.cohorts import glance
from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file
from analysis.cohorts.study import read_study
from analysis.estimators.comparisons import log_rank
from analysis.estimators.curves.kaplan_meier import kaplan_meier

GOLDEN = paths.ROOT / "tests" / "golden"
PACKAGE = Path(lifelines.__file__).parent / "datasets"
DECLARED = {
    "study": "open", "label": "Open", "title": "A study of any survival data", "citation": {"journal": "none"},
    "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "patient"}},
    "variables": {"cohort": {
        "patient": {"type": "id"}, "arm": {"type": "category", "levels": ["a", "b", "c"]},
        "months": {"type": "number", "unit": "months", "range": [0, 600]}, "died": {"type": "boolean"},
    }},
    "endpoints": {"os": {"time": "months", "event": "died", "label": "Overall survival"}},
    "populations": {"all": {"label": "All patients"}},
}  # fmt: skip
SHIPPED = {
    "lung": (
        "lung.csv",
        "patient: {number: rows}, arm: {column: sex, codes: {1: a, 2: b}}, months: {column: time, unit: days}, died: status",
    ),
    "gbsg2": (
        "gbsg2.csv",
        "patient: {number: rows}, arm: {column: horTh, codes: {no: a, yes: b}}, months: {column: time, unit: days}, died: {column: cens, codes: {1: 1, 0: 0}}",
    ),
    "larynx": (
        "larynx.csv",
        "patient: {number: rows}, arm: {column: Stage_IV, codes: {0: a, 1: b}}, months: {column: time, unit: years}, died: death",
    ),
    "waltons": (
        "waltons_dataset.csv",
        "patient: {number: rows}, arm: {column: group, codes: {miR-137: a, control: b}}, months: T, died: e",
    ),
    "glioma": ("g3.csv", "patient: {number: rows}, arm: {column: group, codes: {RIT: a, Control: b}}, months: time, died: event"),
    "lymphoma": (
        "lymphoma.csv",
        "patient: {number: rows}, arm: {column: Stage_group, codes: {1: a, 2: b}}, months: {column: Time, unit: days}, died: {column: Censor, codes: {1: 1, 0: 0}}",
    ),
    "gehan": (
        "gehan.dat",
        "patient: {number: rows}, arm: {column: column 1, codes: {1: a, 2: b}}, months: column 2, died: column 3",
        "file: {header: none}",
    ),
}
BY_R = {
    "lung": (
        "lung.csv",
        "patient: {number: rows}, arm: {column: sex, codes: {1: a, 2: b}}, months: {column: time, unit: days}, died: {column: status, codes: {1: 0, 2: 1}}",
        "where: ph.ecog!=NA",
    ),
    "veteran": (
        "veteran.txt",
        "patient: {number: rows}, arm: {column: trt, codes: {1: a, 2: b}}, months: {column: time, unit: days}, died: status",
    ),
    "ovarian": (
        "ovarian.txt",
        "patient: {number: rows}, arm: {column: rx, codes: {1: a, 2: b}}, months: {column: futime, unit: days}, died: fustat",
    ),
    "lung dots": (
        "lung-dots.txt",
        "patient: {number: rows}, arm: {column: sex, codes: {1: a, 2: b}}, months: {column: time, unit: weeks}, died: {column: status, codes: {1: 0, 2: 1}}",
        "where: ph.ecog!=.",
    ),
    "aml": (
        "aml.txt",
        "patient: {number: rows}, arm: {column: x, codes: {Maintained: a, Nonmaintained: b}}, months: {column: time, unit: weeks}, died: status",
    ),
    "aml of Stata": (
        "aml.dta",
        "patient: {number: rows}, arm: {column: x, codes: {Maintained: a, Nonmaintained: b}}, months: {column: time, unit: weeks}, died: status",
    ),
    "pbc": (
        "pbc.csv",
        "patient: id, arm: {column: trt, codes: {1: a, 2: b}}, months: {column: time, unit: days}, died: {column: status, codes: {0: 0, 1: 0, 2: 1}}",
        "where: trt!=?",
    ),
    "pbc of Stata": (
        "pbc.dta",
        "patient: id, arm: {column: trt, codes: {1: a, 2: b}}, months: {column: time, unit: days}, died: {column: status, codes: {0: 0, 1: 0, 2: 1}}",
        "where: trt!=?",
    ),
    "colon": (
        "colon.csv",
        "patient: id, arm: {column: rx, codes: {Obs: a, Lev: b, Lev+5FU: c}}, months: time, died: status",
        "where: {etype: 2}",
    ),
}


@pytest.fixture(scope="module")
def anybody(tmp_path_factory):
    folder = tmp_path_factory.mktemp("open")
    (folder / "study.yml").write_text(yaml.safe_dump(DECLARED, sort_keys=False))
    return read_study(folder)


def agree(study, file, expected, folder, columns, further=""):
    """Read a file by its mapping and hold it against R."""
    mapping = folder / "m.yml"
    mapping.write_text(f"columns: {{{columns}}}\n{further}\n")
    checked = check_file(study, file, mapping)
    assert checked.frame is not None, report.as_text(checked)
    frame = checked.frame
    time, event = frame["months"].to_numpy(), frame["died"].to_numpy(int)
    curve = kaplan_meier(time, event)
    assert (len(frame), int(event.sum())) == (expected["patients"], expected["events"])
    assert curve.survival_at(expected["at"]) == pytest.approx(expected["survival"], abs=1e-12)
    assert log_rank.compare(time, event, frame["arm"], groups=sorted(set(frame["arm"]))).p == pytest.approx(expected["p"], rel=1e-8)
    [told] = glance.glances(study, frame)
    assert told[2:5] == (expected["patients"], expected["events"], 0)


@pytest.mark.parametrize("name", SHIPPED)
def test_data_sets_of_lifelines_are_read_to_the_values_of_r(anybody, tmp_path, name):
    file, *mapping = SHIPPED[name]
    agree(anybody, PACKAGE / file, json.loads((GOLDEN / "own_files.json").read_text())[name], tmp_path, *mapping)


@pytest.fixture(scope="module")
def written_by_r(tmp_path_factory):
    """A folder of R's own data sets in files as R writes them, and R's values."""
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed")
    folder = tmp_path_factory.mktemp("r")
    done = subprocess.run(["Rscript", str(GOLDEN / "own_files.R"), "R", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("R's packages survival and foreign are not installed")
    return folder, json.loads(done.stdout)


@pytest.mark.parametrize("name", BY_R)
def test_data_sets_that_r_writes_are_read_to_the_values_of_r(anybody, tmp_path, written_by_r, name):
    file, *mapping = BY_R[name]
    folder, values = written_by_r
    agree(anybody, folder / file, values[name.split()[0]], tmp_path, *mapping)


def test_two_rows_a_patient_of_r_are_one_sentence_until_the_mapping_chooses(anybody, tmp_path, written_by_r):
    mapping = tmp_path / "m.yml"
    mapping.write_text("columns: {patient: id, arm: {column: rx, codes: {Obs: a, Lev: b, Lev+5FU: c}}, months: time, died: status}\n")
    checked = check_file(anybody, written_by_r[0] / "colon.csv", mapping)
    assert [problem.found for problem in checked.problems] == ["929 further rows of 929 keys that occur in an earlier row"]

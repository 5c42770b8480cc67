"""From files to a study folder that is valid as it stands; what contradicts itself ends with status 2, file and row."""

from pathlib import Path

import pandas as pd
import pytest

from analysis import cli
from analysis.cohorts.study import read_study
from analysis.errors import InputError
from analysis.ledger.rows.reading import read_ledger
from analysis.reconstruction.digitising.digitise import Given, gather
from analysis.reconstruction.problem.problem import read_problem

CURVE = "0,100\n6,100\n6,80\n12,80\n12,60\n18,45\n24,45\n"
NUMBERS = "trisk,nrisk\n6,20\n12,15\n18,9\n24,4\n"


@pytest.fixture
def write(tmp_path):
    def writing(name, text):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return writing


@pytest.mark.slow
@pytest.mark.xdist_group("compiled kernels")
def test_two_vectors_become_a_study_that_is_valid_as_it_stands(write, tmp_path, capsys):
    arguments = [
        write("curve.csv", CURVE),
        "--at-risk",
        write("n.csv", NUMBERS),
        "--patients",
        "20",
        "--events",
        "10",
        "-o",
        str(tmp_path / "out"),
    ]
    assert cli.main(["digitise", *arguments]) == 0
    told = capsys.readouterr().out
    assert "2 vertical steps with both ends kept" in told and "the smallest tried at which a cohort was found" in told
    assert "numbers at risk begin at 6 months: 20 patients at time 0" in told
    assert told.splitlines()[-2].split(" -m analysis ")[1] == f"reconstruct {tmp_path / 'out'} --cohorts 10"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "at_risk_1.csv",
        "curve_1.csv",
        "printed.csv",
        "reconstruction.yml",
        "study.yml",
    ]
    problem = read_problem(tmp_path / "out")
    assert [row.printed for row in read_ledger(read_study(tmp_path / "out"))] == ["20", "10"]
    (curve,) = problem.digitised
    assert curve.points[1:3] == ((6.0, 100.0), (6.0, 80.0)) and curve.printed_at_risk[0] == (6.0, 20)
    assert curve.declared.tolerance <= 0.3
    assert cli.main(["digitise", *arguments, "--cohorts", "1"]) == 0  # over what it wrote
    told = capsys.readouterr().out
    assert "all patients: 20 patients, 10 events, median " in told and f"study={tmp_path / 'out'}" in told.splitlines()[-1]
    rows = pd.read_csv(tmp_path / "out" / "cohort.csv", comment="#")
    assert len(rows) == 20 and rows["event"].sum() == 10 and (rows["months"] >= 18).sum() >= 9


def test_what_is_in_a_folder_is_not_written_over(write, tmp_path, capsys):
    (tmp_path / "out").mkdir()
    write("out/notes.txt", "mine")
    assert cli.main(["digitise", write("curve.csv", CURVE), "--patients", "20", "-o", str(tmp_path / "out")]) == 2
    assert "-o: expected a new folder, or one that this command wrote; found notes.txt" in capsys.readouterr().err
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("curve", "numbers", "more", "told"),
    [
        (CURVE, None, [], "--patients: expected the number of patients of 'curve'"),
        (CURVE, NUMBERS, [], "--patients: expected the number of patients of 'curve'"),
        (CURVE, "0,20\n6,25\n", [], "n.csv: row 2, at risk: expected at most 20, as at 0; found 25"),
        (CURVE, "0,30\n6,20\n", ["--patients", "20"], "n.csv: row 1, at risk: expected 20 at time 0 (--patients); found 30"),
        (CURVE, "6,30\n12,4\n", ["--patients", "20"], "n.csv: row 1, at risk: expected at most the 20 patients (--patients); found 30"),
        (CURVE, "0,20\n13,19\n", [], "n.csv: row 2, at risk: expected at most 12 of the 20 at 0 months, as the curve falls to 60% (row 5 of "),
        (CURVE, None, ["--patients", "20", "--events", "21"], "--events: expected from 0 to the 20 patients of 'curve'; found 21"),
        (CURVE, None, ["--patients", "20", "--events", "-1"], "--events: expected from 0 to the 20 patients"),
        (CURVE, None, ["--patients", "0"], "--patients: expected at least 1; found 0"),
        (CURVE, None, ["--patients", "20", "--arm", "A", "B"], "--arm: expected a name for each of 1 curves"),
        (CURVE, None, ["--trisk", "0", "6", "--nrisk", "20"], "--nrisk: expected as many numbers as times in --trisk (2); found 1"),
        (CURVE, None, ["--patients", "20", "--tolerance", "0"], "--tolerance: expected a number"),
        (CURVE, None, ["--patients", "20", "--tolerance", "nan"], "--tolerance: expected a number"),
        ("0,100\n6,80\n12,50\n13,70\n24,40\n", None, ["--patients", "20"], "row 4, column survival: expected at most 54% within 2 points of row 3 (50% at 12 months)"),
        ("0,100\n6,80\n12,50\n13,70\n24,40\n", None, ["--patients", "20"], "--tolerance: expected 10 or more to keep these rows, or files without them; found 2"),
        ("0,40\n6,30\n", None, ["--patients", "20"], "row 1, column survival: expected a curve that starts at 100 (of incidence: at 0)"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_error(write, tmp_path, capsys, curve, numbers, more, told):
    arguments = [
        write("curve.csv", curve),
        *(["--at-risk", write("n.csv", numbers)] if numbers else []),
        *more,
        "-o",
        str(tmp_path / "out"),
    ]
    assert cli.main(["digitise", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.xdist_group("compiled kernels")
def test_a_curve_too_fine_for_its_patients_is_refused_with_what_would_do(write, tmp_path, capsys):
    curve = write("curve.csv", "0,100\n6,98\n12,96\n")
    assert cli.main(["digitise", curve, "--patients", "5", "--tolerance", "1", "-o", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "expected a curve that a cohort of 5 gives within 1 points; found none; the nearest one found does not have: " in told
    assert "--tolerance: expected " in told and "with which a cohort was found; found 1" in told


def test_arms_are_named_by_their_files_their_headers_or_as_told(write):
    one, other = Path(write("drug.csv", CURVE)), Path(write("placebo.csv", CURVE))
    both = Path(write("both.csv", "x,Drug | A,Placebo\n0,100,100\n6,80,70\n"))
    for given, names in (
        (Given([one, other], patients=[20, 20]), ["drug", "placebo"]),
        (Given([both], patients=[20, 20]), ["Drug - A", "Placebo"]),
        (Given([one, one], patients=[20, 20]), ["A", "B"]),
        (Given([one, other], patients=[20, 20], names=["X", "Y"]), ["X", "Y"]),
    ):
        assert [arm.name for arm in gather(given, lambda line: None)] == names


def test_numbers_at_risk_find_their_arm_by_name(write, tmp_path):
    both = write("both.csv", "x,Drug,Placebo\n0,100,100\n6,80,70\n")
    write("n.csv", "time,Placebo,Drug\n0,18,20\n6,12,15\n")
    arms = gather(Given([tmp_path / "both.csv"], at_risk=[tmp_path / "n.csv"]), lambda line: None)
    assert both and [(arm.name, arm.patients) for arm in arms] == [("Drug", 20), ("Placebo", 18)]


def test_marks_of_censoring_are_taken_as_times_or_points(write, tmp_path):
    write("curve.csv", CURVE)
    write("ticks.csv", "5\n20\n5\n")
    write("clicked.csv", "5,100\n20,45\n")
    for name in ("ticks.csv", "clicked.csv"):
        (arm,) = gather(Given([tmp_path / "curve.csv"], ticks=[tmp_path / name], patients=[20], events=[10]), lambda line: None)
        assert arm.ticks == (5.0, 20.0)
    with pytest.raises(InputError, match="--ticks: expected at most the 1 patients of 'curve' without the event; found 2 marks"):
        gather(Given([tmp_path / "curve.csv"], ticks=[tmp_path / "ticks.csv"], patients=[20], events=[19]), lambda line: None)

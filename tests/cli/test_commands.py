import json
import subprocess
import sys

import pytest

from analysis import cli, paths
from analysis.ledger.statistics import REGISTRY


@pytest.fixture
def made_up(study_folder, monkeypatch):
    monkeypatch.setattr(paths, "DATA", study_folder.parent)
    return study_folder


def test_audit_prints_the_scoreboard_with_evidence_apart(made_up, capsys):
    assert cli.main(["audit"]) == 0
    out = capsys.readouterr().out
    assert "made_up: 7 printed numbers" in out
    assert out.split("\n")[1].split() == ["counts", "withheld", "cohort", "all"]


def test_audit_as_json_says_the_same_for_machines(made_up, capsys):
    assert cli.main(["audit", "made_up", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["made_up"]
    assert found["printed_numbers"] == len(found["rows"]) == 7
    assert found["scoreboard"]["reproduced"] == {"counts": 2, "cohort": 2}
    assert found["scoreboard"]["context"] == {"context": 1}


def test_audit_as_csv_has_the_columns_that_others_rely_on(made_up, capsys):
    assert cli.main(["audit", "made_up", "--csv"]) == 0
    assert (
        capsys.readouterr().out.splitlines()[0]
        == "id,printed,recomputed,verdict,convention,evidence,note,withheld_hits,withheld_made,chance"
    )


def test_audit_recomputes_and_never_reads_a_saved_audit(made_up, monkeypatch, capsys, tmp_path):
    saved = tmp_path / "results" / "made_up"
    saved.mkdir(parents=True)
    (saved / "audit.csv").write_text("id,printed,recomputed,verdict,convention,evidence,note\nt1.a,4,4,contradicted,,,\n")
    monkeypatch.setattr(paths, "RESULTS", tmp_path / "results")
    cli.main(["audit", "made_up", "--csv"])
    assert "t1.a,4,4,reproduced" in capsys.readouterr().out


@pytest.fixture
def other(made_up):
    """A cohort of somebody's own, with a time that can be recognised."""
    file = made_up / "other.csv"
    file.write_text((made_up / "cohort.csv").read_text().replace("4,A,III,,12,0", "4,B,III,,12.3457,0"))
    return file


@pytest.mark.parametrize("form", [[], ["--csv"], ["--json"]])
def test_audit_of_somebodys_own_cohort_is_protected_and_unjudged(made_up, other, capsys, form):
    cli.main(["audit", "made_up", *form, "--cohort", str(other)])
    shown = capsys.readouterr().out
    assert "5 to 9" in shown and "fewer than 5" in shown
    assert not any(word in shown for word in ("12.34", ",reproduced", '"verdict": "reproduced', "t1.a,4", '"3"'))


def test_audit_of_somebodys_own_cohort_shows_values_where_that_is_asked_for(made_up, other, capsys):
    cli.main(["audit", "made_up", "--csv", "--cohort", str(other), "--disclosure", "local"])
    assert "t1.a,,3,not compared" in capsys.readouterr().out


def test_verdicts_of_somebodys_own_cohort_need_its_exact_values(made_up, other, capsys):
    assert cli.main(["audit", "made_up", "--csv", "--cohort", str(other), "--judged"]) == 2
    assert "--disclosure local" in capsys.readouterr().err
    cli.main(["audit", "made_up", "--csv", "--cohort", str(other), "--disclosure", "local", "--judged"])
    assert "t1.a,4,3,not reached" in capsys.readouterr().out


def test_audit_exits_zero_however_the_paper_fares(made_up):
    path = made_up / "printed.csv"
    path.write_text(path.read_text().replace("50%", "51%"))
    assert cli.main(["audit", "made_up"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["audit", "made_upp"], "did you mean 'made_up'"),
        (["audit", "made_up", "--cohort", "nowhere.csv"], "nowhere.csv: file: expected a cohort file; found no such file"),
        (["audit", "--csv"], "a study beside --csv"),
    ],
)
def test_bad_input_is_one_clear_error_on_stderr_with_status_2(made_up, capsys, arguments, said):
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_a_fault_in_a_ledger_is_told_without_a_traceback(made_up, capsys):
    path = made_up / "printed.csv"
    path.write_text(path.read_text().replace("imposed", "imposd", 1))
    assert cli.main(["audit"]) == 2
    assert "row 2, column role" in capsys.readouterr().err


def test_help_starts_without_importing_the_numerical_stack():
    code = "import sys; from analysis import cli\ntry: cli.main(['--help'])\nexcept SystemExit: pass\nprint([m for m in ('numpy', 'pandas', 'yaml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=paths.ROOT, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("more", "told"), [((), "--ends beside it; found none"), (("--ends",), "a folder of the study; found 'nowhere'")])
def test_an_earlier_ensemble_has_a_folder_and_a_purpose(made_up, capsys, more, told):
    assert cli.main(["reconstruct", "made_up", "--known", "nowhere", *more]) == 2
    assert f"command line: --known: expected {told}" in capsys.readouterr().err


@pytest.mark.parametrize(("flag", "value"), [("--quantity", "any"), ("--walks", "3")])
def test_a_quantity_is_searched_for_with_its_ends(made_up, capsys, flag, value):
    assert cli.main(["reconstruct", "made_up", flag, value]) == 2
    assert f"command line: {flag}: expected --ends beside it; found none" in capsys.readouterr().err


def test_statistics_are_listed_with_arguments_and_conventions(capsys):
    assert cli.main(["statistics", "relative_risk_lower"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "relative_risk_lower: Lower confidence limit of the risk of the first group as a multiple of that of the second.",
        "    arguments: by=…; [groups=…]; [level=…]",
        "    from: events ; patients | events ; patients",
    ]
    assert cli.main(["statistics"]) == 0
    listed = [line.split(":")[0] for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert listed == list(REGISTRY)
    assert cli.main(["statistics", "relative_risc"]) == 2
    assert "did you mean 'relative_risk" in capsys.readouterr().err

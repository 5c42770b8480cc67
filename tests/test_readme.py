"""Each command of the README is what it says: a target of the Makefile, or one of this project's that works when pasted."""

from __future__ import annotations

import re
import shlex
import shutil

import pandas as pd
import pyreadstat
import pytest

from analysis import cli, paths

TEXT = (paths.ROOT / "README.md").read_text(encoding="utf-8")
LINES = [line.partition(" #")[0].strip() for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S) for line in block.splitlines()]
OURS = {tuple(shlex.split(line)[3:]) for line in LINES if line.startswith(".venv/bin/python -m analysis")}
TARGETS = re.findall(r"\bmake ([a-z-]+)", "\n".join(LINES) + "".join(re.findall(r"`(make [^`]+)`", TEXT)))


def test_its_first_block_are_the_two_commands_that_all_begins_with():
    assert [line.split()[:2] for line in LINES[:2]] == [["make", "book"], ["make", "test"]]


def test_each_make_is_a_target_that_help_tells_of():
    told = re.findall(r"^([a-z-]+):.*##", (paths.ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert set(TARGETS) <= {*told} and len(TARGETS) > 5


def test_all_other_lines_are_commands_of_this_project():
    assert {line for line in LINES if not line.startswith((".venv/bin/python -m analysis ", "make "))} == set()
    assert {command[0] for command in OURS} == {"run", "check", "digitise", "diff", "audit"}


@pytest.mark.thorough  # each command has tests of its own
@pytest.mark.xdist_group("compiled kernels")
def test_commands_about_a_cohort_work_when_pasted(tmp_path, monkeypatch, capsys):
    """In a folder with a file of patients as SPSS keeps them, and with a curve as a digitiser exports it."""
    curves = paths.ROOT / "tests" / "examples" / "curves"
    shutil.copy(curves / "figure.csv", tmp_path / "curve.csv")
    shutil.copy(curves / "at_risk.csv", tmp_path / "n.csv")
    pyreadstat.write_sav(pd.read_csv(paths.DATA / "dac_clag" / "cohort.csv", comment="#"), str(tmp_path / "my_cohort.sav"))
    (tmp_path / "notebooks").symlink_to(paths.NOTEBOOKS)
    monkeypatch.chdir(tmp_path)
    for command in sorted(OURS, key=lambda command: command[0]):
        if command[0] not in ("audit", "diff"):  # of the repository as a whole, each with tests of its own
            assert cli.main(list(command)) == 0, " ".join(command)
    capsys.readouterr()
    assert (tmp_path / "out" / "survival.html").is_file()
    assert {file.suffix for file in (tmp_path / "figures").iterdir()} == {".pdf", ".png", ".svg"}
    assert {".docx", ".xlsx", ".tex"} <= {file.suffix for file in (tmp_path / "tables").iterdir()}

"""The commands of the guide page *From a curve to a cohort*, one after the other, as somebody would paste them."""

import re
import shlex
import shutil

import pytest

from analysis import cli, paths

PAGE = paths.BOOK / "guide" / "from-a-curve.md"
COMMANDS = [shlex.split(line)[3:] for block in re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.S) for line in block.splitlines()]


def test_the_files_on_the_page_are_those_of_the_example():
    example = paths.ROOT / "tests" / "examples" / "curves"
    text = PAGE.read_text()
    for name in ("figure.csv", "at_risk.csv"):
        assert "\n".join((example / name).read_text().splitlines()[:3]) in text


@pytest.mark.thorough  # each command has tests of its own
@pytest.mark.xdist_group("compiled kernels")
def test_the_commands_of_the_page_work_when_pasted(tmp_path, monkeypatch, capsys):
    shutil.copytree(paths.ROOT / "tests" / "examples" / "curves", tmp_path / "tests" / "examples" / "curves")
    (tmp_path / "notebooks").symlink_to(paths.NOTEBOOKS)
    monkeypatch.chdir(tmp_path)
    assert [command[0] for command in COMMANDS] == ["digitise", "reconstruct", "run"]
    for command in COMMANDS:
        assert cli.main(command) == 0
    told = capsys.readouterr().out
    assert "next: " in told
    assert (tmp_path / "my_study" / "cohort.csv").is_file() and (tmp_path / "out" / "survival.html").is_file()
    assert "Relapse-free survival" in (tmp_path / "out" / "survival.html").read_text()

"""Set-up takes a supported interpreter and refuses others in one sentence."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from analysis import paths

SCRIPT = paths.ROOT / "analysis" / "set_up.sh"
SUPPORTED = "3.11 3.12 3.13"


def interpreter(folder: Path, name: str, version: str, has_venv: bool = True) -> Path:
    """Something that answers as an interpreter of a version would."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    answer = "exit 0" if has_venv else "exit 1"
    path.write_text(f'#!/bin/sh\ncase "$2" in *version_info*) echo {version} ;; *) {answer} ;; esac\n')
    path.chmod(0o755)
    return path


def set_up(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess:
    lock = tmp_path / "lock.txt"
    if not lock.exists():
        lock.write_text("# nothing is required\n")
    return subprocess.run(
        ["/bin/sh", str(SCRIPT), str(tmp_path / "venv"), str(lock), SUPPORTED],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder with the tools of the script and no Python."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("sed", "cksum", "cat", "mv", "rm"):
        (folder / name).symlink_to(shutil.which(name))
    return folder


@pytest.mark.parametrize("version", ["3.10", "3.14", "2.7"])
def test_unsupported_interpreter_is_refused_in_one_sentence(tmp_path, tools, version):
    interpreter(tools, "python3", version)
    done = set_up(tmp_path, PATH=str(tools))
    assert done.returncode != 0
    assert done.stderr == (
        f"This project needs Python 3.11, 3.12 or 3.13, and found python3 is {version}: "
        "install one of them, or name it with make PYTHON=/path/to/python.\n"
    )
    assert not (tmp_path / "venv").exists()


def test_machine_without_python_is_told_in_one_sentence(tmp_path, tools):
    done = set_up(tmp_path, PATH=str(tools))
    assert done.returncode != 0
    assert "needs Python 3.11, 3.12 or 3.13, and found no Python" in done.stderr


def test_interpreter_without_venv_is_told_in_one_sentence(tmp_path, tools):
    interpreter(tools, "python3.12", "3.12", has_venv=False)
    done = set_up(tmp_path, PATH=str(tools))
    assert done.returncode != 0
    assert "needs Python's venv module, which python3.12 (3.12) lacks" in done.stderr


def test_environment_survives_a_refusal(tmp_path, tools):
    interpreter(tools, "python3", "3.14")
    kept = tmp_path / "venv" / "kept"
    kept.parent.mkdir()
    kept.touch()
    assert set_up(tmp_path, PATH=str(tools)).returncode != 0
    assert kept.exists()


@pytest.mark.slow
def test_requirements_are_installed_again_when_the_lock_changes(tmp_path):
    first = set_up(tmp_path, PYTHON=sys.executable)
    assert first.returncode == 0, first.stderr
    assert "creating" in first.stdout
    assert "installing" in first.stdout
    os.utime(tmp_path / "lock.txt", (0, 0))
    assert set_up(tmp_path, PYTHON=sys.executable).stdout == ""
    (tmp_path / "lock.txt").write_text("# changed\n")
    changed = set_up(tmp_path, PYTHON=sys.executable)
    assert changed.stdout.startswith("installing")
    assert "creating" not in changed.stdout


@pytest.mark.slow
@pytest.mark.thorough
def test_package_without_a_hash_is_refused_and_tried_again(tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    (package / "pyproject.toml").write_text('[project]\nname = "package"\nversion = "1"\n')
    (tmp_path / "lock.txt").write_text(f"{package.as_uri()}\n")
    for _ in range(2):
        done = set_up(tmp_path, PYTHON=sys.executable)
        assert done.returncode != 0
        assert "hash" in (done.stdout + done.stderr).lower()


def test_all_that_names_the_supported_versions_agrees():
    """Make, the package, the README, continuous integration and the workflows; set-up is told by make."""

    def read(name):
        return (paths.ROOT / name).read_text(encoding="utf-8")

    oldest, *_, newest = versions = SUPPORTED.split()
    following = f"3.{int(newest.split('.')[1]) + 1}"
    assert f"SUPPORTED := {SUPPORTED}" in read("Makefile")
    assert f'requires-python = ">={oldest},<{following}"' in read("pyproject.toml")
    assert f'target-version = "py{oldest.replace(".", "")}"' in read("pyproject.toml")
    assert f"with Python {', '.join(versions[:-1])} or {newest}" in read("README.md")
    assert f"on Python {', '.join(versions[:-1])} and {newest}" in read("CONTRIBUTING.md")
    assert "sed -n 's/^SUPPORTED := //p' Makefile" in read(".ci/run")
    matrix = yaml.safe_load(read(".github/workflows/tests.yml"))["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == versions
    for workflow in (paths.ROOT / ".github/workflows").glob("*.yml"):
        assert set(re.findall(r"PYTHON: python(3\.\d+)", workflow.read_text())) <= set(versions), workflow.name


def test_make_help_names_the_targets():
    done = subprocess.run(["make", "help"], cwd=paths.ROOT, capture_output=True, text=True, check=True)
    for target in ("book", "test", "check", "cohorts", "lock", "clean"):
        assert f"make {target} " in done.stdout

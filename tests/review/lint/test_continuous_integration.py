"""Continuous integration finds the Pythons that are here, and tells of those that are not."""

from __future__ import annotations

import os
import subprocess

import pytest

from analysis import paths

SUPPORTED = "3.11 3.12 3.13"


def place(folder, version):
    """An interpreter that answers with a version; without one, one that lacks venv."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ("python" + ".".join((version or "3.12").split(".")[:2]))
    path.write_text(f"#!/bin/sh\necho {version}\n" if version else "#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    return path


def found(tmp_path, supported=SUPPORTED):
    command = [paths.ROOT / ".ci/interpreters", supported, str(tmp_path / "system"), str(tmp_path / "managed/*/bin")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)})
    return [tuple(line.split()) for line in done.stdout.splitlines()]


def test_the_whole_suite_is_for_the_oldest_that_the_system_offers(tmp_path):
    own = place(tmp_path / "system", "3.12.3")
    place(tmp_path / "system", "3.13.1")
    older = place(tmp_path / "managed/3.11.9/bin", "3.11.9")
    assert found(tmp_path)[0] == ("whole", "3.12.3", str(own))
    assert ("fast", "3.11.9", str(older)) in found(tmp_path)


def test_where_the_system_offers_none_it_is_for_the_oldest_that_a_version_manager_has(tmp_path):
    place(tmp_path / "managed/3.12.10/bin", "3.12.10")
    oldest = place(tmp_path / "managed/3.12.9/bin", "3.12.9")
    assert found(tmp_path) == [("whole", "3.12.9", str(oldest)), ("absent", "3.11"), ("absent", "3.13")]


def test_of_each_other_version_the_newest_runs_the_fast_part_and_absent_ones_are_told(tmp_path):
    place(tmp_path / "system", "3.11.2")
    place(tmp_path / "managed/3.12.9/bin", "3.12.9")
    newest = place(tmp_path / "managed/3.12.10/bin", "3.12.10")
    assert found(tmp_path)[1:] == [("fast", "3.12.10", str(newest)), ("absent", "3.13")]


@pytest.mark.parametrize("version", ["", "3.10.1", "2.7.18"])
def test_what_cannot_run_the_tests_does_not_count(tmp_path, version):
    place(tmp_path / "system", version)
    assert found(tmp_path) == [("absent", "3.11"), ("absent", "3.12"), ("absent", "3.13")]


def test_a_name_that_promises_another_version_does_not_count(tmp_path):
    place(tmp_path / "system", "3.12.1").rename(tmp_path / "system/python3.11")
    assert found(tmp_path)[0] == ("absent", "3.11")


STAND_IN = """#!/bin/sh
echo "make $*" >> "$JOURNAL"
case "$*" in
  *test-fast*) echo "5 passed in 1s"; exit $FAST ;;
  *test*) echo "1 failed, 7 passed in 2s"; exit $WHOLE ;;
esac
"""


@pytest.fixture
def stand_in(tmp_path):
    """The script itself, with a make, a Python and a finder that stand in for the real ones: what it said, its status, the calls of make."""
    project = tmp_path / "project"
    for name, text in {
        ".ci/run": (paths.ROOT / ".ci/run").read_text(encoding="utf-8"),
        ".ci/interpreters": "#!/bin/sh\nprintf 'whole 3.11.2 /x/python3.11\\nfast 3.12.1 /x/python3.12\\nabsent 3.13\\n'\n",
        "Makefile": "SUPPORTED := 3.11 3.12 3.13\n",
        ".venv/bin/python": "#!/bin/sh\n",
        "bin/make": STAND_IN,
        **{f"bin/{name}": "#!/bin/sh\n" for name in ("Rscript", "chromium", "apt-get")},
    }.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
        (project / name).chmod(0o755)

    def run(*arguments, whole=0, fast=0):
        environment = {
            "PATH": f"{project}/bin:{os.environ['PATH']}",
            "JOURNAL": str(tmp_path / "journal"),
            "WHOLE": str(whole),
            "FAST": str(fast),
            "HOME": str(tmp_path),
        }
        done = subprocess.run([project / ".ci/run", *arguments], capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)
        journal = tmp_path / "journal"
        return done, done.stdout.splitlines(), journal.read_text() if journal.is_file() else ""

    return run


@pytest.mark.parametrize("whole", [0, 1])
def test_it_ends_with_the_closing_line_of_the_whole_suite_and_fails_with_it(stand_in, whole):
    done, lines, ran = stand_in(whole=whole)
    assert done.returncode == whole, done.stderr
    assert lines[-1] == "1 failed, 7 passed in 2s"
    assert "not run: Python 3.12.1 (the workflows run it, and --every-python)" in lines
    assert "not run: Python 3.13, which is not here (the workflows run it)" in lines
    assert "make book\n" in ran and "test-fast" not in ran


@pytest.mark.parametrize(("whole", "fast", "status"), [(0, 0, 0), (1, 0, 1), (0, 1, 1)])
def test_with_every_python_it_fails_with_any_part(stand_in, whole, fast, status):
    done, lines, ran = stand_in("--every-python", whole=whole, fast=fast)
    assert done.returncode == status, done.stderr
    assert lines[-1] == "1 failed, 7 passed in 2s"
    assert not [line for line in lines if line.startswith("not run: Python 3.12")]
    assert ("Python 3.12.1, fast part: 5 passed in 1s" if not fast else "Python 3.12.1, fast part: FAILED") in lines
    assert "make book\n" in ran and "test-fast PYTHON=/x/python3.12" in ran


def test_any_other_argument_is_refused(stand_in):
    done, _, ran = stand_in("--all")
    assert done.returncode == 2 and "--every-python" in done.stderr and not ran

"""A notebook that fails: what the reader is told, what stays in place."""

from __future__ import annotations

import pytest

from analysis.book.execution import execute
from analysis.errors import InputError


@pytest.fixture
def failing(built):
    """A built project whose first page now fails."""
    source = built.read("notebooks/demo/first.md")
    built.write("notebooks/demo/first.md", source.replace("print(", 'raise KeyError("no such arm")\nprint('))
    return built


def test_failure_names_notebook_cell_error_and_command_and_leaves_what_was_good(failing):
    names = ("_build/html/notebooks/demo/first.html", "_build/executed/notebooks/demo/first.ipynb")
    before = [failing.read(name) for name in names]
    failing.write("analysis/estimators/demonstration.py", "ANSWER = 43\n")
    done = failing.job("book")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()
    assert "notebooks/demo/first.md failed in code cell 2 of 2 (line 22):" in last
    assert '    raise KeyError("no such arm")' in last
    assert "KeyError: 'no such arm'" in last
    assert last[-1].strip() == ".venv/bin/python -m analysis run notebooks/demo/first.md -o out"
    assert [failing.read(name) for name in names] == before
    assert "43" in failing.read("_build/executed/notebooks/demo/second.ipynb"), "other notebooks are executed all the same"
    assert failing.jobs_to_run() == ["html/book", "notebook/notebooks/demo/first"]


def test_dead_kernel_is_one_message(project):
    project.write(
        "notebooks/demo/second.md",
        project.read("notebooks/demo/second.md").replace("demonstration.ANSWER", "import os\nos.kill(os.getpid(), 9)"),
    )
    done = project.job("notebook", "notebooks/demo/second")
    assert done.returncode == 1
    assert "the kernel stopped" in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_kernel_is_one_message(project):
    source = project.read("notebooks/demo/second.md").replace("name: python3", "name: ir")
    project.write("notebooks/demo/second.md", source)
    done = project.job("book")
    assert done.returncode == 2
    assert done.stderr.strip() == (
        "notebooks/demo/second.md: header, kernelspec: expected kernel python3, the only one that the set-up installs; found 'ir'"
    )
    assert "executing" not in done.stdout
    assert not (project.root / "_build/executed").exists()


def test_interpreter_without_ipykernel_is_one_message(monkeypatch):
    monkeypatch.setattr(execute.kernel.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="make setup"):
        execute.kernel.require_kernel()

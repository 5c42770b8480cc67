"""A page's notebook runs from any folder, or says what it needs."""

import os
import subprocess
import sys

import nbformat
import papermill
import pytest

from analysis import paths
from analysis.book.sources.taken_notebook import PROJECT, make_portable, text

SOURCE = paths.NOTEBOOKS / "general" / "survival.md"


@pytest.fixture(scope="module")
def notebook():
    return make_portable(SOURCE, "https://example.org/owner/name")


def run(code, folder, **environment):
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | environment
    command = [sys.executable, "-S", "-c", code]  # without site-packages, in which a project may be installed
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)


def test_it_has_no_output_and_is_a_valid_notebook(notebook):
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    assert [cell.metadata.get("tags") for cell in notebook.cells if cell.metadata.get("tags")] == [["parameters"]]


def test_it_says_what_it_needs_and_how_to_get_it(notebook, tmp_path):
    assert "git clone https://example.org/owner/name" in notebook.cells[0].source
    done = run(notebook.cells[1].source, tmp_path)
    assert done.returncode == 1 and "make setup" in done.stderr and PROJECT in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("how", ["below", "named"])
def test_it_finds_the_project(notebook, tmp_path, how):
    code = notebook.cells[1].source + "\nprint(sys.path[0])"
    done = run(code, paths.NOTEBOOKS / "general") if how == "below" else run(code, tmp_path, **{PROJECT: str(paths.ROOT)})
    assert done.stdout.strip() == str(paths.ROOT), done.stderr


@pytest.mark.slow
def test_it_runs_in_another_folder(tmp_path, monkeypatch):
    (tmp_path / "page.ipynb").write_text(text(SOURCE), encoding="utf-8")
    monkeypatch.setenv(PROJECT, str(paths.ROOT))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    papermill.execute_notebook(
        tmp_path / "page.ipynb", tmp_path / "out.ipynb", cwd=tmp_path, progress_bar=False, parameters={"horizon": 24}
    )
    shown = (tmp_path / "out.ipynb").read_text(encoding="utf-8")
    assert "<svg " in shown and "24 months" in shown

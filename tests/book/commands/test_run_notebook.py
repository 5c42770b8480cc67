"""Executing one notebook with one's own values, apart from the book."""

from __future__ import annotations

import json

RUN = """
import json, sys
from pathlib import Path
from analysis.errors import InputError
from analysis.book.commands import run_notebook as execution

try:
    result = execution.run(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3], lambda line: print(line, file=sys.stderr))
    print(result.page)
except InputError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""


def run(project, values, output, notebook="notebooks/demo/first.md"):
    return project.python("-c", RUN, notebook, json.dumps(values), str(output))


def test_own_values_and_cohort_reach_the_page(project, tmp_path):
    own = tmp_path / "private" / "own.csv"
    own.parent.mkdir()
    own.write_text("id,time\n1,3\n2,5\n3,7\n")
    out = tmp_path / "out"
    done = run(project, {"horizon": "24", "cohort": str(own)}, out)
    assert done.returncode == 0, done.stderr
    page = (out / "first.html").read_text()
    assert "3 patients, 95%, to 24 months" in page
    assert "own cohort" in page
    assert "own.csv" not in page
    assert "own.csv" not in (out / "first.ipynb").read_text()
    assert str(own.parent) not in page
    assert str(own.parent) not in (out / "first.ipynb").read_text()
    assert "Parameter horizon" in page
    (given,) = (
        cell for cell in json.loads((out / "first.ipynb").read_text())["cells"] if "injected-parameters" in cell["metadata"].get("tags", [])
    )
    assert "hide-input" in given["metadata"]["tags"]  # folded as other code is
    assert not (project.root / "_build/html").exists()


def test_nothing_is_replaced_and_the_page_says_how_it_differs_from_the_published_one(project, tmp_path):
    out = tmp_path / "out"
    first, second = (run(project, {"horizon": months}, out) for months in ("24", "48"))
    assert first.stdout.split()[-1].endswith("first.html") and second.stdout.split()[-1].endswith("first-2.html"), second.stderr
    assert "horizon = 24 months (published: 36 months)" in (out / "first.html").read_text()
    assert "horizon = 48 months (published: 36 months)" in (out / "first-2.html").read_text()
    assert "The results of the published page are not available" in (out / "first.html").read_text()
    assert sorted(path.name for path in out.iterdir()) == ["_static", "first-2.html", "first-2.ipynb", "first.html", "first.ipynb"]


def test_results_that_read_otherwise_are_named_and_progress_is_told(project, tmp_path):
    assert project.job("notebook", "notebooks/demo/first").returncode == 0
    assert "== First page · text 1" in project.read("book/results/pages/notebooks/demo/first.txt")
    told = run(project, {"horizon": "24"}, tmp_path / "out")
    assert told.returncode == 0, told.stderr
    page = (tmp_path / "out" / "first.html").read_text()
    assert "Of 1 tables, figures, sentences and numbers, 1 differs" in page and "First page · text 1" in page and "stale" not in page
    assert "executing notebooks/demo/first.md" in told.stderr and "making its page" in told.stderr
    run(project, {"cohort": "none"}, tmp_path / "same")
    assert "All 1 tables, figures, sentences and numbers read as on the published page" in (tmp_path / "same" / "first.html").read_text()


def test_bad_parameter_writes_nothing(project, tmp_path):
    out = tmp_path / "out"
    done = run(project, {"horizn": "24"}, out)
    assert done.returncode == 2
    assert "did you mean 'horizon'" in done.stderr
    assert not out.exists()


def test_missing_cohort_writes_nothing(project, tmp_path):
    done = run(project, {"cohort": "nowhere.csv"}, tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.strip().removeprefix("executing notebooks/demo/first.md\n") == (
        "command line: parameter cohort: expected an existing file, 'member N' of the ensemble, or none; found no such file: 'nowhere.csv'"
    )
    assert not (tmp_path / "out").exists()


def test_parameter_that_the_notebook_does_not_take_is_refused(project, tmp_path):
    done = run(project, {"seed": "1"}, tmp_path / "out")
    assert done.returncode == 2
    assert "'seed', which this notebook does not take" in done.stderr


def test_missing_notebook_is_one_line(project, tmp_path):
    done = run(project, {}, tmp_path / "out", notebook="notebooks/demo/frist.md")
    assert done.returncode == 2
    assert done.stderr.strip().endswith("found no such file")


def test_folders_of_the_repository_are_refused(project):
    for folder in ("_build/html", "notebooks", "."):
        done = run(project, {}, project.root / folder)
        assert done.returncode == 2
        assert "outside the book" in done.stderr

"""The promise of the review: a branch that changes one convention shows exactly the numbers it moves.

A scratch repository holds the real package and a made-up study; its snapshots are written by its own code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from analysis import paths
from tests.conftest import COHORT, DECLARED
from tests.review.conftest import Repository

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("one convention")]

LEDGER = """id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,note
t1.n,Table 1,patients,all,,count,,8,imposed,,,
t1.a,Table 1,patients of arm A,a,,count,,4,imposed,,,
t1.a.pct,Table 1,share of arm A,all,arm=A,percent,,50%,imposed,t1.a ; t1.n,,
res.os.a,Results,survival of arm A at 6 months,a,,survival,endpoint=os; time=6,75%,imposed,,,
res.os.a.low,Results,its lower limit,a,,survival_lower,endpoint=os; time=6,42.6%,imposed,,,
res.os.a.up,Results,its upper limit,a,,survival_upper,endpoint=os; time=6,100%,imposed,,,
res.os.b,Results,survival of arm B at 3 months,b,,survival,endpoint=os; time=3,50%,imposed,,,
res.os.b.low,Results,its lower limit,b,,survival_lower,endpoint=os; time=3,18.8%,imposed,,,
abs.os.b.low,Abstract,its lower limit,b,,survival_lower,endpoint=os; time=3,18.8%,imposed,,res.os.b.low,
"""

PAGE = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# Survival

```{code-cell} ipython3
:tags: [parameters]

study = "made_up"
cohort = None
horizon = 9.0
level = 0.95
interval = None
```

```{code-cell} ipython3
from analysis.pages.page import Page

page = Page()
page.table.rows(*page.ids("res.os"))
```

```{code-cell} ipython3
page.figure.survival({"A": ("os", "a"), "B": ("os", "b")}, title="Survival")
```
"""


def in_tree(root: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = {"PATH": os.environ["PATH"], "HOME": str(root.parent), "PYTHONPYCACHEPREFIX": str(root.parent / "pycache")}
    return subprocess.run([sys.executable, "-m", *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False)


def write_snapshots(repository) -> None:
    done = in_tree(repository.root, "analysis", "snapshots", "-o", "book/results")
    assert done.returncode == 0, done.stderr


def changed(lines: str) -> set[str]:
    return {line.split()[0] for line in lines.splitlines() if line.startswith(("res.", "t1.", "abs."))}


@pytest.fixture(scope="module")
def committed(tmp_path_factory):
    """The package, one study, one page, committed on main; and the commit."""
    repository = Repository(tmp_path_factory.mktemp("one_convention") / "scratch")
    shutil.copytree(paths.ROOT / "analysis", repository.root / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "requirements.txt", "_config.yml", ".gitignore"):
        shutil.copy(paths.ROOT / name, repository.root / name)
    repository.write("data/made_up/study.yml", yaml.safe_dump(DECLARED, sort_keys=False))
    repository.write("data/made_up/cohort.csv", COHORT)
    repository.write("data/made_up/printed.csv", LEDGER)
    repository.write("notebooks/made_up/survival.md", PAGE)
    repository.write("book/index.md", "# Book\n")
    repository.write("_toc.yml", "format: jb-book\nroot: book/index\nchapters:\n  - file: notebooks/made_up/survival\n")
    write_snapshots(repository)
    return repository, repository.commit("before")


@pytest.fixture
def project(committed):
    """The repository as it was committed, and a branch to change things on; in one place, for which compiled code is kept."""
    repository, commit = committed
    repository.git("checkout", "-q", "-f", "-B", "topic", commit)
    repository.git("branch", "-q", "-f", "main", commit)
    repository.git("clean", "-q", "-f", "-d")
    return repository


def other_convention(project) -> None:
    """Say that the paper's lower limits are symmetrical on another scale."""
    path = project.root / "data/made_up/study.yml"
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(declared | {"named": {"survival_lower": "plain"}}, sort_keys=False), encoding="utf-8")


def test_a_branch_that_changes_one_convention_lists_exactly_the_affected_numbers(project):
    other_convention(project)
    write_snapshots(project)
    project.commit("another convention")
    done = in_tree(project.root, "analysis", "diff")
    assert done.returncode == 1, done.stderr
    assert changed(done.stdout) == {"res.os.a.low", "res.os.b.low", "abs.os.b.low"}
    line = next(line for line in done.stdout.splitlines() if line.startswith("res.os.a.low"))
    assert "42.6%" in line
    assert "reproduced (log), cohort → reproduced under convention (log), cohort" in line
    assert line.endswith("made_up/survival")
    assert "Curves" not in done.stdout
    # and so from the main branch's side, between two names, as Markdown
    done = in_tree(project.root, "analysis", "diff", "topic", "main", "--markdown")
    assert done.returncode == 1
    assert done.stdout.count("| reproduced under convention (log), cohort → reproduced (log), cohort |") == 3


def test_code_that_changes_a_default_moves_what_rests_on_it_and_the_curves_stay(project):
    path = project.root / "analysis/ledger/statistics/survival.py"
    text = path.read_text(encoding="utf-8")
    old = '@register("survival_upper", family="survival errors and limits", default="log"'
    assert old in text
    path.write_text(text.replace(old, old.replace('default="log"', 'default="log-log"')), encoding="utf-8")
    write_snapshots(project)
    done = in_tree(project.root, "analysis", "diff")
    assert done.returncode == 1, done.stderr
    assert changed(done.stdout) == {"res.os.a.up"}
    assert "Curves" not in done.stdout


def test_a_patient_changed_moves_the_curve_and_says_where(project):
    path = project.root / "data/made_up/cohort.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("5,B,I,40,1,1", "5,B,I,40,2,1"), encoding="utf-8")
    write_snapshots(project)
    done = in_tree(project.root, "analysis", "diff")
    assert done.returncode == 1, done.stderr
    assert changed(done.stdout) == set()  # S(3) is what it was
    line = next(line for line in done.stdout.splitlines() if line.startswith("made_up os-b"))
    assert "2 of 5" in line and line.endswith("made_up/survival")


@pytest.mark.thorough
def test_snapshots_that_were_not_written_anew_are_refused_and_re_execution_shows_the_change(project):
    other_convention(project)
    project.commit("another convention, snapshots forgotten")
    forgotten = in_tree(project.root, "analysis", "diff")
    assert forgotten.returncode == 2, forgotten.stderr
    assert "expected the declarations of this state; `python -m analysis snapshots made_up` writes it anew" in forgotten.stderr
    before = project.git("status", "--porcelain", "--ignored")
    done = in_tree(project.root, "analysis", "diff", "--recompute")
    assert done.returncode == 1, done.stderr
    assert changed(done.stdout) == {"res.os.a.low", "res.os.b.low", "abs.os.b.low"}
    assert "".join(done.stdout.splitlines()[:2]).count("re-executed") == 2
    assert project.git("status", "--porcelain", "--ignored") == before
    assert project.git("worktree", "list").count("\n") == 0


@pytest.mark.thorough
def test_a_base_from_before_the_snapshots_can_be_re_executed(project):
    """Its audit is what its own command prints; curves and pages are not compared, and that is said, so nothing is called unchanged."""
    project.git("checkout", "-q", "main")
    (project.root / "analysis/book/results/study_snapshots.py").unlink()
    shutil.rmtree(project.root / "book")
    (project.root / "analysis/book/jobs/one_job.py").unlink()
    old = project.commit("from before")
    project.git("checkout", "-q", "topic")
    same = in_tree(project.root, "analysis", "diff", old, old, "--recompute")
    assert same.returncode == 2 and "what pages show is not compared: there is no text of them for" in same.stdout, same.stderr
    other_convention(project)
    done = in_tree(project.root, "analysis", "diff", old, "--recompute")
    assert done.returncode == 1, done.stderr
    assert changed(done.stdout) == {"res.os.a.low", "res.os.b.low", "abs.os.b.low"}
    assert "“from before”, re-executed has snapshots of its audits alone" in done.stdout


@pytest.mark.thorough
def test_re_execution_compares_what_pages_show(project):
    """A default of the page that no audit, table or curve knows of."""
    same = in_tree(project.root, "analysis", "diff", "--recompute")
    assert same.returncode == 0, same.stdout + same.stderr
    assert "No number, verdict, curve, count, table, figure or sentence changed." in same.stdout
    page = project.root / "notebooks/made_up/survival.md"
    page.write_text(page.read_text(encoding="utf-8").replace("horizon = 9.0", "horizon = 6.0"), encoding="utf-8")
    done = in_tree(project.root, "analysis", "diff", "--recompute")
    assert done.returncode == 1, done.stdout + done.stderr
    assert changed(done.stdout) == set() and "Curves" not in done.stdout
    assert any(
        line.startswith("made_up/survival") and "horizon: 9.0" in line and "horizon: 6.0" in line for line in done.stdout.splitlines()
    )
    assert "executing the pages of the working tree" in done.stderr


@pytest.mark.thorough
def test_a_page_that_fails_ends_re_execution_with_its_own_words(project):
    page = project.root / "notebooks/made_up/survival.md"
    page.write_text(page.read_text(encoding="utf-8").replace('title="Survival"', 'titel="Survival"'), encoding="utf-8")
    done = in_tree(project.root, "analysis", "diff", "--recompute")
    assert done.returncode == 2
    assert "the working tree: re-execution: expected pages that its own code can execute" in done.stderr and "titel" in done.stderr
    assert "Traceback" not in done.stderr

"""A small repository with the real machinery: two notebooks, a prose page, one study."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import paths

HEADER = """---
kernelspec:
  name: python3
  display_name: Python 3
---
"""

FIRST = (
    HEADER
    + """
# First page

```{code-cell} ipython3
:tags: [parameters]

study = "demo"
cohort = None
horizon = 36.0
level = 0.95
interval = None
```

Variance: $\\hat S^2 \\sum_i \\frac{d_i}{n_i (n_i - d_i)}$.

```{code-cell} ipython3
from pathlib import Path
from analysis import paths

rows = Path(cohort or paths.DATA / study / "cohort.csv").read_text().splitlines()
print(f"{len(rows) - 1} patients, {level:.0%}, to {horizon:g} months")
```
"""
)

SECOND = (
    HEADER
    + """
# Second page

```{code-cell} ipython3
from analysis.estimators import demonstration

demonstration.ANSWER
```
"""
)


class Project:
    """A repository in a temporary folder, and what tests do with it."""

    def __init__(self, root: Path):
        self.root = root

    def write(self, name: str, text: str) -> Path:
        """Write one file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, name: str) -> str:
        """Text of one file."""
        return (self.root / name).read_text(encoding="utf-8")

    def python(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        """Run this project's own modules."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(self.root.parent)} | environment,
            stdin=subprocess.DEVNULL,
        )

    def start(self, *arguments: str) -> subprocess.Popen:
        """Start a command in a process group of its own and do not wait for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "analysis", *arguments],
            cwd=self.root,
            env={"PATH": os.environ["PATH"], "HOME": str(self.root.parent)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def job(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run a job of the graph, or a command such as the whole build."""
        jobs = arguments[0] in ("notebook", "audit", "verify", "html")
        return self.python("-m", "analysis.book.jobs.one_job" if jobs else "analysis", *arguments)

    def jobs_to_run(self) -> list[str]:
        """Names of the jobs that a build would run now, sorted; notebooks by their page."""
        done = self.job("book", "--dry-run")
        assert done.returncode == 0, done.stdout + done.stderr
        return sorted(line.partition(": ")[0] for line in done.stdout.splitlines() if line)


def make_project(root: Path) -> Project:
    """Lay out the repository; what is not under test is as small as can be."""
    project = Project(root)
    root.mkdir(parents=True, exist_ok=True)
    for name in (
        "errors.py",
        "paths.py",
        "__init__.py",
        "__main__.py",
        "cohorts/__init__.py",
        "cohorts/cohort_choice.py",
        "figures/__init__.py",
        "figures/fonts",
        "figures/look.py",
        "cli",
        "book",
        "pages",
        "parameters",
        "review",
    ):
        source = paths.ROOT / "analysis" / name
        copy = root / "analysis" / name
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)
    for name in ("Snakefile", "_config.yml", "pyproject.toml", "requirements.txt"):
        shutil.copy(paths.ROOT / name, root / name)
    (root / "book").mkdir()
    shutil.copy(paths.BOOK / "references.bib", root / "book")
    if (paths.BOOK / "_static").is_dir():
        shutil.copytree(paths.BOOK / "_static", root / "book" / "_static")
    project.write("analysis/estimators/__init__.py", '"""Estimators."""\n')
    project.write("analysis/estimators/demonstration.py", "ANSWER = 42\n")
    project.write("analysis/reconstruction/__init__.py", '"""Reconstruction."""\n')
    project.write(
        "_toc.yml",
        "format: jb-book\nroot: book/index\nchapters:\n  - file: notebooks/demo/first\n  - file: notebooks/demo/second\n",
    )
    project.write("book/index.md", "# Landing\n\nTo the [first page](../notebooks/demo/first.md).\n")
    project.write("book/stray.md", "# Not in the table of contents\n")
    project.write("data/demo/study.yml", "study: demo\n")
    project.write("data/demo/cohort.csv", "id,time\n1,3\n2,5\n")
    project.write("data/other/study.yml", "study: other\n")
    project.write("notebooks/demo/first.md", FIRST)
    project.write("notebooks/demo/second.md", SECOND)
    return project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A repository that was never built."""
    return make_project(tmp_path / "repository")


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Project:
    """A repository that was built once; tests copy it."""
    project = make_project(tmp_path_factory.mktemp("finished") / "repository")
    done = project.job("book")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("_build/html/index.html")
    assert "[1 of 2] executing" in done.stdout
    assert "[2 of 2] executing" in done.stdout
    return project


@pytest.fixture
def built(finished: Project, tmp_path: Path) -> Project:
    """A copy of the built repository, times of files kept."""
    shutil.copytree(finished.root, tmp_path / "repository", symlinks=True)
    return Project(tmp_path / "repository")

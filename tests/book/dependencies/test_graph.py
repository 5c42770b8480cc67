"""What is executed again, and what is not."""

from __future__ import annotations

import json
import os
import shutil
import signal

from tests.book.processes.test_shutdown import wait_for


def test_one_source_changed_that_page_and_the_html(built):
    built.write("notebooks/demo/second.md", built.read("notebooks/demo/second.md") + "\nMore words.\n")
    assert built.jobs_to_run() == ["html/book", "notebook/notebooks/demo/second"]
    done = built.job("book")
    assert done.returncode == 0, done.stderr
    assert "[1 of 1] executing notebooks/demo/second.md" in done.stdout
    assert "first" not in done.stdout
    assert "More words." in built.read("_build/html/notebooks/demo/second.html")
    assert built.jobs_to_run() == []


def test_touched_files_execute_nothing(built):
    for path in built.root.rglob("*"):
        if "_build" not in path.parts and ".snakemake" not in path.parts and path.is_file():
            os.utime(path)
    assert built.jobs_to_run() == []


def test_older_file_with_other_content_is_seen(built):
    """What else a change reaches, and what it does not, is told by `test_staleness`, where nothing is built."""
    path = built.write("data/demo/cohort.csv", "id,time\n1,3\n")
    os.utime(path, (0, 0))
    assert built.jobs_to_run() == ["html/book", "notebook/notebooks/demo/first", "notebook/notebooks/demo/second"]


def test_lost_html_and_altered_notebooks_are_made_again(built):
    shutil.rmtree(built.root / "_build" / "html")
    assert built.jobs_to_run() == ["html/book"]
    built.write("_build/executed/notebooks/demo/first.ipynb", "{}")
    assert built.jobs_to_run() == ["html/book", "notebook/notebooks/demo/first"]


def test_killed_build_resumes(project):
    """A build killed within a notebook keeps the finished one; no lock, no half page stays."""
    started, go_on = project.root.parent / "started", project.root.parent / "go_on"
    waits = (
        "import time\nfrom pathlib import Path\n"
        f"Path({str(started)!r}).touch()\n"
        f"while not Path({str(go_on)!r}).exists():\n    time.sleep(0.05)\n"
        "demonstration.ANSWER"
    )
    source = project.read("notebooks/demo/second.md").replace("demonstration.ANSWER", waits)
    project.write("notebooks/demo/second.md", source)
    first = project.root / "_build/executed/notebooks/demo/first.ipynb"
    build = project.start("book")
    wait_for(lambda: started.exists() and first.exists(), build)
    os.killpg(build.pid, signal.SIGKILL)
    build.wait()
    assert not (project.root / "_build/html").exists()
    assert not (project.root / "_build/executed/notebooks/demo/second.ipynb").exists()
    go_on.touch()
    done = project.job("book")
    assert done.returncode == 0, done.stderr
    assert (project.root / "_build/html/index.html").is_file()
    assert project.jobs_to_run() == []


def test_second_build_at_the_same_time_is_refused(project):
    holder = (
        "import fcntl, subprocess, sys\n"
        "lock = open('_build/lock', 'w')\n"
        "fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "done = subprocess.run([sys.executable, '-m', 'analysis', 'book'])\n"
        "sys.exit(done.returncode)\n"
    )
    (project.root / "_build").mkdir()
    done = project.python("-c", holder)
    assert done.returncode == 1
    assert done.stderr.strip() == "another build of this book is running; wait for it"


def test_undeclared_input_is_refused(project):
    code = 'name = "oth" + "er"\nopen(f"data/{name}/study.yml").read()'
    project.write(
        "notebooks/demo/second.md",
        project.read("notebooks/demo/second.md").replace("demonstration.ANSWER", code),
    )
    done = project.job("notebook", "notebooks/demo/second")
    assert done.returncode == 2
    assert "data/other/study.yml" in done.stderr
    assert not (project.root / "_build/executed").exists()
    source = project.read("notebooks/demo/second.md")
    declared = source.replace("---\nkernelspec", "---\nreads: [data/other/study.yml]\nkernelspec", 1)
    project.write("notebooks/demo/second.md", declared)
    assert project.job("notebook", "notebooks/demo/second").returncode == 0


def test_executing_twice_gives_the_same_file(built):
    before = built.read("_build/executed/notebooks/demo/first.ipynb")
    assert built.job("notebook", "notebooks/demo/first").returncode == 0
    assert built.read("_build/executed/notebooks/demo/first.ipynb") == before
    assert str(built.root) not in before
    assert "papermill" not in json.loads(before)["metadata"]


def test_missing_page_is_named_before_anything_starts(project):
    project.write("_toc.yml", project.read("_toc.yml") + "  - file: notebooks/demo/third\n")
    done = project.job("book")
    assert done.returncode == 2
    assert "page notebooks/demo/third: expected the file notebooks/demo/third.md" in done.stderr
    assert "executing" not in done.stdout


def test_a_header_that_says_otherwise_how_long_is_refused(project):
    project.write("notebooks/demo/second.md", project.read("notebooks/demo/second.md").replace("kernelspec:", "long: an hour\nkernelspec:"))
    done = project.job("book")
    assert done.returncode == 2
    assert "notebooks/demo/second.md: header, long: expected true or false; found 'an hour'" in done.stderr


AUDITED = """
from types import SimpleNamespace

import pandas as pd

from analysis import paths


def open_study(study):
    printed = (paths.DATA / study / "printed.csv").read_text().split()
    columns = ["id", "printed", "recomputed", "verdict", "convention", "evidence", "note"]
    rows = [[text, int(text), "", "context", "", "", ""] for text in printed]
    return SimpleNamespace(audit=SimpleNamespace(table=pd.DataFrame(rows, columns=columns)))
"""

SNAPSHOTS = """
AUDIT = "audit.csv"
INPUTS = "made_from.txt"


def snapshots(opened):
    return {AUDIT: opened.audit.table.to_csv(index=False)}
"""

VERIFIED = """
from types import SimpleNamespace


def verify(study):
    return SimpleNamespace(text="1 of 2 cohorts holds", ok=False)
"""


def test_saved_audit_follows_the_ledger_with_the_pages_that_wait_for_it_and_survives_a_failure(built):
    built.write("analysis/ledger/session/study_session.py", AUDITED)
    built.write("analysis/ledger/__init__.py", "")
    built.write("analysis/book/results/study_snapshots.py", SNAPSHOTS)
    built.write("data/demo/printed.csv", "1\n2\n")
    assert "audit/demo" in built.jobs_to_run()
    assert built.job("book").returncode == 0
    saved = built.read("book/results/demo/audit.csv")
    assert len(saved.splitlines()) == 3
    assert built.jobs_to_run() == []
    # committed text that was altered by hand is made again
    built.write("book/results/demo/audit.csv", saved + "3\n")
    assert built.jobs_to_run() == ["audit/demo", "html/book"]
    assert built.job("audit", "demo").returncode == 0
    assert built.read("book/results/demo/audit.csv") == saved
    # pages that read what has changed run with the audit that they wait for
    built.write("data/demo/printed.csv", "1\n2\n3\n")
    assert built.jobs_to_run() == ["audit/demo", "html/book", "notebook/notebooks/demo/first", "notebook/notebooks/demo/second"]
    done = built.job("book")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("executing") == 2
    saved = built.read("book/results/demo/audit.csv")
    assert len(saved.splitlines()) == 4
    built.write("data/demo/printed.csv", "1\nnine\n")
    assert built.job("book").returncode == 1
    assert built.read("book/results/demo/audit.csv") == saved


def test_an_asset_alone_is_brought_to_the_book(built):
    """Of pages none has changed, and Sphinx by itself would write nothing."""
    for text in ("one", "two"):
        built.write("book/files/table.csv", text)
        built.write(
            "book/index.md", "# Landing\n\nTo the [first page](../notebooks/demo/first.md) and {download}`a table <files/table.csv>`.\n"
        )
        done = built.job("book")
        assert done.returncode == 0, done.stdout + done.stderr
    assert [path.read_text() for path in (built.root / "_build" / "html").rglob("table.csv")] == ["two"]


def test_saved_cohorts_are_verified_and_a_misfit_does_not_stop_the_book(built):
    built.write("analysis/reconstruction/checks/verify.py", VERIFIED)
    assert built.jobs_to_run() == ["verify/demo"]
    done = built.job("book")
    assert done.returncode == 0
    assert "1 of 2 cohorts holds\nrun `make cohorts` to search again" in done.stdout
    assert built.jobs_to_run() == []

"""What a change makes stale, on a tree of small files: nothing is executed, nothing is built."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from analysis import paths
from analysis.book.dependencies import build_records, fingerprints, graph
from analysis.book.results import made_from
from tests.book.conftest import FIRST, HEADER, SECOND

HTML, FIRST_PAGE, SECOND_PAGE, GENERAL_PAGE = (
    "html/book",
    "notebook/notebooks/demo/first",
    "notebook/notebooks/demo/second",
    "notebook/notebooks/general/any",
)
AUDIT, VERIFY = "audit/demo", "verify/demo"
EVERYTHING = {HTML, FIRST_PAGE, SECOND_PAGE, GENERAL_PAGE, AUDIT, VERIFY}
GENERAL = (
    HEADER
    + '\n# Any study\n\n```{code-cell} ipython3\nfrom analysis.book.results import audit as results\n\nstudies = ["demo", "other"]\n```\n'
)
FILES = {
    "_toc.yml": "format: jb-book\nroot: book/index\nchapters:\n  - file: notebooks/demo/first\n  - file: notebooks/demo/second\n  - file: notebooks/general/any\n",
    "_config.yml": "sphinx:\n  config:\n    extensions: [analysis.book.sphinx.titles]\n",
    "requirements.txt": "numpy==1\n",
    "book/index.md": "# Landing\n",
    "book/references.bib": "",
    "book/results/demo/audit.csv": "id\n",
    "book/_static/book.css": "a {}\n",
    "notebooks/demo/first.md": FIRST,
    "notebooks/demo/second.md": SECOND,
    "notebooks/general/any.md": GENERAL,
    "data/demo/study.yml": "study: demo\n",
    "data/demo/cohort.csv": "id\n1\n",
    "data/demo/printed.csv": "id\n1\n",
    "data/demo/changed_verdicts.csv": "id\n",
    "data/other/study.yml": "study: other\n",
    "analysis/__init__.py": "",
    "analysis/paths.py": "",
    "analysis/style.css": "a {}\n",
    "analysis/estimators/__init__.py": "",
    "analysis/estimators/demonstration.py": "from analysis.estimators.numerics import distributions as tails\n",
    "analysis/estimators/numerics/distributions.py": "",
    "analysis/estimators/unused.py": "",
    "analysis/ledger/__init__.py": "",
    "analysis/ledger/judging.py": "",
    "analysis/book/__init__.py": "",
    "analysis/book/sphinx/titles.py": "",
    **{module.replace(".", "/") + ".py": "" for module in (graph.RUNNER, graph.SHOWN, graph.VERIFIER, graph.BOOK_MAKER)},
    graph.AUDIT.replace(".", "/") + ".py": "from analysis.ledger import judging\n",
}


def forget() -> None:
    """Have the package look at files again, as another process would."""
    for module in [module for name, module in sys.modules.items() if name.startswith("analysis.book")]:
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


@pytest.fixture
def tree(tmp_path, monkeypatch) -> Path:
    """Root of the tree, which the package takes for its repository."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    places = {"ROOT": "", "DATA": "data", "NOTEBOOKS": "notebooks", "BOOK": "book", "RESULTS": "book/results", "BUILD": "_build"}
    for name, place in places.items():
        monkeypatch.setattr(paths, name, tmp_path / place)
    forget()
    yield tmp_path
    monkeypatch.undo()
    forget()


def wanted() -> dict[str, str]:
    """Receipts of all jobs, and the fingerprint of what each depends on now."""
    return {job.receipt: job.made_from for job in fingerprints.all_jobs()}


def stale(tree: Path, before: dict[str, str]) -> set[str]:
    """Jobs that depend on what has changed since."""
    forget()
    now = wanted()
    assert now.keys() == before.keys()
    return {name for name in now if now[name] != before[name]}


def test_every_job_of_the_graph_is_known(tree):
    assert set(wanted()) == EVERYTHING


@pytest.mark.parametrize(
    ("name", "reaches"),
    [
        ("notebooks/demo/second.md", {SECOND_PAGE, HTML}),
        ("book/index.md", {HTML}),
        ("book/references.bib", {HTML}),
        ("data/demo/changed_verdicts.csv", set()),
        ("book/_static/book.css", {HTML}),
        ("_config.yml", {HTML}),
        ("analysis/book/sphinx/titles.py", {HTML}),  # which Sphinx loads
        (graph.BOOK_MAKER.replace(".", "/") + ".py", {HTML}),
        ("book/results/demo/audit.csv", set()),  # made by the audit
        ("book/not_in_the_contents.md", set()),
        ("analysis/estimators/demonstration.py", {SECOND_PAGE, HTML}),
        ("analysis/estimators/numerics/distributions.py", {SECOND_PAGE, HTML}),  # through another module
        ("analysis/estimators/unused.py", set()),
        ("analysis/style.css", EVERYTHING),  # whoever reads it
        ("requirements.txt", EVERYTHING),
        (graph.RUNNER.replace(".", "/") + ".py", {FIRST_PAGE, SECOND_PAGE, GENERAL_PAGE, HTML}),
        (graph.VERIFIER.replace(".", "/") + ".py", {VERIFY}),
        ("analysis/ledger/judging.py", {AUDIT, GENERAL_PAGE, HTML}),  # a page that reads the audit depends on it
        ("data/demo/printed.csv", {FIRST_PAGE, SECOND_PAGE, GENERAL_PAGE, AUDIT, VERIFY, HTML}),
        ("data/demo/later.yml", {FIRST_PAGE, SECOND_PAGE, GENERAL_PAGE, AUDIT, VERIFY, HTML}),
        ("data/demo/.hidden", set()),
        ("data/other/cohort.txt", {GENERAL_PAGE, HTML}),  # which names that study
    ],
)
def test_a_change_reaches_what_depends_on_it_and_nothing_else(tree, name, reaches):
    before = wanted()
    file = tree / name
    file.write_text((file.read_text() if file.is_file() else "") + "\n# changed\n")
    os.utime(file, (0, 0))  # older than all that was made from it
    assert stale(tree, before) == reaches


def test_a_snapshot_does_not_say_that_it_was_made_from_a_report_of_its_study(tree):
    before = made_from.of_study("demo", tree)
    (tree / "data/demo/changed_verdicts.csv").write_text("id\nanother\n")
    assert made_from.of_study("demo", tree) == before
    (tree / "data/demo/cohort.csv").write_text("id\n2\n")
    assert {kind for kind, digest in made_from.of_study("demo", tree).items() if digest != before[kind]} == {"cohorts"}


def test_a_file_that_was_touched_or_written_anew_is_no_change(tree):
    before = wanted()
    for name, text in FILES.items():
        (tree / name).unlink()
        (tree / name).write_text(text)
    assert stale(tree, before) == set()


def test_what_a_header_says_a_page_reads_is_part_of_it(tree):
    (tree / "notebooks/demo/second.md").write_text(SECOND.replace("---\nkernelspec", "---\nreads: [data/other/*.yml]\nkernelspec", 1))
    forget()
    before = wanted()
    (tree / "data/other/study.yml").write_text("study: other\ntitle: Another\n")
    assert stale(tree, before) == {SECOND_PAGE, GENERAL_PAGE, HTML}


def test_a_page_that_takes_long_is_started_before_others_and_after_audits(tree):
    (tree / "notebooks/demo/second.md").write_text(SECOND.replace("kernelspec:", "long: true\nkernelspec:"))
    forget()
    priority = {job.receipt: job.priority for job in fingerprints.all_jobs()}
    assert priority[AUDIT] > priority[SECOND_PAGE] > priority[FIRST_PAGE] == priority[GENERAL_PAGE] > priority[HTML]


def test_another_interpreter_makes_everything_anew(tree, monkeypatch):
    before = wanted()
    monkeypatch.setattr(fingerprints, "PYTHON", "3.0.0")
    assert stale(tree, before) == EVERYTHING


@pytest.fixture
def finished(tree):
    """The tree as a build leaves it that has just ended: one output and one receipt for each job."""
    for name, digest in wanted().items():
        output = tree / "_build" / "made" / name
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text("made")
        build_records.write(build_records.place(name), [output], digest)
    return tree


def needed() -> dict[str, str]:
    """Jobs that a build would run, and why."""
    forget()
    return {job.receipt: reason for job, reason in fingerprints.find_needed(fingerprints.all_jobs()).items()}


def test_after_a_build_there_is_nothing_to_do(finished):
    assert needed() == {}


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("_build/made/html/book", None, {HTML: "_build/made/html/book is gone or was altered"}),
        (
            f"_build/made/{FIRST_PAGE}",
            "altered",
            {FIRST_PAGE: f"_build/made/{FIRST_PAGE} is gone or was altered", HTML: f"reads {FIRST_PAGE}"},
        ),
        ("_build/receipts/verify/demo.json", None, {VERIFY: "not made yet"}),
        ("_build/receipts/html/book.json", "{", {HTML: "made from something else"}),
        (
            f"_build/made/{AUDIT}",
            "altered",
            {AUDIT: f"_build/made/{AUDIT} is gone or was altered", GENERAL_PAGE: f"reads {AUDIT}", HTML: f"reads {AUDIT}"},
        ),
        (
            "analysis/estimators/numerics/distributions.py",
            "# changed\n",
            {SECOND_PAGE: "made from something else", HTML: "made from something else"},
        ),
        (graph.VERIFIER.replace(".", "/") + ".py", "# another check\n", {VERIFY: "made from something else"}),
    ],
)
def test_what_is_lost_altered_or_made_from_something_else_runs_with_what_reads_it_and_nothing_else(finished, name, text, told):
    (finished / name).unlink()
    if text is not None:
        (finished / name).write_text(text)
    assert needed() == told

"""The provenance panel: what it shows, and what does not make a page stale."""

from __future__ import annotations

import hashlib
import subprocess

import pytest

from analysis.book import provenance
from analysis.book.html import provenance_panel


def git(root, *arguments):
    identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    """Two files, one commit each."""
    git(tmp_path, "init", "-q")
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(name)
        git(tmp_path, "add", name)
        git(tmp_path, "commit", "-q", "-m", name)
    return tmp_path


def test_commit_elsewhere_leaves_the_page_alone(repository):
    before = provenance.last_commit(["one.txt"], repository)
    assert len(before.name) == 40
    assert not before.changed
    assert before != provenance.last_commit(["two.txt"], repository)
    (repository / "two.txt").write_text("changed")
    git(repository, "commit", "-q", "-a", "-m", "elsewhere")
    assert provenance.last_commit(["one.txt"], repository) == before


def test_uncommitted_change_is_said(repository):
    (repository / "one.txt").write_text("changed")
    commit = provenance.last_commit(["one.txt"], repository)
    assert commit.changed
    assert str(commit).endswith("and changes not yet committed")


def test_unpacked_archive_says_so(tmp_path):
    assert str(provenance.last_commit(["one.txt"], tmp_path)) == "not under version control"


def test_machine_without_git_says_so(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert str(provenance.last_commit(["one.txt"], repository)) == "not under version control"


def test_panel_of_a_built_page(finished):
    page = finished.read("_build/html/notebooks/demo/first.html")
    digest = hashlib.sha256((finished.root / "data/demo/cohort.csv").read_bytes()).hexdigest()
    shown = page[page.index("Provenance of this page") :]
    for text in (
        "notebooks/demo/first.md",
        "not under version control",
        "36 months",
        "0.95",
        "Seed",
        "Read data/demo/cohort.csv",
        digest[: provenance_panel.SHOWN_DIGITS],
        "papermill",
        "Python",
        ".venv/bin/python -m analysis run notebooks/demo/first.md -o out",
    ):
        assert text in shown
    assert "<details" in page
    assert str(finished.root) not in page


def test_panel_lists_only_what_was_read(finished):
    page = finished.read("_build/html/notebooks/demo/second.html")
    assert "Read data" not in page


def test_commit_of_inputs_rebuilds_the_html_and_executes_nothing(built):
    git(built.root, "init", "-q")
    git(built.root, "add", "notebooks", "data", "analysis", "requirements.txt")
    git(built.root, "commit", "-q", "-m", "all")
    assert built.jobs_to_run() == ["html/book"]


def test_panel_escapes_what_it_shows():
    recorded = {
        "source": "<b>.md",
        "source_digest": "0" * 64,
        "parameters": {},
        "files": {},
        "lock": "",
        "python": "3",
        "system": "x",
        "versions": {},
        "command": "a && b",
    }
    text = provenance_panel.panel(recorded, provenance.Commit("", False))
    assert "&lt;b&gt;.md" in text
    assert "a &amp;&amp; b" in text

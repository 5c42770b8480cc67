"""Commits of what pages are made from: what makes a page stale, and what does not."""

from __future__ import annotations

import subprocess

import pytest

from analysis.book import commits


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
    before = commits.last_commits([["one.txt"]], repository)[0]
    assert len(before.name) == 40
    assert not before.changed
    assert before != commits.last_commits([["two.txt"]], repository)[0]
    (repository / "two.txt").write_text("changed")
    git(repository, "commit", "-q", "-a", "-m", "elsewhere")
    assert commits.last_commits([["one.txt"]], repository)[0] == before


def test_uncommitted_change_is_said(repository):
    (repository / "one.txt").write_text("changed")
    commit = commits.last_commits([["one.txt"]], repository)[0]
    assert commit.changed
    assert str(commit).endswith("and changes not yet committed")


def test_unpacked_archive_says_so(tmp_path):
    assert str(commits.last_commits([["one.txt"]], tmp_path)[0]) == "not under version control"


def test_machine_without_git_says_so(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert str(commits.last_commits([["one.txt"]], repository)[0]) == "not under version control"


def test_pages_have_commits_of_their_own(repository):
    (repository / "two.txt").write_text("changed")
    (repository / "new.txt").write_text("of no commit")
    one, two, new = commits.last_commits([["one.txt"], ["one.txt", "two.txt"], ["one.txt", "new.txt"]], repository)
    assert (one.changed, two.changed, new.changed) == (False, True, True)
    assert one.name == new.name != two.name


def test_state_tells_of_a_commit_and_of_changes_but_not_in_the_folder_apart(repository, monkeypatch):
    monkeypatch.setattr(commits.paths, "ROOT", repository)
    (repository / "results").mkdir()
    clean = commits.state(repository / "results")
    (repository / "results" / "saved.txt").write_text("made")
    assert commits.state(repository / "results") == clean
    (repository / "one.txt").write_text("changed")
    assert commits.state(repository / "results") == [*clean, "one.txt"]
    git(repository, "commit", "-q", "-a", "-m", "change")
    assert commits.state(repository / "results") != clean


def test_commit_of_inputs_rebuilds_the_html_and_executes_nothing(built):
    git(built.root, "init", "-q")
    git(built.root, "add", "notebooks", "data", "analysis", "requirements.txt")
    git(built.root, "commit", "-q", "-m", "all")
    assert built.jobs_to_run() == ["html/book"]

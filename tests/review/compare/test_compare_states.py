"""Two states by name: defaults, and clear words for whatever cannot be compared."""

import os
import shutil

import pytest

from analysis import cli, paths
from analysis.book import commits
from analysis.errors import InputError
from analysis.review.compare import compare_states, git
from analysis.review.lint import sources

FOUR = "t1.n,4,4,reproduced,,counts,"
FIVE = "t1.n,4,5,contradicted,,counts,"


@pytest.fixture
def here(repository, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", repository.root)
    return repository


def moved(changes):
    return [(change.id, change.before.recomputed, change.after.recomputed) for change in changes.moved]


def test_on_a_branch_the_base_is_where_it_left_main(repository):
    repository.audit(FOUR)
    repository.commit("first")
    repository.git("checkout", "-q", "-b", "topic")
    repository.audit(FIVE)
    repository.commit("on the branch")
    repository.git("checkout", "-q", "main")
    repository.write("other.txt", "x")
    repository.commit("main went on")
    repository.git("checkout", "-q", "topic")
    changes = compare_states.changes(root=repository.root)
    assert "“first”" in changes.base
    assert moved(changes) == [("t1.n", "4", "5")]


def test_on_main_with_edits_the_base_is_the_last_commit(repository):
    repository.audit(FOUR)
    repository.commit("first")
    repository.audit(FIVE)
    repository.commit("second")
    repository.audit(FOUR)
    changes = compare_states.changes(root=repository.root)
    assert "“second”" in changes.base
    assert moved(changes) == [("t1.n", "5", "4")]


def test_on_main_without_edits_the_base_is_the_commit_before(repository):
    repository.audit(FOUR)
    repository.commit("first")
    repository.audit(FIVE)
    repository.commit("second")
    assert "“first”" in compare_states.changes(root=repository.root).base


def test_the_only_commit_is_compared_with_itself(repository):
    repository.audit(FOUR)
    repository.commit("first")
    assert not compare_states.changes(root=repository.root)


def test_two_revisions_are_read_as_committed_whatever_stands_in_the_folder(repository):
    repository.audit(FOUR)
    first = repository.commit("first")
    repository.audit(FIVE)
    repository.commit("second")
    shutil.rmtree(repository.root / "book")
    assert moved(compare_states.changes(first, "HEAD", root=repository.root)) == [("t1.n", "4", "5")]


def test_nothing_is_written_into_the_repository(repository):
    repository.audit(FOUR)
    repository.commit()
    before = sorted(path.relative_to(repository.root) for path in repository.root.rglob("*"))
    compare_states.changes("HEAD", root=repository.root)
    assert sorted(path.relative_to(repository.root) for path in repository.root.rglob("*")) == before


def test_exit_status_says_whether_something_changed(here, capsys):
    here.audit(FOUR)
    here.commit()
    assert cli.main(["diff"]) == 0
    assert "No number, verdict, curve or count changed." in capsys.readouterr().out
    here.audit(FIVE)
    assert cli.main(["diff"]) == 1
    out = capsys.readouterr().out
    assert "reproduced, counts → contradicted, counts" in out
    assert cli.main(["diff", "--markdown"]) == 1
    assert "| t1.n |" in capsys.readouterr().out


def test_a_note_that_changed_is_told_and_is_no_change_of_the_science(here, capsys):
    here.audit(FOUR)
    here.commit()
    here.audit(FOUR + "a remark")
    assert cli.main(["diff"]) == 0
    assert "Only the note of the audit changed: demo t1.n." in capsys.readouterr().out


def test_without_a_repository(here, capsys):
    shutil.rmtree(here.root / ".git")
    assert cli.main(["diff"]) == 2
    assert "expected a git clone of the project" in capsys.readouterr().err


def test_without_git(here, monkeypatch, capsys):
    here.audit(FOUR)
    here.commit()
    monkeypatch.setenv("PATH", "")
    assert cli.main(["diff"]) == 2
    assert "install it" in capsys.readouterr().err


@pytest.mark.parametrize(
    "said", ["fatal: detected dubious ownership in repository at '/x'", "fatal: unsafe repository ('/x' is owned by someone else)"]
)
def test_a_clone_of_another_user_is_told_as_that(here, monkeypatch, capsys, tmp_path, said):
    here.audit(FOUR)
    here.commit()
    stand_in = here.write("bin/git", f'#!/bin/sh\necho "{said}" >&2\nexit 128\n')
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{stand_in.parent}:/usr/bin:/bin")
    assert cli.main(["diff"]) == 2
    err = capsys.readouterr().err
    assert "found one that belongs to another user" in err and f"safe.directory {here.root}" in err
    with pytest.raises(git.NotTrusted):
        sources.list_tracked(here.root)
    assert "belongs to another user" in str(commits.last_commits([["README.md"]], here.root)[0])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_git_says_of_a_clone_of_another_user_what_is_looked_for(repository):
    repository.write("a", "b")
    repository.commit()
    os.chown(repository.root, 65_534, 65_534)
    with pytest.raises(git.NotTrusted):
        git.list_tracked(repository.root)
    assert commits.last_commits([["a"]], repository.root)[0].refused


def test_a_repository_around_an_unpacked_archive_is_not_read(here, capsys):
    inner = here.root / "archive"
    inner.mkdir()
    with pytest.raises(InputError, match="no .git here"):
        compare_states.changes(root=inner)


def test_before_the_first_commit(here, capsys):
    here.audit(FOUR)
    assert cli.main(["diff"]) == 2
    assert "found 'HEAD', which this clone does not know" in capsys.readouterr().err


def test_an_unknown_revision_names_the_nearest(here, capsys):
    here.audit(FOUR)
    here.commit()
    assert cli.main(["diff", "mian"]) == 2
    err = capsys.readouterr().err
    assert "found 'mian', which this clone does not know (did you mean 'main'?)" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("revision", ["--help-me", "-p", "HEAD~99"])
def test_a_revision_is_never_taken_for_an_option_of_git(repository, revision):
    repository.audit(FOUR)
    repository.commit()
    with pytest.raises(InputError, match="does not know"):
        compare_states.changes(revision, root=repository.root)


def test_an_unknown_revision_in_a_shallow_clone_says_how_to_deepen_it(repository, tmp_path):
    repository.audit(FOUR)
    first = repository.commit()
    repository.write("a", "b")
    repository.commit()
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.root}", str(tmp_path / "shallow"))
    with pytest.raises(InputError, match="git fetch --unshallow"):
        compare_states.changes(first, root=tmp_path / "shallow")


def test_a_base_without_snapshots_says_what_to_do(here, capsys):
    here.write("README.md", "x\n")
    first = here.commit("before the snapshots")
    here.audit(FOUR)
    here.commit("with them")
    assert cli.main(["diff", first]) == 2
    err = capsys.readouterr().err
    assert "“before the snapshots”: snapshots: expected book/results/<study>/audit.csv" in err
    assert "--recompute" in err


@pytest.mark.parametrize("place", ["audit.csv", "curves/os-all.csv", "tables/t1.txt"])
def test_a_merge_conflict_inside_a_snapshot(here, place, capsys):
    here.audit(FOUR)
    here.commit()
    text = f"a,b\n<<<<<<< HEAD\n{FOUR}\n=======\n{FIVE}\n>>>>>>> topic\n"
    here.write(f"book/results/demo/{place}", text)
    assert cli.main(["diff"]) == 2
    err = capsys.readouterr().err
    assert f"book/results/demo/{place} (the working tree): line 2: expected a snapshot without conflict markers" in err
    assert "`python -m analysis snapshots demo`" in err


def test_other_columns_and_broken_lines_are_refused(here, capsys):
    here.audit(FOUR)
    here.commit()
    here.write("book/results/demo/audit.csv", "id,printed\n")
    assert cli.main(["diff"]) == 2
    assert "row 1: expected the columns id,printed,recomputed" in capsys.readouterr().err
    here.audit("t1.n,4", FOUR, FOUR)
    assert cli.main(["diff"]) == 2
    err = capsys.readouterr().err
    assert "row 2: expected 7 cells" in err
    assert "row 4, column id: expected an id used once; found 't1.n'" in err

"""Whether all stands as the last build left it."""

from __future__ import annotations

import pytest

from analysis import paths
from analysis.book import built_book
from analysis.book.dependencies import last_state


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose book was built."""
    for name, folder in {"ROOT": ".", "BUILD": "_build", "RESULTS": "book/results"}.items():
        monkeypatch.setattr(paths, name, tmp_path / folder)
    for name in ("page.md", "data/cohort.csv", "book/results/page.txt", "_build/html/page.html", "_build/receipts/page.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    last_state.keep(last_state.now())
    return tmp_path


def test_a_book_that_was_just_built_stands_and_so_it_does_touched_or_with_a_cache(project):
    (project / "page.md").write_text("page.md")
    (project / "__pycache__").mkdir()
    (project / "__pycache__" / "module.pyc").write_text("compiled")
    (project / "_build" / "members").mkdir()
    (project / "_build" / "members" / "study.json").write_text("{}")
    assert last_state.is_kept(last_state.now())


@pytest.mark.parametrize(
    "name", ["page.md", "data/cohort.csv", "book/results/page.txt", "_build/html/page.html", "_build/receipts/page.json"]
)
def test_whatever_is_changed_or_gone_is_noticed(project, name):
    (project / name).write_text("something else")
    assert not last_state.is_kept(last_state.now())
    (project / name).unlink()
    assert not last_state.is_kept(last_state.now())


def test_a_new_file_is_noticed(project):
    (project / "data" / "second.csv").write_text("")
    assert not last_state.is_kept(last_state.now())


def test_a_source_that_changes_during_a_build_is_not_taken_for_built(project):
    (project / "page.md").write_text("asked for")
    before = last_state.now()
    (project / "page.md").write_text("changed meanwhile")
    last_state.keep(before)
    assert not last_state.is_kept(last_state.now())


def test_what_a_build_makes_may_change_during_it(project):
    (project / "page.md").write_text("asked for")
    before = last_state.now()
    (project / "_build" / "html" / "page.html").write_text("made")
    (project / "book" / "results" / "page.txt").write_text("saved")
    last_state.keep(before)
    assert last_state.is_kept(last_state.now())


def test_another_book_than_the_published_one_is_always_looked_into(project):
    with built_book.building(built_book.Book(project / "edition.yml")):
        state = last_state.now()
        last_state.keep(state)
        assert not last_state.is_kept(state)

"""Which book is built is said where it is built, and told to every process that has a part in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import paths
from analysis.book import built_book, outputs
from analysis.book.built_book import PUBLISHED, Book, building, current
from analysis.book.dependencies import fingerprints, graph
from analysis.book.editions import editions, toc
from analysis.book.jobs import one_job

EDITION = Book(editions.FOLDER / "five-years.yml")


def test_each_book_has_a_folder_of_its_own_below_that_of_the_published_one():
    assert (current(), outputs.html_folder()) == (PUBLISHED, paths.ROOT / "_build" / "html")
    with building(EDITION):
        assert paths.shorten_path(outputs.html_folder()) == "_build/editions/five-years/html"
    assert current() == PUBLISHED


def test_a_build_that_fails_leaves_the_published_book_chosen():
    with pytest.raises(RuntimeError), building(EDITION):
        raise RuntimeError
    assert current() == PUBLISHED


def test_pages_and_their_fingerprints_are_those_of_the_book_that_asks():
    published = {job.receipt: job.made_from for job in fingerprints.all_jobs()}
    with building(EDITION):
        edition = {job.receipt: job.made_from for job in fingerprints.all_jobs()}
        assert [page.name for page in toc.pages()] == ["index", *(page.name for page in editions.read(EDITION.file).pages)]
        assert (graph.audited_studies(), graph.verified_studies()) == ([], [])
    common = set(edition) & set(published)
    assert common
    assert all(edition[receipt] != published[receipt] for receipt in common)
    assert {job.receipt: job.made_from for job in fingerprints.all_jobs()} == published


@pytest.mark.parametrize("book", [PUBLISHED, EDITION, Book(EDITION.file, only_finished=True)])
def test_a_job_in_a_process_of_its_own_builds_the_book_that_its_arguments_name(book, monkeypatch):
    seen = []

    def html(made_from):
        """As the job that makes the HTML."""
        seen.append(current())

    monkeypatch.setattr(one_job, "html", html)
    assert one_job.main(["html", *book.arguments]) == 0
    assert seen == [book]


def test_the_book_of_a_sweep_leaves_out_scenarios_that_were_not_executed(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "BUILD", tmp_path)
    book = Book(EDITION.file, only_finished=True)
    first = editions.read(EDITION.file).pages[0].name
    receipt = book.folder / "receipts" / "notebook" / f"{first}.json"
    receipt.parent.mkdir(parents=True)
    receipt.write_text("{}")
    with building(book):
        assert [page.name for page in toc.pages()] == ["index", first]


def test_what_is_kept_for_one_book_is_not_given_for_another():
    found = built_book.cache_per_book(lambda text: f"{text} of {current().file}")
    with building(EDITION):
        assert found("page") == f"page of {EDITION.file}"
    with building(Book(Path("other.yml"))):
        assert found("page") == "page of other.yml"
    assert found("page") == "page of None"

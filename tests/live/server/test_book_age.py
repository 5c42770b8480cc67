"""A book that is older than its sources is said to be."""

import pytest

from analysis.book.dependencies import fingerprints
from analysis.book.dependencies.fingerprints import Job
from analysis.errors import Fault, InputError
from analysis.live.forms import overview
from analysis.live.server import book_age


def needed(monkeypatch, *jobs):
    monkeypatch.setattr(fingerprints, "all_jobs", lambda: list(jobs))
    monkeypatch.setattr(fingerprints, "find_needed", lambda found: dict.fromkeys(found, "made from something else"))
    return book_age.describe_stale()


def test_a_book_that_is_up_to_date_is_not_spoken_of(monkeypatch):
    assert needed(monkeypatch) == ""


@pytest.mark.parametrize(
    ("count", "told"), [(1, ": page 1. "), (3, ": page 1, page 2, page 3. "), (4, ": page 1, page 2, page 3 and 1 more. ")]
)
def test_pages_that_would_be_made_anew_are_named_the_first_three(monkeypatch, count, told):
    said = needed(monkeypatch, *(Job("notebook", f"page {number}", "x") for number in range(1, count + 1)), Job("html", "book", "x"))
    assert said.startswith(f"The book is older than its sources{told}`make book`")


def test_a_book_of_which_the_html_alone_is_older_is_told_without_a_page(monkeypatch):
    assert needed(monkeypatch, Job("html", "book", "x")).startswith("The book is older than its sources. `make book`")


def test_faulty_sources_are_told_as_such(monkeypatch):
    def faulty():
        raise InputError(Fault("_toc.yml", "file", "a page", "none"))

    monkeypatch.setattr(fingerprints, "all_jobs", faulty)
    assert book_age.describe_stale().startswith("The sources of the book are faulty: ")


def test_the_page_of_the_session_says_it():
    class Session:
        own, runs, sweeps = {}, {}, {}

    said = "The book is older than its sources."
    assert said in overview.session_page(overview.Kept(0, True, [said]), Session(), 600)
    assert "older than its sources" not in overview.session_page(overview.Kept(0, True, []), Session(), 600)

"""What has to be made anew, decided here alone: by fingerprints of what each job depends on, and by its receipt.

A fingerprint is one of contents: a change of time changes nothing.  Where nothing at all has changed since the last build
(`last_state`), no fingerprint is asked for.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from analysis.book.built_book import cache_per_book
from analysis.book.dependencies import build_records, graph
from analysis.book.editions import toc
from analysis.book.sources import notebooks
from analysis.book.sources.book_page import Page

PYTHON = platform.python_version()


class Job(NamedTuple):
    """One job of a build.

    Attributes
    ----------
    kind, name : str
        What is made, and of which page or study.
    made_from : str
        Fingerprint of what it depends on.
    reads : tuple of str
        Receipts of the jobs whose outputs it reads: it runs if one of them runs, once they have ended well.
    waits : tuple of str
        Receipts of jobs that it runs after, however they end, without reading what they make.
    priority : int
        Those with more come first.
    """

    kind: str
    name: str
    made_from: str
    reads: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    priority: int = 0

    @property
    def receipt(self) -> str:
        """Name of its receipt."""
        return f"{self.kind}/{self.name}"

    @property
    def arguments(self) -> list[str]:
        """Of ``python -m analysis.book.jobs.one_job``."""
        return [self.kind, *([] if self.kind == "html" else [self.name]), "--made-from", self.made_from]


def executed_pages() -> dict[str, Page]:
    """Pages that are notebooks, by name."""
    return {page.name: page for page in toc.pages() if page.executed}


@cache_per_book
def of_notebook(name: str) -> str:
    """Fingerprint of an executed page, of the audits it reads too."""
    page = executed_pages()[name]
    return graph.fingerprint(graph.notebook_inputs(page), PYTHON, graph.fingerprint_given(page), *map(of_audit, audits_of(name)))


def audits_of(name: str) -> list[str]:
    """Studies whose saved audits a page reads."""
    page, audited = executed_pages()[name], graph.audited_studies()
    return [study for study in graph.studies_of(page) if study in audited] if graph.needs_audit(page) else []


def after(name: str) -> list[str]:
    """Studies whose audit a page waits for without reading it: what it has kept of an ensemble's members need not be evaluated twice."""
    audited, read = graph.audited_studies(), audits_of(name)
    return [study for study in graph.studies_of(executed_pages()[name]) if study in audited and study not in read]


@cache
def of_audit(study: str) -> str:
    """Fingerprint of a study's saved audit."""
    return graph.fingerprint(graph.study_inputs(study, graph.AUDIT), PYTHON)


@cache
def of_verification(study: str) -> str:
    """Fingerprint of the check of a study's cohorts."""
    return graph.fingerprint(graph.study_inputs(study, graph.VERIFIER), PYTHON)


@cache_per_book
def of_html() -> str:
    """Fingerprint of the book: of its pages, their commits, and everything beside them."""
    pages = executed_pages()
    commits = map(str, graph.commits_of(pages.values()))
    return graph.fingerprint(graph.book_inputs(), PYTHON, *map(of_notebook, pages), *map(of_audit, graph.audited_studies()), *commits)


def notebooks_to_execute() -> list[Job]:
    """A job for each executed page."""
    # a page waits for its study's audit also without reading it, so that no member of an ensemble is evaluated twice
    return [
        Job("notebook", name, of_notebook(name), tuple(f"audit/{study}" for study in audits_of(name)), tuple(f"audit/{study}" for study in after(name)),
            int(notebooks.takes_long(page.source)))
        for name, page in executed_pages().items()
    ]  # fmt: skip


def all_jobs() -> list[Job]:
    """All jobs of the book, each after those whose outputs it reads."""
    # audits come first: they evaluate what pages show of the ensembles, and the first to need a value keeps it
    audits = [Job("audit", study, of_audit(study), priority=2) for study in graph.audited_studies()]
    pages = notebooks_to_execute()
    checks = [Job("verify", study, of_verification(study)) for study in graph.verified_studies()]
    read = tuple(job.receipt for job in (*audits, *pages))
    return [*audits, *pages, *checks, Job("html", "book", of_html(), read, priority=-1)]


def find_needed(jobs: Iterable[Job]) -> dict[Job, str]:
    """Jobs that have to run, each with the reason; a job comes after those whose outputs it reads."""
    found: dict[Job, str] = {}
    for job in jobs:
        runs = {other.receipt for other in found}
        reason = build_records.problem(build_records.place(job.receipt), job.made_from) or next(
            (f"reads {name}" for name in job.reads if name in runs), ""
        )
        if reason:
            found[job] = reason
    return found

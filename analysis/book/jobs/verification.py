"""Verification of saved cohorts, as a step of the build that never searches."""

from __future__ import annotations

from pathlib import Path

from analysis import atomic_files
from analysis.book import built_book
from analysis.reconstruction.checks.verify import verify


def report_file(study: str) -> Path:
    """Where the report on a study's cohorts stands."""
    return built_book.current().folder / "verified" / f"{study}.txt"


def verify_cohorts(study: str) -> str:
    """Check a study's saved cohorts and keep the report; say whether they hold.

    A cohort that no longer fits, because the ledger changed, does not stop the book:
    the pages show the new verdicts, and only a search can mend the cohort.

    Returns
    -------
    str
        The report.
    """
    report = verify(study)
    atomic_files.write(report_file(study), report.text.rstrip() + "\n")
    return report.text if report.ok else f"{report.text}\nrun `make cohorts` to search again"

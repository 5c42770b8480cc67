"""Whether the book that is served is older than its sources."""

from __future__ import annotations

from analysis.book.dependencies import fingerprints
from analysis.errors import InputError

_MOST = 3


def describe_stale() -> str:
    """Pages that a build would make anew, in a sentence; empty if the book is up to date."""
    try:
        needed = fingerprints.find_needed(fingerprints.all_jobs())
    except InputError as error:
        return f"The sources of the book are faulty: {error.faults[0]}"
    pages = [job.name for job in needed if job.kind == "notebook"]
    if not needed:
        return ""
    more = f" and {len(pages) - _MOST} more" if len(pages) > _MOST else ""
    named = f": {', '.join(pages[:_MOST])}{more}" if pages else ""
    return f"The book is older than its sources{named}. `make book` brings it up to date; a page that you re-execute follows the sources as they are now."

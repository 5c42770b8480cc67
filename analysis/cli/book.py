"""Commands that build the published book, its PDF and its saved results."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add(add_parser) -> None:
    """Add the commands of this module to the parser."""
    command = add_parser("book", help="bring the book up to date: _build/html/index.html")
    command.add_argument("-n", "--dry-run", action="store_true", help="only list what would run and why")
    command.set_defaults(run=build)

    command = add_parser("pdf", help="print the finished book as one PDF (needs an installed Chromium)")
    command.set_defaults(run=pdf)

    command = add_parser("check-book", help="check a built book: complete, no error output, no broken link, nothing remote")
    command.add_argument("folder", nargs="?", help="folder of its HTML (default: the published book's)")
    command.set_defaults(run=check_book)

    command = add_parser("snapshots", help="write the saved results of a study: audit, tables and curves as text, below book/results")
    command.add_argument("study", nargs="?", help="study to write; by default all that have a ledger")
    command.add_argument("-o", "--output", metavar="FOLDER", help="another folder to write to")
    command.set_defaults(run=snapshots)


def build(options: argparse.Namespace) -> int:
    """Build what is not up to date; 1 if a job of the build failed."""
    from analysis.book.jobs import build

    try:
        index = build.build(options.dry_run)
    except build.BuildFailed as failure:
        print(failure, file=sys.stderr, flush=True)
        return 1
    if not options.dry_run:
        print(f"\nThe book is ready: {index}")
    return 0


def pdf(options: argparse.Namespace) -> int:
    """Print the finished book."""
    from analysis.book.pdf import making

    print("printing the PDF", flush=True)
    print(f"The PDF is ready: {making.make()}")
    return 0


def check_book(options: argparse.Namespace) -> int:
    """Check a built book; 1 if it has faults."""
    from analysis.book import outputs
    from analysis.book.editions import toc
    from analysis.book.html import html_check

    pages = [page.name for page in toc.pages()]
    faults = html_check.check(Path(options.folder) if options.folder else outputs.html_folder(), pages)
    if faults:
        print("\n".join(map(str, faults)), file=sys.stderr)
        return 1
    print(f"{len(pages)} pages checked: complete, no error output, no broken link, nothing remote")
    return 0


def snapshots(options: argparse.Namespace) -> int:
    """Recompute what is committed of each study, and write it."""
    from analysis.book.dependencies import graph
    from analysis.book.jobs import one_job
    from analysis.book.results import audit

    for study in [options.study] if options.study else graph.audited_studies():
        if options.output:
            audit.save(audit.texts(study), Path(options.output) / study)
        else:
            one_job.audit(study)
    return 0

"""One job of a build: ``python -m analysis.book.jobs.one_job <job>``."""

from __future__ import annotations

import argparse
import json
import os
import sys
import traceback
from pathlib import Path

import nbformat

from analysis import atomic_files, paths
from analysis.book import built_book, outputs, redaction
from analysis.book.dependencies import build_records, fingerprints, graph
from analysis.book.editions import toc
from analysis.book.execution import execute, sanitise
from analysis.book.html import build_html
from analysis.book.jobs import failures
from analysis.book.processes import progress, shutdown
from analysis.book.results import page_snapshots
from analysis.book.sources.book_page import Page
from analysis.errors import Fault, InputError


def notebook(name: str, made_from: str = "") -> None:
    """Execute the notebook of one page; the last good one stays if that fails."""
    page = next((page for page in toc.pages() if page.name == name and page.executed), None)
    if page is None:
        raise InputError(Fault("_toc.yml", "page", "a notebook of the book", repr(name)))
    made_from = made_from or fingerprints.of_notebook(name)
    step = progress.step()
    say(f"[{step or 'notebook'}] executing {paths.shorten_path(page.source)}")
    executed = execute.execute(page.source, page.values)
    known = {redaction.CALLED, *graph.notebook_inputs(page)} | {
        f"book/results/{study}/audit.csv" for study in graph.studies_of(page) if graph.needs_audit(page)
    }
    undeclared = sorted(set(executed.metadata["provenance"]["files"]) - known)
    if undeclared:
        expected = "inputs of the graph (list further ones under `reads:` in the header)"
        raise InputError(Fault(paths.shorten_path(page.source), "files read", expected, ", ".join(undeclared)))
    for number, line in sanitise.warnings_written(executed):
        say(f"{paths.shorten_path(page.source)}: code cell {number} warns: {line}")
    output = outputs.executed_file(page)
    atomic_files.write(output, nbformat.writes(executed) + "\n")
    build_records.write(outputs.receipt("notebook", name), [output, *_snapshot(page, executed), *_statistics(page)], made_from)
    say(f"[{step or 'notebook'}] done {paths.shorten_path(page.source)}")


def _snapshot(page: Page, executed: nbformat.NotebookNode) -> list[Path]:
    """What the page shows, saved as text; nothing in an edition, whose patients and parameters are others."""
    if built_book.current().file:
        return []
    return [page_snapshots.write(page.name, executed)]


def _statistics(page: Page) -> list[Path]:
    """What a sweep compares its scenarios by, saved beside the page; nothing in another book."""
    if not page.statistics:
        return []
    from analysis.book.editions import scenario_statistics
    from analysis.book.html import sweep_page
    from analysis.book.sources import notebooks

    defaults = notebooks.declared_values(notebooks.read(page.source), paths.shorten_path(page.source))
    file = sweep_page.statistics_file(page)
    found = scenario_statistics.evaluate(dict(defaults) | dict(page.values), page.statistics)
    atomic_files.write(file, json.dumps(found) + "\n")
    return [file]


def audit(study: str, made_from: str = "") -> None:
    """Recompute a study's printed numbers and save the verdicts."""
    from analysis.book.results import audit as results  # loads the whole of analysis

    say(f"auditing {study}")
    made_from = made_from or fingerprints.of_audit(study)
    build_records.write(outputs.receipt("audit", study), [results.write(study)], made_from)


def verify(study: str, made_from: str = "") -> None:
    """Check a study's saved cohorts."""
    from analysis.book.jobs import verification  # loads the whole of analysis

    say(f"verifying the cohorts of {study}")
    made_from = made_from or fingerprints.of_verification(study)
    say(verification.verify_cohorts(study))
    build_records.write(outputs.receipt("verify", study), [verification.report_file(study)], made_from)


def html(made_from: str = "") -> None:
    """Build and check the HTML."""
    say("building the HTML")
    made_from = made_from or fingerprints.of_html()
    build_html.build()
    if not built_book.current().file:
        page_snapshots.forget([page.name for page in toc.pages() if page.executed])
    build_records.write(outputs.receipt("html", "book"), [outputs.html_folder()], made_from)


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Run one job.

    Returns
    -------
    int
        Exit status: 0 done, 1 a job failed, 2 faulty input.
    """
    parser = argparse.ArgumentParser(prog="python -m analysis.book.jobs.one_job", description=__doc__)
    known = parser.add_subparsers(dest="job", required=True)
    for job in (notebook, audit, verify, html):
        added = known.add_parser(job.__name__, help=job.__doc__)
        if job is not html:
            added.add_argument("name")
        added.add_argument("--edition", type=Path, metavar="FILE", help="file of the edition or sweep (default: the published book)")
        added.add_argument("--only-finished", action="store_true", help="leave out notebooks that were not executed")
        added.add_argument("--made-from", default="", help="fingerprint of what the job depends on, for its receipt (default: taken now)")
    parser.set_defaults(name="book")
    options = parser.parse_args(arguments)
    with built_book.building(built_book.Book(options.edition, options.only_finished)):
        return _do(options)


def _do(options: argparse.Namespace) -> int:
    """Do a job; what it fails with is kept for the end of the build."""
    try:
        if options.job == "html":
            html(options.made_from)
        else:
            {"notebook": notebook, "audit": audit, "verify": verify}[options.job](options.name, options.made_from)
    except (InputError, execute.NotebookFailed, build_html.BookFailed) as error:
        failures.save(f"{options.job}.{options.name}", str(error))
        # within a build the end of the build says it in full
        inside = failures.INSIDE in os.environ
        text = f"{options.job} {options.name}: failed" if inside else str(error)
        print(text, file=sys.stderr, flush=True)
        return 2 if isinstance(error, InputError) else 1
    except Exception:
        # a fault of ours: the end of the build shows it in full
        failures.save(f"{options.job}.{options.name}", traceback.format_exc())
        if failures.INSIDE not in os.environ:
            raise
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(shutdown.heeding(main, silent=failures.INSIDE in os.environ))

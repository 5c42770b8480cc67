"""What each job of the graph depends on, as one fingerprint of contents: a change of time changes nothing."""

from __future__ import annotations

import json
import platform
from functools import cache
from pathlib import Path

from analysis import paths
from analysis.publishing import contents, graph, receipts

PYTHON = platform.python_version()


def executed_pages() -> dict[str, contents.Page]:
    """Pages that are notebooks, by name."""
    return {page.name: page for page in contents.pages() if page.executed}


@cache
def of_notebook(name: str) -> str:
    """Fingerprint of an executed page, of the audits it reads too."""
    page = executed_pages()[name]
    return graph.fingerprint(graph.notebook_inputs(page), PYTHON, graph.given(page), *map(of_audit, audits_of(name)))


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


@cache
def of_html() -> str:
    """Fingerprint of the book: of its pages, their commits, and everything beside them."""
    pages = executed_pages()
    commits = [str(graph.commit_of(page)) for page in pages.values()]
    return graph.fingerprint(graph.book_inputs(), PYTHON, *map(of_notebook, pages), *map(of_audit, graph.audited_studies()), *commits)


def of_everything() -> str:
    """Fingerprint of all jobs of the graph, the graph itself included."""
    return graph.fingerprint(["Snakefile"], of_html(), *map(of_verification, graph.verified_studies()))


def wanted() -> dict[str, str]:
    """Receipts of all jobs, as paths below `receipts.folder`, and fingerprints of what each job depends on."""
    return {
        "html/book.json": of_html(),
        **{f"notebook/{name}.json": of_notebook(name) for name in executed_pages()},
        **{f"audit/{study}.json": of_audit(study) for study in graph.audited_studies()},
        **{f"verify/{study}.json": of_verification(study) for study in graph.verified_studies()},
    }


def _note() -> Path:
    return paths.BUILD / "finished.json"


def remember(fingerprint: str) -> None:
    """Note what the whole build that has just ended was made from."""
    receipts.write_atomically(_note(), json.dumps({"made from": fingerprint}) + "\n")


def ever_finished() -> bool:
    """Whether a whole build has ever ended here."""
    return _note().is_file()


def nothing_to_do(fingerprint: str) -> bool:
    """Whether the last whole build was made from the same, and all that it made is still there, unaltered."""
    try:
        same = json.loads(_note().read_text(encoding="utf-8"))["made from"] == fingerprint
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return same and all((receipts.folder() / name).is_file() for name in wanted()) and not receipts.broken()

"""What the build graph is made of: the files that each page is made from, fingerprints."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import nbformat

from analysis import paths
from analysis.book import built_book, commits, provenance, redaction
from analysis.book.dependencies import imports
from analysis.book.editions.toc import extensions, pages
from analysis.book.sources import notebooks
from analysis.book.sources.book_page import Page
from analysis.errors import Fault, InputError

RUNNER = "analysis.book.execution.execute"
"""Module that executes notebooks: all it imports can change what a page shows."""

SHOWN = "analysis.book.results.page_text"
"""Module that writes what a page shows as text, beside the executed page."""

AUDIT = "analysis.book.results.audit"
"""Module that writes and reads the saved audit: who imports it needs the audit."""

STATISTICS = "analysis.book.editions.scenario_statistics"
"""Module that takes from a scenario's patients what a sweep compares."""

VERIFIER = "analysis.reconstruction.checks.verify"
"""Module that checks saved cohorts."""

REPORTS = ("changed_verdicts.csv",)
"""Files in a study's folder that are written from its results."""

ALL_STUDIES = "paths.studies()"
"""Call in a module of the package that opens every study."""

BOOK_MAKER = "analysis.book.html.build_html"
"""Module that makes the HTML; what it imports can change every page."""


def check_sources() -> int:
    """Check header and parameters cell of every notebook; returns how many there are.

    Raises
    ------
    InputError
        With the faults of all notebooks.
    """
    faults = []
    executed = [page for page in pages() if page.executed]
    for page in executed:
        try:
            notebooks.declared_values(_read(page.source), paths.shorten_path(page.source))
            notebook_inputs(page)
            notebooks.takes_long(page.source)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return len(executed)


def audited_studies() -> list[str]:
    """Studies with a ledger, whose verdicts are saved with the published book."""
    if built_book.current().file:
        return []
    return [s for s in paths.studies() if (paths.study_folder(s) / "printed.csv").is_file()]


def verified_studies() -> list[str]:
    """Studies with a saved cohort, where there is a module to verify it."""
    if built_book.current().file:
        return []  # as they were verified for the published book
    verifier = paths.ROOT / (VERIFIER.replace(".", "/") + ".py")
    studies = paths.studies() if verifier.is_file() else []
    return [s for s in studies if (paths.study_folder(s) / "cohort.csv").is_file()]


def needs_audit(page: Page) -> bool:
    """Whether a page reads the saved audit of its studies."""
    modules = _modules_of(page.source)
    return paths.ROOT / (AUDIT.replace(".", "/") + ".py") in modules


def studies_of(page: Page) -> list[str]:
    """Studies whose data a notebook may read.

    That of its folder and those that its code names, as whole words; all, if there is none of either, or if it imports
    what opens all of them (`ALL_STUDIES`).
    """
    known = paths.studies()
    if page.values.get("study"):
        return [s for s in known if s == page.values["study"]]
    if _opens_all(page.source):
        return known
    code = _code(page.source)
    own = [s for s in known if s in page.source.parts or re.search(rf"(?<!\w){re.escape(s)}(?!\w)", code)]
    return own or known


@cache
def _opens_all(source: Path) -> bool:
    """Whether the code of a page imports, itself, a module that opens every study there is."""
    names = imports.imported_names(_code(source)) or ()
    modules = {paths.ROOT.joinpath(*name.split(".")).with_suffix(".py") for name in names if name.startswith(f"{imports.PACKAGE}.")}
    return any(ALL_STUDIES in module.read_text(encoding="utf-8") for module in modules if module.is_file())


def notebook_inputs(page: Page) -> list[str]:
    """Files that decide what an executed page shows, relative to the repository, sorted.

    The source, the modules that its code imports, the data of its studies, the lock,
    and what its header lists under ``reads``.
    """
    files = {page.source, *_modules_of(page.source), paths.ROOT / provenance.LOCK}
    files.update(_supporting_files())
    files.update(imports.closure([STATISTICS], paths.ROOT) if page.statistics else ())
    for study in studies_of(page):
        files.update(study_data(paths.study_folder(study)))
    for pattern in notebooks.front_matter(page.source).get("reads") or []:
        found = [path for path in paths.ROOT.glob(pattern) if path.is_file()]
        if not found:
            shown = paths.shorten_path(page.source)
            raise InputError(Fault(shown, "header, reads", "an existing file", repr(pattern)))
        files.update(found)
    return _relative(files)


def fingerprint_given(page: Page) -> str:
    """Fingerprint of what an edition or a sweep asks of a page, and of a cohort file among its parameters."""
    file = redaction.place(page.values)
    apart = Path(page.values.get("study") or "")
    further = [*(redaction.with_mapping(file) if file else []), *(sorted(study_data(apart)) if apart.is_absolute() else [])]
    digests = [provenance.digest(path) for path in further]
    asked = [{name: repr(value) for name, value in sorted(page.values.items())}, digests, *page.statistics]
    return json.dumps(asked) if page.values or page.statistics else ""


def study_inputs(study: str, module: str) -> list[str]:
    """Files that decide what a module makes of a study's data, e.g. its audit."""
    files = imports.closure([module], paths.ROOT)
    files |= {*study_data(paths.study_folder(study)), paths.ROOT / provenance.LOCK}
    return _relative(files | _supporting_files())


def book_inputs() -> list[str]:
    """Files that decide the HTML beside the executed notebooks: prose, settings, assets."""
    prose = {page.source for page in pages() if not page.executed and page.source.is_relative_to(paths.ROOT)}
    assets = {path for path in below(paths.BOOK) if not path.is_relative_to(paths.RESULTS) and path.suffix not in (".md", ".ipynb")}
    settings = {paths.ROOT / name for name in ("_config.yml", "_toc.yml", provenance.LOCK)}
    return _relative(prose | assets | settings | imports.closure([BOOK_MAKER, *extensions()], paths.ROOT))


def makers() -> str:
    """Fingerprint of what makes HTML of prose and executed notebooks: code and locked packages."""
    return fingerprint(name for name in book_inputs() if name.endswith(".py") or name == provenance.LOCK)


def commits_of(pages: Iterable[Page]) -> list[commits.Commit]:
    """State of version control of everything that each page is made from."""
    return commits.last_commits(map(notebook_inputs, pages))


def fingerprint(names: Iterable[str], *more: str) -> str:
    """Digest of the contents of files, and of further texts that matter.

    Times do not enter: a fresh checkout or ``touch`` changes nothing.
    """
    total = hashlib.sha256()
    for name in sorted(names):
        total.update(f"{name}\0{_digest(paths.ROOT / name)}\0".encode())
    total.update("\0".join(more).encode())
    return total.hexdigest()


@cache
def _digest(path: Path) -> str:
    return provenance.digest(path) if path.is_file() else "absent"


@cache
def _modules_of(source: Path) -> frozenset[Path]:
    names = imports.imported_names(_code(source))
    if names is None:
        return frozenset((paths.ROOT / imports.PACKAGE).rglob("*.py"))
    return frozenset(imports.closure([RUNNER, SHOWN, *names], paths.ROOT))


@cache
def _read(source: Path) -> nbformat.NotebookNode:
    """Notebook of a page, to be looked at only."""
    return notebooks.read(source)


@cache
def _code(source: Path) -> str:
    return "\n".join(c.source for c in _read(source).cells if c.cell_type == "code")


@cache
def _supporting_files() -> frozenset[Path]:
    """Files of the package that are not modules, such as style sheets it reads."""
    found = below(paths.ROOT / imports.PACKAGE)
    return frozenset(path for path in found if path.suffix not in (".py", ".pyc"))


def study_data(folder: Path) -> set[Path]:
    """Files of a study that decide what is computed of it: all but reports, which are made of the results and read by nobody."""
    return {path for path in below(folder) if path.name not in REPORTS}


def below(folder: Path) -> set[Path]:
    """Files below a folder, hidden and compiled ones left out."""
    return {
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in path.relative_to(folder).parts)
    }


def _relative(files: Iterable[Path]) -> list[str]:
    return sorted(_name(path, paths.ROOT) for path in files)


@cache
def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()

"""A state of the project as its committed snapshots tell it: audits, curves, tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from analysis import paths
from analysis.book.results import page_text
from analysis.book.results.study_snapshots import AUDIT, COLUMNS, SCOREBOARD
from analysis.errors import Fault, InputError
from analysis.review.compare import git

RESULTS = "book/results"
FOLDERS = (RESULTS, "book", "data", "notebooks", "_toc.yml")
"""What a state consists of: snapshots, and the sources that say where a number stands."""

EARLIER = COLUMNS[:7]
"""Columns of audits from before trials of withheld numbers were recorded in them."""

_CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( |$)", re.MULTILINE)
_REBUILD = "`python -m analysis snapshots {study}`"


class Record(NamedTuple):
    """One line of an audit: a printed number and how it fared."""

    id: str
    printed: str
    recomputed: str
    verdict: str
    convention: str
    evidence: str
    note: str
    withheld_hits: str = ""
    withheld_made: str = ""
    chance: str = ""


@dataclass(frozen=True)
class State:
    """Snapshots and sources of one state.

    Attributes
    ----------
    name : str
        For people: a commit and its subject, or *the working tree*.
    files : mapping of str to str
        Texts by path relative to the repository.
    """

    name: str
    files: Mapping[str, str]

    @cached_property
    def audits(self) -> dict[str, dict[str, Record]]:
        """Audit lines by study, then by id, in the order of the ledger."""
        found = {}
        for path, text in sorted(self.files.items()):
            parts = path.split("/")
            if path.startswith(f"{RESULTS}/") and len(parts) == 4 and parts[3] == AUDIT:
                found[parts[2]] = parse_audit(text, f"{path} ({self.name})", parts[2])
        return found

    @cached_property
    def curves(self) -> dict[tuple[str, str], str]:
        """Texts of curves by study and name."""
        return self._below("curves", ".csv")

    @cached_property
    def tables(self) -> dict[tuple[str, str], str]:
        """Texts of tables by study and name."""
        return self._below("tables", ".txt")

    @cached_property
    def pages(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """What each page shows: lines of its results by name, by page as in ``_toc.yml``."""
        found, start = {}, f"{RESULTS}/{page_text.PAGES}/"
        for path, text in sorted(self.files.items()):
            if path.startswith(start) and path.endswith(".txt"):
                refuse_conflict(text, f"{path} ({self.name})", "")
                found[path.removeprefix(start).removesuffix(".txt")] = page_text.parse(text)
        return found

    @cached_property
    def quantities(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Quantity in words and role of each row of the ledgers, by study and id."""
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for study in self.audits:
            rows = csv.DictReader(io.StringIO(self.files.get(f"data/{study}/printed.csv", ""), newline=""))
            found |= {(study, row.get("id") or ""): (row.get("quantity") or "", row.get("role") or "") for row in rows}
        return found

    @property
    def complete(self) -> bool:
        """Whether there are snapshots of curves and tables, not of the audit alone."""
        return any(path.startswith(f"{RESULTS}/") and path.endswith(f"/{SCOREBOARD}") for path in self.files)

    def _below(self, kind: str, suffix: str) -> dict[tuple[str, str], str]:
        found = {}
        for path, text in sorted(self.files.items()):
            parts = path.split("/")
            if path.startswith(f"{RESULTS}/") and len(parts) == 5 and parts[3] == kind and path.endswith(suffix):
                refuse_conflict(text, f"{path} ({self.name})", parts[2])
                found[parts[2], parts[4].removesuffix(suffix)] = text
        return found

    def require_snapshots(self) -> State:
        """The state itself, if it holds snapshots.

        Raises
        ------
        InputError
        """
        if not self.audits:
            expected = f"{RESULTS}/<study>/{AUDIT}; compare with a later state, or re-execute both with --recompute"
            raise InputError(Fault(self.name, "snapshots", expected, "none in this state"))
        return self


def parse_audit(text: str, file: str, study: str) -> dict[str, Record]:
    """Lines of an ``audit.csv`` by id.

    Raises
    ------
    InputError
        If it holds conflict markers, other columns, lines of another length or an id twice.
    """
    refuse_conflict(text, file, study)
    lines = list(csv.reader(io.StringIO(text, newline="")))
    header = tuple(lines[0]) if lines else ()
    if header not in (COLUMNS, EARLIER):
        raise InputError(Fault(file, "row 1", "the columns " + ",".join(COLUMNS), ",".join(lines[0]) if lines else "an empty file"))
    records: dict[str, Record] = {}
    faults = []
    for number, cells in enumerate(lines[1:], 2):
        if len(cells) != len(header):
            faults.append(
                Fault(file, f"row {number}", f"{len(header)} cells; write it anew with {_REBUILD.format(study=study)}", str(len(cells)))
            )
        elif cells[0] in records:
            faults.append(Fault(file, f"row {number}, column id", "an id used once", repr(cells[0])))
        else:
            records[cells[0]] = Record(*cells)
    if faults:
        raise InputError(faults)
    return records


def refuse_conflict(text: str, file: str, study: str) -> None:
    """Refuse a snapshot that a merge left unresolved.

    Raises
    ------
    InputError
    """
    marker = _CONFLICT.search(text)
    if marker:
        line = text.count("\n", 0, marker.start()) + 1
        rebuild = _REBUILD.format(study=study) if study else "`make book`"
        expected = f"a snapshot without conflict markers; never merge one by hand: resolve the sources, then write it anew with {rebuild}"
        raise InputError(Fault(file, f"line {line}", expected, repr(marker.group().strip())))


def at_commit(root: Path, revision: str) -> State:
    """State of a revision, from what is committed there.

    Raises
    ------
    InputError
        If the repository does not know the revision.
    """
    commit = git.resolve(root, revision)
    return State(git.describe_commit(root, commit), git.files(root, commit, FOLDERS))


def working_tree(root: Path | None = None) -> State:
    """State of the files as they stand, committed or not."""
    root = root or paths.ROOT
    found = {}
    for folder in FOLDERS:
        top = root / folder
        candidates = [top] if top.is_file() else sorted(top.rglob("*"))
        for path in candidates:
            if path.is_file() and path.suffix in (".csv", ".txt", ".md", ".yml") and not path.name.startswith("."):
                found[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8", errors="replace")
    return State("the working tree", found)

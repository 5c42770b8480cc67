"""Receipts: what each job made, with digests, and a fingerprint of what from.

A receipt is removed before its job starts and written when the job has ended well.  Readers keep the
last good page meanwhile: outputs are replaced only when complete.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from analysis import atomic_files, paths
from analysis.book import built_book

FOLDERS = ("executed", "receipts", "statistics", "verified")
"""Folders of a book, beside its HTML, in which jobs leave what they make."""


def folder() -> Path:
    """Where receipts stand."""
    return built_book.current().folder / "receipts"


def place(name: str) -> Path:
    """Where the receipt of a job stands, e.g. of ``audit/<study>``."""
    return folder() / f"{name}.json"


def discard_unfinished(place: Path) -> None:
    """Remove what a killed process left of a file that it was writing; nobody else may be building in `place`."""
    for name in FOLDERS:
        for leftover in (place / name).rglob(".*.part"):
            leftover.unlink(missing_ok=True)


def write(receipt: Path, outputs: Iterable[Path], made_from: str) -> None:
    """Note that a job is done, what it made, and a fingerprint of what from; folders are noted file by file."""
    files = sorted(file for output in outputs for file in _files(output))
    made = {file.relative_to(paths.ROOT).as_posix(): _digest(file) for file in files}
    atomic_files.write(receipt, json.dumps({"made from": made_from, "made": made}, indent=1) + "\n")


def problem(receipt: Path, made_from: str) -> str:
    """Why a job has to run: its receipt is missing, of something else, or its outputs are gone or were altered; empty if none of it."""
    if not receipt.is_file():
        return "not made yet"
    told = _read_receipt(receipt)
    if told.get("made from") != made_from:
        return "made from something else"
    made = told.get("made")
    if not isinstance(made, dict) or not made:
        return "its receipt cannot be read"
    return next(
        (
            f"{name} is gone or was altered"
            for name, value in made.items()
            if not (paths.ROOT / name).is_file() or _digest(paths.ROOT / name) != value
        ),
        "",
    )


def _read_receipt(receipt: Path) -> dict:
    """What a receipt says; nothing if it cannot be read."""
    with suppress(ValueError):
        found = json.loads(receipt.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def _files(output: Path) -> list[Path]:
    if output.is_dir():
        return [path for path in output.rglob("*") if path.is_file()]
    return [output]


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()

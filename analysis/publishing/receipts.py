"""Receipts: what Snakemake tracks instead of the outputs themselves.

Snakemake deletes a job's outputs before the job starts and after it fails.  Readers
should keep the last good page, so a job's declared output is a receipt that names
the real outputs and their digests; the real ones are replaced only when complete.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from analysis import paths


def folder() -> Path:
    """Where receipts stand."""
    return paths.BUILD / "receipts"


def write_atomically(path: Path, text: str) -> None:
    """Replace a text file in one step: readers see the old or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def discard_unfinished(place: Path) -> None:
    """Remove what a killed process left of a file that it was writing; nobody else may be building in `place`."""
    for name in ("executed", "receipts", "statistics", "verified"):
        for leftover in (place / name).rglob(".*.part"):
            leftover.unlink(missing_ok=True)


def write(receipt: Path, outputs: Iterable[Path], made_from: str) -> None:
    """Note that a job is done, what it made, and a fingerprint of what from; folders are noted file by file."""
    files = sorted(file for output in outputs for file in _files(output))
    made = {file.relative_to(paths.ROOT).as_posix(): _digest(file) for file in files}
    write_atomically(receipt, json.dumps({"made from": made_from, "made": made}, indent=1) + "\n")


def discard_stale(wanted: Mapping[str, str]) -> list[Path]:
    """Remove receipts of what was made from something else, so that the job runs again.

    Snakemake knows what a job's parameters were, but does not ask where a job runs that this one
    merely waits for; and a folder in which it wrote them down may be lost.

    Parameters
    ----------
    wanted : mapping of str to str
        Names of receipts below `folder`, and the fingerprints of what their jobs depend on now.
    """
    found = [folder() / name for name, made_from in wanted.items() if (folder() / name).is_file() and _told(folder() / name).get("made from") != made_from]
    for receipt in found:
        receipt.unlink(missing_ok=True)
    return found


def _told(receipt: Path) -> dict:
    """What a receipt says; nothing if it cannot be read."""
    with suppress(ValueError):
        found = json.loads(receipt.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def discard_broken() -> list[Path]:
    """Remove receipts whose outputs are gone or were altered, so that the job runs again."""
    found = broken()
    for receipt in found:
        receipt.unlink(missing_ok=True)
    return found


def broken() -> list[Path]:
    """Receipts whose outputs are gone or were altered."""
    found = []
    for receipt in sorted(folder().rglob("*.json")):
        made = _told(receipt).get("made")
        good = isinstance(made, dict) and bool(made) and all(
            (paths.ROOT / name).is_file() and _digest(paths.ROOT / name) == value
            for name, value in made.items()
        )
        if not good:
            found.append(receipt)
    return found


def _files(output: Path) -> list[Path]:
    if output.is_dir():
        return [path for path in output.rglob("*") if path.is_file()]
    return [output]


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()

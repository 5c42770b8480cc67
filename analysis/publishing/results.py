"""The saved results of each study: text that is committed and that pages may read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd
from nbformat import NotebookNode

from analysis import paths
from analysis.ledger.opening import open_study
from analysis.publishing import receipts
from analysis.publishing.review import made_from, page_text, snapshots


def folder(study: str) -> Path:
    """Where a study's saved results stand."""
    return paths.RESULTS / study


def audit_file(study: str) -> Path:
    """Where a study's saved audit stands."""
    return folder(study) / snapshots.AUDIT


def write(study: str) -> Path:
    """Recompute every printed number, table and curve of a study and save them as text.

    Returns
    -------
    Path
        The folder; it holds these texts and no earlier ones.

    Raises
    ------
    analysis.errors.InputError
        If a declaration, the ledger or a cohort is faulty; nothing is written then.
    """
    return save(texts(study), folder(study))


def texts(study: str) -> dict[str, str]:
    """Texts of a study by file name below `folder`, with digests of what they were made from."""
    return snapshots.snapshots(open_study(study)) | {snapshots.INPUTS: made_from.line(made_from.of_study(study, paths.ROOT))}


def write_page(name: str, executed: NotebookNode) -> Path:
    """Save what an executed page of the published book shows, with digests of what it was made from.

    Returns
    -------
    Path
        The text.
    """
    target = page_file(name)
    receipts.write_atomically(target, made_from.line(made_from.of_page(name, paths.ROOT)) + "\n" + page_text.text(executed))
    return target


def page_file(name: str) -> Path:
    """Where the saved text of a page stands."""
    return paths.RESULTS / snapshots.PAGES / f"{name}.txt"


def forget_pages(names: Collection[str]) -> None:
    """Remove the saved texts of pages that the book no longer has."""
    kept = {page_file(name) for name in names}
    for path in (paths.RESULTS / snapshots.PAGES).rglob("*.txt"):
        if path not in kept:
            path.unlink()


def save(texts: Mapping[str, str], target: Path) -> Path:
    """Write texts below a folder, and remove those of an earlier time."""
    target.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        receipts.write_atomically(target / name, text)
    for path in target.rglob("*"):
        if path.is_file() and path.relative_to(target).as_posix() not in texts:
            path.unlink()
    return target


def read_audit(study: str) -> pd.DataFrame:
    """Saved audit of a study, all columns as text; only the pages' reference cohort is in it."""
    return pd.read_csv(audit_file(study), dtype=str, keep_default_na=False)

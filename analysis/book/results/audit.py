"""The saved results of each study: text that is committed and that pages may read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analysis import atomic_files, paths
from analysis.book.results import made_from, study_snapshots
from analysis.ledger.session.study_session import open_study


def folder(study: str) -> Path:
    """Where a study's saved results stand."""
    return paths.RESULTS / study


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
    return study_snapshots.snapshots(open_study(study)) | {study_snapshots.INPUTS: made_from.line(made_from.of_study(study, paths.ROOT))}


def save(texts: Mapping[str, str], target: Path) -> Path:
    """Write texts below a folder, and remove those of an earlier time."""
    target.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        atomic_files.write(target / name, text)
    for path in target.rglob("*"):
        if path.is_file() and path.relative_to(target).as_posix() not in texts:
            path.unlink()
    return target

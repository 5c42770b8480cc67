"""The only home of paths: everything else asks here where things stand."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
BOOK = ROOT / "book"
RESULTS = BOOK / "results"
EDITION = os.environ.get("ANALYSIS_EDITION", "")
"""File of the edition that this process builds; empty for the published book."""

BUILD = ROOT / "_build" / "editions" / Path(EDITION).stem if EDITION else ROOT / "_build"


def study_folder(study: str) -> Path:
    """Folder that holds a study's declarations, ledger and cohorts."""
    return DATA / study


def studies() -> list[str]:
    """Slugs of all studies, sorted: the folders of ``data`` with a ``study.yml``."""
    return sorted(path.parent.name for path in DATA.glob("*/study.yml"))


def shown(path: Path | str) -> str:
    """Path as a reader should see it: relative to the repository where it lies inside.

    A path outside the repository is shown by its name alone, so that neither a
    page nor a log tells where on a machine somebody keeps their files.
    """
    path = Path(path).resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name

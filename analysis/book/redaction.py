"""A reader's own cohort file: what of it may stand on a page, in a notebook or in a message."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.parameters.validation import is_own

CALLED = "own cohort"
"""What a page calls the file: where it lies and how it is named may tell a hospital or a patient."""

CALLED_STUDY = "own study"
"""What a page calls a study that lies outside the repository."""

ASKED_STUDY = "YOUR_STUDY_FOLDER"
"""What stands for that in a command to copy."""

MAPPINGS = (".mapping.yml", ".mapping.yaml")

UNNAMED = "without its digest, which would identify a row to anyone who knows the others"
"""What a page says of the file where its patients need protection."""

WITHHELD = "its message is not shown, as it may contain values of your cohort; -p disclosure=local shows it"


def place(values: Mapping[str, Any]) -> Path | None:
    """Where the file lies; None where the patients are reconstructed."""
    cohort = values.get("cohort")
    return (paths.ROOT / str(cohort)).resolve() if is_own(cohort) else None


def protected(values: Mapping[str, Any]) -> bool:
    """Whether rows of somebody's own must stay out of everything that is written."""
    return place(values) is not None and values.get("disclosure", "protected") != "local"


def describe_error(error: str, message: str, values: Mapping[str, Any]) -> str:
    """What is said of an error of a page: of protected patients its kind alone."""
    return f"{error}: {WITHHELD if protected(values) else message}"


def redact_parameters(values: Mapping[str, Any], name: str = CALLED, study: str = CALLED_STUDY) -> dict[str, Any]:
    """Parameters without the name of the file, and without the place of a study that lies elsewhere."""
    apart = {key: study if key == "study" and value and Path(value).is_absolute() else value for key, value in values.items()}
    return {key: name if key == "cohort" and is_own(value) else value for key, value in apart.items()}


def names(values: Mapping[str, Any]) -> dict[str, str]:
    """Spellings of the file, its mapping and the folder of a study elsewhere, each with what replaces it, the longest first."""
    found: dict[str, str] = {}
    file, study = place(values), Path(values.get("study") or "")
    if file is not None:
        for one in (file, *_mappings(file)):
            found |= dict.fromkeys((str(one), paths.shorten_path(one), one.name), CALLED)
    if study.is_absolute():
        found |= {f"{quote}{study}{quote}": f"{quote}{CALLED_STUDY}{quote}" for quote in "\"'"}
        found |= {str(study): CALLED_STUDY} if len(study.parts) > 2 else {}  # a short one may stand in any address
    return {spelled: found[spelled] for spelled in sorted(found, key=len, reverse=True)}


def with_mapping(file: Path) -> list[Path]:
    """The file, and its mapping if there is one."""
    return [path for path in (file, *_mappings(file)) if path.is_file()]


def companions(file: Path) -> set[str]:
    """The file and its mapping as a list of the repository's files would name them."""
    return {paths.shorten_path(one) for one in (file, *_mappings(file))}


def _mappings(file: Path) -> list[Path]:
    """Where the mapping of a cohort file may stand."""
    return [file.with_name(file.stem + suffix) for suffix in MAPPINGS]

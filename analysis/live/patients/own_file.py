"""A reader's own cohort file: kept under a name that tells nothing, with its mapping, until it is forgotten."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from analysis.cohorts.importing.checking import Checked, check_file
from analysis.cohorts.importing.problems import make_printable
from analysis.cohorts.importing.readers.files import SUFFIXES
from analysis.cohorts.study import read_study
from analysis.errors import Fault, InputError

LARGEST = 20 * 1024 * 1024
"""Bytes of a file."""

LARGEST_MAPPING = 128 * 1024


@dataclass(eq=False)
class OwnFile:
    """A file of own patients, for one study.

    Each mapping makes a state of its own, under another name, as what was found out about a file is remembered by its name.

    Attributes
    ----------
    study : str
    name : str
        As its owner calls it; shown to nobody else, and never part of a path.
    file : Path
        Where it lies now.
    mapping : str
        YAML; empty if there is none.
    checked : Checked or None
        What the last check found; None if it was not checked as it stands.
    """

    study: str
    name: str
    file: Path
    mapping: str = ""
    checked: Checked | None = None
    _folders: list[Path] = field(default_factory=list)

    @classmethod
    def take(cls, place: Path, study: str, name: str, content: bytes) -> OwnFile:
        """Keep a file.

        Parameters
        ----------
        place : Path
            Private folder.
        study : str
        name : str
            As a browser tells it; its ending alone is used.
        content : bytes

        Raises
        ------
        InputError
            If it is of no kind that can be read, or too large.
        """
        suffix = PurePath(name).suffix.lower()
        shown = make_printable(PurePath(name.replace("\\", "/")).name) or "file"
        if suffix not in SUFFIXES:
            raise InputError(Fault(shown, "file", f"a file that ends in one of {', '.join(SUFFIXES)}", repr(make_printable(suffix))))
        if len(content) > LARGEST:
            raise InputError(Fault(shown, "file", f"at most {LARGEST // 1024**2} MB", f"{len(content) / 1024**2:.0f} MB"))
        folder = _private_folder(place)
        file = folder / f"own-{secrets.token_hex(4)}{suffix}"
        file.write_bytes(content)
        return cls(study, shown, file, _folders=[folder])

    @property
    def sound(self) -> bool:
        """Whether the last check found no fault."""
        return self.checked is not None and self.checked.frame is not None

    def set_mapping(self, text: str) -> None:
        """Keep another mapping.

        Raises
        ------
        InputError
            If it is larger than a mapping can be.
        """
        if len(text.encode()) > LARGEST_MAPPING:
            raise InputError(Fault("mapping", "file", f"at most {LARGEST_MAPPING // 1024} kB", f"{len(text) // 1024} kB"))
        folder = _private_folder(self._folders[0].parent)
        file = folder / f"own-{secrets.token_hex(4)}{self.file.suffix}"
        os.link(self.file, file)
        if text.strip():
            file.with_name(f"{file.stem}.mapping.yml").write_text(text, encoding="utf-8")
        self._folders.append(folder)
        self.file, self.mapping, self.checked = file, text, None

    def check(self) -> Checked:
        """Check file and mapping against the study, once."""
        if self.checked is None:
            self.checked = check_file(read_study(self.study), self.file)
        return self.checked

    def forget(self) -> None:
        """Delete the file in each of its states."""
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)
        self.checked = None


def _private_folder(place: Path) -> Path:
    folder = place / secrets.token_hex(8)
    folder.mkdir(mode=0o700, parents=True)
    return folder.resolve()

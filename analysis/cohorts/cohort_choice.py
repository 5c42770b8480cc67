"""Which cohort is meant: the study's reference, a member of its ensemble, or a file of somebody's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_MEMBER = re.compile(r"\s*member\s+0*(\d{1,6})\s*")


class Reference(NamedTuple):
    """The study's reference cohort."""


class Member(NamedTuple):
    """A member of the study's ensemble; the first is number 1."""

    number: int

    def __str__(self) -> str:
        """As a person writes it: ``member 17``."""
        return f"member {self.number}"


class File(NamedTuple):
    """A file with somebody's own patients."""

    path: Path


Choice = Reference | Member | File


def parse_cohort(text: Choice | Path | str | None) -> Choice:
    """The cohort that a value of the parameter ``cohort`` means, the only place where that is decided.

    Whatever is neither empty nor ``member`` and a number is a file, and so protected.
    """
    if isinstance(text, Choice):
        return text
    if text is None or not str(text).strip():
        return Reference()
    found = _MEMBER.fullmatch(text) if isinstance(text, str) else None
    return Member(int(found[1])) if found else File(Path(text))

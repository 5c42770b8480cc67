"""Addresses outside the book that its prose and declarations name: do they still answer?"""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from analysis import paths
from analysis.review.lint import sources

_ADDRESS = re.compile(r"https?://[^\s<>\"'`)\]}]+")
_DOI = re.compile(r"^\s*doi: *[\"']?(10\.\d{4,}/[^\s\"'}]+)|\bdoi: *(10\.\d{4,}/[^\s\"',}]+)", re.MULTILINE)
_SUFFIXES = (".md", ".yml", ".cff")
_TRIES, _SECONDS = 3, 30

REFUSALS = (401, 403, 405, 406, 418, 429, 999)
"""Answers of servers that are there and turn programs away: journals do, for readers they open."""


def addresses(root: Path | None = None) -> dict[str, list[str]]:
    """Files that name each address, by address, sorted; a DOI stands for its resolver's."""
    root = root or paths.ROOT
    found: dict[str, set[str]] = {}
    for name in sources.list_tracked(root):
        if name.endswith(_SUFFIXES) and not name.startswith("tests/"):
            for address in _find_named((root / name).read_text(encoding="utf-8", errors="replace")):
                found.setdefault(address, set()).add(name)
    return {address: sorted(names) for address, names in sorted(found.items())}


def _find_named(text: str) -> Iterator[str]:
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(".,;:!?*_").split("#")[0]
        if "<" not in address and "$" not in address and "example" not in address:
            yield address
    for match in _DOI.finditer(text):
        yield f"https://doi.org/{match.group(1) or match.group(2)}"


def find_broken(root: Path | None = None) -> list[str]:
    """One line for each address that does not answer, with the files that name it."""
    return [f"{address}: {said} ({', '.join(names)})" for address, names in addresses(root).items() if (said := answer(address))]


def answer(address: str) -> str:
    """What is wrong with an address; empty if it answers, or merely refuses programs."""
    request = urllib.request.Request(address, headers={"User-Agent": "link check of a Jupyter Book"})
    said = ""
    for _ in range(_TRIES):
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS):
                return ""
        except urllib.error.HTTPError as error:
            if error.code in REFUSALS:
                return ""
            said = f"status {error.code}"
            if error.code < 500:
                return said
        except (OSError, ValueError) as error:
            said = str(getattr(error, "reason", error)) or type(error).__name__
    return said

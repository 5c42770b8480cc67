"""numba's `njit`, with what it compiled kept apart for each state of the modules that compile.

numba looks at a function's own file alone, not at the files of what it calls: kept in one
place, a changed function would go on in its older form wherever another file calls it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba import njit

from analysis.paths import ROOT

__all__ = ["UNCOUNTED", "code_state", "compiled_state", "njit"]

PARTS = ("estimators", "reconstruction")
#: Options of `njit` for what runs millions of times on named tuples of arrays: numba counts references to each of their arrays at
#: every access and call, which doubles the time of a move.  Without it no array may be made, iterated over or assigned to a slice.
UNCOUNTED: dict[str, Any] = {"_nrt": False}


#: Of a module that compiles, and of any: what it imports, with the names on one line or in brackets.
COMPILES = re.compile(r"^from analysis\.compiled import .*\bnjit\b", re.M)
IMPORTED = re.compile(r"^from (analysis(?:\.\w+)*) import (?:\(([^)]*)\)|(.*))", re.M)


@cache
def code_state(package: Path = Path(__file__).parent) -> str:
    """SHA-256 of all modules of the parts that compute, in whatever folder they stand."""
    return _digest(package, _modules(package))


@cache
def compiled_state(package: Path = Path(__file__).parent) -> str:
    """SHA-256 of the modules that compile and of all that these import: of what a compiled function calls, and of its constants."""
    found: set[Path] = set()
    waiting = {path for path in _modules(package) if COMPILES.search(path.read_text(encoding="utf-8"))}
    while waiting:
        found |= waiting
        waiting = {module for path in waiting for module in _imported(package, path.read_text(encoding="utf-8"))} - found
    return _digest(package, found)


def _modules(package: Path) -> Iterator[Path]:
    for part in PARTS:
        yield from (package / part).rglob("*.py")


def _imported(package: Path, text: str) -> Iterator[Path]:
    for module, bracketed, line in IMPORTED.findall(text):
        folder = package.joinpath(*module.split(".")[1:])
        names = [name.split()[0] for name in (bracketed or line).split(",") if name.strip()]
        candidates = (folder.with_suffix(".py"), folder / "__init__.py", *(folder / f"{name}.py" for name in names))
        yield from (path for path in candidates if path.is_file())


def _digest(package: Path, files: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(path.relative_to(package).as_posix().encode() + path.read_bytes() for path in sorted(files))).hexdigest()


chosen: str = numba.config.CACHE_DIR  # type: ignore[attr-defined]  # numba makes its settings from the environment
numba.config.CACHE_DIR = chosen or str(ROOT / "_build" / "numba" / compiled_state()[:16])  # type: ignore[attr-defined]

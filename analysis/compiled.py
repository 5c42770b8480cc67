"""numba's `njit`, with what it compiled kept apart for each state of the package.

numba looks at a function's own file alone, not at the files of what it calls: kept in one
place, a changed function would go on in its older form wherever another file calls it.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba import njit

from analysis.paths import ROOT

__all__ = ["UNCOUNTED", "njit", "state"]

PARTS = ("estimators", "reconstruction")
#: Options of `njit` for what runs millions of times on named tuples of arrays: numba counts references to each of their arrays at
#: every access and call, which doubles the time of a move.  Without it no array may be made, iterated over or assigned to a slice.
UNCOUNTED: dict[str, Any] = {"_nrt": False}


@cache
def state(package: Path = Path(__file__).parent) -> str:
    """SHA-256 of the modules of those parts that compile, in whatever folder they stand."""
    files = [path for part in PARTS for path in sorted((package / part).rglob("*.py"))]
    return hashlib.sha256(b"".join(path.relative_to(package).as_posix().encode() + path.read_bytes() for path in files)).hexdigest()


chosen: str = numba.config.CACHE_DIR  # type: ignore[attr-defined]  # numba makes its settings from the environment
numba.config.CACHE_DIR = chosen or str(ROOT / "_build" / "numba" / state()[:16])  # type: ignore[attr-defined]

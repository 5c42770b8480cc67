"""From a ledger to cohorts: patient tables that satisfy the printed numbers."""

import hashlib
import os
from pathlib import Path

from analysis.paths import ROOT

# numba keeps what it compiled and looks at a function's own file alone, not at the files of what it calls:
# compiled code is therefore kept apart for each state of the package
_CODE = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))).hexdigest()
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / "_build" / "numba" / _CODE[:16]))

"""Start-up: the command line and the audit, each in a fresh interpreter, as ratios to importing what the audit needs.

The audit runs with nothing kept (the ensembles' members evaluated) and again with their values kept.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

import harness

PACKAGES = ("numpy", "pandas", "scipy", "statsmodels")
IMPORTS = "pandas, scipy.stats, statsmodels imported"


def command(*arguments: str):
    """Run the interpreter of the project with these arguments, silently."""
    return lambda: subprocess.run([sys.executable, *arguments], cwd=harness.ROOT, check=True, stdout=subprocess.DEVNULL)


def from_nothing() -> None:
    """Audit with no value kept."""
    shutil.rmtree(harness.ROOT / "_build" / "members", ignore_errors=True)
    command("-m", "analysis", "audit")()


def main() -> None:
    """Measure and write."""
    seconds = harness.interleaved(
        {
            IMPORTS: command("-c", "import pandas, scipy.stats, statsmodels.duration.hazard_regression"),
            "python -m analysis --help": command("-m", "analysis", "--help"),
            "audit of all studies, nothing kept": from_nothing,
            "audit of all studies, members' values kept": command("-m", "analysis", "audit"),
        },
        rounds=3,
    )
    harness.write("start", harness.lines("start", "start-up", "", seconds, IMPORTS), PACKAGES)


if __name__ == "__main__":
    main()

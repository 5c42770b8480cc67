"""Whether anything has become slower: ratios of this run against those last committed. Times are never compared.

Exit status 1 where a ratio of this project to a baseline of the same run has grown by more than `GROWTH`.
"""

from __future__ import annotations

import csv
import subprocess
import sys

import harness

GROWTH = 2.0
"""Best of a few rounds on a shared machine still moves by tens of percent: less than this is noise."""
SMALL = 0.1
"""Ratios below this are rounded up to it: a thousandth that becomes a hundredth is nobody's concern."""


def ratios(text: str) -> dict[tuple[str, ...], float]:
    """Ratios of a result file by benchmark, case, size and candidate; baselines themselves left out."""
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {
        (row["benchmark"], row["case"], row["size"], row["candidate"]): float(row["ratio"])
        for row in rows
        if row["baseline"] and row["candidate"] != row["baseline"]
    }


def slower(before: dict, after: dict) -> list[str]:
    """What has become slower, in words; figures that stand in one state only are not compared."""
    return [
        f"{', '.join(filter(None, key))}: ratio {before[key]:g} before, {after[key]:g} now"
        for key in sorted(before.keys() & after.keys())
        if max(after[key], SMALL) > GROWTH * max(before[key], SMALL)
    ]


def main() -> int:
    """Compare every result file with its last commit."""
    found = []
    for file in sorted(harness.RESULTS.glob("*.csv")):
        name = f"HEAD:{file.relative_to(harness.ROOT).as_posix()}"
        committed = subprocess.run(["git", "show", name], cwd=harness.ROOT, capture_output=True, text=True)
        if committed.returncode == 0:
            found += slower(ratios(committed.stdout), ratios(file.read_text(encoding="utf-8")))
    print("\n".join(found) or "no ratio has grown beyond noise")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""Timing by turns: what every benchmark shares.

Candidates are run one after the other, round after round, so that whatever else the machine does hits all of them
alike; each keeps its fastest round, which is the least disturbed. What is published are ratios to a named baseline
of the same run; seconds are shown for scale.
"""

from __future__ import annotations

import csv
import io
import os
import platform
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "book" / "results" / "benchmarks"
COLUMNS = ("benchmark", "case", "size", "candidate", "baseline", "seconds", "ratio", "note")


class Line(NamedTuple):
    """One figure: `ratio` is seconds over the baseline's seconds in the same run."""

    benchmark: str
    case: str
    size: str
    candidate: str
    baseline: str
    seconds: float
    ratio: float
    note: str = ""


def interleaved(candidates: Mapping[str, Callable[[], object]], rounds: int = 3) -> dict[str, float]:
    """Fastest wall time of each candidate, in seconds, all being run in turn `rounds` times.

    Raises
    ------
    ValueError
        If there is no candidate or no round.
    """
    if not candidates or rounds < 1:
        raise ValueError("expected at least one candidate and one round")
    best = dict.fromkeys(candidates, float("inf"))
    for _ in range(rounds):
        for name, run in candidates.items():
            start = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def lines(
    benchmark: str, case: str, size: object, seconds: Mapping[str, float], baseline: str, notes: Mapping[str, str] | None = None
) -> list[Line]:
    """Figures of one case, each beside its ratio to the baseline."""
    notes = notes or {}
    return [
        Line(benchmark, case, str(size), name, baseline, value, value / seconds[baseline], notes.get(name, ""))
        for name, value in seconds.items()
    ]


def peak_megabytes() -> float:
    """Largest resident memory of this process so far, in MB (10⁶ bytes)."""
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def machine(packages: Sequence[str]) -> str:
    """The machine and the versions that the figures belong to, in words."""
    cpu = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").is_file():
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                cpu = line.partition(":")[2].strip()
                break
    found = []
    for name in packages:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} absent")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}; Python {platform.python_version()}; {'; '.join(found)}; load when written {load}"


def write(name: str, figures: Sequence[Line], packages: Sequence[str]) -> Path:
    """Write the figures of one benchmark as CSV, the machine in a remark above them."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    text.write(f"# {machine(packages)}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in figures:
        writer.writerow([*line[:5], f"{line.seconds:.4g}", f"{line.ratio:.3g}", line.note])
    target = RESULTS / f"{name}.csv"
    target.write_text(text.getvalue(), encoding="utf-8")
    print(text.getvalue())
    return target

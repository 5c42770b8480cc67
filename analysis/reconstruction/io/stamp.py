"""What a cohort was made from: a digest of the imposed rows, the assumptions and what digitised files hold."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from analysis.cohorts.declarations import load_yaml
from analysis.reconstruction.problem.problem import Problem

#: Columns of a ledger that describe a number to readers: nothing follows from them.
_DESCRIBING = ("source", "quantity", "note")


def canonical_rows(problem: Problem) -> list[list[str]]:
    """The imposed rows as text, sorted by id: everything that constrains, and nothing else."""
    return sorted(
        [
            row.id,
            row.population,
            str(problem.base(row)),
            str(row.subset),
            row.statistic,
            "; ".join(f"{key}={value}" for key, value in sorted(row.arguments.items())),
            row.printed,
        ]
        for row in problem.imposed
    )


def with_files(problem: Problem, paths: Iterable[Path]) -> str:
    """SHA-256 of `digest` and of what files hold, in their order.

    Of YAML it is what it says, without comments and layout; of the ledger all but the columns that describe a number in words.
    """
    parts = [digest(problem).encode(), *(_content(path) for path in paths)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _content(path: Path) -> bytes:
    if path.suffix == ".yml":
        return _canonical(load_yaml(path))
    if path.name == "printed.csv":
        with path.open(newline="", encoding="utf-8") as lines:
            return _canonical([{key: value for key, value in row.items() if key not in _DESCRIBING} for row in csv.DictReader(lines)])
    return path.read_bytes()


def _canonical(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(problem: Problem) -> str:
    """SHA-256 of the imposed rows' canonical text, of the assumptions, and of the points of digitised curves, if any are declared."""
    content: dict[str, object] = {
        "rows": canonical_rows(problem),
        "assumptions": problem.assumptions.model_dump(mode="json", exclude_defaults=True),
    }
    if problem.digitised:
        content["digitised"] = [[curve.points, curve.printed_at_risk, curve.ticks] for curve in problem.digitised]
    return hashlib.sha256(_canonical(content)).hexdigest()

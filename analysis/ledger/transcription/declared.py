"""Numbers of a paper that a study declares to be no results: ``no_results.csv``."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from analysis.errors import Fault, InputError
from analysis.ledger.transcription.numbers import Number
from analysis.paths import shorten_path

FILE = "no_results.csv"
COLUMNS = ("printed", "source", "times", "why")


class NoResult(NamedTuple):
    """Characters that state no result in a place of the paper, so many times, and why."""

    printed: str
    source: str
    times: int
    why: str


def read_declared(folder: Path) -> tuple[NoResult, ...]:
    """Declarations of a study; none if it has no such file.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        records = list(reader)
    except (UnicodeDecodeError, csv.Error):
        raise InputError(Fault(shorten_path(path), "file", "a CSV file in UTF-8", "something else")) from None
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise InputError(
            Fault(shorten_path(path), "row 1", f"the columns {', '.join(COLUMNS)}", ", ".join(reader.fieldnames or ()) or "none")
        )
    faults, found = [], []
    for line, record in enumerate(records, 2):
        faults += [
            Fault(shorten_path(path), f"row {line}, column {column}", "some text", "an empty cell")
            for column in COLUMNS
            if not record[column]
        ]
        if record["times"] and not (record["times"].isdigit() and int(record["times"])):
            faults.append(Fault(shorten_path(path), f"row {line}, column times", "how often, 1 or more", repr(record["times"])))
        if not faults:
            found.append(NoResult(record["printed"], record["source"], int(record["times"]), record["why"]))
    if faults:
        raise InputError(faults)
    return tuple(found)


def positions_of(declared: Iterable[NoResult], numbers: Sequence[Number], taken: Iterable[int]) -> frozenset[int]:
    """Positions of the declared numbers among those of a text; those with a row are passed over."""
    left = Counter[tuple[str, str]]()
    for one in declared:
        left[one.printed, one.source] += one.times
    found, taken = set(), set(taken)
    for position, number in enumerate(numbers):
        key = (number.characters, number.place)
        if left[key] and position not in taken and not number.no_result:
            left[key] -= 1
            found.add(position)
    return frozenset(found)


def add_declared(folder: Path, new: Sequence[NoResult]) -> None:
    """Write further declarations below those that are there; numbers of one kind and place are counted together."""
    counts = Counter[tuple[str, str, str]]()
    for one in (*read_declared(folder), *new):
        counts[one.printed, one.source, one.why] += one.times
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((printed, source, times, why) for (printed, source, why), times in counts.items())
    (folder / FILE).write_text(text.getvalue(), encoding="utf-8")

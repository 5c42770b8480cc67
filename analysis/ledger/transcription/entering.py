"""Entering typed rows into a study's ledger, once all of them are sound."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError
from analysis.ledger.rows.printed import stated_levels
from analysis.ledger.rows.reading import check_records, read_records
from analysis.ledger.rows.row import COLUMNS
from analysis.ledger.statistics.registry import LIMITS, USUAL_LEVEL
from analysis.paths import shorten_path

OWN_WORDS = 8
"""So many words in a row that also stand in the paper are its wording, not one's own."""
_FROM_RESULT = ("quantity", "population", "arguments")
_FROM_ORIGINAL = ("quantity", "population", "subset", "statistic", "arguments", "role")


class New(NamedTuple):
    """A row to be entered: where it was typed, its cells, and the sentence of the paper that holds it, if any."""

    file: str
    place: str
    cells: dict[str, str]
    sentence: str = ""


def enter(study: Study, new: Sequence[New]) -> int:
    """Append rows to ``printed.csv``; nothing is written unless the whole ledger is sound with them.

    A row that names an original (``copy_of``) takes from it what its own cells leave empty, and stands with the other copies of one
    result in its place; one that names the first row of its result takes quantity, population and arguments from that, with its population
    the subset unless it is a count, and keeps a confidence level of its own.  A role left empty
    is ``imposed``, and ``context`` of a quoted number.

    Returns
    -------
    int
        Rows appended.

    Raises
    ------
    InputError
        With every fault of the ledger as it would be, of wording that is the paper's, and of limits whose sentence states another level.
    """
    path = study.folder / "printed.csv"
    old = read_records(path) if path.is_file() else []
    name, last = shorten_path(path), old[-1][0] if old else 1
    completed = _complete(new, {record["id"]: record for _, record in old})
    faults = [fault for one in completed for fault in (*_find_borrowed(one), *_of_other_level(one))]
    records = [(name, f"row {line}", line, record) for line, record in old]
    records += [(one.file, one.place, last + number, one.cells) for number, one in enumerate(completed, 1)]
    try:
        check_records(study, records)
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    _append(path, [record for _, record in old], completed)
    return len(completed)


def _complete(new: Sequence[New], known: dict[str, dict[str, str]]) -> list[New]:
    """Rows with all columns of a ledger."""
    cells = [{column: one.cells.get(column, "") for column in COLUMNS} for one in new]
    known = known | {one["id"]: one for one in cells}
    copies: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for at, one in enumerate(cells):
        copies[one["source"], one["copy_of"]].append((at, one["id"]))
    for one in cells:
        first = known.get(one["result"], {})
        if one["statistic"].endswith(LIMITS) and re.fullmatch(r"level\s*=[^;=]*", one["arguments"]) and first is not one:
            one["arguments"] = "; ".join(filter(None, (first.get("arguments", ""), one["arguments"])))
        if (
            not one["population"] and one["statistic"] != "count"
        ):  # whose patients are those of the first row; a count may be of all of them
            one["subset"] = one["subset"] or first.get("subset", "")
        _take(one, first, _FROM_RESULT)
    for at, one in enumerate(cells):
        original = known.get(one["copy_of"], {})
        _take(one, original, _FROM_ORIGINAL)
        # of several copies of a result in one place, the nearest before the row; what is printed before any of them stands alone
        places = copies[one["source"], original["result"]] if original.get("result") else []
        one["result"] = one["result"] or next((id for place, id in reversed(places) if place <= at), "")
        one["role"] = one["role"] or ("context" if one["statistic"] == "quoted" else "imposed")
    return [row._replace(cells=one) for row, one in zip(new, cells, strict=True)]


def _take(cells: dict[str, str], other: Mapping[str, str], columns: Iterable[str]) -> None:
    """Fill empty cells from another row."""
    for column in columns:
        cells[column] = cells[column] or other.get(column, "")


def _find_borrowed(one: New) -> Iterator[Fault]:
    """Cells in the paper's words."""
    theirs = _words(one.sentence)
    runs = {tuple(theirs[start : start + OWN_WORDS]) for start in range(len(theirs) - OWN_WORDS + 1)}
    for column in ("quantity", "note"):
        words = _words(one.cells[column])
        if any(tuple(words[start : start + OWN_WORDS]) in runs for start in range(len(words) - OWN_WORDS + 1)):
            yield Fault(
                one.file, f"{one.place}, column {column}", "words of your own", f"{OWN_WORDS} words or more of the paper's sentence"
            )


def _of_other_level(one: New) -> Iterator[Fault]:
    """A limit without a confidence level, whose sentence states others than the usual one alone."""
    levels = list(dict.fromkeys(stated_levels(one.sentence)))
    asked = one.cells["statistic"].endswith(LIMITS) and not one.cells["copy_of"] and "level" not in one.cells["arguments"]
    if asked and levels and USUAL_LEVEL not in levels:
        wanted = " or ".join(f"level={level}" for level in (*levels, USUAL_LEVEL))
        yield Fault(one.file, f"{one.place}, column arguments", f"{wanted}, as the sentence states {levels[0]} %", "no level")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _append(path: Path, old: Sequence[dict[str, str]], rows: Sequence[New]) -> None:
    """Append rows; a file without all columns of a ledger is written anew with them."""
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    header = next(csv.reader(io.StringIO(before.removeprefix("\ufeff"))), [])
    whole = set(header) == set(COLUMNS)
    text = io.StringIO()
    writer = csv.DictWriter(text, header if whole else COLUMNS, lineterminator="\n")
    if not whole:
        writer.writeheader()
        writer.writerows(old)
    writer.writerows(one.cells for one in rows)
    kept = before + "\n" * (not before.endswith("\n")) if whole else ""
    path.write_text(kept + text.getvalue(), encoding="utf-8")


def leave_out_entered(study: Study, new: Sequence[New]) -> list[New]:
    """Rows that the ledger does not have yet.

    Raises
    ------
    InputError
        If it has one of their ids with other characters.
    """
    path = study.folder / "printed.csv"
    known = {record["id"]: record["printed"] for _, record in read_records(path)} if path.is_file() else {}
    faults = [
        Fault(one.file, one.place, f"{known[one.cells['id']]!r}, as the ledger has it in {one.cells['id']!r}", repr(one.cells["printed"]))
        for one in new
        if known.get(one.cells["id"], one.cells["printed"]) != one.cells["printed"]
    ]
    if faults:
        raise InputError(faults)
    return [one for one in new if one.cells["id"] not in known]

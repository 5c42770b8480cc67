"""Reading digitised curves: files in a study's folder, every fault of all of them at once."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from analysis.cohorts import conditions
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError, suggestion
from analysis.ledger.rows.rounding import interval
from analysis.ledger.rows.row import Ledger
from analysis.paths import shorten_path
from analysis.reconstruction.problem.assumptions import Assumptions
from analysis.reconstruction.problem.digitised import Digitised, DigitisedCurve
from analysis.reconstruction.problem.timeline_assumptions import Timeline

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WHOLE = re.compile(r"\d+")
#: A printed estimate may lie this far (points) beyond its rounding interval, having been rounded twice.
_SLACK = 0.06

Record = tuple[int, dict[str, float]]


def read_curves(study: Study, ledger: Ledger, assumptions: Assumptions) -> tuple[DigitisedCurve, ...]:
    """Declared curves with what their files hold.

    Parameters
    ----------
    study : Study
    ledger : Ledger
        A figure may not contradict what is printed of the same group: its size, its estimates.
    assumptions : Assumptions

    Raises
    ------
    InputError
        With every fault of the declarations and of the files.
    """
    found, faults = [], []
    for position, declared in enumerate(assumptions.digitised):
        place = f"digitised.{position}"
        wrong = [
            Fault(shorten_path(study.folder / "reconstruction.yml"), f"{place}.{key}", expected, found)
            for key, expected, found in _find_undeclared(study, assumptions, declared)
        ]
        if not wrong:
            timeline = assumptions.timeline
            assert timeline is not None, "its lack is a fault of the declaration"
            points, wrong = _points(study.folder / declared.curve, declared, timeline)
            numbers, faults_of_numbers = _numbers(study.folder / declared.at_risk, timeline.last) if declared.at_risk else ((), [])
            ticks, faults_of_ticks = _ticks(study.folder / declared.ticks, timeline.last) if declared.ticks else ((), [])
            curve = DigitisedCurve(declared, tuple(points), tuple(numbers), tuple(ticks))
            wrong = wrong + faults_of_numbers + faults_of_ticks or list(_against_print(study, ledger, curve))
            found.append(curve)
        faults += wrong
    if faults:
        raise InputError(faults)
    return tuple(found)


def _find_undeclared(study: Study, assumptions: Assumptions, declared: Digitised) -> Iterator[tuple[str, str, str]]:
    """Faults of a declaration: its key, what was expected, what was found."""
    timeline = assumptions.timeline
    if timeline is None or assumptions.linked:
        yield (
            "endpoint",
            "no digitised curve: those of a study with `linked` cannot be imposed, only those of one with `timeline`",
            repr(declared.endpoint),
        )
        return
    known = [*timeline.chain, *(name for clock in timeline.all_clocks for name in clock.endpoints)]
    if declared.endpoint not in known:
        yield "endpoint", f"one of {', '.join(known)}", repr(declared.endpoint) + suggestion(declared.endpoint, known)
    try:
        wrong = study.faults(conditions.parse(declared.where), timeline.table)
    except ValueError as error:
        wrong = [str(error)]
    yield from (("where", "a condition on declared variables", sentence) for sentence in wrong)
    for key in ("curve", "at_risk", "ticks"):
        name = getattr(declared, key)
        if (name or key == "curve") and not _beside(study.folder, name):
            yield key, "a file in the study's folder", repr(name)


def _beside(folder: Path, name: str) -> bool:
    try:
        whole = (folder / name).resolve()
    except ValueError:  # a character that no file name has
        return False
    return whole != folder.resolve() and whole.is_relative_to(folder.resolve())


def _points(path: Path, declared: Digitised, timeline: Timeline) -> tuple[list[tuple[float, float]], list[Fault]]:
    scale = 100.0 if declared.unit == "share" else 1.0
    rows, faults = _records(path, ("time", "survival"))
    faults += _times(path, rows, timeline.last, steps=True)
    first, axis = timeline.first_step / timeline.steps, DigitisedCurve(declared, ()).in_steps(timeline.steps)
    before: list[tuple[float, float]] = []
    for line, row in rows:
        if (read := row.get("survival")) is None:
            continue
        place, survival, time = f"row {line}, column survival", read * scale, row.get("time", math.inf)
        # points nearer to each other than this may have changed places
        surely = row.get("time", -1.0) - 2 * declared.time_tolerance
        lowest = min((height for time, height in before if time <= surely), default=100.0)
        if not 0 <= survival <= 100:
            faults.append(Fault(shorten_path(path), place, f"a {declared.unit} from 0 to {100 / scale:g}", f"{read:g}"))
        elif survival > lowest + 2 * declared.tolerance + 1e-9:
            expected = f"at most {(lowest + 2 * declared.tolerance) / scale:g}, twice the tolerance above an earlier point: no falling curve passes near both"
            faults.append(Fault(shorten_path(path), place, expected, f"{read:g}"))
        elif math.isfinite(time) and survival + declared.tolerance < 100 and axis.reach(time * timeline.steps)[1] < timeline.first_step:
            expected = (
                f"at least {(100 - declared.tolerance) / scale:g}, as nobody leaves before month {first:g}, the first in timeline.months"
                f" (or a time_tolerance of {first - time:g})"
            )
            faults.append(Fault(shorten_path(path), place, expected, f"{read:g} at {time:g}"))
        else:
            before.append((time, survival))
    return [(row["time"], row["survival"] * scale) for _, row in rows if len(row) == 2], faults


def _numbers(path: Path, last: int) -> tuple[list[tuple[float, int]], list[Fault]]:
    rows, faults = _records(path, ("time", "at_risk"), whole=("at_risk",))
    faults += _times(path, rows, last)
    for (_, before), (line, row) in pairwise((line, row) for line, row in rows if "at_risk" in row):
        if row["at_risk"] > before["at_risk"]:
            faults.append(
                Fault(shorten_path(path), f"row {line}, column at_risk", f"at most {before['at_risk']:g}, as before", f"{row['at_risk']:g}")
            )
    return [(row["time"], int(row["at_risk"])) for _, row in rows if len(row) == 2], faults


def _ticks(path: Path, last: int) -> tuple[list[float], list[Fault]]:
    rows, faults = _records(path, ("time",))
    faults += _times(path, rows, last)
    return [row["time"] for _, row in rows if row], faults


def _times(path: Path, rows: Sequence[Record], last: int, steps: bool = False) -> Iterator[Fault]:
    """Faults of times; where `steps`, two heights at one time are a vertical step if the second is not the higher."""
    before: dict[str, float] = {}
    for line, row in rows:
        if (time := row.get("time")) is None:
            continue
        expected = ""
        if time < 0:
            expected = "a time of at least 0"
        elif time > last:
            expected = f"a time of at most {last} (timeline.last)"
        elif before and steps and time == before["time"]:
            if row.get("survival", 0.0) > before.get("survival", math.inf):
                expected = f"a time after {before['time']:g}, or a lower height: a vertical step falls"
        elif before and time <= before["time"]:
            expected = f"a time after {before['time']:g}"
        if expected:
            yield Fault(shorten_path(path), f"row {line}, column time", expected, f"{time:g}")
        before = row


def _against_print(study: Study, ledger: Ledger, curve: DigitisedCurve) -> Iterator[Fault]:
    """Numbers at risk that the curve contradicts; printed sizes and estimates of the same group that the figure contradicts."""
    same = curve.group.canonical
    size = _size(study, ledger, same)
    for time, number in curve.printed_at_risk:
        most = curve.at_risk_range(math.ceil(time), size)[1]
        if time > 0 and number > most:
            expected = f"at most {most}: numbers at risk fall at least as fast as the curve"
            yield Fault(shorten_path(study.folder / curve.declared.at_risk), f"time {time:g}, column at_risk", expected, str(number))
    for row in ledger:
        if row.role != "imposed" or row.copy_of or (study.populations[row.population].condition & row.subset).canonical != same:
            continue
        begun = dict(curve.printed_at_risk).get(0)
        if row.statistic == "count" and row.value.relation == "=" and begun not in (None, row.value.value):
            yield Fault(
                shorten_path(study.folder / curve.declared.at_risk),
                "time 0, column at_risk",
                f"{row.printed}, the size of the group as printed ({row.id})",
                str(begun),
            )
        if row.statistic in ("survival", "incidence") and row.arguments["endpoint"] == curve.endpoint:
            ends = [float(end) for end in interval(row.value)]
            least, most = ends if row.statistic == "survival" else [100 - end for end in reversed(ends)]
            low, high = curve.band(float(row.arguments["time"]))
            if not (low <= most + _SLACK and least - _SLACK <= high):
                expected = f"{row.printed} at {row.arguments['time']} within the tolerance, as printed ({row.id})"
                yield Fault(
                    shorten_path(study.folder / curve.declared.curve), "column survival", expected, f"between {low:.4g}% and {high:.4g}%"
                )


def _size(study: Study, ledger: Ledger, same: str) -> int:
    """Printed size of a group; as good as no bound where none is printed."""
    counts = (row for row in ledger if row.role == "imposed" and row.statistic == "count" and row.value.relation == "=")
    return next(
        (int(row.value.value) for row in counts if (study.populations[row.population].condition & row.subset).canonical == same), 10**9
    )


def _cells(lines: Sequence[str]) -> list[list[str]]:
    """Cells of lines that commas, semicolons, tabs or blanks divide; where no comma divides, it is a decimal mark."""
    sign = next((sign for sign in ";\t" if any(sign in line for line in lines)), "," if any("," in line for line in lines) else " ")
    if sign == "," and lines and all(re.fullmatch(r"\S*\d,\d\S*\s+\S*\d,\d\S*", line.strip()) for line in lines[1:] or lines):
        sign = " "
    if sign == ",":
        return [[cell.strip() for cell in next(csv.reader([line]))] for line in lines]
    return [[cell.strip().replace(",", ".") for cell in (line.split() if sign == " " else line.split(sign))] for line in lines]


def _records(path: Path, columns: tuple[str, ...], whole: tuple[str, ...] = ()) -> tuple[list[Record], list[Fault]]:
    """Lines of a file as numbers by column, those that are none left out; lines that begin with ``#`` are remarks."""
    name = shorten_path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        return [], [
            Fault(
                name,
                "file",
                "a digitised curve as CSV",
                "no such file" if isinstance(error, FileNotFoundError) else "a folder, or a file that cannot be opened",
            )
        ]
    except UnicodeDecodeError as error:
        return [], [Fault(name, f"byte {error.start}", "UTF-8 text", "other bytes")]
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    cells = _cells([line for _, line in lines])
    header = cells[0] if cells else []
    if len(header) == len(columns) and all(_NUMBER.fullmatch(cell) for cell in header):  # as digitisers export: points alone
        header, lines, cells = list(columns), [(0, ""), *lines], [list(columns), *cells]
    faults = [
        Fault(name, f"column {column}", f"{' and '.join(columns)} only", "an unknown column" + suggestion(column, columns))
        for column in header
        if column not in columns
    ]
    faults += [
        Fault(name, f"column {column}", "this column, once", "none" if column not in header else "a second one")
        for column in columns
        if header.count(column) != 1
    ]
    if not faults and len(cells) < 2:
        faults.append(Fault(name, "file", "at least one row", "none"))
    if faults:
        return [], faults

    def fits(column: str, cell: str) -> bool:
        return bool((_WHOLE if column in whole else _NUMBER).fullmatch(cell))

    rows: list[Record] = []
    for (number, _), row in zip(lines[1:], cells[1:]):
        if len(row) != len(columns):
            faults.append(Fault(name, f"row {number}", "two cells" if len(columns) == 2 else "one cell", str(len(row))))
            continue
        rows.append((number, {column: float(cell) for column, cell in zip(header, row) if fits(column, cell)}))
        faults += [
            Fault(name, f"row {number}, column {column}", "a whole number" if column in whole else "a number", repr(cell))
            for column, cell in zip(header, row)
            if not fits(column, cell)
        ]
    return rows, faults

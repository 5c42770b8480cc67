"""From files of a digitiser to a study folder, with the smallest tolerance at which a cohort is found."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Fault, InputError
from analysis.paths import shorten_path
from analysis.reconstruction.digitising import at_risk, conflicts, tolerance, writing
from analysis.reconstruction.digitising.at_risk import AtRisk
from analysis.reconstruction.digitising.layouts import read_datasets
from analysis.reconstruction.digitising.tidying import TIME_ERROR, Tidied, tidy
from analysis.reconstruction.digitising.writing import Arm
from analysis.reconstruction.problem.problem import read_problem

#: Months of a unit of time.
UNITS = {"months": 1.0, "days": 1 / 30.4375, "weeks": 7 / 30.4375, "years": 12.0}
#: Largest tolerance that is tried to say what would do.
FARTHEST = 30.0
OPTIONS = "command line"


@dataclass(frozen=True)
class Given:
    """What somebody has of a figure.

    Attributes
    ----------
    curves, at_risk, ticks : sequence of Path
        Files; one for all arms, or one an arm.
    trisk, nrisk : sequence of sequence of float
        Numbers at risk without a file, one pair an arm.
    patients, events : sequence of int
        By arm, in the order of the curves.
    names : sequence of str
    time_unit : {"months", "days", "weeks", "years"}
    unit, kind : str
        As of `tidying.tidy`.
    tolerance, time_tolerance : float or None
        Points of percent, months; found or usual where None.
    label, source : str
    """

    curves: Sequence[Path]
    at_risk: Sequence[Path] = ()
    ticks: Sequence[Path] = ()
    trisk: Sequence[Sequence[float]] = ()
    nrisk: Sequence[Sequence[float]] = ()
    patients: Sequence[int] = ()
    events: Sequence[int] = ()
    names: Sequence[str] = ()
    time_unit: str = "months"
    unit: str = ""
    kind: str = ""
    tolerance: float | None = None
    time_tolerance: float | None = None
    label: str = "Survival"
    source: str = "figure"


def digitise(given: Given, folder: Path, say: Callable[[str], None] = lambda line: None) -> list[Arm]:
    """Read, tidy, find the tolerance, write.

    Parameters
    ----------
    given : Given
    folder : Path
        New, or written by an earlier run.
    say : callable of str
        Told what was changed and found, a sentence at a time.

    Raises
    ------
    InputError
        Faulty files or options; points that no falling curve passes; no cohort found within the tolerance.
    """
    writing.prepare(folder)
    arms = gather(given, say)
    wide = given.time_tolerance if given.time_tolerance is not None else TIME_ERROR * max(arm.curve.points[-1].time for arm in arms)
    most = given.tolerance if given.tolerance is not None else tolerance.MOST
    least = max(conflicts.least_tolerance(arm.curve, arm.at_risk, arm.patients, wide) for arm in arms)
    if least > most:
        raise InputError(_conflicting(arms, wide, most, least))
    found = _fit_tolerances(given, folder.name, arms, wide, most, say)
    folder.mkdir(parents=True, exist_ok=True)
    writing.write_study(folder, arms, found, wide, given.label, given.source)
    read_problem(folder)
    say(f"times within {wide:.2g} months, in steps of 1/{writing.steps_of(arms)} month")
    return arms


def gather(given: Given, say: Callable[[str], None]) -> list[Arm]:
    """The arms, with whatever belongs to each.

    Raises
    ------
    InputError
    """
    months = UNITS[given.time_unit]
    datasets = [data for path in given.curves for data in read_datasets(path)]
    names = _names(given, [data.name for data in datasets], [data.file for data in datasets])
    curves: list[Tidied] = []
    for name, data in zip(names, datasets):
        data.check_unit(given.time_unit)
        curves.append(tidy(data, months, given.unit, given.kind, given.time_tolerance))
        for sentence in curves[-1].said:
            say(f"{data.file}{f', {name}' if len(names) > 1 else ''}: {sentence}")
    if given.time_unit != "months":
        say(f"times in {given.time_unit}: counted in months, of which one has 30.4375 days")
    numbers = _match_arms("numbers at risk", _at_risk(given, months), names)
    ticks = _match_arms("marks of censoring", [_ticks(data, months) for path in given.ticks for data in _columns(path)], names)
    return [
        _arm(given, at, name, curves[at], numbers[at] if numbers else None, ticks[at][1] if ticks else (), say)
        for at, name in enumerate(names)
    ]


def _names(given: Given, found: Sequence[str], files: Sequence[str]) -> list[str]:
    """Names of the arms: told, from the files, or letters."""
    if given.names and len(given.names) != len(found):
        listed = ", ".join(f"{name or 'one without a name'} in {file}" for name, file in zip(found, files))
        raise InputError(Fault(OPTIONS, "--arm", f"a name for each of {len(found)} curves ({listed})", f"{len(given.names)}"))
    stems = [Path(file).stem for file in files]
    names = list(given.names) or [name or stem for name, stem in zip(found, stems)]
    if len(set(names)) != len(names):
        names = [chr(ord("A") + at) for at in range(len(names))] if len(names) < 27 else [f"arm {at}" for at in range(1, len(names) + 1)]
    return [re.sub(r"[^\w .+-]", "-", name).strip() or "arm" for name in names]


def _at_risk(given: Given, months: float) -> list[AtRisk]:
    if (given.trisk or given.nrisk) and given.at_risk:
        raise InputError(Fault(OPTIONS, "--nrisk", "either --at-risk or --trisk with --nrisk", "both"))
    if len(given.trisk) != len(given.nrisk):
        raise InputError(Fault(OPTIONS, "--nrisk", f"as often as --trisk ({len(given.trisk)})", str(len(given.nrisk))))
    return [one for path in given.at_risk for one in at_risk.read_at_risk(path, months)] + [
        at_risk.from_options(times, numbers, months) for times, numbers in zip(given.trisk, given.nrisk)
    ]


def _match_arms(what: str, found: list, names: Sequence[str]) -> list:
    """Things in the order of the arms: by name where all names are those of the arms."""
    if found and len(found) != len(names):
        raise InputError(
            Fault(found[0].file if isinstance(found[0], AtRisk) else OPTIONS, what, f"{len(names)}, one for each curve", str(len(found)))
        )
    called = {one.name if isinstance(one, AtRisk) else one[0]: one for one in found}
    return [called[name] for name in names] if set(called) == set(names) else found


def _columns(path: Path):
    """Marks of censoring in a file: clicked points, or times alone."""
    blocks = at_risk.read_blocks(path)
    if blocks[0].width > 1:
        return [(data.file, data.name, [(row, time) for row, time, _ in data.points]) for data in read_datasets(path)]
    return [(shorten_path(path), "", [(row, cells[0]) for row, cells in blocks[0].rows])]


def _ticks(data, months: float) -> tuple[str, tuple[float, ...]]:
    file, name, rows = data
    faults = [
        Fault(file, f"row {row}, column time", "a time of at least 0", f"{time:g}" if isinstance(time, float) else repr(time))
        for row, time in rows
        if not isinstance(time, float) or time < 0
    ]
    if faults:
        raise InputError(faults)
    return name, tuple(sorted({time * months for _, time in rows}))


def _arm(given: Given, at: int, name: str, curve: Tidied, numbers: AtRisk | None, ticks: tuple[float, ...], say) -> Arm:
    """One arm, its numbers of patients and events held against each other."""
    for option, values in (("--patients", given.patients), ("--events", given.events)):
        if values and len(values) <= at:
            raise InputError(Fault(OPTIONS, option, f"a number for each curve, so one for {name!r}", str(len(values))))
    told, start = given.patients[at] if given.patients else None, numbers.at_start if numbers else None
    patients = told if told is not None else start
    if patients is None:
        raise InputError(
            Fault(OPTIONS, "--patients", f"the number of patients of {name!r}: nothing says how many are at risk at time 0", "none")
        )
    if patients < 1:
        raise InputError(Fault(OPTIONS, "--patients", "at least 1", str(patients)))
    if numbers and start not in (None, patients):
        raise InputError(Fault(numbers.file, f"{numbers.numbers[0][2]}, at risk", f"{patients} at time 0 (--patients)", str(start)))
    faults = [
        Fault(one.file, f"{place}, at risk", f"at most the {patients} patients (--patients)", str(number))
        for one in ([numbers] if numbers else [])
        for _, number, place in one.numbers
        if number > patients
    ]
    events = given.events[at] if given.events else None
    if events is not None and not 0 <= events <= patients:
        faults.append(Fault(OPTIONS, "--events", f"from 0 to the {patients} patients of {name!r}", str(events)))
    elif events is not None and len(ticks) > patients - events:
        faults.append(
            Fault(OPTIONS, "--ticks", f"at most the {patients - events} patients of {name!r} without the event", f"{len(ticks)} marks")
        )
    if faults:
        raise InputError(faults)
    if numbers and start is None:
        say(f"{numbers.file}: numbers at risk begin at {numbers.numbers[0][0]:.4g} months: {patients} patients at time 0")
    if numbers is None and events is None:
        say(
            f"{name}: neither numbers at risk nor events are given: when patients were censored is open, and so are events and hazard ratios"
        )
    return Arm(name, curve, numbers, ticks, patients, events)


def _conflicting(arms: Sequence[Arm], wide: float, most: float, least: float) -> list[Fault]:
    """Points in conflict by file and row, and what would do."""
    faults = [fault for arm in arms for fault in conflicts.least_points(arm.curve, arm.at_risk, arm.patients, wide, most)]
    return [
        *faults,
        Fault(OPTIONS, "--tolerance", f"{tolerance.up(least):g} or more to keep these rows, or files without them", f"{most:g}"),
    ]


def _fit_tolerances(given: Given, name: str, arms: Sequence[Arm], wide: float, most: float, say) -> list[float]:
    """The tolerance of each curve, from trials in a folder of their own."""
    found, faults = [], []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / (name or "study")
        folder.mkdir()
        writing.write_study(folder, arms, [most] * len(arms), wide, given.label, given.source)
        problem = read_problem(folder)
        for arm, curve in zip(arms, problem.digitised):
            least = conflicts.least_tolerance(arm.curve, arm.at_risk, arm.patients, wide)
            fitted = tolerance.fit(problem, curve, most if given.tolerance is not None else least, most, say)
            found.append(fitted.tolerance)
            if not fitted.unmet:
                say(
                    f"{arm.curve.file}{f', {arm.name}' if len(arms) > 1 else ''}: tolerance {fitted.tolerance:g} points of survival, "
                    + ("as given" if given.tolerance is not None else "the smallest tried at which a cohort was found")
                    + f" (below {least:.2g} no falling curve passes all points)" * (least > 0)
                )
                continue
            words = ", ".join(fitted.unmet[:6]) + (f" and {len(fitted.unmet) - 6} more" if len(fitted.unmet) > 6 else "")
            expected = f"a curve that a cohort of {arm.patients} gives within {most:g} points"
            faults.append(Fault(arm.curve.file, "search", expected, f"none; the nearest one found does not have: {words}"))
            farther = tolerance.fit(problem, curve, most * 1.5, FARTHEST, lambda line: None)
            if not farther.unmet:
                faults.append(Fault(OPTIONS, "--tolerance", f"{farther.tolerance:g}, with which a cohort was found", f"{most:g}"))
    if faults:
        raise InputError(faults)
    return found

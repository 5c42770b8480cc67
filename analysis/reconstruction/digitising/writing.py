"""The study folder of digitised curves: declaration, ledger, assumptions and tables, valid as it stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

from analysis import atomic_files
from analysis.errors import Fault, InputError
from analysis.ledger.rows.row import COLUMNS
from analysis.paths import shorten_path
from analysis.reconstruction.digitising.at_risk import AtRisk
from analysis.reconstruction.digitising.tidying import Tidied

#: Steps of time that a whole axis is divided into, about as many as a figure resolves, and most steps in a month.
_RESOLVED, _FINEST = 400, 31
ENDPOINT = "event_free"
#: What may be in a folder that is written again.
_OURS = (
    "study.yml",
    "printed.csv",
    "reconstruction.yml",
    "cohort.csv",
    "cohort.json",
    "ensemble*",
    "curve_*.csv",
    "at_risk_*.csv",
    "ticks_*.csv",
)


@dataclass(frozen=True)
class Arm:
    """One arm with what is known of it.

    Attributes
    ----------
    name : str
    curve : Tidied
    at_risk : AtRisk or None
    ticks : tuple of float
    patients : int
    events : int or None
    """

    name: str
    curve: Tidied
    at_risk: AtRisk | None
    ticks: tuple[float, ...]
    patients: int
    events: int | None

    @property
    def last(self) -> int:
        """Months until the end of the axis, begun ones counted."""
        numbers = [time for time, number, _ in self.at_risk.numbers if number] if self.at_risk else []
        return max(1, math.ceil(max([self.curve.points[-1].time, *numbers, *self.ticks]) - 1e-9))


def prepare(folder: Path) -> None:
    """Make the folder, or empty one that an earlier run wrote.

    Raises
    ------
    InputError
        It holds anything else.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(Fault("command line", "-o", "a folder", f"the file {shorten_path(folder)}"))
    inside = list(folder.iterdir()) if folder.exists() else []
    ours = {path for pattern in _OURS for path in folder.glob(pattern)}
    foreign = sorted(path.name for path in inside if path not in ours)
    if foreign:
        raise InputError(
            Fault("command line", "-o", "a new folder, or one that this command wrote", f"{foreign[0]} in {shorten_path(folder)}")
        )
    for path in ours:
        if path.is_file():
            path.unlink()


def steps_of(arms: Sequence[Arm]) -> int:
    """Steps of a month."""
    return max(1, min(_FINEST, round(_RESOLVED / max(arm.last for arm in arms))))


def write_study(folder: Path, arms: Sequence[Arm], tolerances: Sequence[float], time_tolerance: float, label: str, source: str) -> None:
    """Write all files.

    Parameters
    ----------
    folder : Path
    arms : sequence of Arm
    tolerances : sequence of float
        Of each arm's heights, in points of percent.
    time_tolerance : float
        Months.
    label : str
        What a patient is free of where the curve is high, e.g. "Overall survival".
    source : str
        Which figure.
    """
    last, several = max(arm.last for arm in arms), len(arms) > 1
    names = [arm.name for arm in arms]
    variables = {
        "patient": {"type": "id", "meaning": "a patient"},
        **({"arm": {"type": "category", "levels": names, "meaning": "arm of the figure"}} if several else {}),
        "months": {"type": "number", "unit": "months", "range": [0, last], "meaning": "time to the event or the last follow-up"},
        "event": {"type": "boolean", "meaning": "had the event"},
    }
    study = {
        "study": folder.resolve().name, "label": folder.resolve().name, "title": f"{label}, read off {source}", "citation": {"source": source},
        "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "patient"}},
        "variables": {"cohort": variables},
        "endpoints": {ENDPOINT: {"time": "months", "event": "event", "label": label, "origin": "start of the curve"}},
        "populations": {"all": {"label": "All patients"}},
    }  # fmt: skip
    digitised = [
        _declare(folder, number, arm, several, tolerance, time_tolerance, source)
        for number, (arm, tolerance) in enumerate(zip(arms, tolerances), 1)
    ]
    timeline = {
        "chain": [ENDPOINT], "last": last, "strata": {"arm": "each"} if several else {},
        "months": {f"1-{last}": last}, "steps": steps_of(arms),
    }  # fmt: skip
    atomic_files.write(folder / "study.yml", _yaml(study))
    atomic_files.write(folder / "reconstruction.yml", _yaml({"timeline": timeline, "digitised": digitised}))
    atomic_files.write(folder / "printed.csv", _ledger(arms, source).to_csv(index=False, lineterminator="\n"))


def _declare(folder: Path, number: int, arm: Arm, several: bool, tolerance: float, time_tolerance: float, source: str) -> dict:
    """One entry of `digitised`, its tables written."""
    entry = {"endpoint": ENDPOINT, "where": f"arm={arm.name}" if several else "", "curve": f"curve_{number}.csv"}
    _write(
        folder / entry["curve"],
        {"time": [point.time for point in arm.curve.points], "survival": [point.height for point in arm.curve.points]},
    )
    if arm.at_risk:
        entry["at_risk"] = f"at_risk_{number}.csv"
        kept = [(time, number) for time, number, _ in arm.at_risk.numbers if time <= arm.last]
        _write(folder / entry["at_risk"], {"time": [time for time, _ in kept], "at_risk": [number for _, number in kept]})
    if arm.ticks:
        entry["ticks"] = f"ticks_{number}.csv"
        _write(folder / entry["ticks"], {"time": list(arm.ticks)})
    return entry | {
        "unit": "percent", "tolerance": float(tolerance), "time_tolerance": round(float(time_tolerance), 4), "drawn_from": "exact times", "complete": True,
        "source": f"{source}, {arm.name}" if several else source, "why": "; ".join(arm.curve.said),
    }  # fmt: skip


def _write(path: Path, columns: dict) -> None:
    table = pd.DataFrame(columns).map(lambda value: f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else value)
    atomic_files.write(path, table.to_csv(index=False, lineterminator="\n"))


def _yaml(content: dict) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def _ledger(arms: Sequence[Arm], source: str) -> pd.DataFrame:
    """Patients, of all and by arm, and events where they are told."""
    found: list[dict] = []

    def add(id: str, quantity: str, subset: str, number: int) -> None:
        found.append({"id": id, "source": source, "quantity": quantity, "population": "all", "subset": subset, "statistic": "count",
                      "printed": str(number), "role": "imposed"})  # fmt: skip

    add("n", "patients", "", sum(arm.patients for arm in arms))
    for number, arm in enumerate(arms, 1):
        where = f"arm={arm.name}" if len(arms) > 1 else ""
        if where:
            add(f"n.{number}", f"patients, {arm.name}", where, arm.patients)
        if arm.events is not None:
            add(f"events.{number}", f"events, {arm.name}", " & ".join(filter(None, [where, "event=1"])), arm.events)
    return pd.DataFrame(found).reindex(columns=COLUMNS).fillna("")

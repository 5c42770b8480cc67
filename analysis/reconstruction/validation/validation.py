"""Validation on truth: a known cohort is published, reconstructed from its printed numbers, and compared with its own rows.

Asked is what was not printed: numbers of patients of whom no count is given, and medians,
survival at other times and the ratio by another variable.  Where the solver proved a range,
the truth has to lie inside; where cohorts were sampled, how often it does is reported.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cohorts import conditions
from analysis.cohorts.declarations import load_yaml
from analysis.errors import InputError
from analysis.estimators.comparisons.two_curve_hazard_ratio import hazard_ratio
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.paths import DATA
from analysis.reconstruction.checks.verify import check_tables
from analysis.reconstruction.cohort import make_cohort
from analysis.reconstruction.io import files
from analysis.reconstruction.io.saved import read_tables
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.proofs.bounds import Unbounded, bounds
from analysis.reconstruction.single.beginnings import SHARING
from analysis.reconstruction.solver.timeline import NoSolution
from analysis.reconstruction.validation.known import Known, known
from analysis.reconstruction.validation.papers import publish

#: Starts tried for each cohort asked for.
TRIES = 3
SAVED = DATA / "validation.yml"
#: How far outside a range counts as inside: values are saved with four decimals.
SLACK = 1e-3


@dataclass(frozen=True)
class Outcome:
    """What came of one known cohort.

    Attributes
    ----------
    proven, sampled : dict of name to (truth, low, high)
        Unpublished quantities; a range of samples is over the cohorts that satisfy most printed numbers.
    needed : dict of name to int or None
        The first how many of these cohorts have a range that includes the truth; None if not all of them do.
    cohorts : int
        Cohorts found.
    satisfied, printed : int
        Printed numbers that the best cohort gives back, and all.
    """

    proven: dict[str, tuple[float, float, float]]
    sampled: dict[str, tuple[float, float, float]]
    needed: dict[str, int | None]
    cohorts: int
    satisfied: int
    printed: int


def numbers_asked(one: Known) -> dict[str, str]:
    """Unpublished numbers of patients: names, and conditions on the rows."""
    first, last = one.horizons[0], one.horizons[-1]
    return {
        "marked in A": "arm=A & mark=1", "marked in B": "arm=B & mark=1",
        "events of the marked": "mark=1 & died=1", "marked events in A": "arm=A & mark=1 & died=1",
        f"events in A until {first}": f"arm=A & died=1 & os_months<={first}", f"events in B until {last}": f"arm=B & died=1 & os_months<={last}",
        f"observed beyond {last}": f"os_months>{last}", f"censored until {first}": f"died=0 & os_months<={first}",
    }  # fmt: skip


def estimates(rows: pd.DataFrame, one: Known) -> dict[str, float]:
    """Unpublished estimates of a cohort; none where it is not defined."""
    found = {f"number, {name}": float(conditions.parse(text).mask(rows).sum()) for name, text in numbers_asked(one).items()}
    between = (one.horizons[0] + one.horizons[-1]) // 2
    for name, part in (("all", rows), ("A", rows[rows["arm"] == "A"]), ("B", rows[rows["arm"] == "B"])):
        curve = kaplan_meier(part["os_months"].astype(float), part["died"].astype(bool))
        found |= {f"median, {name}": float(curve.median()), f"survival at {between}, {name}": 100 * float(curve.survival_at(between))}
    mark = rows["mark"].astype(bool)
    if 0 < mark.sum() < len(rows) and rows["died"].sum():
        found["hazard ratio by mark"] = float(
            hazard_ratio(rows["os_months"].astype(float), rows["died"].astype(bool), mark, groups=(True, False)).hr
        )
    return {name: value for name, value in found.items() if math.isfinite(value)}


def kind_of(quantity: str) -> str:
    """What an unpublished quantity is about: a label of which only the total is printed, numbers of patients, or survival."""
    if "mark" in quantity:
        return "a label, of which only the total is printed"
    return "numbers of patients" if quantity.startswith("number, ") else "survival and medians"


def validate(one: Known, cohorts: int, seed: int = 1) -> Outcome:
    """Publish, reconstruct and compare one known cohort."""
    with tempfile.TemporaryDirectory() as place:
        problem = read_problem(publish(one, Path(place) / "known"))
        ids = [row.id for row in problem.imposed]
        truth = estimates(one.rows, one)
        proven: dict[str, tuple[float, float, float]] = {}
        for name, text in numbers_asked(one).items():
            try:
                proven[name] = (truth[f"number, {name}"], *bounds(problem, "cohort", conditions.parse(text), ids))
            except Unbounded:
                continue
        made = list(cohorts_of(problem, Path(place), cohorts, seed))
    best = max((satisfied for satisfied, _ in made), default=0)
    asked = [estimates(rows, one) for satisfied, rows in made if satisfied == best]
    values = {name: [found.get(name, math.nan) for found in asked] for name in truth if any(name in found for found in asked)}
    sampled = {name: (truth[name], float(np.nanmin(found)), float(np.nanmax(found))) for name, found in values.items()}
    needed = {name: first_including(truth[name], found) for name, found in values.items()}
    return Outcome(proven, sampled, needed, len(asked), best, len(ids))


def first_including(truth: float, values: Sequence[float]) -> int | None:
    """How many values, from the first on, have a range that includes the truth; None if not even all do."""
    known = np.nan_to_num(values, nan=truth + np.inf), np.nan_to_num(values, nan=truth - np.inf)
    below, above = np.minimum.accumulate(known[0]) - SLACK <= truth, np.maximum.accumulate(known[1]) + SLACK >= truth
    return int(np.argmax(below & above)) + 1 if (below & above).any() else None


def cohorts_of(problem, place: Path, cohorts: int, seed: int):
    """Cohorts from different starts, with the number of printed numbers that each gives back, as judged without the solver."""
    found = 0
    for number in range(seed, seed + TRIES * cohorts):
        try:
            tables = make_cohort(problem, SHARING * number).tables
        except NoSolution:
            continue
        files.write_tables(problem.study, tables, place)
        try:
            tables = read_tables(problem, place)
        except InputError:
            continue
        yield len(check_tables(problem, tables).satisfied), tables["cohort"]
        found += 1
        if found == cohorts:
            return


def run(cohorts: int, say: Callable[[str], None], only: str | None = None) -> Path:
    """Validate every known cohort; each is saved when it is done."""
    done: dict[str, dict] = {entry["cohort"]: entry for entry in load_yaml(SAVED)["cohorts"]} if SAVED.is_file() else {}
    order = []
    for one in known():
        order.append(one.name)
        if only in (None, one.name):
            outcome = validate(one, cohorts)
            done[one.name] = _entry(one, outcome)
            say(f"{one.name}: {outcome.cohorts} cohorts, {outcome.satisfied} of {outcome.printed} printed numbers")
            kept = [done[name] for name in order if name in done] + [entry for name, entry in done.items() if name not in order]
            files.write_yaml(SAVED, {"asked": cohorts, "cohorts": kept}, "# Generated by `python -m analysis validate`.\n")
    return SAVED


def _entry(one: Known, outcome: Outcome) -> dict:
    def ranges(found: Mapping[str, tuple]) -> list[dict]:
        return [
            {"quantity": name} | {key: round(float(value), 4) for key, value in zip(("truth", "low", "high"), values)}
            for name, values in found.items()
        ]

    return {
        "cohort": one.name, "source": one.source, "traits": one.traits, "patients": len(one.rows), "events": int(one.rows["died"].sum()),
        "printed": outcome.printed, "satisfied": outcome.satisfied, "cohorts": outcome.cohorts,
        "proven": ranges(outcome.proven),
        "sampled": [entry | {"needed": outcome.needed[entry["quantity"]]} for entry in ranges(outcome.sampled)],
    }  # fmt: skip


def inside(ranges: list[dict]) -> tuple[int, int]:
    """How many truths lie inside their range, and of how many."""
    return sum(found["low"] - SLACK <= found["truth"] <= found["high"] + SLACK for found in ranges), len(ranges)


def inside_by(ranges: list[dict], cohorts: int) -> int:
    """How many truths lie inside the range across the first so many cohorts."""
    return sum(found["needed"] is not None and found["needed"] <= cohorts for found in ranges)

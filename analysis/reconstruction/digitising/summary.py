"""What a cohort that was made of a curve is like, in a line an arm."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.cohorts.reading import read_table
from analysis.cohorts.study import read_study
from analysis.estimators.curves.kaplan_meier import kaplan_meier


def summarise(folder: Path, horizons: Sequence[int]) -> Iterator[str]:
    """Patients, events, median and survival at some times of all and of each arm of the reference cohort.

    Parameters
    ----------
    folder : Path
        A study with a saved cohort.
    horizons : sequence of int
        Months; those beyond the longest follow-up are left out.
    """
    study = read_study(folder)
    rows = read_table(study, "cohort")
    (endpoint,) = study.endpoints.values()
    parts = [("all patients", rows)] + ([(str(name), part) for name, part in rows.groupby("arm", observed=True)] if "arm" in rows else [])
    for name, part in parts:
        curve = kaplan_meier(part[endpoint.time].to_numpy(float), part[endpoint.event].to_numpy(bool))
        median = curve.median()
        heights = [f"{100 * float(curve.survival_at(at)):.1f}% at {at}" for at in horizons if at <= part[endpoint.time].max()]
        reached = f"median {median:.1f} months" if math.isfinite(median) else "median not reached"
        yield f"{name}: {len(part)} patients, {int(part[endpoint.event].sum())} events, {reached}; {', '.join(heights)}"

"""Known cohorts, to be published as if they were papers: patients whose true rows anybody can read.

All come from the data sets that lifelines ships; times are counted in begun units of the
given length, so that ties are many, as in papers that count months.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from lifelines import datasets

#: Ends the name of a known cohort that is published once more with its curves.
DIGITISED = ", digitised"


class Figure(NamedTuple):
    """How the curves of the arms are read off: greatest error (points of percent), and units between numbers at risk."""

    tolerance: float
    every: int


@dataclass(frozen=True)
class Known:
    """A known cohort.

    Attributes
    ----------
    name, source : str
        Short name; lifelines' loader and what was taken from it.
    traits : str
        Why it is here.
    rows : DataFrame, shape (patients, 4)
        ``arm`` (A or B), ``mark`` (boolean), ``os_months`` (whole number from 1), ``died`` (boolean).
    horizons : tuple of int
        Times at which survival is printed.
    figure : Figure or None
        Whether the curves are published, too.
    """

    name: str
    source: str
    traits: str
    rows: pd.DataFrame
    horizons: tuple[int, ...]
    figure: Figure | None = None


def _rows(arm, mark, time, died, unit: float = 1.0, cut: int | None = None) -> pd.DataFrame:
    months = np.maximum(1, np.ceil(np.asarray(time, float) / unit - 1e-9)).astype(int)
    died = np.asarray(died).astype(bool)
    if cut is not None:  # follow-up ends for everybody
        died, months = died & (months <= cut), np.minimum(months, cut)
    return pd.DataFrame(
        {"arm": np.where(np.asarray(arm).astype(bool), "B", "A"), "mark": np.asarray(mark).astype(bool), "os_months": months, "died": died}
    ).reset_index(drop=True)


def _leukaemia(cut: int | None = None) -> pd.DataFrame:
    found = datasets.load_leukemia()
    return _rows(found["Rx"] == 1, found["logWBC"] > 2.5, found["t"], found["status"], cut=cut)


def _half() -> pd.DataFrame:
    """Twenty patients of the leukaemia trial given placebo, dealt to two arms; half of one arm live for a while."""
    found = datasets.load_leukemia()
    placebo = found[found["Rx"] == 1].sort_values("t", kind="stable").iloc[:20]
    return _rows(np.arange(len(placebo)) % 2 == 0, placebo["logWBC"] > 2.5, placebo["t"], placebo["status"], cut=8)


def _psychiatric() -> pd.DataFrame:
    found = datasets.load_psychiatric_patients()
    return _rows(found["sex"] == 2, found["Age"] > 35, found["T"], found["C"])


def _lymphoma() -> pd.DataFrame:
    found = datasets.load_lymphoma()
    return _rows(found["Stage_group"] == 2, np.arange(len(found)) % 3 == 0, found["Time"], found["Censor"], unit=10)


def _larynx() -> pd.DataFrame:
    found = datasets.load_larynx()
    return _rows(found[["Stage_III", "Stage_IV"]].sum(axis=1) > 0, found["age"] > 65, found["time"] * 12, found["death"], unit=3)


def _rossi() -> pd.DataFrame:
    found = datasets.load_rossi()
    return _rows(found["fin"] == 0, found["prio"] > 2, found["week"], found["arrest"], unit=4)


def _lung() -> pd.DataFrame:
    found = datasets.load_lung()
    return _rows(found["sex"] == 2, found["age"] > 65, found["time"], found["status"], unit=30)


def _breast() -> pd.DataFrame:
    found = datasets.load_gbsg2()
    return _rows(found["horTh"] == "yes", found["pnodes"] > 3, found["time"], found["cens"], unit=30)


def _kidney() -> pd.DataFrame:
    found = datasets.load_kidney_transplant()
    black = found[["black_male", "black_female"]].sum(axis=1) > 0
    return _rows(black, found["age"] > 50, found["time"], found["death"], unit=30)


def _governments() -> pd.DataFrame:
    found = datasets.load_dd()
    return _rows(found["democracy"] == "Democracy", found["start_year"] > 1970, found["duration"], found["observed"])


def _heart() -> pd.DataFrame:
    """The Stanford heart transplant programme: a row each for the time before and after a transplantation."""
    found = datasets.load_stanford_heart_transplants()
    last = found.sort_values("stop").groupby("id").last()
    return _rows(last["surgery"] == 1, last["age"] > 0, last["stop"], last["event"], unit=30)


def _nodes() -> pd.DataFrame:
    found = datasets.load_lymph_node()
    return _rows(found["menopause"] == 2, found["grade"] == 3, found["survtime"], found["censdead"], unit=30)


#: Each as name, source, traits, rows, horizons.
COHORTS: tuple[tuple[str, str, str, Callable[[], pd.DataFrame], tuple[int, ...]], ...] = (
    ("leukaemia", "load_leukemia", "42 patients in two arms, many ties, a flat tail in one arm", _leukaemia, (6, 12, 22)),
    (
        "first weeks",
        "load_leukemia, follow-up cut at five weeks",
        "an arm without any event, everybody censored at once",
        lambda: _leukaemia(5),
        (2, 4),
    ),
    ("half", "load_leukemia, 20 patients on placebo, cut at eight weeks", "a plateau at 0.5 in one of two arms of ten", _half, (4, 8)),
    ("psychiatric", "load_psychiatric_patients", "26 patients, late events", _psychiatric, (20, 30)),
    ("lymphoma", "load_lymphoma, units of ten days", "80 patients, unequal arms", _lymphoma, (6, 12, 24)),
    ("larynx", "load_larynx, quarters of a year", "90 patients, ties in quarters", _larynx, (4, 12, 24)),
    ("release", "load_rossi, units of four weeks", "432 persons, three of four censored at the end, heavy ties", _rossi, (6, 12)),
    ("lung", "load_lung, units of 30 days", "228 patients, seven of ten dead", _lung, (6, 12, 24)),
    ("breast", "load_gbsg2, units of 30 days", "686 patients, unequal arms, long follow-up", _breast, (24, 48)),
    (
        "transplants",
        "load_kidney_transplant, units of 30 days",
        "863 patients, five of six censored, unequal arms",
        _kidney,
        (12, 60),
    ),
    ("heart", "load_stanford_heart_transplants, units of 30 days", "103 patients, one arm of 16, steep at first", _heart, (3, 12)),
    ("lymph nodes", "load_lymph_node, deaths, units of 30 days", "686 patients, three of four censored", _nodes, (24, 60)),
    ("governments", "load_dd, years", "1,808 governments, half of them ended within three years", _governments, (4, 10)),
)


def known() -> list[Known]:
    """Every known cohort; the first once more with its curves."""
    found = [Known(name, source, traits, rows(), horizons) for name, source, traits, rows, horizons in COHORTS]
    figure = Figure(1.0, 6)
    traits = (
        f"the same, and both curves read off a figure within {figure.tolerance:g} point, with numbers at risk every {figure.every} weeks"
    )
    return [*found, replace(found[0], name=found[0].name + DIGITISED, traits=traits, figure=figure)]

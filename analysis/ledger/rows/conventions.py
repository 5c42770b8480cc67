"""Conventions that a statistic knows, as it names them itself: on twelve made-up patients."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd

from analysis.cohorts.study import Study
from analysis.errors import Undefined, suggestion
from analysis.ledger.statistics import REGISTRY
from analysis.ledger.statistics.registry import Cell, Cells, Sample, Statistic

ARGUMENTS = {
    "endpoint": "os",
    "time": "6",
    "by": "arm",
    "variable": "age",
    "share": "25",
    "covariates": "arm=A,age",
    "term": "arm=A",
    "outcome": "response",
    "competing": "relapsed",
    "strata": "stage",
    "switch_time": "switch",
    "landmark": "2",
    "exposure": "months",
    "modifier": "response",
    "against": "20",
    "first": "age",
    "second": "months",
    "expected": "age",
}
"""An argument of each name, on the made-up patients."""


@cache
def conventions_of(name: str) -> tuple[str, ...]:
    """Names of the conventions by which a statistic is evaluated; one empty name where there is only one way.

    Parameters
    ----------
    name : str
        Of a registered statistic.
    """
    statistic = REGISTRY[name]
    found: dict[str, None] = {}
    for arguments in _arguments(statistic):
        try:
            found |= dict.fromkeys(statistic.from_cohort(_sample(arguments)))
        except (Undefined, NotImplementedError):
            continue
    for rows in (((4, 10), (7, 12)), ((Fraction(5), Fraction(2), 10), (Fraction(6), Fraction(2), 12)), ((5, 9),), ((9,),)):
        if statistic.from_printed is not None and (statistic.fits is None or statistic.fits(len(rows), len(rows[0]))):
            cells = [[Cell(Fraction(value), Fraction(value), Fraction(value)) for value in row] for row in rows]
            found |= dict.fromkeys(statistic.from_printed(Cells(cells, (), ARGUMENTS)))
    return tuple(found)


def _arguments(statistic: Statistic) -> Iterator[dict[str, str]]:
    arguments = {key: ARGUMENTS[key] for key in statistic.required}
    yield arguments | ({"variable": "stage"} if statistic.name == "contingency_p" else {})


def find_faults_of_named(study: Study) -> Iterator[tuple[str, str, str]]:
    """Statistics and conventions under ``named`` that nobody knows: place, what was expected, what was found."""
    for name in study.named:
        if name not in REGISTRY:
            yield f"named.{name}", "a registered statistic", repr(name) + suggestion(name, REGISTRY)
            continue
        known = [one for one in conventions_of(name) if one]
        for convention in study.named_conventions(name):
            if convention not in known:
                expected = f"one of {', '.join(known)}" if known else "no convention, as there is one way alone"
                yield f"named.{name}", expected, repr(convention) + suggestion(convention, known)


@cache
def _study() -> Study:
    variables = {
        "patient": {"type": "id"},
        "arm": {"type": "category", "levels": ["A", "B"]},
        "stage": {"type": "category", "levels": ["I", "II"]},
        "age": {"type": "number"},
        "months": {"type": "number"},
        "switch": {"type": "number", "missing": True},
        **{name: {"type": "boolean"} for name in ("died", "relapsed", "response")},
    }
    return Study.model_validate(
        {
            "study": "made_up", "label": "Made up", "title": "Made up", "citation": {},
            "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "patient"}},
            "variables": {"cohort": variables},
            "endpoints": {"os": {"time": "months", "event": "died", "label": "Overall survival"}},
            "populations": {"all": {"label": "All"}},
        }
    )  # fmt: skip


@cache
def _patients() -> pd.DataFrame:
    number = np.arange(12)
    frame = pd.DataFrame({"patient": number + 1, "age": 40.0 + 3 * number % 17, "months": 2.0 + 5 * number % 11})
    frame["switch"] = frame["months"].where(number % 3 == 0) / 2
    frame["arm"], frame["stage"] = np.where(number % 2, "A", "B"), np.where(number % 3, "I", "II")
    flags = {"died": number % 3 == 1, "relapsed": number % 5 == 0, "response": number % 4 < 2}
    return frame.assign(**{name: pd.array(flag, dtype="boolean") for name, flag in flags.items()})


def _sample(arguments: dict[str, str]) -> Sample:
    frame = _patients()
    chosen = frame["response"].to_numpy(dtype=bool) if "endpoint" not in arguments else np.ones(len(frame), dtype=bool)
    return Sample(_study(), "cohort", frame, chosen, arguments, {"cohort": frame})

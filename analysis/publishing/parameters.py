"""The parameters that notebooks can be executed with, declared once, and the check of given values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.errors import Fault, InputError, suggestion
from analysis.publishing.parameter import Misfit, Parameter


def declared() -> dict[str, Parameter]:
    """All parameters by name; the studies are those that stand in ``data``."""
    everything = (
        Parameter(
            "study", str, "study whose declarations, ledger and cohort are read",
            choices=tuple(paths.studies()), varies=True,
        ),
        Parameter(
            "cohort", Path, "patient table to analyse; none: the study's reference cohort",
            optional=True,
        ),
        Parameter(
            "horizon", float, "follow-up shown and analysed, from the endpoint's origin",
            default=36.0, unit="months", low=1, high=600, varies=True,
        ),
        Parameter(
            "landmark", float, "landmark of analyses of what happens on the way, from the endpoint's origin",
            default=6.0, unit="months", low=0, high=120, varies=True,
        ),
        Parameter(
            "level", float, "confidence level of the intervals", default=0.95,
            low=0.5, high=0.999,
        ),
        Parameter(
            "interval", str, "scale on which the interval of S(t) is symmetrical",
            default="log", choices=("log", "log-log", "plain"),
        ),
        Parameter(
            "seed", int, "start of the random number generator", default=20240501,
            low=0, high=2**32 - 1,
        ),
    )
    return {parameter.name: parameter for parameter in everything}


def check(values: Mapping[str, Any], source: str = "command line") -> dict[str, Any]:
    """Parameter values in their own types.

    Parameters
    ----------
    values : mapping
        Name to value; a value may be its spelling on a command line.
    source : str
        Where the values were written, for the messages.

    Raises
    ------
    InputError
        One fault for each unknown, ill-typed or out-of-range parameter.
    """
    known = declared()
    checked, faults = {}, []
    for name, value in values.items():
        if name not in known:
            expected = "one of " + ", ".join(known)
            found = f"{name!r}{suggestion(name, known)}"
            faults.append(Fault(source, f"parameter {name}", expected, found))
            continue
        try:
            checked[name] = known[name].convert(value)
        except Misfit as error:
            faults.append(Fault(source, f"parameter {name}", known[name].expected, str(error)))
    if faults:
        raise InputError(faults)
    return checked


def parse_assignments(assignments: list[str]) -> dict[str, str]:
    """Split ``name=value`` arguments of a command line.

    Raises
    ------
    InputError
        If an argument has no ``=``, or a name is given twice.
    """
    values: dict[str, str] = {}
    faults = []
    for text in assignments:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            faults.append(Fault("command line", f"parameter {text}", "name=value", repr(text)))
        elif name in values:
            faults.append(Fault("command line", f"parameter {name}", "one value", "two"))
        values[name] = value.strip()
    if faults:
        raise InputError(faults)
    return values

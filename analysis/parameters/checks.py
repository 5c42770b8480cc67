"""Check of given parameter values against their declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.errors import Fault, InputError, suggestion
from analysis.parameters.declarations import list_parameters
from analysis.parameters.parameter import Misfit, Parameter


def check(values: Mapping[str, Any], source: str = "command line", known: Mapping[str, Parameter] | None = None) -> dict[str, Any]:
    """Parameter values in their own types.

    Parameters
    ----------
    values : mapping
        Name to value; a value may be its spelling on a command line.
    source : str
        Where the values were written, for the messages.
    known : mapping of name to Parameter, optional
        All that are declared, if left out.

    Raises
    ------
    InputError
        One fault for each unknown, ill-typed or out-of-range parameter.
    """
    known = list_parameters() if known is None else known
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

"""The parameters that a page runs with: those of its notebook, or those of whoever opens it in code.

A notebook passes nothing by hand.  Its ``parameters`` cell assigns defaults, papermill (or a person in an
editor) assigns others after it, and `of_notebook` reads what then stands in the notebook, checks it by the
typed declaration of `analysis.parameters.declarations`, and refuses what was given and the page does not take.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from analysis.errors import Fault, InputError, suggestion
from analysis.parameters import checks, declarations

INJECTED = "# Parameters"
"""First line of the cell in which papermill assigns what it was given."""

USED = "ANALYSIS_PARAMETERS_USED"
"""Environment variable with the path of a list of the parameters that a notebook's results depended on."""

FIGURES, TABLES = "ANALYSIS_FIGURES", "ANALYSIS_TABLES"
"""Environment variables with the folders that receive a page's figures and tables as files; see `analysis.pages.takeaway`."""

_SOURCE = "this notebook"


class Values(Mapping):
    """Typed values of all declared parameters; reading one is recorded.

    Attributes
    ----------
    taken : dict
        Those that the notebook assigns or somebody gave; the others have their declared defaults.
    used : set of str
        Names that something shown was computed with.
    """

    def __init__(self, given: Mapping[str, Any]):
        self._values = {name: one.default for name, one in declarations.list_parameters().items()} | dict(given)
        self.taken = dict(given)
        self.used: set[str] = set()
        self._waiting: list[set[str]] = []

    def __getitem__(self, name: str) -> Any:
        value = self._values[name]
        self._note(name)
        return value

    @contextmanager
    def if_shown(self) -> Iterator[None]:
        """What a block reads counts as used only if the block ends with a result: one that does not apply depends on nothing."""
        self._waiting.append(set())
        try:
            yield
        except BaseException:
            self._waiting.pop()
            raise
        for name in self._waiting.pop():
            self._note(name)

    def _note(self, name: str) -> None:
        if self._waiting:
            self._waiting[-1].add(name)
        elif name not in self.used:
            self.used.add(name)
            _record(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Parameter:
    """Attribute of a page that is the parameter of its name."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, page: Any, owner: type | None = None) -> Any:
        return self if page is None else page.parameters[self.name]


def values_given(study: Any, values: Mapping[str, Any]) -> Values:
    """Values of a page that is opened in code, of a study named there.

    Raises
    ------
    InputError
        If a value may not stand in its parameter, or the notebook was given parameters: this page takes none.
    """
    faults = list(_find_unexpected(_find_injected(_namespace()), (), ()))
    if faults:
        raise InputError(faults)
    return Values({"study": study} | checks.check(values, _SOURCE))


def of_notebook() -> Values:
    """Values that stand in the notebook from which this is called.

    Raises
    ------
    InputError
        One fault for each parameter that is unknown, ill-typed, out of range or not taken by the page, or if
        the notebook names no study.
    """
    from analysis.parameters import validation  # loads what reads studies

    namespace = _namespace()
    known, everywhere = declarations.list_parameters(), declarations.everywhere()
    found = {name: namespace[name] for name in known if name in namespace}
    if "study" not in found:
        raise InputError(Fault(_SOURCE, "cell tagged parameters", 'a study, as in study = "…"', "none"))
    cells = _cells(namespace)
    own = {name for cell in cells if not cell.startswith(INJECTED) for name in assigned_names(cell)}
    faults = list(_find_unexpected(_find_injected(namespace), [name for name in known if name in own], everywhere)) if cells else []
    if faults:
        raise InputError(faults)
    values = checks.check(found, _SOURCE)
    validation.check(values, _SOURCE)
    return Values(values)


def assigned_names(code: str) -> set[str]:
    """Names that a cell assigns at its top, empty if it is no Python (a magic command)."""
    try:
        statements = ast.parse(code).body
    except SyntaxError:
        return set()
    return {target.id for one in statements if isinstance(one, ast.Assign) for target in one.targets if isinstance(target, ast.Name)}


def _find_unexpected(names: set[str], own, everywhere) -> Iterator[Fault]:
    takes = [*own, *(name for name in everywhere if name not in own)]
    for name in sorted(names - set(takes)):
        yield Fault(
            _SOURCE,
            f"parameter {name}",
            "one of " + (", ".join(takes) or "none"),
            f"{name!r}, which this notebook does not take{suggestion(name, takes)}",
        )


def _find_injected(namespace: Mapping[str, Any]) -> set[str]:
    """Names that papermill assigned."""
    return {name for cell in _cells(namespace) if cell.startswith(INJECTED) for name in assigned_names(cell)}


def _cells(namespace: Mapping[str, Any]) -> list[str]:
    """Code that a kernel has run so far, the cell that runs now left out; nothing outside a kernel."""
    history = namespace.get("In")
    return [cell.lstrip() for cell in history[1:-1]] if isinstance(history, list) else []


def _namespace() -> Mapping[str, Any]:
    """Names of the notebook, or of the module, that called into this package."""
    frame = sys._getframe(1)
    while frame is not None and str(frame.f_globals.get("__name__", "")).partition(".")[0] == "analysis":
        frame = frame.f_back
    return frame.f_globals if frame is not None else {}


def _record(name: str) -> None:
    """Tell the process that executes the notebook."""
    file = os.environ.get(USED)
    if file:
        with open(file, "a", encoding="utf-8") as sink:
            sink.write(f"{name}\n")

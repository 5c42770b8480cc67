"""Sweeps: notebooks under many scenarios, and the statistics by which the scenarios are compared."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.editions import editions, overlap
from analysis.book.editions.declared import SweepFile
from analysis.book.editions.editions import Edition, load
from analysis.book.editions.scenario_statistics import known_statistics
from analysis.book.execution import execute
from analysis.book.provenance import spell_value
from analysis.book.sources import notebooks
from analysis.book.sources.book_page import Page
from analysis.cohorts.declarations import validate_content
from analysis.errors import Fault, InputError, suggestion
from analysis.parameters import checks, validation

MOST = 5000
"""Scenarios of one sweep; more is taken for a slip in the grid."""


class Sweep(Edition):
    """An edition with a page for each scenario and notebook.

    Attributes
    ----------
    scenarios : dict of str to dict
        Parameters that make each scenario, by its name.
    named_by_parameters : bool
        Whether the names were made from the parameters, as those of a grid are.
    statistics : tuple of str
        What the scenarios are compared by.
    """

    def __init__(
        self,
        file: Path,
        title: str,
        about: str,
        pages: tuple[Page, ...],
        scenarios: dict[str, dict],
        statistics: tuple[str, ...],
        *,
        named_by_parameters: bool,
    ):
        super().__init__(file, title, about, pages)
        self.scenarios, self.statistics, self.named_by_parameters = scenarios, statistics, named_by_parameters


def is_sweep(file: Path) -> bool:
    """Whether a file declares scenarios rather than one edition."""
    content = load(file)
    return "grid" in content or "scenarios" in content


def read(file: Path) -> Sweep:
    """Sweep of a file, everything in it checked.

    Raises
    ------
    InputError
        Every fault of the file; nothing is executed then.
    """
    declared: SweepFile = validate_content(SweepFile, load(file), file)
    shown = paths.shorten_path(file)
    scenarios, statistics = _scenarios(declared, shown), tuple(declared.statistics)
    sources = [source for entry in declared.notebooks for source in editions.sources(entry, shown, "notebooks")]
    pages = []
    for name, own in scenarios.items():
        for source in sources:
            values = _check(declared.parameters | own, source, file, f"scenario {name}")
            pages.append(Page(f"scenarios/{name}/{source.stem}", source, True, values, statistics))
    known = known_statistics(pages[0].values.get("study") or notebooks.declared_values(notebooks.read(pages[0].source), shown).get("study"))
    wrong = [
        Fault(shown, "statistics", f"one of {', '.join(list(known)[:6])} or the id of a ledger row", repr(name) + suggestion(name, known))
        for name in statistics
        if name not in known
    ]
    wrong = wrong or overlap.faults(pages, shown)
    if wrong:
        raise InputError(wrong)
    by_grid = declared.grid is not None
    return Sweep(file, declared.title, declared.about, tuple(pages), scenarios, statistics, named_by_parameters=by_grid)


def _scenarios(declared: SweepFile, shown: str) -> dict[str, dict[str, Any]]:
    """Parameters of each scenario by its name: those listed, or every combination of a grid."""
    grid, listed = declared.grid, declared.scenarios
    if (grid is None) == (listed is None):
        raise InputError(Fault(shown, "file", "either a grid or a list of scenarios", "both" if grid is not None else "neither"))
    found = {scenario.name: scenario.parameters for scenario in listed or ()}
    if grid is not None:
        for number, chosen in enumerate(itertools.islice(itertools.product(*grid.values()), MOST + 1)):
            values = dict(zip(grid, chosen, strict=True))
            found[_name(values, number)] = values
    if not 1 <= len(found) <= MOST:
        raise InputError(Fault(shown, "scenarios", f"from 1 to {MOST}", str(len(found)) if len(found) <= MOST else "more"))
    return found


def _name(values: dict[str, Any], number: int) -> str:
    """Name of a combination: its number and values, as far as they can stand in the name of a folder."""
    words = "-".join(f"{name}-{spell_value(value)}" for name, value in values.items())
    return f"{number + 1:04d}-{re.sub(r'[^a-z0-9]+', '-', words.lower())}"[:60].rstrip("-")


def _check(values: dict[str, Any], source: Path, file: Path, place: str) -> dict[str, Any]:
    shown = f"{paths.shorten_path(file)}: {place}"
    defaults, known, opens = execute.read_declared(source)
    checked = checks.check(editions.locate_cohort(values, file), shown)
    refused = [name for name in checked if name not in known]
    if refused:
        raise InputError(
            Fault(shown, f"parameter {name}", "one of " + ", ".join(known), repr(name) + suggestion(name, known)) for name in refused
        )
    if opens:
        validation.check(defaults | checked, shown)
    return checked

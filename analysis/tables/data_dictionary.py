"""The data dictionary of a study: what its declaration says, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from analysis.cohorts.importing.columns import required
from analysis.cohorts.importing.columns.schema import describe_allowed
from analysis.cohorts.study import Study
from analysis.tables.html import view
from analysis.tables.html.typography import typeset

VARIABLES = ("Variable", "Meaning", "May hold", "Missing", "Own cohort")
ENDPOINTS = ("Endpoint", "Label", "Table", "Time", "Event", "Unit", "From")
POPULATIONS = ("Population", "Label", "Table", "Condition")
CONVENTIONS = ("Statistic", "Conventions that the paper names")
OWN = "cohort"
"""The table that somebody's own cohort stands for."""

_NEEDED = {required.KEY: "needed (key)", required.ENDPOINT: "needed (endpoint)", required.POPULATION: "needed (populations)"}


def data_dictionary(study: Study) -> view.View:
    """Show every declared variable, endpoint, population and named convention.

    Parameters
    ----------
    study : Study

    Returns
    -------
    View
        Its frame holds the variables of all tables, one a row.
    """
    tables: list[tuple[str, Sequence[str], Sequence[tuple[str, ...]]]] = [
        (f"Table {name}: one row for each {declared.unit}", VARIABLES, variables(study, name)) for name, declared in study.tables.items()
    ]
    tables += [
        ("Endpoints", ENDPOINTS, [(name, e.label, e.table, e.time, e.event, e.unit, e.origin) for name, e in study.endpoints.items()]),
        ("Populations", POPULATIONS, [(name, p.label, p.table, str(p.condition) or "everybody") for name, p in study.populations.items()]),
        ("Conventions", CONVENTIONS, [(name, ", ".join(study.named_conventions(name))) for name in study.named]),
    ]
    tables = [table for table in tables if table[2]]
    frame = pd.DataFrame([(name, *row) for name in study.tables for row in variables(study, name)], columns=["Table", *VARIABLES])
    return view.View(
        "".join(_table(*table) for table in tables),
        frame,
        "\n\n".join(f"{caption}\n\n{view.grid([list(heads), *map(list, rows)])}" for caption, heads, rows in tables),
    )


def variables(study: Study, table: str) -> list[tuple[str, ...]]:
    """Variables of a table, one a line under `VARIABLES`."""
    needed = required.required_variables(study, table)
    return [
        (
            name,
            typeset(" ".join(variable.meaning.split())),
            describe_allowed(variable, variable.range),
            "allowed" if variable.missing else "no",
            _NEEDED.get(needed.get(name, ""), "may be left out") if table == OWN else "not read",
        )
        for name, variable in study.variables[table].items()
    ]


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = [[f"<code>{escape(row[0])}</code>", *map(escape, row[1:])] for row in rows]
    return view.table_of_words(caption, heads, cells, "exhibit-dictionary")

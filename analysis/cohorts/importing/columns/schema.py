"""A declared table as a pandera schema, and its failures in our words."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import Variable

if TYPE_CHECKING:  # seldom needed, and slow to import
    import pandera.pandas as pandera


DTYPES = {"id": object, "category": object, "boolean": "boolean", "integer": "float64", "number": "float64"}
"""Types while a table is checked; whole numbers become nullable integers once they are known to be whole."""

LEVELS, WHOLE, RANGE = "levels", "whole", "range"


def make_schema(
    study: Study, table: str, *, gaps: Collection[str] = (), limits: Mapping[str, tuple[float, float]] | None = None
) -> pandera.DataFrameSchema:
    """Schema of a table.

    Parameters
    ----------
    study : Study
    table : str
        Name of a declared table.
    gaps : collection of str
        Variables that may be missing in some rows, beside those declared so.
    limits : mapping of str to (float, float), optional
        Ranges in place of the declared ones.

    Returns
    -------
    pandera.DataFrameSchema
        Every column may be left out; which ones may not is asked elsewhere.
    """
    import pandera.pandas as pandera

    def column(name: str, variable: Variable) -> pandera.Column:
        checks = []
        if variable.levels:
            checks.append(pandera.Check.isin(list(variable.levels), name=LEVELS))
        if variable.type == "integer":
            checks.append(pandera.Check(lambda values: values == np.round(values), name=WHOLE, ignore_na=True))
        bounds = (limits or {}).get(name, variable.range)
        if bounds is not None:
            checks.append(pandera.Check.in_range(*bounds, name=RANGE))
        return pandera.Column(
            DTYPES[variable.type],
            checks,
            nullable=variable.missing or name in gaps,
            unique=name == study.tables[table].key,
            report_duplicates="exclude_first",
            required=False,
        )

    return pandera.DataFrameSchema({name: column(name, variable) for name, variable in study.variables[table].items()}, strict=True)


def find_failures(declared: pandera.DataFrameSchema, frame: pd.DataFrame) -> Iterator[tuple[str, str, int]]:
    """Cells that a table may not hold, as (variable, check, position).

    The check is `LEVELS`, `WHOLE`, `RANGE`, ``missing`` or ``repeated``.
    """
    import pandera.errors

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # raised inside the library as it joins its own tables
            declared.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        for case in error.failure_cases[["column", "check", "index"]].itertuples(index=False):
            check = {"not_nullable": "missing", "field_uniqueness": "repeated"}.get(case.check, case.check)
            yield case.column, check, int(case.index)


def describe_allowed(variable: Variable, bounds: tuple[float, float] | None) -> str:
    """What a variable may hold, in words."""
    if variable.levels:
        return f"one of {', '.join(variable.levels)}"
    if variable.type == "id":
        return "a text"
    if variable.type == "boolean":
        return "0 or 1"
    words = "a whole number" if variable.type == "integer" else "a number"
    if bounds is not None:
        words += f" from {bounds[0]:g} to {bounds[1]:g}"
    return f"{words} ({variable.unit})" if variable.unit else words

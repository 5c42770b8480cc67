"""Tables of a cohort as their files hold them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from analysis.cohorts.reading import read_table
from analysis.reconstruction.io import files
from analysis.reconstruction.problem.problem import Problem


def read_tables(problem: Problem, folder: Path) -> dict[str, pd.DataFrame]:
    """Saved tables of a cohort, as the study declares them; a child table may be absent."""
    return {
        name: read_table(problem.study, name, folder / table.file)
        for name, table in problem.study.tables.items()
        if (folder / table.file).is_file()
    }


def as_saved(problem: Problem, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables of a search as anybody would read them from their files: typed and checked against the declaration.

    Raises
    ------
    InputError
        If they do not fit the declaration.
    """
    with TemporaryDirectory() as folder:
        files.write_tables(problem.study, tables, Path(folder))
        return read_tables(problem, Path(folder))

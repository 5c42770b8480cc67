"""Files of statistical programs, whose cells have types and whose codes may have labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from analysis.cohorts.importing.problems import Problem
from analysis.cohorts.importing.raw import RawTable, Unreadable, cells


def read_spss(path: Path, encoding: str = "") -> RawTable:
    """Read an SPSS file (``.sav``, ``.zsav``); values declared missing in it are missing."""
    from pyreadstat import read_sav

    return _labelled(read_sav, path, encoding, "an SPSS file")


def read_stata(path: Path, encoding: str = "") -> RawTable:
    """Read a Stata file (``.dta``); extended missing values (``.a`` to ``.z``) are missing."""
    from pyreadstat import read_dta

    return _labelled(read_dta, path, encoding, "a Stata file")


def _labelled(read, path: Path, encoding: str, form: str) -> RawTable:
    try:
        frame, about = read(str(path), apply_value_formats=False, **({"encoding": encoding} if encoding else {}))
    except Exception:  # the library has errors of several kinds for a damaged file
        raise Unreadable(form + (f" in the encoding {encoding!r}" if encoding else ""), "a file that cannot be read as one") from None
    labels = {name: {value.strip() if isinstance(value, str) else value: str(label).strip() for value, label in found.items()} for name, found in about.variable_value_labels.items()}
    said = [f"encoding {about.file_encoding} (told by the file)"] if about.file_encoding else []
    if labels:
        said.append(f"value labels in {len(labels)} of {frame.shape[1]} columns")
    columns = {str(name): cells(frame[name].tolist()) for name in frame.columns}
    return RawTable(form, columns, np.arange(1, len(frame) + 1), "case", labels, said)


def read_parquet(path: Path, encoding: str = "") -> RawTable:
    """Read a Parquet file, whose encoding is always UTF-8; an index that pandas wrote into it is left out."""
    from pyarrow import parquet, types

    try:
        table = parquet.ParquetFile(path).read()
    except Exception:  # the library has errors of several kinds for a damaged file
        raise Unreadable("a Parquet file", "a file that cannot be read as one") from None
    columns, problems, said = {}, [], []
    for name, column in zip(table.column_names, table.columns, strict=True):
        if name.startswith("__index_level_"):
            said.append("an unnamed index was left out")
        elif types.is_nested(column.type) or types.is_binary(column.type):
            problems.append(Problem("texts, numbers, dates or truth values", "cells of another kind", column=name))
        elif name in columns:
            problems.append(Problem("a name used once", "the same name again", column=name))
        else:
            columns[name] = cells(column.to_pylist())
    return RawTable("a Parquet file", columns, np.arange(1, table.num_rows + 1), "row", {}, said, problems)

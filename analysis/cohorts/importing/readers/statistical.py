"""Files of statistical programs, whose cells have types and whose codes may have labels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from analysis.cohorts.importing.parsing import statistical_dates
from analysis.cohorts.importing.problems import Problem, make_printable, row_list
from analysis.cohorts.importing.raw import RawTable, Unreadable, cells

MOST_CELLS = 10_000_000
"""Cells beyond which a file of typed columns is no cohort."""

XPORT = b"HEADER RECORD***"
"""What SAS transport files begin with."""


def read_spss(path: Path, encoding: str = "") -> RawTable:
    """Read an SPSS file (``.sav``, ``.zsav``); values declared missing in it are missing."""
    from pyreadstat import read_sav

    return _label(partial(read_sav, apply_value_formats=False), path, encoding, statistical_dates.SPSS)


def read_stata(path: Path, encoding: str = "") -> RawTable:
    """Read a Stata file (``.dta``); extended missing values (``.a`` to ``.z``) are missing."""
    from pyreadstat import read_dta

    return _label(partial(read_dta, apply_value_formats=False), path, encoding, statistical_dates.STATA)


def read_sas(path: Path, encoding: str = "") -> RawTable:
    """Read a SAS file (``.sas7bdat``, or a transport file ``.xpt``); special missing values (``.A`` to ``.Z``) are missing.

    Labels of codes lie in another file, the catalogue of formats, which is not read.
    """
    from pyreadstat import read_sas7bdat, read_xport

    with open(path, "rb") as stream:
        transported = stream.read(len(XPORT)) == XPORT
    return _label(read_xport if transported else read_sas7bdat, path, encoding, statistical_dates.SAS)


def _label(read: Callable[..., Any], path: Path, encoding: str, program: str) -> RawTable:
    form = f"{'an' if program == statistical_dates.SPSS else 'a'} {program} file"
    given = {"encoding": encoding} if encoding else {}
    try:
        _, about = read(str(path), metadataonly=True, **given)
        if (about.number_rows or 0) * (about.number_columns or 0) <= MOST_CELLS:
            # the number of rows that a file states may be too small or none, so no more are read than are allowed;
            # dates are converted here, as one that is impossible would stop the library
            most = MOST_CELLS // max(about.number_columns or 1, 1) + 1
            frame, about = read(str(path), disable_datetime_conversion=True, row_limit=most, **given)
        else:
            frame = None
    except Exception:  # the library has errors of several kinds for a damaged file
        raise Unreadable(form + (f" in the encoding {encoding!r}" if encoding else ""), "a file that cannot be read as one") from None
    if frame is None or frame.size > MOST_CELLS:
        raise Unreadable(f"a file of at most {MOST_CELLS:,} cells", "more")
    labels = {
        name: {value.strip() if isinstance(value, str) else value: str(label).strip() for value, label in found.items()}
        for name, found in about.variable_value_labels.items()
    }
    titles = {str(name): title.strip() for name, title in about.column_names_to_labels.items() if title}
    said = [f"encoding {about.file_encoding} (given in the file)"] if about.file_encoding else []
    if labels:
        said.append(f"value labels in {len(labels)} of {frame.shape[1]} columns")
    columns, remarks = {}, []
    for name in frame.columns:
        written = about.original_variable_types.get(name) or ""
        values, impossible = statistical_dates.convert_dates(frame[name].tolist(), written, program)
        columns[str(name)] = cells(values)
        if impossible:
            rows = row_list([at + 1 for at in impossible], "case")
            remarks.append(f"{make_printable(str(name))}: no date of the calendar in {rows}")
    return RawTable(form, columns, np.arange(1, len(frame) + 1), "case", labels, titles, said, remarks=remarks)


def read_parquet(path: Path, encoding: str = "") -> RawTable:
    """Read a Parquet file, whose encoding is always UTF-8; an index that pandas wrote into it is left out."""
    from pyarrow import parquet

    def read() -> Any:
        file = parquet.ParquetFile(path)
        return file.read() if file.metadata.num_rows * file.metadata.num_columns <= MOST_CELLS else None

    return _of_arrow(read, "a Parquet file")


def read_feather(path: Path, encoding: str = "") -> RawTable:
    """Read a Feather file (``.feather``, ``.arrow``), as `read_parquet` does."""
    from pyarrow import feather

    return _of_arrow(lambda: feather.read_table(path, memory_map=True), "a Feather file")


def _of_arrow(read: Callable[[], Any], form: str) -> RawTable:
    """A table of Arrow, which `read` gives, or None for too large a one."""
    from pyarrow import types

    try:
        table = read()
    except Exception:  # the library has errors of several kinds for a damaged file
        raise Unreadable(form, "a file that cannot be read as one") from None
    if table is None or table.num_rows * table.num_columns > MOST_CELLS:
        raise Unreadable(f"a file of at most {MOST_CELLS:,} cells", "more")
    found = RawTable(form, {}, np.arange(1, table.num_rows + 1), "row")
    for name, column in zip(table.column_names, table.columns, strict=True):
        if name.startswith("__index_level_"):
            found.detected.append("an unnamed index was left out")
        elif name in found.columns:
            found.remarks.append(f"{make_printable(name)}: a name used twice, not read")
            found.unusable[name] = Problem("a name used once", "the same name again", column=name)
        elif (types.is_binary(column.type) or types.is_large_binary(column.type)) and (texts := _decode(column.to_pylist())) is not None:
            found.columns[name] = cells(texts)
            found.detected.append(f"{make_printable(name)}: bytes read as text in UTF-8")
        elif types.is_nested(column.type) or types.is_binary(column.type) or types.is_large_binary(column.type):
            found.columns[name] = cells([None] * table.num_rows)
            found.remarks.append(f"{make_printable(name)}: cells other than text, numbers, dates and truth values, not read")
            found.unusable[name] = Problem("texts, numbers, dates or truth values", "cells of another kind", column=name)
        else:
            found.columns[name] = cells(column.to_pylist())
    return found


def _decode(values: list[bytes | None]) -> list[str | None] | None:
    """Bytes as texts, as some programs keep these; None if they are none."""
    try:
        texts = [None if value is None else value.decode("utf-8") for value in values]
    except UnicodeDecodeError:
        return None
    return texts if all(text is None or text.isprintable() for text in texts) else None

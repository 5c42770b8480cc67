"""One way into every supported kind of file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from analysis.cohorts.importing.options import FileOptions
from analysis.cohorts.importing.raw import RawTable, Unreadable
from analysis.cohorts.importing.readers import delimited, isolated, workbooks
from analysis.cohorts.importing.readers.encodings import check_encoding

TEXT, EXCEL, PARQUET, FEATHER, SPSS, STATA, SAS = "CSV", "Excel", "Parquet", "Feather", "SPSS", "Stata", "SAS"
SUFFIXES = {
    ".csv": TEXT, ".tsv": TEXT, ".txt": TEXT, ".dat": TEXT, ".xlsx": EXCEL, ".xlsm": EXCEL,
    ".parquet": PARQUET, ".pq": PARQUET, ".feather": FEATHER, ".arrow": FEATHER, ".sav": SPSS, ".zsav": SPSS, ".dta": STATA,
    ".sas7bdat": SAS, ".xpt": SAS, ".xport": SAS,
}  # fmt: skip
_BEGINNINGS = (
    (b"PK\x03\x04", EXCEL), (b"PAR1", PARQUET), (b"ARROW1", FEATHER), (b"FEA1", FEATHER), (b"$FL2", SPSS), (b"$FL3", SPSS),
    (b"<stata_dta>", STATA), (b"HEADER RECORD***", SAS), (bytes(12) + b"\xc2\xea\x81\x60", SAS),
)  # fmt: skip
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
#: What may be said of a file, and of which kinds.
OPTIONS = {
    "sheet": (EXCEL,), "delimiter": (TEXT,), "encoding": (TEXT, SPSS, STATA, SAS), "row_names": (TEXT,),
    "header": (TEXT, EXCEL), "first": (TEXT, EXCEL), "last": (TEXT, EXCEL),
}  # fmt: skip


def read_file(path: Path, options: FileOptions | None = None, known: Collection[str] = (), table: str = "cohort") -> RawTable:
    """Read a table from a file of any supported kind, known by its first bytes or its suffix.

    Parameters
    ----------
    path : Path
    options : FileOptions, optional
        What the mapping says where the file does not say it itself.
    known : collection of str
        Names that the declaration or the mapping speaks of, by which a header is recognised.
    table : str
        Declared name of the table: a sheet of that name is preferred.

    Raises
    ------
    Unreadable
        No such file, no supported kind, damaged, empty, or an option that its kind does not have.
    """
    options = options or FileOptions()
    kind, said = kind_of(path)
    for option, kinds in OPTIONS.items():
        if getattr(options, option) and kind not in kinds:
            raise Unreadable(f"'{option}' only for {' or '.join(kinds)}", f"it is given for {kind}")
    if kind == TEXT:
        raw = delimited.read_delimited(path, options, known)
    elif kind == EXCEL:
        raw = workbooks.read_workbook(path, options, known, table)
    else:
        raw = isolated.read_apart(kind, path, check_encoding(options.encoding) if options.encoding else "")
    raw.detected = said + raw.detected
    if not raw.columns and not raw.problems:
        raise Unreadable("a table with named columns", "none")
    return raw


def kind_of(path: Path) -> tuple[str, list[str]]:
    """Kind of a file, and what is to be said where content and name disagree."""
    try:
        if not path.exists():
            raise Unreadable("a cohort file", "no such file")
        if not path.is_file():
            raise Unreadable("a cohort file", "a folder or device")
        with open(path, "rb") as stream:
            beginning = stream.read(16)
    except (OSError, ValueError):
        raise Unreadable("a cohort file", "a file that cannot be opened") from None
    named = SUFFIXES.get(path.suffix.lower())
    if not beginning:
        raise Unreadable("a header and at least one row", "an empty file")
    if beginning.startswith(_OLD_OFFICE):
        raise Unreadable("a workbook saved as .xlsx, without a password", "an old or protected Excel file")
    for start, kind in _BEGINNINGS:
        if beginning.startswith(start):
            return kind, [] if named in (kind, None) else [f"read as {kind} by its content, not as {named} by its name"]
    if named is None:
        raise Unreadable(f"a file that ends in one of {', '.join(SUFFIXES)}", f"'{path.suffix}'")
    if named in (EXCEL, PARQUET, FEATHER, SPSS, SAS):  # these always begin with their mark; old Stata files do not
        raise Unreadable(f"a file in the form its name says ({named})", "other content")
    return named, []

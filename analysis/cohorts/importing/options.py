"""How a file and its cells are read, as a mapping says it: of the whole file, or of one column."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from analysis.cohorts.declarations import Declaration
from analysis.cohorts.importing.parsing.dates import parse_order

HEADERLESS = "none"


class Reading(Declaration):
    """How cells are read: said for the whole file, or for one column.

    Attributes
    ----------
    true_dates : str or tuple of str
        Days (``1960-01-01``) that are dates of patients although many files write them for none.
    """

    decimal: Literal[",", ".", "comma", "point", ""] = ""
    dates: str = ""
    century: int | None = Field(None, ge=1800, le=2100)
    true_dates: str | tuple[str, ...] = ()

    @model_validator(mode="after")
    def _known_order(self) -> Self:
        try:
            parse_order(self.dates or "year month day")
        except KeyError:
            raise ValueError(
                "an order of dates, e.g. day.month.year, or serial (days as Excel counts them; serial-1960, serial-1970 from there)"
            ) from None
        return self

    @property
    def mark(self) -> str:
        return {"comma": ",", "point": "."}.get(self.decimal, self.decimal)

    @property
    def order(self) -> str:
        return parse_order(self.dates) if self.dates else ""


def _rows(value: Any) -> Any:
    """Numbers of rows from how a mapping writes them."""
    given = [value] if isinstance(value, (str, int)) else value
    if value == HEADERLESS or value in ("", ()):
        return value or ()
    try:
        rows = tuple(int(row) for row in given)
    except (TypeError, ValueError):
        rows = ()
    if not rows or min(rows) < 1 or list(rows) != sorted(set(rows)) or len(rows) > 3:
        raise ValueError("the row of the header, e.g. 3, or [2, 3] for a header of two rows, or none")
    return rows


class FileOptions(Reading):
    """What a file does not say of itself.

    Attributes
    ----------
    header : tuple of int, or "none"
        Rows that hold the names, as the file counts them.
    first, last : int
        First and last row of the patients.
    row_names : {"first", "none", ""}
        Whether a cell more than the header has is the row's name, or an end of the line.
    """

    sheet: str = ""
    delimiter: str = ""
    encoding: str = ""
    header: Annotated[tuple[int, ...] | Literal["none"], BeforeValidator(_rows)] = ()
    first: int = Field(0, ge=0)
    last: int = Field(0, ge=0)
    row_names: Literal["first", "none", ""] = ""

    @property
    def headerless(self) -> bool:
        return self.header == HEADERLESS

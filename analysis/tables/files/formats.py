"""One table as CSV, Excel, Word and LaTeX: numbers as numbers where the format has them, printed as they are shown.

The book makes the same files in the browser, from what a page shows (``book/_static/lazy/files.mjs``).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import docx
import openpyxl
import pandas as pd
from docx.oxml.ns import qn
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

_NUMBER = re.compile(r"([−-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,6}))?(%?)")


class Table(NamedTuple):
    """What is written: a title, a frame of text or numbers, and what is said below."""

    title: str
    frame: pd.DataFrame
    note: str = ""


def _texts(table: Table) -> list[list[str]]:
    """Heads and rows as text; what is missing is empty."""
    rows = [["" if pd.isna(value) else str(value) for value in row] for row in table.frame.itertuples(index=False)]
    return [[str(head) for head in table.frame.columns], *rows]


def type_cell(text: str) -> tuple[float, str] | None:
    """A number and the format that prints it as it stands (``36.50%`` as 0.365, ``0.00%``); None for text.

    Numbers with leading zeros are text, as codes are.
    """
    found = _NUMBER.fullmatch(text)
    if found is None or re.match(r"0\d", found[2]):
        return None
    sign, whole, decimals, percent = found.groups()
    value = float(f"{'-' if sign else ''}{whole.replace(',', '')}.{decimals or 0}")
    pattern = ("#,##0" if "," in whole else "0") + (f".{'0' * len(decimals)}" if decimals else "")
    return (round(value / 100, len(decimals or "") + 2), f"{pattern}%") if percent else (value, pattern)


def csv(table: Table) -> bytes:
    """UTF-8 with a mark that Excel needs to know it by."""
    return table.frame.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def excel(table: Table) -> bytes:
    """A workbook with one sheet: title, heads, rows, note; text that looks like a formula stays text."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Table"
    _put_cell(sheet["A1"], table.title)
    sheet["A1"].font = Font(bold=True)
    for line, row in enumerate(_texts(table), 3):
        for column, text in enumerate(row, 1):
            cell, number = sheet.cell(line, column), type_cell(text) if line > 3 else None
            if number is None:
                _put_cell(cell, text)
            else:
                cell.value, cell.number_format = number
            cell.font = Font(bold=line == 3)
    if table.note:
        _put_cell(sheet.cell(len(table.frame) + 5, 1), table.note)
    for column in range(1, len(table.frame.columns) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 40 if column == 1 else 18
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _put_cell(cell: Any, text: str) -> None:
    cell.value = _strip_control_characters(text)
    cell.data_type = "s"  # also where it begins as a formula does


def word(table: Table) -> bytes:
    """A document with an editable table, its head repeated on each page."""
    document = docx.Document()
    document.add_paragraph(_strip_control_characters(table.title), style="Caption")
    texts = _texts(table)
    grid = document.add_table(rows=len(texts), cols=len(texts[0]), style="Light List")
    for cells, row in zip((line.cells for line in grid.rows), texts, strict=True):
        for cell, text in zip(cells, row, strict=True):
            cell.text = _strip_control_characters(text)
    properties = grid.rows[0]._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:tblHeader"), {}))
    if table.note:
        document.add_paragraph(_strip_control_characters(table.note))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def latex(table: Table) -> bytes:
    """A table in the manner of booktabs, everything in it escaped: shrunk to the line where it is wider, over several pages where it is long."""
    heads, *rows = _texts(table)
    head = [r"\toprule", _line(heads), r"\midrule"]
    pages = len(rows) > _ROWS_OF_A_PAGE
    layout, caption = _layout(rows, len(heads), pages), rf"\caption{{{_tex(table.title)}}}"
    note = ["", rf"\footnotesize {_tex(table.note)}"] if table.note else []
    if pages:
        begun = [r"{\small", rf"\begin{{longtable}}{{{layout}}}", caption + r" \\", *head, r"\endhead"]
        ended = [r"\bottomrule", r"\end{longtable}", *note, "}", ""]
    else:
        begun = [r"\begin{table}", caption, _SHRUNK, rf"\begin{{tabular}}{{{layout}}}", *head]
        ended = [r"\bottomrule", r"\end{tabular}}", *note, r"\end{table}", ""]
    return "\n".join([_PACKAGES, *begun, *map(_line, rows), *ended]).encode()


def _line(row: list[str]) -> str:
    """A row; after a rule or the end of a row TeX would take a bracket or a star for its own."""
    line = " & ".join(map(_tex, row)) + r" \\"
    return "{}" + line if line[:1] in ("[", "*") else line


_PACKAGES = "% needs the packages amssymb, array, booktabs, graphicx, longtable and textcomp"
_SHRUNK = r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%"
_ROWS_OF_A_PAGE = 45
_LONG, _LONG_OF_PAGES = 45, 24
"""Letters of a cell from which its column is broken into lines; fewer where the table cannot be shrunk, as it has several pages."""

_FIGURE = re.compile(r"[<>≤≥≈−-]? ?\d")


def _layout(rows: list[list[str]], columns: int, pages: bool) -> str:
    """Columns of a table in TeX: text to the left, numbers to the right, long text in lines."""
    filled = [[row[at] for row in rows if row[at]] for at in range(columns)]
    long = [any(len(text) > (_LONG_OF_PAGES if pages else _LONG) for text in texts) for texts in filled]
    width = rf">{{\raggedright\arraybackslash}}p{{{0.6 / max(1, sum(long)):.2f}\linewidth}}"
    numbers = [2 * sum(map(bool, map(_FIGURE.match, texts))) > len(texts) for texts in filled]
    return "".join(width if long[at] else "r" if at and numbers[at] else "l" for at in range(columns))


_TEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "≥": r"$\geq$", "≤": r"$\leq$", "±": r"$\pm$", "−": "$-$", "×": r"$\times$",
    "≈": r"$\approx$", "≠": r"$\neq$", "⇔": r"$\Leftrightarrow$", "✓": r"$\checkmark$", "✗": r"$\times$", "–": "--", "—": "---",
    "∞": r"$\infty$", "·": r"$\cdot$", "<": "$<$", ">": "$>$", "|": r"\textbar{}", '"': "''", "→": r"$\rightarrow$", "←": r"$\leftarrow$",
    "↑": r"$\uparrow$", "↓": r"$\downarrow$", "⇒": r"$\Rightarrow$", "√": r"$\surd$", "′": "$'$", "∆": r"$\Delta$", "ß": r"\ss{}",
    "\u00a0": "~", "\u2009": r"\,", "\u202f": r"\,", "\u2011": "-", "\u200b": "",
}  # fmt: skip
_GREEK = (
    "alpha", "beta", "gamma", "delta", "varepsilon", "eta", "theta", "kappa", "lambda", "mu", "mu", "pi", "rho", "sigma", "tau", "varphi", "chi", "psi",
    "omega", "Gamma", "Delta", "Theta", "Lambda", "Sigma", "Phi", "Psi", "Omega",
)  # fmt: skip
_TEX |= {letter: rf"$\{name}$" for letter, name in zip("αβγδεηθκλμµπρστφχψωΓΔΘΛΣΦΨΩ", _GREEK, strict=True)}
_TEX |= {raised: f"$^{{{plain}}}$" for raised, plain in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵃᵇᶜᵈᵉᶠ", "0123456789+-abcdef", strict=True)}
_TEX |= {lowered: f"$_{{{plain}}}$" for lowered, plain in zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)}
"""What a letter is in TeX; most of these pdfLaTeX prints as another one, or not at all (``<`` as an inverted exclamation mark)."""


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in text.replace("\n", " "))


def _strip_control_characters(text: str) -> str:
    """Text without the control characters that XML has no place for."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)


FORMATS: Mapping[str, Callable[[Table], bytes]] = {"csv": csv, "xlsx": excel, "docx": word, "tex": latex}
"""Functions that write a table, by the suffix of the file."""

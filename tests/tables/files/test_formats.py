"""Tables as files: numbers are numbers, text stays text, everything is escaped."""

import io
import re
import shutil
import subprocess

import docx
import openpyxl
import pandas as pd
import pytest

from analysis.tables.files import formats
from analysis.tables.files.formats import Table, type_cell

TABLE = Table(
    "Groups, 50% & more",
    pd.DataFrame({"": ["A & <b>", "=1+1"], "Patients": ["1,013", "−2"], "%": ["36.50%", None], "HR": ["0.49 (0.16–1.56)", "007"]}),
    "A note_1.",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("36.50%", (0.365, "0.00%")), ("7%", (0.07, "0%")), ("1,013", (1013, "#,##0")), ("−2", (-2, "0")), ("0.265", (0.265, "0.000")),
        ("0", (0, "0")), ("007", None), ("<0.001", None), ("0.49 (0.16–1.56)", None), ("", None), ("1,01", None),
    ],
)  # fmt: skip
def test_a_number_keeps_its_decimals_and_text_stays_text(text, expected):
    assert type_cell(text) == expected


def test_a_workbook_has_typed_numbers_and_no_formula():
    sheet = openpyxl.load_workbook(io.BytesIO(formats.excel(TABLE))).active
    assert [cell.value for cell in sheet[4]] == ["A & <b>", 1013, 0.365, "0.49 (0.16–1.56)"]
    assert [cell.value for cell in sheet[5]] == ["=1+1", -2, None, "007"] and sheet["A5"].data_type == "s"
    assert sheet["A1"].value == TABLE.title and sheet["A7"].value == TABLE.note and sheet["A3"].font.bold


def test_a_document_has_a_table_whose_head_is_repeated():
    document = docx.Document(io.BytesIO(formats.word(TABLE)))
    [table] = document.tables
    assert [cell.text for cell in table.rows[1].cells] == ["A & <b>", "1,013", "36.50%", "0.49 (0.16–1.56)"]
    assert "w:tblHeader" in table.rows[0]._tr.xml and "w:tblHeader" not in table.rows[1]._tr.xml
    assert [paragraph.text for paragraph in document.paragraphs] == [TABLE.title, TABLE.note]


def test_csv_and_latex_are_escaped():
    assert formats.csv(TABLE).decode("utf-8-sig").splitlines()[1] == 'A & <b>,"1,013",36.50%,0.49 (0.16–1.56)'
    text = formats.latex(TABLE).decode()
    assert r"A \& $<$b$>$ & 1,013 & 36.50\% & 0.49 (0.16--1.56) \\" in text and r"\caption{Groups, 50\% \& more}" in text
    assert r"A note\_1." in text and text.count(r"\midrule") == 1


HARD = (
    "≥ 0.5 × 10⁹/L", "<0.001", "P > 0.05 | x", "[1] a", "* b", "50% & $5 #3 a_b {c} ~d ^e \\f", "−2 ± 3 ≤ 4 ≈ 5 ≠ 6", "χ² τ α √2 ∞", "Δ × µg", "“so” – it’s…", "Norén",
    "1\u202f013 2\u00a0%", "A ⇔ B → C ✓ ✗", '"a"', "ᵃ x₂",
)  # fmt: skip
SEEN = (
    "≥0.5×109/L",
    "<0.001",
    "P>0.05|x",
    "[1]a",
    "*b",
    "50%&$5#3a",
    "{c}",
    "−2±3≤4≈5",
    "χ2τα",
    "∆×µg",
    "“so”–it’s",
    "10132%",
    "A⇔B→C✓×",
    "x2",
)
"""The same as it can be read out of a PDF, without blanks."""


@pytest.mark.slow
@pytest.mark.parametrize("rows", [len(HARD), 60])
def test_pdflatex_prints_what_the_table_shows_and_the_note_below(tmp_path, rows):
    """Letters that TeX takes for others would print another number: ``<0.001`` as an exclamation mark, 10⁹ as 10."""
    if not (shutil.which("pdflatex") and shutil.which("pdftotext")):
        pytest.skip("no pdflatex or pdftotext on this machine")
    texts = [HARD[at % len(HARD)] for at in range(rows)]
    long = ["a sentence that is longer than a line of the table may be, so that it is broken"] * rows
    frame = pd.DataFrame({"[Result]": texts, "Again": texts, "Remark": long, "P": ["<0.001"] * rows, "Q": long})
    packages = formats._PACKAGES.removeprefix("% needs the packages ").replace(" and ", ", ").replace(" ", "")
    (tmp_path / "table.tex").write_bytes(formats.latex(Table("Groups & <50%", frame, "The note.")))
    (tmp_path / "all.tex").write_text(
        f"\\documentclass{{article}}\\usepackage{{{packages}}}\\begin{{document}}\\input{{table}}\\end{{document}}"
    )
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout
    text = subprocess.run(["pdftotext", "-layout", "all.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    seen = re.sub(r"\s", "", text)
    if rows == len(HARD):
        assert [part for part in SEEN if part not in seen] == []
    else:  # long ones go on over pages, each with the head
        assert text.count("\x0c") == text.count("[Result]") > 1 and seen.count("<0.001") >= rows
    assert "¡" not in seen and "¿" not in seen and "Groups&<50%" in seen
    assert text.rstrip("\x0c 0123456789\n").endswith("\nThe note.")  # below the table, not beside it

"""Tables as files: numbers are numbers, text stays text, everything is escaped."""

import io

import docx
import openpyxl
import pandas as pd
import pytest

from analysis.tables.files import formats
from analysis.tables.files.formats import Table, typed

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
    assert typed(text) == expected


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
    assert r"A \& <b> & 1,013 & 36.50\% & 0.49 (0.16--1.56) \\" in text and r"\caption{Groups, 50\% \& more}" in text
    assert r"A note\_1." in text and text.count(r"\midrule") == 1

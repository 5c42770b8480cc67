"""What a reader takes away from a page opened as a file: figures and tables in other programs' formats."""

import io
import re
import zipfile

import docx
import openpyxl
import pandas as pd
import pytest
from PIL import Image
from pypdf import PdfReader

from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.figures.plots.survival import survival_figure
from analysis.tables.files import formats
from analysis.tables.html.plain import plain_table
from tests.browser import site

FIGURE = survival_figure({"A": kaplan_meier([2, 5, 8, 12], [1, 0, 1, 0])}, horizon=12, name="by-arm", title="Overall survival ≥ 50%")
HEADS = ["Group", "Patients", "Percent", "HR"]
HARD = ['[10⁹/L | "x"', "<0.001", "≥ 5 µg", "a longer text of χ² and x₂, so long that it is broken into lines"]
TABLE = plain_table(
    HEADS,
    [["A & <b>", "1,013", "36.50%", "0.49 (0.16 to 1.56)"], ["B", "−2", "7%", "=cmd"], HARD],
    "Groups, 50% of them",
    "A note.",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return site.write(tmp_path_factory.mktemp("takeaway"), {"page": FIGURE._repr_html_() + TABLE._repr_html_()})


@pytest.fixture(scope="module")
def page(folder, browser):
    context = browser.new_context(accept_downloads=True, viewport={"width": 1000, "height": 900})
    opened = context.new_page()
    opened.goto((folder / "page.html").as_uri())
    for summary in opened.locator(".exhibit-save summary").all():
        summary.click()
    yield opened
    context.close()


def saved(page, tmp_path, words):
    with page.expect_download() as download:
        page.get_by_role("button", name=words, exact=True).click()
    download.value.save_as(tmp_path / "file")
    return download.value.suggested_filename, (tmp_path / "file").read_bytes()


def test_a_figure_is_saved_as_svg_whose_text_is_text_and_whose_colours_are_its_own(page, tmp_path):
    name, content = saved(page, tmp_path, "SVG")
    text = content.decode()
    assert name == "by-arm.svg" and re.search(r"<text[^>]*>Overall survival ≥ 50%</text>", text)
    assert "var(" not in text and "fill:#1b1f24" in text.replace(" ", "")


@pytest.mark.parametrize("width", [85, 178])
def test_a_figure_is_saved_as_png_of_300_dots_an_inch(page, tmp_path, width):
    name, content = saved(page, tmp_path, f"PNG, {width} mm, 300 dpi")
    picture = Image.open(io.BytesIO(content))
    assert name == f"by-arm-{width}mm.png" and picture.width == round(width / 25.4 * 300)
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert len(picture.convert("RGB").getcolors(1_000_000)) > 20  # something is drawn


@pytest.mark.parametrize("width", [85, 178])
def test_a_figure_leads_to_a_pdf_of_a_column_s_width(page, folder, width):
    link = page.get_by_role("link", name=f"PDF, {width} mm", exact=True)
    assert link.get_attribute("download") == f"by-arm-{width}mm.pdf"
    leaf = PdfReader(folder / link.get_attribute("href")).pages[0]
    assert float(leaf.mediabox.width) / 72 * 25.4 == pytest.approx(width, abs=0.1)


def test_a_workbook_keeps_numbers_as_numbers_as_they_are_printed_and_text_as_text(page, tmp_path):
    name, content = saved(page, tmp_path, "Excel")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert name == "groups-50-of-them.xlsx" and sheet["A1"].value == "Groups, 50% of them"
    assert [cell.value for cell in sheet[3]] == ["Group", "Patients", "Percent", "HR"]
    assert [cell.value for cell in sheet[4]] == ["A & <b>", 1013, 0.365, "0.49 (0.16 to 1.56)"]
    assert [cell.number_format for cell in sheet[4]][1:3] == ["0", "0.00%"]
    assert [cell.value for cell in sheet[5]] == ["B", -2, 0.07, "=cmd"] and sheet["D5"].data_type == "s"


def test_a_document_has_a_table_that_can_be_edited(page, tmp_path):
    _, content = saved(page, tmp_path, "Word")
    document = docx.Document(io.BytesIO(content))
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows][1] == [
        "A & <b>",
        "1,013",
        "36.50%",
        "0.49 (0.16 to 1.56)",
    ]
    assert document.paragraphs[0].text == "Groups, 50% of them" and document.paragraphs[1].text == "A note."
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert "w:tblHeader" in document.element.xml


def test_csv_and_latex_hold_what_is_seen(page, tmp_path):
    _, csv = saved(page, tmp_path, "CSV")
    assert csv.decode("utf-8-sig").splitlines()[1] == 'A & <b>,"1,013",36.50%,0.49 (0.16 to 1.56)'
    _, tex = saved(page, tmp_path, "LaTeX")
    assert r"A \& $<$b$>$ & 1,013 & 36.50\% & 0.49 (0.16 to 1.56) \\" in tex.decode() and r"\caption{Groups, 50\% of them}" in tex.decode()
    frame = pd.DataFrame([["A & <b>", "1,013", "36.50%", "0.49 (0.16 to 1.56)"], ["B", "−2", "7%", "=cmd"], HARD], columns=HEADS)
    before, _, _ = formats.latex(formats.Table("Groups, 50% of them", frame, "A note.")).decode().partition(r"\footnotesize")
    assert tex.decode().startswith(before)  # the command line writes the same


def test_a_table_is_copied(page):
    page.evaluate(
        """() => { navigator.clipboard.write = (items) =>
            items[0].getType("text/plain").then((kept) => kept.text()).then((text) => { window.text = text; }); }"""
    )
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("window.text").splitlines()[2] == "B\t−2\t7%\t=cmd"


def test_where_the_clipboard_is_closed_to_pages_the_old_way_is_taken(page):
    page.evaluate(
        """() => { navigator.clipboard.write = () => Promise.reject(new Error("closed"));
            document.execCommand = (what) => { window.asked = what; return true; }; }"""
    )
    page.get_by_role("button", name=re.compile("^Cop")).click()
    page.wait_for_function("window.asked === 'copy'")


def test_without_scripts_documents_and_data_can_be_saved(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto((folder / "page.html").as_uri())
    opened.locator(".exhibit-save summary").click()
    assert opened.locator(".exhibit-save a:visible").count() == 4 and opened.locator(".exhibit-save button").count() == 0
    context.close()

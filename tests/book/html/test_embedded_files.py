"""What executed notebooks carry becomes files of the book."""

import base64
import re
from urllib.parse import quote

import nbformat
import pytest

from analysis import paths
from analysis.book.html import embedded_files

PDF = b"%PDF-1.4 \xc3\xa9"
CSV = 'time,"estimate, %"\n1,50\n'


def document(pdf=PDF):
    return f'<a class="x" href="data:application/pdf;base64,{base64.b64encode(pdf).decode()}" download="a.pdf">a</a>'


def notebook(*htmls):
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = [nbformat.v4.new_output("execute_result", {"text/html": html, "text/plain": "x"}) for html in htmls]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("text"), cell])


def shown(result):
    return [output["data"]["text/html"] for output in result.cells[1].outputs]


@pytest.mark.parametrize(("page", "up"), [("notebooks/a/survival", "../../"), ("book/index", "../"), ("index", "")])
def test_documents_and_data_lie_where_the_page_looks_for_them_with_the_same_bytes(tmp_path, page, up):
    link = f'<a download="x.csv" href="data:text/csv;charset=utf-8,{quote(CSV)}">x</a>'
    file, anchor = shown(embedded_files.to_files(notebook(document(), link), page, tmp_path))
    for html, suffix, content in ((file, "pdf", PDF), (anchor, "csv", CSV.encode())):
        address = re.search(r'(?:src|href)="([^"]+)"', html)[1]
        assert address.startswith(f"{up}{embedded_files.FOLDER}/") and address.endswith(f".{suffix}")
        assert (tmp_path / address.removeprefix(up)).read_bytes() == content


def test_everything_else_of_the_tag_stays(tmp_path):
    [html] = shown(embedded_files.to_files(notebook(document()), "p", tmp_path))
    assert re.fullmatch(r'<a class="x" href="_static/made/\w+\.pdf" download="a.pdf">a</a>', html)


def test_the_same_document_stands_there_once(tmp_path):
    embedded_files.to_files(notebook(document(), document(), document(b"%PDF-1.5")), "p", tmp_path)
    assert len(list((tmp_path / embedded_files.FOLDER).iterdir())) == 2


def test_text_that_only_looks_like_it_is_left_alone(tmp_path):
    text = "<p>data:text/csv,1</p><pre>href=&quot;data:application/pdf,x&quot;</pre>"
    assert shown(embedded_files.to_files(notebook(text), "p", tmp_path)) == [text]
    assert not (tmp_path / "_static").exists()


def test_the_fonts_of_figures_stand_where_the_style_sheet_looks_for_them(tmp_path):
    embedded_files.add_fonts(tmp_path)
    css = (paths.BOOK / "_static" / "book.css").read_text(encoding="utf-8")
    wanted = re.findall(r'url\("(fonts/[^"]+)"\)', css)
    assert len(wanted) == 3 and all((tmp_path / "_static" / name).is_file() for name in wanted)
    assert (tmp_path / "_static" / "fonts" / "LICENSE").is_file()

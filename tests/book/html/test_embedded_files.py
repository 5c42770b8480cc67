"""What executed notebooks carry becomes files of the book."""

import base64
import re
from urllib.parse import quote

import nbformat
import pytest

from analysis.book.html import embedded_files

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><text>\xc3\xa9 "1" & 2</text></svg>'
CSV = 'time,"estimate, %"\n1,50\n'


def picture(svg=SVG):
    return f'<img class="only-light" src="data:image/svg+xml;base64,{base64.b64encode(svg).decode()}" width="3" alt="a">'


def notebook(*htmls):
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = [nbformat.v4.new_output("execute_result", {"text/html": html, "text/plain": "x"}) for html in htmls]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("text"), cell])


def shown(result):
    return [output["data"]["text/html"] for output in result.cells[1].outputs]


@pytest.mark.parametrize(("page", "up"), [("notebooks/a/survival", "../../"), ("book/index", "../"), ("index", "")])
def test_pictures_and_data_lie_where_the_page_looks_for_them_with_the_same_bytes(tmp_path, page, up):
    link = f'<a download="x.csv" href="data:text/csv;charset=utf-8,{quote(CSV)}">x</a>'
    image, anchor = shown(embedded_files.to_files(notebook(picture(), link), page, tmp_path))
    for html, suffix, content in ((image, "svg", SVG), (anchor, "csv", CSV.encode())):
        address = re.search(r'(?:src|href)="([^"]+)"', html)[1]
        assert address.startswith(f"{up}{embedded_files.FOLDER}/") and address.endswith(f".{suffix}")
        assert (tmp_path / address.removeprefix(up)).read_bytes() == content


def test_everything_else_of_the_tag_stays(tmp_path):
    [html] = shown(embedded_files.to_files(notebook(picture()), "p", tmp_path))
    assert re.fullmatch(r'<img class="only-light" src="_static/made/\w+\.svg" loading="lazy" width="3" alt="a">', html)


def test_the_same_picture_stands_there_once(tmp_path):
    embedded_files.to_files(notebook(picture(), picture(), picture(b"<svg/>")), "p", tmp_path)
    assert len(list((tmp_path / embedded_files.FOLDER).iterdir())) == 2


def test_text_that_only_looks_like_it_is_left_alone(tmp_path):
    text = "<p>data:text/csv,1</p><pre>src=&quot;data:image/svg+xml,x&quot;</pre>"
    assert shown(embedded_files.to_files(notebook(text), "p", tmp_path)) == [text]
    assert not (tmp_path / "_static").exists()

"""What reads otherwise than on the published page is marked where it stands, and nothing else is."""

import nbformat
from bs4 import BeautifulSoup

from analysis.book.commands import moved_results
from analysis.book.results import page_text

GLUED = "application/papermill.record/text/html"


def notebook(*outputs):
    cells = [nbformat.v4.new_markdown_cell("## Section")]
    for data in outputs:
        metadata = {"scrapbook": {"name": "row.n"}} if GLUED in data else {}
        cells.append(nbformat.v4.new_code_cell("shown", outputs=[nbformat.v4.new_output("display_data", data, metadata=metadata)]))
    return nbformat.v4.new_notebook(cells=cells)


def moved(before, after):
    published = page_text.parse(page_text.text(before))
    found = moved_results.mark(list(page_text.by_output(after)), published)
    html = "".join(data for cell in after.cells[1:] for data in cell.outputs[0]["data"].values())
    return found, BeautifulSoup(html, "html.parser")


def table(*rows):
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return {"text/html": f"<table><caption>Deaths</caption>{cells}</table>"}


def test_the_row_of_a_table_that_moved_is_marked_and_counted():
    found, soup = moved(notebook(table(("A", "1"), ("B", "2"))), notebook(table(("A", "1"), ("B", "3"))))
    assert [(one.name, one.told) for one in found] == [("Section · table 1 · Deaths", "1 of 2 lines")]
    assert [row.get_text() for row in soup.select("tr.moved-row")] == ["B3"]
    assert soup.find("table")["id"] == found[0].anchor and "moved" in soup.find("table")["class"]


def test_rows_that_are_alike_are_marked_as_often_as_there_are_more_of_them():
    _, soup = moved(notebook(table(("A", "1"))), notebook(table(("A", "1"), ("A", "1"))))
    assert len(soup.select("tr.moved-row")) == 1


def test_a_number_in_prose_is_marked_with_what_it_read_before():
    found, soup = moved(notebook({GLUED: '<a class="exhibit-number">36.9%</a>'}), notebook({GLUED: '<a class="exhibit-number">41.9%</a>'}))
    assert found[0].told == "36.9% → 41.9%"
    assert soup.select_one(f"span.moved#{found[0].anchor} a").get_text() == "41.9%"


def test_the_sentence_that_moved_is_marked_and_its_neighbour_is_not():
    found, soup = moved(
        notebook({"text/html": "<p>All are alive.</p><p>One of two.</p>"}),
        notebook({"text/html": "<p>All are alive.</p><p>Two of two.</p>"}),
    )
    assert [part.get_text() for part in soup.select("p.moved")] == ["Two of two."]
    assert soup.find(id=found[0].anchor) is not None


def test_a_figure_keeps_its_id():
    before, after = (
        notebook(
            {
                "text/html": f'<figure id="fig-a"><svg viewBox="0 0 1 1" aria-label="{words}"></svg><figcaption><p>F</p></figcaption></figure>'
            }
        )
        for words in ("x", "y")
    )
    found, soup = moved(before, after)
    assert found[0].anchor == "fig-a" and "moved" in soup.find("figure")["class"]


def test_what_reads_alike_is_left_as_it_is():
    same = table(("A", "1")), {"text/html": "<p>S.</p>"}
    found, soup = moved(notebook(*same), notebook(*same))
    assert found == [] and soup.select(".moved, .moved-row, [id]") == []


def test_what_is_new_is_marked_without_before():
    found, soup = moved(notebook(table(("A", "1"))), notebook(table(("A", "1")), table(("C", "9"))))
    assert [(one.name, one.told) for one in found] == [("Section · table 2 · Deaths", "")]
    assert len(soup.select("table.moved")) == 1

"""What pages show, as text: complete, without layout, the same on every machine, and small."""

from __future__ import annotations

import nbformat
import pandas as pd
import pytest
from nbformat import v4

from analysis import paths
from analysis.book.results import page_text
from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.style import new_figure
from analysis.tables.html.plain import plain_table

BUDGET = 3_000_000
DRAWING = Drawing(lambda theme, look: new_figure(1, 1), "Survival", "Two curves.")


def notebook(*outputs, heading="# Survival"):
    cells = [v4.new_markdown_cell(heading), v4.new_code_cell("page.x()", outputs=list(outputs))]
    return v4.new_notebook(cells=cells)


def shown(thing):
    return v4.new_output(
        "execute_result", {"text/html": thing if isinstance(thing, str) else thing._repr_html_(), "text/plain": repr(thing)}
    )


def table(*rows):
    return plain_table(["Group", "HR"], [list(row) for row in rows], "Ratios")


def figure(values, **more):
    return PairedFigure("fig3a", DRAWING, "A caption.", {"Steps": pd.DataFrame({"time": range(len(values)), "survival": values})}, **more)


def test_tables_sentences_and_printed_text_stand_below_their_heading():
    outputs = [
        shown(table(["A", "0.49"])),
        shown('<p class="x">The hazard was <em>0.49</em> times.</p>'),
        v4.new_output("stream", name="stdout", text="12 patients\n"),
    ]
    assert page_text.parse(page_text.text(notebook(*outputs))) == {
        "Survival · table 1 · Ratios": ("Group | HR", "A | 0.49"),
        "Survival · sentence 1": ("The hazard was 0.49 times.",),
        "Survival · text 1": ("12 patients",),
    }


def test_a_number_in_prose_is_kept_by_its_name():
    glued = v4.new_output(
        "display_data",
        {"application/papermill.record/text/html": "<a href='#x'>0.49</a>"},
        metadata={"scrapbook": {"name": "application/papermill.record/res.hr"}},
    )
    assert page_text.parse(page_text.text(notebook(glued))) == {"Survival · number 1 · res.hr": ("0.49",)}


def test_a_figure_has_its_words_and_its_data_with_four_digits():
    (lines,) = page_text.parse(page_text.text(notebook(shown(figure([1.0, 0.123456]))))).values()
    assert lines == ("Two curves.", "A caption.", "Steps (CSV): 2 rows", "time,survival", "0,1", "1,0.1235")


@pytest.mark.parametrize(("value", "same"), [(0.49000001, True), (0.4901, False)])
def test_what_nobody_could_read_off_a_figure_is_no_change_also_in_bulky_data(value, same):
    for count in (2, 500):
        one, other = (page_text.text(notebook(shown(figure([0.49] * count + [last])))) for last in (0.49, value))
        assert (one == other) is same


def test_what_a_reader_can_explore_enters():
    (lines,) = page_text.parse(
        page_text.text(notebook(shown(figure([1.0], plot={"level": 0.95, "curves": [{"name": "A", "shown": True}]}))))
    ).values()
    assert {"interactive level: 0.95", "interactive curves 1 name: A", "interactive curves 1 shown: True"} <= set(lines)


def test_widths_of_columns_do_not_enter():
    narrow, wide = (
        page_text.parse(page_text.text(notebook(shown(table(["A", "0.49"], [name, "1"]))))) for name in ("B", "A much longer name")
    )
    assert [line for line in narrow["Survival · table 1 · Ratios"] if line.startswith("A ")] == ["A | 0.49"]
    assert wide["Survival · table 1 · Ratios"][1] == "A | 0.49"


def test_long_tables_and_data_stand_in_full():
    many = [["A", str(number)] for number in range(2_000)]
    (lines,) = page_text.parse(page_text.text(notebook(shown(table(*many))))).values()
    assert lines == ("Group | HR", *(f"A | {number}" for number in range(2_000)))
    (lines,) = page_text.parse(page_text.text(notebook(shown(figure(range(2_000)))))).values()
    assert len(lines) == 2_004 and lines[2] == "Steps (CSV): 2000 rows" and lines[-1] == "1999,1999"


def test_every_kind_of_output_of_the_finished_book_is_read_and_all_fits_the_budget():
    executed = sorted((paths.ROOT / "_build" / "executed").rglob("*.ipynb"))
    texts = [page_text.text(nbformat.read(path, 4)) for path in executed]
    committed = sum(path.stat().st_size for path in (paths.RESULTS / "pages").rglob("*.txt"))
    assert sum(len(text.encode()) for text in texts) < BUDGET
    assert committed + sum(path.stat().st_size for study in paths.studies() for path in (paths.RESULTS / study).rglob("*")) < BUDGET
    assert all(text.count(page_text.OPENING) for text in texts)

"""A table is read from whatever divides its cells; what a merged cell leaves behind is refused with its place and what to do."""

import pytest

from analysis.errors import InputError
from analysis.ledger.table_import.reading import read_grid

CELLS = [["Feature", "Arm A {a}", "P {contingency_p; by=arm}"], ["Sex", "", "0.3"], [" Female", "5 (50%)", ""]]


def written(tmp_path, text):
    file = tmp_path / "table.csv"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_cells_are_divided_by_what_divides_the_rows_alike(tmp_path, mark):
    rows = [[f'"{cell}"' if mark in cell else cell for cell in cells] for cells in CELLS]
    grid = read_grid(written(tmp_path, "\n".join(mark.join(cells) for cells in rows)))
    assert grid.heads == ("Arm A {a}", "P {contingency_p; by=arm}")
    assert [(line.label, line.cells) for line in grid.lines] == [("Sex", ("", "0.3")), (" Female", ("5 (50%)", ""))]


@pytest.mark.parametrize("mark", [";", "|", ","])
def test_marks_within_braces_divide_no_cells(tmp_path, mark):
    rows = [["Group", "Deaths {a; died=1}", "P {contingency_p; by=arm; groups=A,B}"], ["Stage {stage=I|II}", "1", "0.3"]]
    grid = read_grid(written(tmp_path, "\n".join(mark.join(cells) for cells in rows)))
    assert grid.heads == tuple(rows[0][1:]) and grid.lines[0].label == rows[1][0]


def test_a_markdown_table_loses_its_frame(tmp_path):
    grid = read_grid(written(tmp_path, "| Feature | Arm A {a} |\n|---|:---:|\n| Sex | 5 |\n"))
    assert grid.heads == ("Arm A {a}",) and grid.lines[0].cells == ("5",)


def test_a_title_above_the_table_is_set_apart(tmp_path):
    grid = read_grid(written(tmp_path, "Table 1. Patients\nFeature,Arm A {a},Arm B {b}\nDied,5,6\n"))
    assert grid.title == "Table 1. Patients" and grid.lines[0].number == 3
    assert read_grid(written(tmp_path, "Table 1. Patients,,\nFeature,Arm A {a},Arm B {b}\nDied,5,6\n")).title == "Table 1. Patients"


def test_an_empty_corner_beside_one_column_is_no_title(tmp_path):
    grid = read_grid(written(tmp_path, ",Arm A {a}\nDied,5\nAlive,6\n"))
    assert (grid.title, grid.heads, [line.number for line in grid.lines]) == ("", ("Arm A {a}",), [2, 3])


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("F,A,B\nDied,5\nAlive,6,7\n", [("line 2", "3 cells, as the columns: split merged cells (repeat the number, or NR), quote a cell with commas", "2")]),
        ("F,A,B\nDied,5,6,7\nAlive,6,7\nSex,1,2\n", [("line 2", "3 cells, as the columns: split merged cells (repeat the number, or NR), quote a cell with commas", "4")]),
        ("F,A,\nDied,5,6\n", [("line 1, column 3", "a label for each column: where a heading spans several, write it in each", "an empty cell")]),
        ("F,A,A\nDied,5,6\n", [("line 1, column 3", "a label of its own: where a heading spans several columns, add what each is", "'A', as in column 2")]),
        ("F,A,B\n,5,6\n", [("line 2, column 1", "a label: where one spans several rows, write it in each", "an empty cell")]),
        ('F,A,B\nFungi,"3 (7.69)\n2 (5.13)",6\n', [("line 3, column 2", "one result a cell: divide the row", repr("3 (7.69)\n2 (5.13)"))]),
        ("F,A\nDied,5,6\n,4,\n", [
            ("line 1", "3 cells, as the columns: split merged cells (repeat the number, or NR), quote a cell with commas", "2"),
        ]),
        ("", [("file", "a table: a row of column labels, then rows, with commas, semicolons, tabs or | between cells", "none")]),
        ("only a sentence\n", [("file", "a table: a row of column labels, then rows, with commas, semicolons, tabs or | between cells", "none")]),
    ],
)  # fmt: skip
def test_merged_and_missing_cells_are_refused_with_place_and_remedy(tmp_path, text, faults):
    with pytest.raises(InputError) as caught:
        read_grid(written(tmp_path, text))
    found = [(one.place, one.expected, one.found) for one in caught.value.faults]
    assert found[: len(faults)] == faults or text.startswith("F,A\nDied")  # a heading over several columns makes every row too long
    assert all(one.file == "table.csv" for one in caught.value.faults)

"""A changed row is told by its name, with the cells that differ and their columns."""

from __future__ import annotations

import pytest

from analysis.review.compare.row_changes import LONGEST, changes

TABLE = ("Quantity | Printed | Recomputed", *(f"survival at {month} months | 78% | 78.{month:02}%" for month in range(100)))
FIGURE = (
    "A curve.",
    "Steps (CSV): 3 rows",
    "group,time,survival,origin",
    'A,0,100,"made up, not patients"',
    'A,6,87.5,"made up, not patients"',
    'B,6,75,"made up, not patients"',
    "interactive horizon: 36",
)


def changed(lines, old, new):
    assert any(old in line for line in lines)
    return changes(lines, tuple(line.replace(old, new) for line in lines))


def test_a_row_deep_in_a_long_table_is_named_with_the_cell_that_differs():
    assert changed(TABLE, "78.77%", "79.00%") == [("survival at 77 months", "Recomputed 78.77%", "Recomputed 79.00%")]


def test_data_of_a_figure_are_named_by_group_and_time():
    assert changed(FIGURE, "A,6,87.5", "A,6,80") == [("A, 6", "survival 87.5", "survival 80")]


def test_a_group_that_changes_everywhere_pairs_rows_of_the_same_time():
    after = (*FIGURE[:3], 'A,0,99,"made up, not patients"', 'A,3,95,"made up, not patients"', 'A,6,80,"made up, not patients"', *FIGURE[5:])
    assert changes(FIGURE, (after[0], "Steps (CSV): 4 rows", *after[2:])) == [
        ("", "Steps (CSV): 3 rows", "Steps (CSV): 4 rows"),
        ("A, 0", "survival 100", "survival 99"),
        ("A, 6", "survival 87.5", "survival 80"),
        ("", None, 'A,3,95,"made up, not patients"'),
    ]


@pytest.mark.parametrize(("old", "new"), [("horizon: 36", "horizon: 24"), ("A curve.", "Two curves.")])
def test_a_line_that_is_no_row_is_told_whole(old, new):
    (row,) = changed(FIGURE, old, new)
    assert row.row == "" and old in row.before and new in row.after


def test_rows_that_came_or_went():
    assert changes(TABLE, TABLE[:-1]) == [("", TABLE[-1], None)]
    assert changes(TABLE[:-1], TABLE) == [("", None, TABLE[-1])]


def test_rows_of_the_same_name_are_paired_in_order():
    before, after = ("Arm | N", "A | 1", "A | 2"), ("Arm | N", "A | 3", "A | 4")
    assert changes(before, after) == [("A", "N 1", "N 3"), ("A", "N 2", "N 4")]


def test_a_column_more_shows_whole_rows():
    assert changes(("Arm | N", "A | 1"), ("Arm | N | P", "A | 1 | .5"))[1] == ("", "A | 1", "A | 1 | .5")


def test_what_differs_late_in_a_long_line_is_in_sight():
    before = "word " * 200 + "0.049 " + "word " * 200
    (row,) = changes((before,), (before.replace("0.049", "0.061"),))
    assert "0.049" in row.before and "0.061" in row.after and max(map(len, row[1:])) <= LONGEST + 2

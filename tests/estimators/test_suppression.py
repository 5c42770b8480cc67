"""What is hidden cannot be worked out from what is shown."""

from __future__ import annotations

import numpy as np
from analysis.estimators.suppression import hidden
from hypothesis import given
from hypothesis import strategies as st


def table(rows, columns):
    """Cells, margins and total of a cross table as counts."""
    masks = {("all", "all"): np.ones(len(rows), bool)}
    for r in np.unique(rows):
        masks[r, "all"] = rows == r
        for c in np.unique(columns):
            masks[r, c] = (rows == r) & (columns == c)
    return masks | {("all", c): columns == c for c in np.unique(columns)}


def test_a_second_cell_of_the_row_is_hidden_when_the_margin_would_tell():
    rows = np.repeat(["a", "b", "c"], [10, 8, 2])
    shown = {"a": rows == "a", "b": rows == "b", "c": rows == "c", "all": rows != ""}
    gone = hidden(shown, 5)
    assert gone == {"b", "c"}


def test_few_left_over_are_as_telling_as_few():
    mask = np.arange(20) < 18
    assert hidden({"x": mask, "all": np.ones(20, bool)}, 5, {"x": np.ones(20, bool)}) == {"x"}


def test_without_small_counts_nothing_is_hidden():
    rows = np.repeat(["a", "b"], [10, 10])
    assert hidden({"a": rows == "a", "b": rows == "b"}, 5) == set()


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=60), st.integers(2, 6))
def test_no_small_cell_follows_from_those_shown(pairs, threshold):
    rows, columns = np.array(pairs).T
    masks = table(rows, columns)
    gone = hidden(masks, threshold)
    kept = [mask for key, mask in masks.items() if key not in gone]
    small = [mask for mask in masks.values() if 0 < mask.sum() < threshold]
    assert all(mask.sum() > 0 for mask in small)
    for mask in small:
        if not kept:
            break
        matrix = np.column_stack(kept).astype(float)
        solved = np.linalg.lstsq(matrix, mask.astype(float), rcond=None)[0]
        assert np.abs(matrix @ solved - mask).max() > 1e-6

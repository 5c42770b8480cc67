from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from analysis.estimators.group_tests import contingency
from analysis.estimators.group_tests.contingency import odds_ratio, p_value

tables = st.integers(2, 3).flatmap(
    lambda r: st.integers(2, 4).flatmap(lambda c: st.lists(st.lists(st.integers(0, 5), min_size=c, max_size=c), min_size=r, max_size=r))
)


def by_enumeration(table, mid=False):
    """Exact P from the probabilities of all tables with these margins, listed one by one."""
    table = np.array(table)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    fixed = gammaln(rows + 1).sum() + gammaln(columns + 1).sum() - gammaln(table.sum() + 1)
    free = [range(min(r, c) + 1) for r in rows[:-1] for c in columns[:-1]]
    found = []
    for cells in product(*free):
        inner = np.reshape(cells, (len(rows) - 1, len(columns) - 1))
        full = np.column_stack([inner, rows[:-1] - inner.sum(axis=1)])
        full = np.vstack([full, columns - full.sum(axis=0)])
        if (full >= 0).all():
            found.append(fixed - gammaln(full + 1).sum())
    found, observed = np.array(found), fixed - gammaln(table + 1).sum()
    tied = np.abs(found - observed) < 1e-7
    return np.exp(found[(found < observed) | tied]).sum() - mid * np.exp(found[tied]).sum() / 2


def test_two_by_two_tables_are_those_of_r(golden, close):
    for case in golden("contingency")["square"]:
        found = [p_value(case["table"], test) for test in ("fisher", "pearson", "pearson-yates", "fisher-midp")]
        close(found, [case["fisher"], case["pearson"], case["yates"], case["mid_p"]])


def test_larger_tables_are_those_of_r(golden, close):
    assert any(np.sum(case["table"]) > 1000 for case in golden("contingency")["wide"])
    for case in golden("contingency")["wide"]:
        found = [p_value(case["table"], test) for test in ("fisher", "pearson", "pearson-yates")]
        close(found, [case["fisher"], case["pearson"], case["yates"]])


def test_odds_ratios_are_those_of_r_solved_tightly(golden, close):
    for case in golden("contingency")["square"]:
        close(odds_ratio(case["table"], "conditional"), case["conditional"])
        if case["sample"][0] is not None:
            close(odds_ratio(case["table"]), case["sample"])
        # and fisher.test itself, to the tolerance of its root-finder, which works on the ratio or its inverse
        for found, printed in zip(odds_ratio(case["table"], "conditional"), case["r_conditional"]):
            if 0 < found < np.inf:
                assert min(found, 1 / found) == pytest.approx(min(printed, 1 / printed), abs=2e-4)


def test_the_tea_tasting_lady():
    assert p_value([[3, 1], [1, 3]]) == pytest.approx(34 / 70, rel=1e-12)
    assert p_value([[3, 1], [1, 3]], "fisher-midp") == pytest.approx((2 + 32 / 2) / 70, rel=1e-12)


@settings(max_examples=40)
@given(tables)
def test_exact_p_is_the_sum_over_all_tables(table):
    array = np.array(table)
    array = array[array.any(axis=1)][:, array.any(axis=0)]
    assume(array.ndim == 2 and min(array.shape) > 1 and array.sum() <= 16)
    assert p_value(table) == pytest.approx(by_enumeration(array), rel=1e-9)
    assert p_value(table, "fisher-midp") == pytest.approx(by_enumeration(array, mid=True), rel=1e-9)


@settings(max_examples=60)
@given(tables, st.randoms())
def test_exact_p_ignores_transposition_and_order(table, random):
    assume(np.any(table))
    array = np.array(table)
    p = p_value(array)
    assert 0 < p <= 1
    rows, columns = (random.sample(range(size), size) for size in array.shape)
    shuffled = array[rows][:, columns]
    assert p_value(array.T) == pytest.approx(p, rel=1e-9)
    assert p_value(shuffled) == pytest.approx(p, rel=1e-9)
    assert p_value(array, "fisher-midp") < p or p == 1


def test_two_columns_of_a_large_table_agree_with_the_recursion_over_many():
    # the 2 x 2 sum and the recursion for larger tables are separate code: they must agree where both apply
    for table in ([[24, 42], [690, 257]], [[7, 5], [4, 11]]):
        general = contingency.freeman_halton.tail(np.array(table), contingency.TIES_2X2)
        assert p_value(table) == pytest.approx(general, rel=1e-9)


def test_a_large_wide_table_is_exact_within_reach_of_pearson():
    table = [[60, 55, 80, 43, 90, 70, 104], [66, 50, 72, 47, 95, 62, 119]]
    assert p_value(table) == pytest.approx(p_value(table, "pearson"), abs=0.01)


@pytest.mark.parametrize(
    "table, expected",
    # R 4.2.2, fisher.test(…, workspace = 2e7)$p.value
    [
        ([[6, 17, 15, 11, 8, 0, 1, 8], [46, 111, 204, 187, 219, 16, 72, 92]], 0.00728176765295622),
        ([[6, 17, 15, 11, 8, 0, 1], [46, 111, 204, 187, 219, 16, 72]], 0.00432053675666842),
    ],
)
def test_a_registry_by_many_categories_is_that_of_r(table, expected):
    assert p_value(table) == pytest.approx(expected, rel=1e-7)
    assert p_value(np.transpose(table)) == pytest.approx(expected, rel=1e-7)


def test_too_large_tables_are_refused_in_words():
    with pytest.raises(ValueError, match="too large for the exact test"):
        p_value(np.full((4, 4), 200))


def test_empty_rows_and_columns_are_left_out():
    assert p_value([[3, 0, 1], [0, 0, 0], [1, 0, 3]]) == p_value([[3, 1], [1, 3]])
    assert p_value([[3, 4], [0, 0]]) == 1
    assert np.isnan(p_value([[3, 4], [0, 0]], "pearson"))


def test_yates_changes_only_two_by_two_tables():
    assert p_value([[3, 1], [1, 3]], "pearson-yates") > p_value([[3, 1], [1, 3]], "pearson")
    assert p_value([[3, 1, 2], [1, 3, 2]], "pearson-yates") == p_value([[3, 1, 2], [1, 3, 2]], "pearson")


def test_empty_cells_leave_the_odds_ratio_at_the_edge():
    assert odds_ratio([[0, 5], [4, 8]], "conditional")[:2] == (0, 0)
    assert odds_ratio([[5, 0], [4, 8]], "conditional")[0] == np.inf
    assert odds_ratio([[5, 0], [4, 8]]).odds_ratio == np.inf and np.isnan(odds_ratio([[5, 0], [4, 8]]).lower)


@pytest.mark.parametrize(
    "table", [[[1, -1], [2, 3]], [[1.5, 1], [2, 3]], [[1, np.nan], [2, 3]], [[0, 0], [0, 0]], [1, 2, 3], [[1, 2], [3]], [["a", 1], [2, 3]]]
)
def test_faulty_tables_are_refused(table):
    with pytest.raises(ValueError, match="table"):
        p_value(table)


def test_an_unknown_test_is_refused():
    with pytest.raises(ValueError, match="test: expected one of fisher"):
        p_value([[1, 2], [3, 4]], "barnard")

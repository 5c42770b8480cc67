"""Windows of dates and the intervals of printed numbers."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.ledger.rows.printed import parse
from analysis.ledger.rows.rounding import BINARY, RULES
from analysis.reconstruction.kernels.date_search import seed_generator
from analysis.reconstruction.linked import date_windows
from analysis.reconstruction.problem.accepted import hull, plain
from analysis.reconstruction.solver.timeline import NoSolution

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

ORDER = np.array([[0, 1, 5]])


def test_order_narrows_both_windows():
    low, high = np.array([[10], [3]]), np.array([[90], [40]])
    date_windows.tighten(low, high, ORDER)
    assert (low[1, 0], high[0, 0]) == (15, 35)


def test_absent_dates_are_left_alone():
    low, high = np.array([[10], [-1]]), np.array([[90], [40]])
    date_windows.tighten(low, high, ORDER)
    assert (low[:, 0].tolist(), high[0, 0]) == ([10, -1], 90)


def test_windows_without_a_time_are_refused():
    with pytest.raises(NoSolution, match="row 2") as caught:
        date_windows.tighten(np.array([[1, 50], [1, 1]]), np.array([[90, 90], [60, 52]]), ORDER)
    assert caught.value.proven


@pytest.mark.parametrize("seed", range(5))
def test_random_dates_keep_windows_and_order(seed):
    low, high = np.full((2, 200), 10), np.full((2, 200), 60)
    date_windows.tighten(low, high, ORDER)
    seed_generator(seed)
    values = date_windows.start(low, high, ORDER, np.ones(200, int))
    assert ((values >= low) & (values <= high)).all()
    assert (values[0] + 5 <= values[1]).all()
    assert len(set(values[0])) > 5


def row(text, kind):
    return SimpleNamespace(value=parse(text), rules=[rule for rule in RULES[kind] if rule.tie != BINARY])


def test_plain_interval_is_half_open():
    low, high = plain(row("42%", "survival"))
    assert low == 41.5 and 42.49 < high < 42.5


def test_rounding_twice_widens_an_even_number_and_an_odd_one_differently():
    even, odd = hull(row("42%", "survival")), hull(row("57%", "survival"))
    assert even[0] < 41.5 and 42.5 < even[1] < 42.56
    assert 56.44 < odd[0] < 56.5 and odd[1] < 57.5


def test_a_bound_is_open_on_its_side():
    low, high = plain(row("exceeding 10", "number"))
    assert low > 10 and high == float("inf")
    assert hull(row("exceeding 10", "number")) == (low, high)

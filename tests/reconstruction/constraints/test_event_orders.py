"""Orders of events: all that printed curves allow, no others, judged as the estimators judge them."""

import itertools

import numpy as np
import pandas as pd
import pytest

from analysis.estimators.comparisons import log_rank
from analysis.paths import studies
from analysis.reconstruction.constraints.event_order_comparisons import Asked, compare, fits
from analysis.reconstruction.constraints.event_order_steps import GroupCurve
from analysis.reconstruction.constraints.event_orders import orders
from analysis.reconstruction.problem.problem import read_problem

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


def realised(steps, sizes):
    """Rows (group, time, event) of an order: times in steps of two, the censored in between."""
    rows, left = [], list(sizes)
    for number, (at_risk, events) in enumerate(steps):
        for group, (n, d) in enumerate(zip(at_risk, events)):
            rows += [(group, 2 * number + 1, 0)] * (left[group] - n) + [(group, 2 * number + 2, 1)] * d
            left[group] = n - d
    rows += [(group, 2 * len(steps) + 2, 0) for group, n in enumerate(left) for _ in range(n)]
    return pd.DataFrame(rows, columns=["group", "time", "event"])


def by_brute_force(sizes, whole, later=0):
    """Orders of a small cohort, from every assignment of times and events to rows; with up to so many events after the last of the whole."""
    found = set()
    groups = [group for group, size in enumerate(sizes) for _ in range(size)]
    for outcome in itertools.product(itertools.product(range(1, 5), (0, 1)), repeat=len(groups)):
        steps, sequence = [], []
        for time in range(1, 5):
            at_risk = tuple(sum(g == group and t >= time for g, (t, _) in zip(groups, outcome)) for group in range(len(sizes)))
            events = tuple(sum(g == group and t == time and e for g, (t, e) in zip(groups, outcome)) for group in range(len(sizes)))
            if sum(events):
                steps.append((at_risk, events))
                sequence += range(sum(at_risk), sum(at_risk) - sum(events), -1)
        happened = list(itertools.accumulate(sum(events) for _, events in steps))
        if tuple(sequence[: len(whole)]) == whole and len(whole) in happened and len(sequence) <= len(whole) + later:
            found.add(tuple(steps))
    return found


def test_all_orders_of_a_small_cohort_and_no_others():
    assert set(orders((2, 2), [(99.0, (4, 3, 1))], [])) == by_brute_force((2, 2), (4, 3, 1))


def test_events_after_the_last_printed_time_may_have_any_number_at_risk():
    one = set(orders((2, 2), [(99.0, (4, 3))], [], later=1))
    assert one == by_brute_force((2, 2), (4, 3), later=1)
    assert one > set(orders((2, 2), [(99.0, (4, 3))], []))


def test_known_ties_leave_only_their_orders():
    every = list(orders((3, 2), [(99.0, (5, 4, 2))], [], later=1))
    totals = ((5, 2), (2, 1), (1, 1))
    kept = set(orders((3, 2), [(99.0, (5, 4, 2))], [], later=1, totals=totals))
    assert kept and kept == {steps for steps in every if tuple((sum(n), sum(d)) for n, d in steps) == totals}


@pytest.mark.parametrize("together", [3, 10**6])
@pytest.mark.parametrize("names", [("p", "ratio", "lower", "upper"), ("p",), ("ratio",)])
@pytest.mark.parametrize("later", [0, 1])
def test_orders_that_a_comparison_leaves_are_those_that_fit_it_of_all(monkeypatch, together, names, later):
    monkeypatch.setattr("analysis.reconstruction.constraints.event_orders._TOGETHER", together)
    every = list(orders((4, 3), [(99.0, (7, 6, 4, 2))], [], later=later))
    chosen = [steps for steps in every if compare(steps, (0,), (1,))["ratio"] > 0][7]
    values = compare(chosen, (0,), (1,))
    asked = Asked((0,), (1,), **{name: (0.98 * values[name], 1.02 * values[name]) for name in names})
    found = list(orders((4, 3), [(99.0, (7, 6, 4, 2))], [], [asked], later))
    assert chosen in found and len(found) < len(every)
    assert sorted(found) == sorted(steps for steps in every if fits(steps, asked))


def test_a_group_has_its_events_at_its_own_printed_numbers():
    curve = GroupCurve((0,), ((99.0, (2,)),))
    found = list(orders((2, 2), [(99.0, (4, 3))], [curve]))
    assert found
    assert all(sum(events[0] for _, events in steps) == 1 for steps in found)
    assert all(at_risk[0] == 2 for steps in found for at_risk, events in steps if events[0])


@pytest.mark.parametrize("seed", range(4))
def test_the_comparison_is_that_of_the_estimators(seed):
    every = list(orders((4, 3), [(99.0, (7, 6, 4, 2))], []))
    steps = every[np.random.default_rng(seed).integers(len(every))]
    rows = realised(steps, (4, 3))
    expected = log_rank.compare(rows["time"], rows["event"], rows["group"])
    p = compare(steps, (0,), (1,))["p"]
    assert (np.isnan(p) and np.isnan(expected.p)) or p == pytest.approx(expected.p)


def test_an_interval_is_kept_at_both_ends():
    steps = (((4, 3), (1, 0)), ((2, 3), (0, 1)))
    p = compare(steps, (0,), (1,))["p"]
    assert fits(steps, Asked((0,), (1,), p=(p, p)))
    assert not fits(steps, Asked((0,), (1,), p=(p + 1e-9, 1.0)))
    assert not fits(steps, Asked((0,), (1,), p=(0.0, p - 1e-9)))


@pytest.mark.parametrize(
    "slug", [study for study in studies() if read_problem(study).assumptions.timeline and read_problem(study).assumptions.timeline.orders]
)
def test_declared_orders_leave_nobody_out_and_never_gain_a_row(slug):
    for order in read_problem(slug).assumptions.timeline.orders:
        for pattern in order.patterns:
            assert len(pattern.at_risk) == len(pattern.events)
            left = None
            for at_risk, events in zip(pattern.at_risk, pattern.events):
                assert sum(events) > 0
                assert all(d <= n for n, d in zip(at_risk, events))
                assert left is None or all(n <= before for n, before in zip(at_risk, left))
                left = [n - d for n, d in zip(at_risk, events)]

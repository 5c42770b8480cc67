"""The interval of values that give a printed number."""

import numpy as np
import pytest

from analysis.reconstruction.large import constraints, encoding
from analysis.reconstruction.large.kernels.misses import spans_miss
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.problem.timeline_assumptions import REVERSE


@pytest.mark.parametrize(("printed", "inside", "outside"), [("15", (14.5, 15.499), (14.499, 15.5)), ("14", (13.5, 14.5), (13.499, 14.501))])
def test_a_median_of_times_keeps_away_from_where_rounding_turns(folder, printed, inside, outside):
    """15.5, the middle of 15 and 16, prints 16; 14.5 prints 14 where halves are rounded to even numbers."""
    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace("follow_up_median,endpoint=os,15,", f"follow_up_median,endpoint=os,{printed},"))
    problem = read_problem(folder)
    found = constraints.of(problem, next(row for row in problem.imposed if row.id == "follow.median"))
    assert all(found.low - 1e-9 <= value <= found.high + 1e-9 for value in inside)
    assert not any(found.low - 1e-9 <= value <= found.high + 1e-9 for value in outside)


@pytest.mark.parametrize(("printed", "number", "holds"), [("13%", 25, True), ("13%", 27, False), ("14%", 27, True), ("14%", 29, True)])
def test_a_share_just_where_rounding_turns_is_that_of_the_rules(trial, printed, number, holds):
    """27 of 200 is 13.5%, which no rule prints as 13%; 25 of 200 is 12.5%, which half-up does; 29 is 14.5%, which half-even prints as 14%."""
    row = {"id": "share", "statistic": "percent", "subset": "died=1 & os_months<=6", "printed": printed}
    _, problem = trial(200, rows=[row])
    found = encoding.encode(problem)
    sums = [item for id, item in zip(found.ids["sums"], found.lists["sums"]) if id == "share"]
    values = [sum(weight * (number, 200)[place] for place, (_, weight) in enumerate(terms)) for terms, *_ in sums]
    assert all(low <= value <= high for value, (_, low, high, _) in zip(values, sums)) is holds


#: Least follow-up over all, over survivors (R's min on the same columns), and one of neither.
@pytest.mark.parametrize(
    ("named", "whose"),
    [
        ({"follow_up_median": REVERSE}, (True, True, False)),
        ({"follow_up_median": REVERSE, "follow_up_minimum": "over survivors"}, (False, True, False)),
        ({"follow_up_median": REVERSE, "follow_up_minimum": "over all"}, (True, False, False)),
        ({"follow_up_median": "over survivors"}, (False, True, False)),
        ({}, (True, False, False)),
    ],
)
def test_the_shortest_follow_up_is_of_whom_the_paper_names(trial, named, whose):
    """Beside a median by the reverse method, which has no shortest time, it may be of all or of survivors."""
    true, _ = trial(150)
    alive = true.loc[~true["died"], "os_months"]
    assert true["os_months"].min() < alive.min()
    for printed, holds in zip((true["os_months"].min(), alive.min(), 1 + alive.min()), whose):
        row = {"id": "shortest", "statistic": "follow_up_minimum", "arguments": "endpoint=os", "printed": f"{printed}"}
        _, problem = trial(150, rows=[row], named=named, changes={"timeline": {"follow_up": named.get("follow_up_median", "over all")}})
        found = encoding.encode(problem)
        spans = [item for id, item in zip(found.ids["spans"], found.lists["spans"]) if id == "shortest"]
        leaving, deaths = (np.bincount(true.loc[chosen, "os_months"], minlength=49)[None] for chosen in (true["died"] | True, true["died"]))
        item = np.array([[0, spans[0][1]]])
        miss = spans_miss(item, np.array([spans[0][2:]]), leaving, deaths, np.ones(1, bool), np.zeros(1), 0, 0.1)
        assert (miss == 0) is holds

"""The interval of values that give a printed number."""

import pytest

from analysis.reconstruction.large import constraints, encoding
from analysis.reconstruction.problem.problem import read_problem


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

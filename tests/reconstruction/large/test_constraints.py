"""The interval of values that give a printed number."""

import pytest

from analysis.reconstruction.large import constraints
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

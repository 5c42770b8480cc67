"""What the readings and the twice-rounded rows of a study's assumptions claim to be proven."""

from fractions import Fraction

import pytest

from analysis.ledger.rows.rounding import interval
from analysis.reconstruction.constraints.limit_sequences import with_limits
from analysis.reconstruction.constraints.risk_sets import TooMany
from analysis.reconstruction.problem.problem import read_problem


@pytest.fixture(scope="module")
def problem():
    return read_problem("nopho_rd")


def printed(problem, stem):
    return {name: problem.ledger[f"{stem}.{key}"] for name, key in (("estimate", "est"), ("lower", "lower"), ("upper", "upper"))}


def number(problem, id):
    return int(problem.ledger[id].value.value)


def test_an_event_on_day_0_for_all_without_remission_is_impossible(problem):
    in_remission = number(problem, "res.cr.n")
    deaths = min(len(found) for found in with_limits(in_remission, printed(problem, "res.os.cr.m60"), "documented"))
    everybody, never = number(problem, "res.resistant.n"), number(problem, "res.no_cr.n")
    at_most = Fraction(100 * (everybody - never - deaths), everybody)
    assert at_most < interval(problem.ledger["res.dfs.all.m60.est"].value)[0]
    assert not problem.assumptions.readings["day-0"].chosen


@pytest.mark.parametrize("stem, group", [("res.os.cr.m60", "res.cr.n"), ("res.os.mud.m60", "res.hsct.mud.n")])
def test_intervals_said_to_be_rounded_twice_have_no_plain_solution(problem, stem, group):
    size = number(problem, group)
    assert with_limits(size, printed(problem, stem)) == []
    assert with_limits(size, printed(problem, stem), "documented")
    assert any(id.startswith(stem) for id in problem.assumptions.linked.times.rounded_twice)


@pytest.mark.parametrize(
    "stem, size",
    [("res.os.all.m60", 66), ("res.os.hsct.m60", 43), ("res.os.gvhd.m60", 21), ("res.os.no_gvhd.m60", 21), ("res.os.no_hsct.m60", 18)],
)
def test_every_other_interval_has_a_plain_solution(problem, stem, size):
    with pytest.raises(TooMany):
        with_limits(size, printed(problem, stem), limit=0)

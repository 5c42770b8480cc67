"""Which orders of events can happen: each combination of them asked of the model of times, with every month open.

Orders that printed curves and comparisons leave (`order_search`) say who is at risk and which events are tied; whether months
exist for them depends on everything else that is printed of times, and on what is assumed of them.  "No" is a proof under
these assumptions, since no month is left out; so the printed numbers and the assumptions that it needs are named with it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ortools.sat.python import cp_model

from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.problem.timeline_assumptions import Pattern
from analysis.reconstruction.proofs.readings import INFEASIBLE
from analysis.reconstruction.single.order_search import Found
from analysis.reconstruction.solver import interruptible, timeline

TIMES_EXIST, UNDECIDED = "times exist", "undecided"
#: Deterministic time of one answer of the solver.
EFFORT = 20.0

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Assumption:
    """A window, tally or limit of the model of times that a proof may need.

    Attributes
    ----------
    kind : {"windows", "tallies", "crowd"}
    place : int or str
        Its position, or the stretch of months of a limit.
    text : str
        What it says.
    """

    kind: str
    place: int | str
    text: str


@dataclass(frozen=True)
class Combination:
    """One order of the events of each declared kind, together.

    Attributes
    ----------
    follows : dict of str to int
        For each declared order the number of the one followed, from 1, of those found.
    verdict : {"infeasible", "times exist", "undecided"}
        Whether times exist; that they do is not yet a cohort.
    missed : tuple of str
        Printed rows that the orders themselves do not give; they are not asked for.
    rows, assumptions : tuple of str, tuple of Assumption
        Where none exist: a set that leaves none.
    smallest : bool
        Whether times exist without any one member of that set.
    """

    follows: dict[str, int]
    verdict: str
    missed: tuple[str, ...]
    rows: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    smallest: bool = False


def assumptions_of(problem: Problem) -> list[Assumption]:
    """Everything assumed of times that is no definition of the model: windows, tallies and how many may leave in one month."""
    declared = problem.timeline
    found = [
        Assumption("windows", place, f"{window.where or 'everybody'}, {window.endpoint}, {window.what}: {window.why}")
        for place, window in enumerate(declared.windows)
    ]
    found += [Assumption("tallies", place, tally.why) for place, tally in enumerate(declared.tallies)]
    return found + [
        Assumption("crowd", stretch, f"at most {most} leave without an event in one of the months {stretch}")
        for stretch, most in declared.crowd.items()
    ]


def keep_assumptions(problem: Problem, assumptions: Sequence[Assumption]) -> Problem:
    """The problem with no other assumptions of times than these."""
    declared = problem.timeline
    places = {kind: {one.place for one in assumptions if one.kind == kind} for kind in ("windows", "tallies", "crowd")}
    fewer = {
        "windows": tuple(window for place, window in enumerate(declared.windows) if place in places["windows"]),
        "tallies": tuple(tally for place, tally in enumerate(declared.tallies) if place in places["tallies"]),
        "crowd": {stretch: most for stretch, most in declared.crowd.items() if stretch in places["crowd"]},
    }
    return replace(problem, assumptions=problem.assumptions.model_copy(update={"timeline": declared.model_copy(update=fewer)}))


def following(problem: Problem, found: dict[str, list[Found]], numbers: dict[str, int]) -> Problem:
    """The problem in which events follow orders of those found, with the rows that these do not give left out."""
    declared = problem.timeline
    chosen = {id: found[id][number - 1] for id, number in numbers.items()}
    orders = tuple(
        order.model_copy(
            update={
                "patterns": (
                    Pattern(at_risk=tuple(n for n, _ in chosen[order.id].steps), events=tuple(d for _, d in chosen[order.id].steps)),
                )
            }
        )
        for order in declared.orders
    )
    missed = {id for one in chosen.values() for id in one.missed}
    return replace(
        problem,
        assumptions=problem.assumptions.model_copy(update={"timeline": declared.model_copy(update={"orders": orders})}),
        patterns=dict.fromkeys(numbers, 0),
        excluded=problem.excluded | missed,
    )


def combinations(problem: Problem, found: dict[str, list[Found]]) -> Iterator[dict[str, int]]:
    """Numbers, from 1, of one order of each kind; two kinds of one endpoint have the same events at the same times."""
    endpoints = {order.id: order.endpoint for order in problem.timeline.orders}
    for places in itertools.product(*(range(len(one)) for one in found.values())):
        chosen = {id: found[id][place] for id, place in zip(found, places)}
        totals = {endpoint: {one.totals for id, one in chosen.items() if endpoints[id] == endpoint} for endpoint in endpoints.values()}
        if all(len(of) == 1 for of in totals.values()):
            yield {id: place + 1 for id, place in zip(found, places)}


def decide(
    problem: Problem,
    found: dict[str, list[Found]],
    numbers: dict[str, int],
    effort: float = EFFORT,
    answers: int = 0,
    proven: Sequence[str] = (),
    suspects: Sequence[str] = (),
) -> Combination:
    """Whether times exist for a combination, and what leaves none.

    Parameters
    ----------
    problem : Problem
    found : dict of order to list of Found
    numbers : dict of order to int
    effort : float
        Deterministic time of one answer of the solver.
    answers : int
        Most answers asked for to make a set that cannot hold smaller; 0 leaves it as large as it is.
    proven : sequence of str
        Ids of printed rows and texts of assumptions that were proven to leave no times; they are not asked again, but made fewer.
    suspects : sequence of str
        Likewise, of another combination: asked first, as what excludes one often excludes the next.
    """
    asked = following(problem, found, numbers)
    missed = tuple(sorted(asked.excluded - problem.excluded))

    def holds(items: Sequence[str | Assumption]) -> bool | None:
        some = keep_assumptions(
            asked.only([item for item in items if isinstance(item, str)]), [item for item in items if isinstance(item, Assumption)]
        )
        return status(timeline.build(some, 0, every_month=True).solver, effort)

    everything: list[str | Assumption] = [*dict.fromkeys(timeline.build(asked, 0, every_month=True).used), *assumptions_of(problem)]
    if proven:
        everything = [item for item in everything if _name(item) in set(proven)]
    else:
        answer = holds(everything)
        if answer is not False:
            return Combination(numbers, TIMES_EXIST if answer else UNDECIDED, missed)
    some = [item for item in everything if _name(item) in set(suspects)]
    if answers and 0 < len(some) < len(everything):
        answers -= 1
        everything = some if holds(some) is False else everything
    needed, smallest = narrow(everything, holds, answers)
    return Combination(
        numbers,
        INFEASIBLE,
        missed,
        tuple(item for item in needed if isinstance(item, str)),
        tuple(item for item in needed if isinstance(item, Assumption)),
        smallest,
    )


def _name(item: str | Assumption) -> str:
    return item if isinstance(item, str) else item.text


def narrow(items: Sequence[_Item], holds: Callable[[Sequence[_Item]], bool | None], answers: int) -> tuple[list[_Item], bool]:
    """A smaller set that cannot hold together, by leaving out ever smaller parts of one that cannot; and whether none is smaller in it.

    Each part left out needs a proof that the others still cannot hold, so that what is returned is proven whenever
    the answers run out.

    Parameters
    ----------
    items : sequence
        Known not to hold together.
    holds : callable
        Of a sequence of items: True, False, or None where the solver does not know.
    answers : int
        Most answers asked for.
    """
    left, size, certain = list(items), max(1, len(items) // 2), True
    while size:
        place, certain = 0, True
        while place < len(left):
            if not answers:
                return left, False
            answers -= 1
            rest = left[:place] + left[place + size :]
            answer = holds(rest)
            if answer is False:
                left = rest
            else:
                place, certain = place + size, certain and answer is True
        size //= 2
    return left, certain


def status(model: cp_model.CpModel, effort: float) -> bool | None:
    """Whether a model has a solution; None where the solver does not know within its limit."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = effort
    solver.parameters.cp_model_probing_level = 0  # finds nothing that the model does not say, and takes most of the time
    answer = interruptible.solve(solver, model)
    return {cp_model.INFEASIBLE: False, cp_model.OPTIMAL: True, cp_model.FEASIBLE: True}.get(answer)

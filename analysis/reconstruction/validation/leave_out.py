"""Leave one family out: do the others reproduce its numbers?

Counts are asked of the solver: what are the least and the greatest number that the other
printed numbers allow?  Every family is also left out of a search, and the cohorts that
come out are asked for what they never saw.
"""

from __future__ import annotations

import functools
import math
import statistics
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from analysis.cohorts.declarations import load_yaml
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics.registry import Values
from analysis.ledger.verdicts import verdicts
from analysis.ledger.verdicts.recompute import CohortValues
from analysis.reconstruction.checks.verify import comes_back
from analysis.reconstruction.cohort import make_cohort
from analysis.reconstruction.io import files, stamp
from analysis.reconstruction.io.processes import apart
from analysis.reconstruction.io.saved import as_saved
from analysis.reconstruction.problem.problem import Problem, read_problem
from analysis.reconstruction.proofs.bounds import Unbounded, bounds
from analysis.reconstruction.single.beginnings import Beginnings, group
from analysis.reconstruction.single.order_search import rows_used
from analysis.reconstruction.solver.timeline import NoSolution
from analysis.reconstruction.validation.families import Family, families

#: File beside the ledger.
NAME = "leave_out.yml"


def proven(problem: Problem, family: Family) -> list[dict]:
    """What the other printed numbers prove of each left-out count: printed value, least and greatest possible one."""
    problem = replace(problem, digitised=())  # a figure would give away what is left out
    kept = [row.id for row in problem.imposed if row.id not in family.hidden]
    found = []
    for id in family.left_out:
        row = problem.ledger[id]
        if row.statistic != "count" or row.value.relation != "=":
            continue
        try:
            low, high = bounds(problem, problem.table(row), problem.condition(row), kept)
        except Unbounded:
            continue
        found.append({"id": id, "printed": row.printed, "value": int(row.value.value), "low": low, "high": high})
    return found


def rebuilt(slug: str | Path, family: Family, cohorts: int, seed: int) -> dict:
    """What cohorts made without a family say of it.

    Declared orders of events are followed, but for those that some number of the family helped to find.

    Returns
    -------
    dict
        ``made`` cohorts; ``rows``: how many of them give each left-out number back, and the
        median distance from it in units of its last printed digit.
    """
    problem = replace(read_problem(slug, family.hidden), digitised=())
    made, resting = [], orders_resting_on(read_problem(slug), family.hidden)
    begun = functools.cache(lambda number: Beginnings(problem, number, resting))
    for number in range(seed, seed + cohorts):
        try:
            tables = make_cohort(problem, number, known=begun(group(number))).tables
        except NoSolution:
            continue
        made.append(CohortValues(problem.study, as_saved(problem, tables)))
    rows = [_asked(problem, problem.ledger[id], made) for id in family.left_out] if made else []
    return {"made": len(made), "rows": rows}


def orders_resting_on(problem: Problem, hidden: frozenset[str]) -> frozenset[str]:
    """Ids of the declared orders of events that rest on some of these rows."""
    timeline = problem.assumptions.timeline
    return frozenset(order.id for order in (timeline.orders if timeline else ()) if not hidden.isdisjoint(rows_used(problem, order)))


def _asked(problem: Problem, row: Row, made: list[CohortValues]) -> dict:
    values = [cohort.of(row) for cohort in made if cohort.has(row)]
    back = sum(comes_back(row, value) for value in values)
    distances = [far for value in values if math.isfinite(far := distance(problem.study, row, value))]
    middle = round(statistics.median(distances), 2) if distances else None
    return {"id": row.id, "printed": row.printed, "back": back, "of": len(values), "distance": middle}


def leave_out(
    slug: str | Path, cohorts: int, seed: int, say: Callable[[str], None], search: bool = True, only: Sequence[str] = (), workers: int = 1
) -> Path:
    """Leave out every family in turn; what is finished is saved at once, and a later run goes on from there.

    Parameters
    ----------
    slug : str or Path
    cohorts : int
        To be made without each family.
    seed : int
    say : callable of str
        Told what happens.
    search : bool
        Whether cohorts are made at all, beside the proofs.
    only : sequence of str
        Names of the families to leave out; none: all.
    workers : int
        Processes that make cohorts.

    Returns
    -------
    Path
        ``leave_out.yml`` beside the ledger.

    Raises
    ------
    InputError
        If there is no family of a name in `only`.
    """
    problem = read_problem(slug)
    found = families(problem)
    for name in only:
        if name not in (family.name for family in found):
            raise InputError(Fault("command line", "--family", f"one of {', '.join(family.name for family in found)}", repr(name)))
    done, _ = saved(problem)
    current = stamp.digest(problem)
    asked = [family for family in sorted(found, key=lambda family: family.counted) if not only or family.name in only]
    for family in asked:
        before = done.get(family.name, {})
        if before.get("digest") != current:  # made from other numbers, or not at all
            done[family.name] = {
                "family": family.name,
                "digest": current,
                "counted": family.counted,
                "left_out": len(family.left_out),
                "hidden": len(family.hidden),
                "ids": list(family.left_out),
            } | ({"rebuilt": before["rebuilt"]} if "rebuilt" in before else {})  # stale, until cohorts are made anew
        entry = done[family.name]
        if family.counted and "proven" not in entry:
            entry["proven"] = proven(problem, family)
            _save(problem, seed, found, done)
    _save(problem, seed, found, done)
    jobs = [(slug, family, cohorts, seed) for family in asked if search and not _is_rebuilt(done[family.name], cohorts)]
    with closing(apart(_without, jobs, workers, in_order=False)) as results:
        for name, told in results:
            say(f"without {name}: {told['made']} of {cohorts} cohorts")
            done[name]["rebuilt"] = {"digest": current, "asked": cohorts, **told}
            _save(problem, seed, found, done)
    return problem.study.folder / NAME


def _is_rebuilt(entry: dict, cohorts: int) -> bool:
    """Whether so many cohorts were asked for, of the present numbers."""
    rebuilt = entry.get("rebuilt", {})
    return (rebuilt.get("digest"), rebuilt.get("asked")) == (entry["digest"], cohorts)


def _without(slug: str | Path, family: Family, cohorts: int, seed: int) -> tuple[str, dict]:
    """A family's name and what cohorts made without it say."""
    return family.name, rebuilt(slug, family, cohorts, seed)


def _save(problem: Problem, seed: int, order: Sequence[Family], done: dict[str, dict]) -> None:
    names = dict.fromkeys(
        [*(family.name for family in order if family.name in done), *done]
    )  # earlier families stay behind the present ones
    content = {"seed": seed, "families": [done[name] for name in names]}
    files.write_yaml(problem.study.folder / NAME, content, "# Generated by `python -m analysis reconstruct <study> --leave-out`.\n")


def saved(problem: Problem) -> tuple[dict[str, dict], bool]:
    """Saved families by name, and whether the ledger or the assumptions have changed since a range was proven."""
    path = problem.study.folder / NAME
    entries = {entry["family"]: entry for entry in load_yaml(path)["families"]} if path.is_file() else {}
    return entries, _are_stale(problem, [entry for entry in entries.values() if "proven" in entry])


def stale_trials(problem: Problem, entries: dict[str, dict]) -> frozenset[str]:
    """Names of the families without which cohorts were made before the ledger or the assumptions changed.

    A trial made earlier stays a trial of its numbers, with the digest of what it was made from, until it is made anew.
    """
    return frozenset(name for name, entry in entries.items() if "rebuilt" in entry and _are_stale(problem, [entry["rebuilt"]]))


def _are_stale(problem: Problem, made: Sequence[dict]) -> bool:
    current = stamp.digest(problem)
    return any(one["digest"] != current for one in made)


def distance(study: Study, row: Row, values: Values) -> float:
    """Distance of the nearest documented convention from a printed number, in units of its last digit; NaN where there is none."""
    found = verdicts.match(row.value, values, row.registered, study.named_conventions(row.statistic)).value
    value = found[0] if isinstance(found, tuple) else found
    if not value.is_finite() or row.value.relation != "=":
        return math.nan
    return float(abs(value - row.value.value) / row.value.unit_in_last_place)

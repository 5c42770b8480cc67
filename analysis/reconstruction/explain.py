"""Why no cohort is found: rows and rules that cannot hold together, what is undecided, what no stage hears of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from analysis.errors import InputError
from analysis.reconstruction.constraints.minimal_sets import Undecided, minimal
from analysis.reconstruction.large.reach import check_reach, large, unheard
from analysis.reconstruction.problem.problem import Problem, read_problem
from analysis.reconstruction.proofs.conflicts import times_judge
from analysis.reconstruction.proofs.contradictions import judge_numbers
from analysis.reconstruction.single.start import times
from analysis.reconstruction.solver import labels, pairs
from analysis.reconstruction.solver.interruptible import status
from analysis.reconstruction.solver.timeline import NoSolution

#: Starts whose times are looked at, and deterministic time of one question about labels or times.
STARTS, EFFORT = 3, 2.0


def explain(study: str | Path, seed: int = 1, say: Callable[[str], None] = lambda line: None) -> tuple[str, bool]:
    """What stands in the way of a cohort, in lines for a person, and whether nothing does.

    Parameters
    ----------
    study : str or Path
        Slug or folder.
    seed : int
        Of the first start that is looked at.
    say : callable of str
        Told what is being looked at.

    Raises
    ------
    InputError
        Faulty study, ledger or assumptions.
    """
    problem = read_problem(study)
    say(f"{problem.study.label}: {len(problem.imposed)} printed numbers are imposed")
    verdict = judge_numbers(problem)
    lines, sound = list(_heard(problem)), not verdict.contradictions
    for one in verdict.contradictions:
        lines += ["These are incompatible:" if one.ids else f"The assumptions of {one.table} exclude each other:"]
        lines += [*map(_row, _rows(problem, one.ids)), *(f"  with {rule}" for rule in one.rules), f"  ({one.why})"]
    for ids in verdict.undecided:
        lines += ["Undecided, as the solver reached its limit: whether these are compatible:", *map(_row, _rows(problem, ids))]
    if not verdict.contradictions:
        open_ = " beside what is undecided" if verdict.undecided else ""
        lines.append(f"Counts, shares, estimates and medians: no contradiction found{open_}.")
        if problem.assumptions.timeline is None and problem.assumptions.linked is None:
            lines.append("No imposed number is that of an endpoint, and no timeline is declared: there are no times to search for.")
            sound = False
        elif not large(problem) and not problem.assumptions.linked:
            found, fine = _of_starts(problem, seed, say)
            lines, sound = [*lines, *found], sound and fine
    return "\n".join(lines), sound


def _rows(problem: Problem, ids: Sequence[str]):
    return [problem.ledger[id] for id in ids]


def _row(row) -> str:
    return f"  {row.id} = {row.printed}: {row.quantity} ({row.source})"


def _heard(problem: Problem) -> Iterator[str]:
    """The clock that is searched, and the rows that no stage of the search hears of."""
    timeline = problem.assumptions.timeline
    if problem.assumptions.linked is None and timeline is not None:
        clock = " → ".join(timeline.chain) + (f", causes of the first event by {', '.join(timeline.causes)}" if timeline.causes else "")
        grouped = f"; groups by {', '.join(timeline.strata)}" if timeline.strata else ""
        steps = f", {timeline.steps} steps a unit" if timeline.steps > 1 else ""
        yield f"Times searched: {clock}, up to {timeline.last}{steps}{grouped}."
        yield from (f"Within {one.where}, from a start of their own: {', '.join(one.endpoints)}." for one in timeline.all_clocks)
    try:
        check_reach(problem)
    except InputError as error:
        yield from map(str, error.faults)
        return
    yield from (f"{sentence[:1].upper()}{sentence[1:]}." for sentence in unheard(problem))


def _of_starts(problem: Problem, seed: int, say: Callable[[str], None]) -> tuple[list[str], bool]:
    """What becomes of a few starts: times, then labels at these times; the first that has both is enough."""
    lines: list[str] = []
    for number in range(STARTS):
        start = 1000 * seed + number
        say(f"looking at the times of start {start}")
        try:
            known, allowed = times(problem.following(seed - 1), start)
        except NoSolution as failure:
            lines.append(f"Start {start}: {failure}.")
            if number == 0:
                lines += _of_times(problem)
            continue
        say(f"looking at the labels of start {start}")
        table = problem.timeline.table
        ids = [row.id for row in problem.imposed if problem.table(row) == table]

        def judge(some: Sequence[str], known=known, allowed=allowed, table=table) -> bool | None:
            model = labels.build(problem.only(some), table, known, allowed, skip=tuple(problem.assumptions.of(table).derived))
            pairs.add_pairs(model)
            return status(model.solver, EFFORT)

        try:
            conflict = minimal(ids, judge)
        except Undecided:
            lines.append(f"Start {start}: undecided, as the solver reached its limit, whether labels exist at its times.")
            continue
        if conflict is None:
            return [
                *lines,
                f"Start {start}: its times and labels give every count; what remains is the search for P values and ratios.",
            ], True
        lines += [f"Start {start}: at its times these are incompatible, by the rules and bounds of {table}:"]
        lines += map(_row, _rows(problem, conflict))
    return lines, False


def _of_times(problem: Problem) -> list[str]:
    """Rows for which no times exist, with every month open."""
    table = problem.timeline.table
    ids = [row.id for row in problem.imposed if problem.table(row) == table]
    try:
        conflict = minimal(ids, times_judge(problem, EFFORT))
    except Undecided:
        return ["  Whether times exist in any month is undecided, as the solver reached its limit."]
    if conflict is None:
        return ["  With every month open there are times: let a start use more months (`timeline.months`)."]
    return [
        "  With every month open there are no times for these, within the windows and tallies of the timeline:",
        *map(_row, _rows(problem, conflict)),
    ]

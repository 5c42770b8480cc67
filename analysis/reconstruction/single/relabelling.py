"""Labels chosen anew at the times that a search found.

Which rows can be one patient's depends on their times, which a search leaves far behind
those of its start.  Where a patient's rows are tied by their times, patients and labels
are therefore chosen after the search for times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.reconstruction.constraints.hazard_ratio_ranges import COMPARISONS
from analysis.reconstruction.constraints.minimal_sets import Undecided, minimal
from analysis.reconstruction.problem.blocks import Block
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.single.start import Start, label_model, table_of
from analysis.reconstruction.solver.cells import cells_of
from analysis.reconstruction.solver.interruptible import status
from analysis.reconstruction.solver.labels import NEAR, Goal

#: Deterministic time of the solver for labels that give the comparisons.
EFFORT = 4.0


def tied(problem: Problem) -> bool:
    """Whether the times of some patient's rows are tied."""
    pairs = problem.assumptions.of(problem.timeline.table).pairs
    return pairs is not None and any(pair.gap is not None for pair in pairs.known)


def relabel(problem: Problem, timed: tuple, table: pd.DataFrame, seed: int, compared: bool = True, goal: Goal | None = None) -> Start:
    """Times and strata of a searched table, with all other labels and the patients chosen anew.

    Parameters
    ----------
    problem : Problem
    timed : tuple
        What the search's start was made from (`start.times`).
    table : DataFrame
        The main table that the search found.
    seed : int
        Of the labels and numbers.
    compared : bool
        Whether the labels give the printed comparisons at these times; few times have such labels.
    goal : Goal, optional
        What the labels are to make as great or as small as they can.

    Raises
    ------
    NoSolution
        If the solver finds no labels within its limit, or if there are none.
    """
    known, allowed = _times_and_strata(timed, table)
    return table_of(problem, problem.main, known, allowed, seed, compared=EFFORT if compared else 0.0, near=NEAR, goal=goal)


def _times_and_strata(timed: tuple, table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, list[tuple[Block, ...]]]]:
    """Times and strata of a searched table, and the levels left open for some strata."""
    decided, together = timed
    allowed = {name: [_group(rows, value) for value in table[name]] for name, rows in together.items()}
    return table[[column for column in decided if column not in allowed]], allowed


def out_of_reach(problem: Problem, timed: tuple, table: pd.DataFrame) -> frozenset[str]:
    """Variables of printed comparisons that no labels give at the times of a table.

    They are those of a smallest set of comparisons that the solver excludes together with counts, rules and
    patients.  None where these exclude each other without a comparison, where labels exist, or where the solver
    does not know.

    Parameters
    ----------
    problem : Problem
    timed : tuple
        What the search's start was made from (`start.times`).
    table : DataFrame
        The main table that the search found.
    """
    known, allowed = _times_and_strata(timed, table)
    compared: dict[str, list[str]] = {}
    for row in problem.rows(problem.main, *COMPARISONS):
        if row.arguments["by"] not in known:
            compared.setdefault(row.arguments["by"], []).append(row.id)

    def judge(names: Sequence[str]) -> bool | None:
        left_out = {id for name, ids in compared.items() if name not in names for id in ids}
        model, _ = label_model(replace(problem, excluded=problem.excluded | left_out), problem.main, known, allowed)
        return status(model.solver, EFFORT)

    try:
        return frozenset(minimal(tuple(compared), judge) or ())
    except Undecided:
        return frozenset()


def times_of(problem: Problem, table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, list[tuple[Block, ...]]]]:
    """What `start.times` would have returned for a finished main table: its times and strata, and the levels left open for some strata."""
    timeline, study = problem.timeline, problem.study
    endpoints = [study.endpoints[name] for name in (*timeline.chain, *(timeline.clock.endpoints if timeline.clock else ()))]
    numbers = list(dict.fromkeys(column for endpoint in endpoints for column in (endpoint.time, endpoint.event)))
    numbers += [timeline.clock.origin] if timeline.clock else []
    parts = {name: list(dict.fromkeys(cell.blocks[name] for cell in cells_of(study, timeline, ()))) for name in timeline.strata}
    open_ = {
        name: [_group(groups, value) for value in table[name]] for name, groups in parts.items() if any(len(group) > 1 for group in groups)
    }
    known = table[[*numbers, *(name for name in timeline.strata if name not in open_)]]
    return known.astype(dict.fromkeys(numbers, "Int64")), open_


def _group(rows: list[tuple[Block, ...]], level: str) -> tuple[Block, ...]:
    """The levels that the times do not tell apart from this one."""
    return next(blocks for blocks in rows if any(block.value == level for block in blocks))

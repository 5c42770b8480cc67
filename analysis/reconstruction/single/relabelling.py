"""Labels chosen anew at the times that a search found.

Which rows can be one patient's depends on their times, which a search leaves far behind
those of its start.  Where a patient's rows are tied by their times, patients and labels
are therefore chosen after the search for times.
"""

from __future__ import annotations

import pandas as pd

from analysis.reconstruction.problem.blocks import Block
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.single.start import Start, table_of
from analysis.reconstruction.solver.cells import cells_of
from analysis.reconstruction.solver.labels import NEAR, Goal

#: Deterministic time of the solver for labels that give the comparisons.
EFFORT = 4.0


def tied(problem: Problem) -> bool:
    """Whether the times of some patient's rows are tied."""
    pairs = problem.assumptions.of(problem.assumptions.timeline.table).pairs
    return pairs is not None and any(pair.gap is not None for pair in pairs.known)


def relabelled(problem: Problem, timed: tuple, table: pd.DataFrame, seed: int, compared: bool = True, goal: Goal | None = None) -> Start:
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
    main = problem.assumptions.timeline.table
    decided, together = timed
    allowed = {name: [_group(rows, value) for value in table[name]] for name, rows in together.items()}
    known = table[[column for column in decided if column not in allowed]]
    return table_of(problem, main, known, allowed, seed, compared=EFFORT if compared else 0.0, near=NEAR, goal=goal)


def times_of(problem: Problem, table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, list[tuple[Block, ...]]]]:
    """What `start.times` would have returned for a finished main table: its times and strata, and the levels left open for some strata."""
    timeline, study = problem.assumptions.timeline, problem.study
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

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
from analysis.reconstruction.solver.labels import NEAR

#: Deterministic time of the solver for labels that give the comparisons.
EFFORT = 4.0


def tied(problem: Problem) -> bool:
    """Whether the times of some patient's rows are tied."""
    pairs = problem.assumptions.of(problem.assumptions.timeline.table).pairs
    return pairs is not None and any(pair.gap is not None for pair in pairs.known)


def relabelled(problem: Problem, timed: tuple, table: pd.DataFrame, seed: int, compared: bool = True) -> Start:
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

    Raises
    ------
    NoSolution
        If the solver finds no labels within its limit, or if there are none.
    """
    main = problem.assumptions.timeline.table
    decided, together = timed
    allowed = {name: [_group(rows, value) for value in table[name]] for name, rows in together.items()}
    known = table[[column for column in decided if column not in allowed]]
    return table_of(problem, main, known, allowed, seed, compared=EFFORT if compared else 0.0, near=NEAR)


def _group(rows: list[tuple[Block, ...]], level: str) -> tuple[Block, ...]:
    """The levels that the times do not tell apart from this one."""
    return next(blocks for blocks in rows if any(block.value == level for block in blocks))

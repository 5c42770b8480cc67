"""What long commands saved for each study that is reconstructed, and whether its ledger or its assumptions changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from analysis.pages.section import Section
from analysis.reconstruction.problem.problem import Problem
from analysis.tables.html.typography import typeset

STALE = " (stale: the ledger or the assumptions have changed since)"


class Saved(NamedTuple):
    """What was saved for one study; `stale` where something that it rests on changed since."""

    problem: Problem
    content: Any
    stale: bool


class SavedResults(Section):
    """Results read from what was saved; `page.problems` are the studies' problems by slug."""

    def saved(self, read: Callable[[Problem], tuple[Any, bool]]) -> list[Saved]:
        """What a command saved for each study, empty where it saved nothing."""
        return [Saved(problem, *read(problem)) for problem in self.page.problems.values()]


def captioned(caption: str, saved: Iterable[Saved]) -> str:
    """A caption, which says so where a study's results are stale."""
    return caption + (STALE if any(one.stale for one in saved) else "")


def printed_number(problem: Problem, id: str, characters: str = "") -> str:
    """A printed number in words, with its characters."""
    row = problem.ledger[id]
    return f"{typeset(row.quantity)} ({row.source}) {characters or row.printed}"


def meaning(problem: Problem, variable: str) -> str:
    """What a variable holds, as far as its declaration's first semicolon; its name where nothing is declared."""
    declared = (table[variable].meaning for table in problem.study.variables.values() if variable in table)
    return typeset((next(declared, "") or variable).split(";")[0])

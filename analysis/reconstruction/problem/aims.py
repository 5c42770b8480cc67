"""Unpublished quantities whose ranges are searched for their ends: ``ranges.yml`` of a study."""

from __future__ import annotations

import math

from analysis.cohorts.declarations import load_yaml, validate_content
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError
from analysis.paths import shorten_path
from analysis.reconstruction.problem.described import Described

FILE = "ranges.yml"


class Aim(Described):
    """A quantity whose range is searched.

    Attributes
    ----------
    decimals : int
        With which it is shown.
    """

    decimals: int = 2

    @property
    def greatest(self) -> float:
        """No value is greater."""
        return math.inf

    @property
    def linear(self) -> bool:
        """Whether it is a number of patients, whose ends the solver can prove."""
        return self.statistic == "count"


def read_aims(study: Study) -> tuple[Aim, ...]:
    """Aims of a study, in the order of their file; none where there is no file.

    Raises
    ------
    InputError
        With every fault: unknown keys, statistics, populations, variables, conventions, an id used twice.
    """
    path = study.folder / FILE
    if not path.is_file():
        return ()
    aims: tuple[Aim, ...] = validate_content(tuple[Aim, ...], load_yaml(path) or (), path)
    faults: list[Fault] = []
    seen: set[str] = set()
    for aim in aims:
        faults += [Fault(shorten_path(path), f"{aim.id}, {column}", expected, found) for column, expected, found in aim.faults(study)]
        if aim.id in seen:
            faults.append(Fault(shorten_path(path), f"id {aim.id}", "an id used once", "twice"))
        seen.add(aim.id)
    if faults:
        raise InputError(faults)
    return aims

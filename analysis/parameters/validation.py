"""Parameters held against the study that they speak of, before a kernel starts."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import paths
from analysis.cohorts.cohort_choice import File, Member, parse_cohort
from analysis.errors import Fault, InputError, suggestion
from analysis.parameters import declarations

if TYPE_CHECKING:  # costly, and only a page needs it
    from analysis.cohorts.study import Study
    from analysis.cohorts.study_parts import Variable

PAGE = "analysis.pages.page"
"""Module that a notebook opens a study with; what opens none honours no parameter but its own."""

ASKED = "YOUR_COHORT_FILE"
"""What stands for a reader's own file in a command to copy."""


def is_own(cohort: Any) -> bool:
    """Whether a value of the parameter ``cohort`` is a file, and so a reader's own patients."""
    return isinstance(parse_cohort(cohort), File)


def check(values: Mapping[str, Any], source: str = "command line") -> None:
    """Refuse what the study does not declare, and a cohort file that is not sound.

    Parameters
    ----------
    values : mapping
        All values of a page, typed.
    source : str
        Where they were written, for the messages.

    Raises
    ------
    InputError
        Nothing of a row stands in it: `python -m analysis check` tells the faults of a cohort.
    """
    study = _study(values["study"])
    faults = [
        *_selection(study, values, source),
        *_names(study, values, source),
        *_covariates(study, values, source),
        *_without_effect(values, source),
        *_cohort(values, source),
    ]
    if faults:
        raise InputError(faults)


def _selection(study: Study, values: Mapping[str, Any], source: str) -> Iterator[Fault]:
    """What is wrong with the reading and the condition that choose patients."""
    from analysis.cohorts.selection import Selection
    from analysis.parameters import interpretations

    reading = values.get("reading")
    try:
        if reading is not None:
            interpretations.find(study, reading)
        asked = Selection(values.get("where") or "", bool(values.get("first_enrolments")), reading if reading in study.readings else None)
        asked.condition(asked.read(study))
    except InputError as error:
        yield from (Fault(source, *fault[1:]) for fault in error.faults)


def _names(study: Study, values: Mapping[str, Any], source: str) -> Iterator[Fault]:
    """Endpoint, grouping, origin and levels that the study does not declare."""
    declared = _variables_of(study)
    groupings = {name: v for name, v in declared.items() if v.type in ("category", "boolean")}
    times = {name: v for name, v in declared.items() if v.type in ("number", "integer")}
    for name, known in (("endpoint", study.endpoints), ("grouping", [*groupings, declarations.UNDIVIDED]), ("origin", times)):
        if values.get(name) is not None and values[name] not in known:
            yield Fault(source, f"parameter {name}", f"one of {', '.join(known)}", repr(values[name]) + suggestion(values[name], known))
    if values.get("levels") and values.get("grouping") in groupings:
        levels = groupings[values["grouping"]].levels or ("0", "1")
        for one in values["levels"]:
            if one not in levels:
                yield Fault(source, "parameter levels", f"some of {', '.join(levels)}", repr(one) + suggestion(one, levels))


def _covariates(study: Study, values: Mapping[str, Any], source: str) -> Iterator[Fault]:
    """Covariates, and the event that competes, that are none of the study's."""
    from analysis.cohorts.selection import COHORT
    from analysis.ledger.statistics import groups

    asked = [("covariates", one) for one in values.get("covariates") or ()]
    asked += [("competing", values["competing"])] if values.get("competing") is not None else []
    known = [name for name, variable in _variables_of(study).items() if variable.type in groups.COVARIATES]
    for name, one in asked:
        near = "" if groups.is_condition(one) else suggestion(one, known)
        for fault in groups.covariate_faults(study, COHORT, one, ("boolean",) if name == "competing" else groups.COVARIATES):
            yield Fault(source, f"parameter {name}", declarations.list_parameters()[name].expected, f"{one!r}: {fault}{near}")


def _cohort(values: Mapping[str, Any], source: str) -> Iterator[Fault]:
    """A member that the ensemble does not have, or a file that does not fit the declaration."""
    cohort = parse_cohort(values.get("cohort"))
    if isinstance(cohort, Member):
        size = ensemble_size(values["study"])
        if not 1 <= cohort.number <= size:
            expected = f"a member from 1 to {size}" if size else "no member, as there is no saved ensemble"
            yield Fault(source, "parameter cohort", expected, f"'{cohort}'")
    if isinstance(cohort, File):
        count = _problems(values["study"], paths.ROOT / cohort.path)
        if count:
            found = f"{count} {'fault' if count == 1 else 'faults'}; `.venv/bin/python -m analysis check {ASKED} --study {shlex.quote(values['study'])}` lists them"
            yield Fault(source, "parameter cohort", "a file that fits the study's declaration", found)


def _variables_of(study: Study) -> dict[str, Variable]:
    """Variables of the study's cohort by name."""
    from analysis.cohorts.selection import COHORT

    return dict(study.variables.get(COHORT, {}))


def _without_effect(values: Mapping[str, Any], source: str) -> Iterator[Fault]:
    """Parameters that nothing depends on as long as another is not given."""
    declared = declarations.list_parameters()
    own, local = is_own(values.get("cohort")), values.get("disclosure") == "local"
    for name in ("disclosure", "threshold", "coarsening", "compare"):
        if not own and values.get(name, declared[name].default) != declared[name].default:
            yield Fault(source, f"parameter {name}", "a cohort of your own as well", "none")
    for name in ("threshold", "coarsening"):
        if own and local and values.get(name, declared[name].default) != declared[name].default:
            yield Fault(source, f"parameter {name}", "disclosure protected as well", "'local'")
    if values.get("levels") and values.get("grouping") in (None, declarations.UNDIVIDED):
        yield Fault(source, "parameter levels", "a grouping as well, whose levels they are", "none")


@cache
def _study(name: str):
    from analysis.cohorts.study import read_study

    return read_study(name)


@cache
def _problems(study: str, file: Path) -> int:
    """Number of faults of a cohort file; each file is read once."""
    from analysis.cohorts.importing.checking import check_file

    checked = check_file(_study(study), file)
    return len(checked.problems) if checked.frame is None else 0


@cache
def ensemble_size(study: str) -> int:
    """Number of sampled cohorts of a study."""
    return _members(_study(study))


def _members(study) -> int:
    """Size of the saved ensemble, without reading the rows."""
    import pandas as pd

    from analysis.cohorts.ensemble import MEMBER, ensemble_path

    found = [ensemble_path(study, table) for table in study.tables if ensemble_path(study, table).is_file()]
    return max((pd.read_csv(path, usecols=[MEMBER], comment="#")[MEMBER].nunique() for path in found), default=0)

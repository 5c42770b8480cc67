"""Parameters held against the study that they speak of, before a kernel starts."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.cohorts.cohort_choice import File, Member, parse_cohort
from analysis.errors import Fault, InputError, suggestion
from analysis.parameters import declarations

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
    from analysis.cohorts.selection import COHORT, Selection  # costly, and only a page needs it
    from analysis.ledger.statistics import groups
    from analysis.parameters import interpretations

    study = _study(values["study"])
    reading, faults = values.get("reading"), []
    try:
        if reading is not None:
            interpretations.find(study, reading)
        asked = Selection(values.get("where") or "", bool(values.get("first_enrolments")), reading if reading in study.readings else None)
        asked.condition(asked.read(study))
    except InputError as error:
        faults += [Fault(source, *fault[1:]) for fault in error.faults]
    declared = study.variables.get(COHORT, {})
    groupings = {name: v for name, v in declared.items() if v.type in ("category", "boolean")}
    times = {name: v for name, v in declared.items() if v.type in ("number", "integer")}
    for name, known in (("endpoint", study.endpoints), ("grouping", [*groupings, declarations.UNDIVIDED]), ("origin", times)):
        if values.get(name) is not None and values[name] not in known:
            faults.append(
                Fault(source, f"parameter {name}", f"one of {', '.join(known)}", repr(values[name]) + suggestion(values[name], known))
            )
    if values.get("levels") and values.get("grouping") in groupings:
        levels = groupings[values["grouping"]].levels or ("0", "1")
        faults += [
            Fault(source, "parameter levels", f"some of {', '.join(levels)}", repr(x) + suggestion(x, levels))
            for x in values["levels"]
            if x not in levels
        ]
    asked_for = [("covariates", one) for one in values.get("covariates") or ()]
    asked_for += [("competing", values["competing"])] if values.get("competing") is not None else []
    for name, one in asked_for:
        for fault in groups.covariate_faults(study, COHORT, one, ("boolean",) if name == "competing" else groups.COVARIATES):
            known = [variable for variable, v in declared.items() if v.type in groups.COVARIATES]
            near = "" if groups.is_condition(one) else suggestion(one, known)
            faults.append(Fault(source, f"parameter {name}", declarations.declared()[name].expected, f"{one!r}: {fault}{near}"))
    faults += _without_effect(values, source)
    cohort = parse_cohort(values.get("cohort"))
    size = ensemble_size(values["study"]) if isinstance(cohort, Member) else 0
    if isinstance(cohort, Member) and not 1 <= cohort.number <= size:
        faults.append(
            Fault(
                source,
                "parameter cohort",
                f"a member from 1 to {size}" if size else "no member, as there is no saved ensemble",
                f"'{cohort}'",
            )
        )
    if isinstance(cohort, File):
        count = _problems(values["study"], paths.ROOT / cohort.path)
        if count:
            found = f"{count} {'fault' if count == 1 else 'faults'}; `.venv/bin/python -m analysis check {ASKED} --study {shlex.quote(values['study'])}` lists them"
            faults.append(Fault(source, "parameter cohort", "a file that fits the study's declaration", found))
    if faults:
        raise InputError(faults)


def _without_effect(values: Mapping[str, Any], source: str) -> Iterator[Fault]:
    """Parameters that nothing depends on as long as another is not given."""
    declared = declarations.declared()
    own, local = is_own(values.get("cohort")), values.get("disclosure") == "local"
    for name in ("disclosure", "threshold", "coarsening", "compare"):
        if not own and values.get(name, declared[name].default) != declared[name].default:
            yield Fault(source, f"parameter {name}", "a cohort of your own beside it, of which it speaks", "none")
    for name in ("threshold", "coarsening"):
        if own and local and values.get(name, declared[name].default) != declared[name].default:
            yield Fault(source, f"parameter {name}", "disclosure protected beside it, of which it speaks", "'local'")
    if values.get("levels") and values.get("grouping") in (None, declarations.UNDIVIDED):
        yield Fault(source, "parameter levels", "a grouping beside it, whose levels they are", "none")


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

"""Saved ensembles: many cohorts of one study in one file a table."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from analysis.cohorts.reading import validate_members
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError
from analysis.paths import shorten_path

MEMBER = "member"


def ensemble_path(study: Study, table: str) -> Path:
    """File that holds a table of every member: ``ensemble_<table>.csv.gz``."""
    return study.folder / f"ensemble_{table}.csv.gz"


def read_ensemble(study: Study) -> tuple[dict[str, pd.DataFrame], ...]:
    """Members of the saved ensemble, in the order of their numbers; none where there is no ensemble.

    A file holds the declared columns of a table behind a column ``member``.

    Raises
    ------
    InputError
        If a file lacks the column ``member`` or does not fit the declaration.
    """
    members: dict[int, dict[str, pd.DataFrame]] = {}
    for table in study.tables:
        path = ensemble_path(study, table)
        if not path.is_file():
            continue
        raw = pd.read_csv(path, dtype=str, keep_default_na=False, comment="#")
        if MEMBER not in raw:
            raise InputError(Fault(shorten_path(path), f"column {MEMBER}", "this column", "none"))
        for number, rows in validate_members(raw, raw.pop(MEMBER).astype(int), study, table, shorten_path(path)).items():
            members.setdefault(number, {})[table] = rows
    return tuple(members[number] for number in sorted(members))


def count_structures(study: Study, members: Collection[int] | None = None) -> int:
    """How many structures (orders of deaths, patterns of ties) the saved members hold, all kinds taken together.

    Parameters
    ----------
    study : Study
    members : collection of int, optional
        Places of some members, from 0; all if left out.

    Notes
    -----
    ``cohort.json`` tells them under ``structures``: by kind, one number a member. Members of one structure differ in
    labels and little else, so that a range over them says less than their number suggests. 0 where nothing is told.
    """
    path = study.folder / "cohort.json"
    told = json.loads(path.read_text(encoding="utf-8")).get("structures", {}) if path.is_file() else {}
    found = list(zip(*told.values(), strict=True))
    return len({structure for place, structure in enumerate(found) if members is None or place in members})

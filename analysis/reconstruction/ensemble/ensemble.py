"""Many cohorts of a study: kept one by one while they are made, then joined in one file a table."""

from __future__ import annotations

import gzip
import io
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import atomic_files
from analysis.cohorts.ensemble import MEMBER, ensemble_path
from analysis.cohorts.study import Study
from analysis.compiled import code_state
from analysis.paths import BUILD
from analysis.reconstruction.io import files
from analysis.reconstruction.problem.problem import Problem


def workshop(study: Study, digest: str) -> Path:
    """Folder in which finished cohorts wait; another ledger, other assumptions or another search get another one."""
    return BUILD / "reconstruction" / study.slug / f"{digest[:12]}-{code_state()[:12]}"


def pack(tables: Sequence[pd.DataFrame]) -> bytes:
    """Tables of all members as one compressed CSV with the same bytes each time."""
    joined = pd.concat([table.assign(**{MEMBER: number}) for number, table in enumerate(tables, 1)], ignore_index=True)
    joined = joined[[MEMBER, *(column for column in joined if column != MEMBER)]]
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=9, mtime=0) as compressed:
        compressed.write(files.table_text(joined).encode("utf-8"))
    return stream.getvalue()


def write_ensemble(problem: Problem, members: Sequence[Mapping[str, pd.DataFrame]]) -> None:
    """One file a table, beside the ledger; of a registry only as many members as its cases declare."""
    linked = problem.assumptions.linked
    most = {linked.registry: linked.kept} if linked else {}
    for table in members[0]:
        atomic_files.write(ensemble_path(problem.study, table), pack([member[table] for member in members[: most.get(table)]]))


def distances(members: Sequence[pd.DataFrame], columns: Sequence[str]) -> dict[str, float]:
    """Least, median and greatest pairwise distance: the share of rows that differ.

    The order of rows means nothing, so members are compared as bags of patients: 0 if every
    patient of one has an equal in the other, 1 if none has.

    Parameters
    ----------
    members : sequence of DataFrame, shape (rows, variables)
    columns : sequence of str
        What makes two patients equal.
    """
    bags = [Counter(zip(*(map(str, member[column]) for column in columns))) for member in members]
    values = [1 - (one & other).total() / max(one.total(), other.total()) for one, other in itertools.combinations(bags, 2)]
    if not values:
        return {}
    return {"least": round(min(values), 4), "median": round(float(np.median(values)), 4), "greatest": round(max(values), 4)}

"""The saved audit of each study: text that is committed and that pages may read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.ledger.opening import open_study
from analysis.publishing import receipts

COLUMNS = ["id", "printed", "recomputed", "verdict", "convention", "evidence", "note"]


def audit_file(study: str) -> Path:
    """Where a study's saved audit stands."""
    return paths.RESULTS / study / "audit.csv"


def write_audit(study: str) -> Path:
    """Recompute every printed number of a study and save the verdicts.

    Raises
    ------
    analysis.errors.InputError
        If a declaration, the ledger or a cohort is faulty; nothing is written then.
    """
    table = open_study(study).audit.table
    text = table.loc[:, COLUMNS].to_csv(index=False, lineterminator="\n")
    receipts.write_atomically(audit_file(study), text)
    return audit_file(study)


def read_audit(study: str) -> pd.DataFrame:
    """Saved audit of a study, all columns as text; only the pages' reference cohort is in it."""
    return pd.read_csv(audit_file(study), dtype=str, keep_default_na=False)

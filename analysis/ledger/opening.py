"""Opening a study: its declarations, its ledger and the cohorts that are saved beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.cohorts.declarations import load_yaml
from analysis.cohorts.ensemble import read_ensemble
from analysis.cohorts.importing.checking import read_cohort
from analysis.cohorts.reading import read_table
from analysis.cohorts.study import Study, read_study
from analysis.ledger.audit import Audit, audit
from analysis.ledger.recompute import Tables
from analysis.ledger.registers import Claim, Finding, read_claims, read_findings
from analysis.ledger.rows import Ledger, read_ledger


@dataclass(frozen=True)
class Opened:
    """A study with its ledger and cohorts.

    Attributes
    ----------
    study : Study
    ledger : Ledger
    cohorts : tuple of tables
        The reference cohort (or the one asked for) first, then the ensemble; may be empty.
    """

    study: Study
    ledger: Ledger
    cohorts: tuple[Tables, ...]

    @property
    def reference(self) -> Tables:
        """Tables of the reference cohort, or of the one asked for."""
        return self.cohorts[0] if self.cohorts else {}

    @cached_property
    def audit(self) -> Audit:
        """Every row of the ledger, recomputed now and judged."""
        return audit(self.study, self.ledger, self.cohorts, conflicts(self.study))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return read_findings(self.study, self.ledger)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        return read_claims(self.study, self.ledger)


def open_study(name: str | Path, cohort: Path | str | None = None) -> Opened:
    """Open a study.

    Parameters
    ----------
    name : str or Path
        Slug or folder, as for `read_study`.
    cohort : path, optional
        A patient table to analyse in place of the reconstructed ones, in any form that
        `read_cohort` reads; a mapping file may stand beside it.

    Raises
    ------
    InputError
        Whatever is wrong in any of the files.
    """
    study = read_study(name)
    ledger = read_ledger(study)
    if cohort is not None:
        return Opened(study, ledger, ({"cohort": read_cohort(study, cohort)},))
    saved = {table: read_table(study, table) for table, declared in study.tables.items() if (study.folder / declared.file).is_file()}
    return Opened(study, ledger, (saved, *read_ensemble(study)) if saved else ())


def conflicts(study: Study) -> dict[str, str]:
    """Notes on the rows of proven minimal conflict sets, from ``conflicts.yml``, if there is one."""
    path = study.folder / "conflicts.yml"
    return {entry["row"]: entry["note"] for entry in load_yaml(path) or ()} if path.is_file() else {}

"""Opening a study: its declarations, its ledger and the cohorts that are saved beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cohorts.cohort_choice import Choice, File, Member, parse_cohort
from analysis.cohorts.declarations import load_yaml
from analysis.cohorts.ensemble import read_ensemble
from analysis.cohorts.importing.checking import read_cohort
from analysis.cohorts.protection.counts import Protection
from analysis.cohorts.protection.released import Released
from analysis.cohorts.reading import read_table
from analysis.cohorts.selection import COHORT, Selection, same_rows, select
from analysis.cohorts.study import Study, read_study
from analysis.errors import Fault, InputError
from analysis.ledger.registers.brief_declarations import Briefs
from analysis.ledger.registers.briefs import read_briefs
from analysis.ledger.registers.claim_declarations import Claim
from analysis.ledger.registers.claims import read_claims
from analysis.ledger.registers.findings import Finding, read_findings
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.rows.row import Ledger
from analysis.ledger.session.unjudged import evaluate_protected, evaluate_unjudged
from analysis.ledger.verdicts.audit import Audit, audit
from analysis.ledger.verdicts.ensemble_cache import Members, locate_memory
from analysis.ledger.verdicts.judgement import Known
from analysis.ledger.verdicts.recompute import CohortValues, Tables
from analysis.ledger.verdicts.withheld import read_withheld


@dataclass(frozen=True)
class Opened:
    """A study with its ledger and cohorts.

    Attributes
    ----------
    study : Study
    ledger : Ledger
    reference : tables
        The reference cohort, or the one asked for; empty if there is none.
    load : callable without arguments
        Gives the members of the ensemble; called when they are first asked for.
    whole : bool
        Whether the selection left every row in place.
    saved : bool
        Whether these are the saved cohorts as they stand, whose values may be remembered.
    saved_reference : bool
        Whether the reference cohort is the saved one, rather than a member in its place.
    conflicts : mapping of id to str, optional
        Rows of proven conflict sets under a reading that is followed, each with its note; those of the declared
        readings if left out.
    released : Released, optional
        What may be known of somebody's own patients who need protection: their rows are in no other attribute.
    """

    study: Study
    ledger: Ledger
    reference: Tables
    load: Callable[[], tuple[Tables, ...]] = tuple
    whole: bool = True
    saved: bool = False
    saved_reference: bool = False
    conflicts: Mapping[str, str] | None = None
    released: Released | None = None

    @cached_property
    def ensemble(self) -> tuple[Tables, ...]:
        """Members of the ensemble beside the reference cohort."""
        return self.load()

    @property
    def cohorts(self) -> tuple[Tables, ...]:
        """The reference cohort first, then the ensemble; may be empty."""
        return (self.reference, *self.ensemble) if self.reference else ()

    @cached_property
    def members(self) -> Members:
        """Values of ledger rows on the members of the ensemble beside the reference cohort."""
        return Members(self.study, lambda: self.ensemble, locate_memory(self.study) if self.saved else None)

    def shown(self, strict: bool = True) -> CohortValues:
        """Values of ledger rows on the reference cohort, those of libraries; kept where it is the saved one.

        Parameters
        ----------
        strict : bool
            As of `CohortValues`.
        """
        keep = self.members.of_reference if self.saved and self.saved_reference else None
        return CohortValues(self.study, self.reference, is_shown=True, strict=strict, keep=keep)

    @cached_property
    def audit(self) -> Audit:
        """Every row of the ledger, recomputed now and judged."""
        return audit(self.study, self.ledger, (), self.known, self.members, self.shown() if self.reference else None)

    @cached_property
    def known(self) -> Known:
        """Proven conflicts and readings, statements that are not supported, and what came of withholding numbers."""
        denied = {id: claim.id for claim in self.claims if claim.judgement != "supported" for id in claim.states}
        return Known(
            conflicts=read_conflicts(self.study) if self.conflicts is None else self.conflicts,
            lifted=read_lifting_readings(self.study) if self.conflicts is None else {},
            denied=denied,
            withheld=read_withheld(self.study),
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return read_findings(self.study, self.ledger)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        return read_claims(self.study, self.ledger)

    @cached_property
    def briefs(self) -> Briefs:
        return read_briefs(self.study, self.ledger, self.claims)


def open_study(
    name: str | Path, cohort: Choice | Path | str | None = None, selection: Selection | None = None, protection: Protection | None = None
) -> Opened:
    """Open a study.

    Parameters
    ----------
    name : str or Path
        Slug or folder, as for `read_study`.
    cohort : Choice, path or str, optional
        A patient table to analyse in place of the reconstructed ones, in any form that
        `read_cohort` reads; a mapping file may stand beside it.  ``member 17`` is the seventeenth
        of the ensemble, which then stands in place of the reference cohort.
    selection : Selection, optional
        Which rows to look at, and under which reading; everybody if left out.
    protection : Protection, optional
        How much of somebody's own cohort may be told; everything if left out.

    Raises
    ------
    InputError
        Whatever is wrong in any of the files.
    """
    asked = selection or Selection()
    study = asked.read(read_study(name))
    condition = asked.condition(study)
    ledger = open_ledger(study)
    choice = parse_cohort(cohort)
    if not isinstance(choice, File) and not condition.clauses and protection is None and asked.censor_at is None:
        saved = _read_saved(study)
        members = cache(lambda: read_ensemble(study) if saved else ())
        reference = _member(study, members(), choice) if isinstance(choice, Member) else saved
        return Opened(
            study, ledger, reference, members, saved=bool(saved) and asked.reading is None, saved_reference=not isinstance(choice, Member)
        )
    if protection is not None:
        if not isinstance(choice, File):
            raise InputError(Fault("parameters", "parameter cohort", "a file, whose patients are protected", repr(str(choice))))
        return _open_protected(study, ledger, choice, asked, protection)
    cohorts = _cohorts(study, choice)
    chosen = tuple(select(study, tables, condition) for tables in cohorts)
    return Opened(study, ledger, chosen[0] if chosen else {}, lambda: chosen[1:], same_rows(cohorts, chosen) and asked.censor_at is None)


def _open_protected(study: Study, ledger: Ledger, file: File, asked: Selection, protection: Protection) -> Opened:
    """A study without rows: of the cohort asked for nothing is kept but what may be known."""
    first = Selection(first=asked.first).condition(study)
    frame = select(study, {COHORT: read_cohort(study, file.path)}, first)[COHORT]
    return Opened(study, ledger, {}, released=Released(study, frame, protection, Selection(where=asked.where).condition(study)))


def audit_own(name: str | Path, cohort: Path | str, protection: Protection | None) -> Audit:
    """Every statistic of a study's ledger on somebody's own patients, in ranges where they need protection."""
    opened = open_study(name, cohort, protection=protection)
    if opened.released is None:
        return evaluate_unjudged(opened.study, opened.ledger, opened.cohorts)
    return evaluate_protected(opened.study, opened.ledger, opened.released)


def open_ledger(study: Study | str | Path) -> Ledger:
    """Ledger of a study; one without rows where nothing was printed."""
    study = study if isinstance(study, Study) else read_study(study)
    return read_ledger(study) if (study.folder / "printed.csv").is_file() else Ledger(study, ())


def _read_saved(study: Study) -> dict[str, pd.DataFrame]:
    """Tables of the reference cohort, those that are there."""
    return {table: read_table(study, table) for table, declared in study.tables.items() if (study.folder / declared.file).is_file()}


def _cohorts(study: Study, choice: Choice) -> tuple[Tables, ...]:
    if isinstance(choice, File):
        return ({COHORT: read_cohort(study, choice.path)},)
    saved = _read_saved(study)
    members = read_ensemble(study) if saved else ()
    if isinstance(choice, Member):
        return (_member(study, members, choice), *members)
    return (saved, *members) if saved else ()


def _member(study: Study, members: Sequence[Tables], member: Member) -> Tables:
    if not 1 <= member.number <= len(members):
        expected = f"a member from 1 to {len(members)}" if members else f"no member, as {study.slug} has no saved ensemble"
        raise InputError(Fault("parameters", "parameter cohort", expected, repr(str(member))))
    return members[member.number - 1]


def read_conflict_entries(study: Study) -> tuple[dict[str, Any], ...]:
    """Entries of ``conflicts.yml``; none where there is no such file."""
    path = study.folder / "conflicts.yml"
    return tuple(load_yaml(path) or ()) if path.is_file() else ()


def read_conflicts(study: Study) -> dict[str, str]:
    """Notes on the rows of minimal conflict sets that are proven under the declared readings."""
    return {entry["row"]: entry["note"] for entry in read_conflict_entries(study) if not entry.get("lifted_by")}


def read_lifting_readings(study: Study) -> dict[str, str]:
    """Rows that conflict under the plain reading alone, with the declared reading under which all of their set hold."""
    return {entry["row"]: entry["lifted_by"] for entry in read_conflict_entries(study) if entry.get("lifted_by")}

"""The audit: every row of a ledger recomputed and judged, and every result as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property, partial

import pandas as pd

from analysis.cohorts.study import Study
from analysis.ledger.rows.row import Ledger, group_by_result
from analysis.ledger.statistics.lazy import Lazy
from analysis.ledger.verdicts import verdicts
from analysis.ledger.verdicts.ensemble_cache import Members
from analysis.ledger.verdicts.judge import Judge, agrees
from analysis.ledger.verdicts.judgement import Judgement, Known
from analysis.ledger.verdicts.recompute import CohortValues, Tables

__all__ = ["Audit", "Judgement", "agrees", "audit"]

COLUMNS = ("id", "printed", "recomputed", "verdict", "convention", "evidence", "note", "withheld_hits", "withheld_made", "chance")


@dataclass(frozen=True)
class Audit:
    """Judgements of a study by ledger id, in the order of its ledger.

    Attributes
    ----------
    study : Study
    entries : mapping of str to Judgement
        A row is judged when it is first asked for: a page shows a few rows of many hundred.
    members : Members, optional
        The ensemble, which gives what rows that were held out range over.
    judge : Judge, optional
        Who judges; absent where nothing printed is compared.
    """

    study: Study
    entries: Mapping[str, Judgement]
    members: Members | None = None
    judge: Judge | None = None

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """All of them."""
        with self.members.together() if self.members else nullcontext():
            return tuple(self.entries.values())

    def __getitem__(self, id: str) -> Judgement:
        return self.entries[id]

    def __contains__(self, id: str) -> bool:
        return id in self.entries

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a printed number, columns as in ``audit.csv``, all text; other patients have no printed number beside."""
        return pd.DataFrame([record(judgement) for judgement in self.judgements], columns=COLUMNS)

    @cached_property
    def results(self) -> pd.DataFrame:
        """One row a result: its id, the numbers in it, its verdict, and what it rests on (`verdicts.BASES`, empty for context).

        A result is reproduced only if each of its numbers is: its verdict is the worst of theirs.  It rests on
        counts alone only if each does, and was withheld and predicted only if each of the others was.
        """
        joined = group_by_result(self.judgements, lambda judgement: judgement.row)
        return pd.DataFrame(
            [(name, len(cells), result_verdict(cells), result_basis(cells)) for name, cells in joined.items()],
            columns=["result", "numbers", "verdict", "evidence"],
        )

    def scoreboard(self) -> pd.DataFrame:
        """Number of results by verdict (rows) and what they rest on (columns; the last is for context)."""
        counted = pd.crosstab(self.results["verdict"], self.results["evidence"])
        return counted.reindex(index=list(verdicts.VERDICTS), columns=[*verdicts.BASES, ""], fill_value=0)


def record(judgement: Judgement) -> tuple[str, ...]:
    """A judgement as a row of ``audit.csv``."""
    j, trial = judgement, judgement.withheld
    withheld = (str(trial.hits), str(trial.made)) if trial else ("", "")
    chance = "" if j.chance is None else f"{j.chance:.3f}"
    printed = "" if j.verdict == verdicts.NOT_COMPARED else j.row.printed
    return (j.row.id, printed, j.recomputed, j.verdict, j.convention, j.evidence, j.note, *withheld, chance)


def result_verdict(cells: Sequence[Judgement]) -> str:
    """Verdict of a result: the worst of its numbers."""
    found = {judgement.verdict for judgement in cells}
    return next((verdict for verdict in verdicts.WORST_FIRST if verdict in found), cells[0].verdict)


def result_basis(cells: Sequence[Judgement]) -> str:
    """What a result rests on."""
    asked = [judgement for judgement in cells if judgement.evidence != verdicts.COUNTS]
    if not asked:
        return verdicts.COUNTS
    if not asked[0].evidence:
        return ""
    trials = [judgement.withheld for judgement in asked]
    return verdicts.PREDICTED if all(trial and 0 < trial.made == trial.hits for trial in trials) else verdicts.COHORT


def audit(
    study: Study,
    ledger: Ledger,
    cohorts: Sequence[Tables] = (),
    known: Known | None = None,
    members: Members | None = None,
    reference: CohortValues | None = None,
) -> Audit:
    """Judge the rows of a ledger, each when it is first asked for.

    Parameters
    ----------
    study : Study
    ledger : Ledger
    cohorts : sequence of tables
        The reference cohort first, then the other members of the ensemble; may be empty.
    known : Known, optional
        Proven conflicts, readings that lift them, and what came of withholding numbers.
    members : Members, optional
        The ensemble, in place of all `cohorts` but the first.
    reference : CohortValues, optional
        In place of the first of `cohorts`.

    Returns
    -------
    Audit
    """
    members = members or Members(study, lambda: cohorts[1:])
    if reference is None and cohorts:
        reference = CohortValues(study, cohorts[0], is_shown=True)
    judge = Judge(study, ledger, reference, members, known or Known())
    return Audit(study, Lazy({row.id: partial(judge, row) for row in ledger}), members, judge)

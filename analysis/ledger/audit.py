"""The audit: every row of a ledger recomputed and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial

import pandas as pd

from analysis.cohorts.study import Study
from analysis.ledger import verdicts
from analysis.ledger.expressions import Sources
from analysis.ledger.lazy import Lazy
from analysis.ledger.members import Members
from analysis.ledger.recompute import CohortValues, Tables, from_printed
from analysis.ledger.rounding import RULES, attainable, exact, states
from analysis.ledger.rows import Ledger, Row
from analysis.ledger.statistics.registry import Values
from analysis.ledger.verdicts import Match, shown

COLUMNS = ("id", "printed", "recomputed", "verdict", "convention", "evidence", "note")


@dataclass(frozen=True)
class Judgement:
    """A ledger row, judged.

    Attributes
    ----------
    row : Row
    recomputed, verdict, convention, evidence, note : str
        As in ``audit.csv``.
    tried : int
        Conventions × rounding rules tried.
    values : mapping
        Recomputed value by convention, on which the verdict rests; empty if there is none.
    """

    row: Row
    recomputed: str
    verdict: str
    convention: str
    evidence: str
    note: str
    tried: int = 0
    values: Values | None = None


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
    """

    study: Study
    entries: Mapping[str, Judgement]
    members: Members | None = None

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
        return pd.DataFrame(
            [(j.row.id, "" if j.verdict == verdicts.NOT_COMPARED else j.row.printed, j.recomputed, j.verdict, j.convention, j.evidence, j.note) for j in self.judgements], columns=COLUMNS
        )

    def scoreboard(self) -> pd.DataFrame:
        """Number of rows by verdict (rows) and evidence (columns; the last is for context)."""
        counted = pd.crosstab(self.table["verdict"], self.table["evidence"])
        return counted.reindex(index=list(verdicts.VERDICTS), columns=[*verdicts.EVIDENCE, ""], fill_value=0)


def audit(
    study: Study, ledger: Ledger, cohorts: Sequence[Tables] = (), conflicts: Mapping[str, str] | None = None, members: Members | None = None
) -> Audit:
    """Judge the rows of a ledger, each when it is first asked for.

    Parameters
    ----------
    study : Study
    ledger : Ledger
    cohorts : sequence of tables
        The reference cohort first, then the other members of the ensemble; may be empty.
    conflicts : mapping of id to str, optional
        Rows of proven minimal conflict sets, each with the note that names set and reading.
    members : Members, optional
        The ensemble, in place of all `cohorts` but the first.

    Returns
    -------
    Audit
    """
    members = members or Members(study, lambda: cohorts[1:])
    judge = _Judge(study, ledger, [CohortValues(study, tables) for tables in cohorts[:1]], conflicts or {}, members)
    return Audit(study, Lazy({row.id: partial(judge, row) for row in ledger}), members)


class _Judge:
    """Judges rows against a ledger and cohorts."""

    def __init__(self, study: Study, ledger: Ledger, cohorts: Sequence[CohortValues], conflicts: Mapping[str, str], members: Members):
        self.study, self.ledger, self.cohorts, self.conflicts, self.members = study, ledger, cohorts, conflicts, members

    def __call__(self, row: Row) -> Judgement:
        if row.role == "context":
            return Judgement(row, "", verdicts.CONTEXT, "", "", row.note)
        if row.copy_of and not agrees(row, self.ledger[row.copy_of]):
            original = self.ledger[row.copy_of]
            note = _joined(row.note, f"{original.id} prints {original.printed} for the same quantity")
            return Judgement(row, original.printed, verdicts.CONTRADICTED, "", verdicts.COUNTS, note)
        sources = row.sources or (self.ledger[row.copy_of].sources if row.copy_of else None)
        if sources is not None:
            return self._from_counts(row, sources)
        if row.id in self.conflicts:
            value = self._reference(row)
            return Judgement(row, value, verdicts.CONTRADICTED, "", row.role, _joined(row.note, self.conflicts[row.id]))
        return self._from_cohorts(row)

    def _named(self, row: Row) -> tuple[str, ...]:
        return self.study.named_conventions(row.statistic)

    def _match(self, row: Row, values: Values) -> Match:
        return verdicts.match(row.value, values, row.registered, self._named(row))

    def _from_counts(self, row: Row, sources: Sources) -> Judgement:
        """A number that follows from printed ones; a copy follows from what its original follows from."""
        values = from_printed(self.ledger, row, sources)
        match = self._match(row, values)
        if match.way is not None:
            verdict, note = _verdict(match), row.note
        elif match.possible:
            verdict, note = verdicts.NOT_IDENTIFIED, _joined(row.note, f"attainable from {sources}; the printed value lies inside")
        else:
            verdict = verdicts.CONTRADICTED
            note = _joined(row.note, f"from {sources}; {_ways(match.tried)} tried", self.conflicts.get(row.id, ""))
        return Judgement(row, shown(match.value, row.value), verdict, _convention(match), verdicts.COUNTS, note, match.tried, values)

    def _reference(self, row: Row) -> str:
        if not self.cohorts or not self.cohorts[0].has(row) or self.cohorts[0].lacking(row):
            return ""
        return shown(self._match(row, self.cohorts[0].of(row)).value, row.value)

    def _from_cohorts(self, row: Row) -> Judgement:
        if not self.cohorts or not self.cohorts[0].has(row):
            return Judgement(row, "", verdicts.NOT_REACHED, "", row.role, _joined(row.note, "no cohort reconstructed yet"))
        lacking = self.cohorts[0].lacking(row)
        if lacking:
            return Judgement(row, "", verdicts.NOT_REACHED, "", row.role, _joined(row.note, f"the cohort has no column {', '.join(lacking)}"))
        values = self.cohorts[0].of(row)
        match = self._match(row, values)
        if row.role == "held-out":
            return self._held_out(row, values, match)
        verdict = _verdict(match) if match.way else verdicts.NOT_REACHED
        note = row.note if match.way else _joined(row.note, f"{_ways(match.tried)} tried on the reference cohort")
        return Judgement(row, shown(match.value, row.value), verdict, _convention(match), row.role, note, match.tried, values)

    def _held_out(self, row: Row, values: Values, match: Match) -> Judgement:
        """A number that no cohort was made to give: do all cohorts agree on it, and with the paper?"""
        convention = match.way.convention if match.way else verdicts.ways(row.registered, values, self._named(row))[0].convention
        others = self.members.ends(row, convention)
        self.members.remember()
        found = [verdicts.ends(values[convention]), *others]
        lows, highs = [low for low, _ in found if low.is_finite()], [high for _, high in found if high.is_finite()]
        spread = (min(lows), max(highs)) if lows else (Decimal("nan"),) * 2
        count = len(others) or 1  # the reference is a member, too
        size = f"{count} cohort{'s' if count > 1 else ''}"
        if match.way and others and all(states(row.value, end, match.way.rule) for pair in found for end in pair):
            return Judgement(row, shown(match.value, row.value), _verdict(match), _convention(match), row.role, row.note, match.tried, values)
        inside = match.way is not None or (lows and _within(row, *spread))
        verdict = verdicts.NOT_IDENTIFIED if inside else verdicts.NOT_REACHED
        note = _joined(row.note, f"sampled range over {size}" + ("" if inside else "; the printed value lies outside"))
        return Judgement(row, shown(spread if spread[0] != spread[1] else spread[0], row.value), verdict, _convention(match), row.role, note, match.tried, values)


def agrees(copy: Row, original: Row) -> bool:
    """Whether some value rounds to both printed numbers, or is what a loose copy states."""
    if copy.value.relation != "=" or original.value.relation != "=":
        if original.value.relation == copy.value.relation:
            return original.value.value == copy.value.value
        loose, firm = (copy, original) if copy.value.relation != "=" else (original, copy)
        return any(states(loose.value, exact(end), rule) for end in attainable(firm.value) for rule in RULES[loose.registered.kind])
    if copy.registered.kind == "exact":
        return copy.value.value == original.value.value
    (low, high), (other_low, other_high) = attainable(copy.value), attainable(original.value)
    return low <= other_high and other_low <= high


def _within(row: Row, low: Decimal, high: Decimal) -> bool:
    least, greatest = attainable(row.value)
    return exact(low) <= exact(greatest) and exact(high) >= exact(least)


def _verdict(match: Match) -> str:
    return verdicts.REPRODUCED if match.way.plain else verdicts.UNDER_CONVENTION


def _convention(match: Match) -> str:
    return str(match.way) if match.way else ""


def _ways(tried: int) -> str:
    return "one way" if tried == 1 else f"{tried} ways"


def _joined(*parts: str) -> str:
    return "; ".join(part.strip().rstrip(".") for part in parts if part and part.strip())

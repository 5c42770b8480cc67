"""Values of ledger rows, and the profile that each printed result is judged under."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Self

from analysis.cohorts.study import Study
from analysis.ledger.rows.expressions import Sources
from analysis.ledger.rows.rounding import attainable, exact, states
from analysis.ledger.rows.row import Ledger, Row
from analysis.ledger.statistics.registry import Range, Values
from analysis.ledger.verdicts import profiles, verdicts
from analysis.ledger.verdicts.ensemble_cache import Members
from analysis.ledger.verdicts.judgement import Known
from analysis.ledger.verdicts.recompute import CohortValues, from_printed
from analysis.ledger.verdicts.verdicts import Way


class Outcomes:
    """Rows of a ledger with their values, each result under one profile.

    Parameters
    ----------
    study : Study
    ledger : Ledger
    reference : CohortValues, optional
        The reference cohort; none where nothing is reconstructed.
    members : Members
        The ensemble.
    known : Known
    """

    def __init__(self, study: Study, ledger: Ledger, reference: CohortValues | None, members: Members, known: Known):
        self.study, self.ledger, self.reference, self.members, self.known = study, ledger, reference, members, known
        self._values: dict[str, tuple[Values, str] | None] = {}
        self._outcomes: dict[str, profiles.Outcome] = {}

    def instead(self, row: Row) -> Self:
        """The same of a row's result that is told another printed number; what does not depend on it is not computed again."""
        rows = {row.id: row}
        waiting = [other.id for other in self.ledger.results[row.result]]
        while waiting:
            id = waiting.pop()
            found = rows.setdefault(id, self.ledger[id])
            known = {*(found.sources.ids if found.sources else ()), *([found.copy_of] if found.copy_of else [])}
            waiting += [id for id in known if id not in rows]
            if found.copy_of:
                waiting += [other.id for other in self.ledger.results[self.ledger[found.copy_of].result] if other.id not in rows]
        order = sorted(rows.values(), key=lambda other: other.line)
        changed = type(self)(self.study, Ledger(self.study, tuple(order)), self.reference, self.members, self.known)
        changed._values = {other.id: found for other in order if (found := self.values(other)) and found[1] == verdicts.COHORT}
        return changed

    def values(self, row: Row) -> tuple[Values, str] | None:
        """Values of a row by convention and what they rest on; None where there are none."""
        if row.id not in self._values:
            self._values[row.id] = self._recompute(row)
        return self._values[row.id]

    def _recompute(self, row: Row) -> tuple[Values, str] | None:
        sources = self.sources(row)
        if sources is not None:
            return from_printed(self.ledger, row, sources), verdicts.COUNTS
        numerators = self._numerators(row)
        if numerators:
            return {"": Range(numerators[0], numerators[-1])}, verdicts.COUNTS
        if self.reference is None or not self.reference.has(row) or self.reference.lacking(row):
            return None
        return self.reference.of(row), verdicts.COHORT

    def sources(self, row: Row) -> Sources | None:
        """Printed numbers that a row follows from; a copy follows from what its original follows from."""
        if self.lifted(row):
            return None
        return row.sources or (self.ledger[row.copy_of].sources if row.copy_of else None)

    def lifted(self, row: Row) -> str:
        """The declared reading under which a row holds that other numbers exclude under the plain one; empty for others."""
        return self.known.lifted.get(row.id) or self.known.lifted.get(row.copy_of, "")

    def _numerators(self, row: Row) -> list[int]:
        """Counts that print as the percentage beside a count, if its own is among them; else none.

        A count printed with its percentage and denominator is checked by these alone: a cohort that has
        it adds nothing.
        """
        if row.statistic != "count" or self.lifted(row) or row.id in self.known.conflicts:
            return []
        for other in self.ledger.results[row.result]:
            cells = other.sources.cells if other.statistic == "percent" and other.sources else ()
            if len(cells) == 2 and cells[0].terms in (((1, row.id),), ((1, row.copy_of),)):
                total = int(cells[1].value(lambda id: Fraction(self.ledger[id].value.value)))
                counts = _find_numerators(other, total)
                return counts if int(row.value.value) in counts else []
        return []

    def outcome(self, result: str) -> profiles.Outcome:
        """A result judged under one profile; a copy that is printed alone under that of its original."""
        if result not in self._outcomes:
            rows = self.ledger.results[result]
            cells = [(row, found[0]) for row in rows if (found := self.values(row)) is not None]
            originals = {self.ledger[row.copy_of].result for row in rows if row.copy_of}
            given = None
            if len(originals) == 1:
                (original,) = originals
                if original != result and len(self.ledger.results[original]) > len(rows):
                    given = [self.outcome(original).profile]
            self._outcomes[result] = profiles.judge(self.study, cells, given, self._find_member_ways)
            self.members.remember()
        return self._outcomes[result]

    def _find_member_ways(self, row: Row, ways: Sequence[Way]) -> list[Way | None]:
        """The first way to a row's digits on each member of the ensemble; none where nothing is computed on it."""
        values = self.values(row)
        if not ways or not values or values[1] != verdicts.COHORT:
            return []
        waiting = set(range(len(self.members.ends(row, ways[0].convention))))
        found: list[Way | None] = [None] * len(waiting)
        for way in ways:
            for pair, places in self.members.grouped(row, way.convention).items():
                asked = waiting.intersection(places)
                if asked and all(states(row.value, end, way.rule) for end in pair):
                    waiting -= asked
                    for place in asked:
                        found[place] = way
            if not waiting:
                break
        return found

    def program(self, row: Row, outcome: profiles.Outcome) -> str:
        """Name of the profile of a row's result; empty where no number of the result has several conventions."""
        found = [self.values(other) for other in self.ledger.results[row.result]]
        return outcome.profile.name if any(values and len(tuple(values[0])) > 1 for values in found) else ""


def _find_numerators(share: Row, total: int) -> list[int]:
    """Numerators that print as a percentage of a total, under the paper's roundings."""
    low, high = attainable(share.value)
    reach = range(max(0, int(low * total / 100) - 1), min(total, int(high * total / 100) + 1) + 1)
    return [
        count for count in reach if total and any(states(share.value, exact(Fraction(100 * count, total)), rule) for rule in share.rules)
    ]

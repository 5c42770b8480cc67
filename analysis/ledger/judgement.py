"""One ledger row judged: its values, the profile of its result, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from analysis.cohorts.study import Study
from analysis.ledger import profiles, verdicts
from analysis.ledger.expressions import Sources
from analysis.ledger.members import Members
from analysis.ledger.recompute import CohortValues, from_printed
from analysis.ledger.rounding import attainable, exact, states
from analysis.ledger.rows import Ledger, Row
from analysis.ledger.statistics.registry import Range, Values
from analysis.ledger.verdicts import Match, Way, shown
from analysis.ledger.withheld import Trial, Withheld

LOOSE = ("↑", "≈")
"""Relations of words such as “almost” and “about”."""


@dataclass(frozen=True)
class Judgement:
    """A ledger row, judged.

    Attributes
    ----------
    row : Row
    recomputed, verdict, convention, evidence, note : str
        As in ``audit.csv``.
    tried : int
        Conventions × rounding rules tried under the profile of the row's result.
    values : mapping
        Recomputed value by convention, on which the verdict rests; empty if there is none.
    profile : str
        Output profile under which the row's result is judged; empty where no program sets one.
    withheld : Trial, optional
        What cohorts made without the number say of it.
    chance : float, optional
        Share of shuffled cohorts that give the printed digits.
    """

    row: Row
    recomputed: str
    verdict: str
    convention: str
    evidence: str
    note: str
    tried: int = 0
    values: Values | None = None
    profile: str = ""
    withheld: Trial | None = None
    chance: float | None = None


@dataclass(frozen=True)
class Known:
    """What is known of a study's numbers beside its ledger and cohorts.

    Attributes
    ----------
    conflicts : mapping of str to str
        Rows of proven minimal conflict sets under the declared reading, each with the note that names set and reading.
    lifted : mapping of str to str
        Rows that other printed numbers exclude under the plain reading, with the declared reading under which they hold.
    denied : mapping of str to str
        Rows printed in a statement that the register of claims does not support, with the claim.
    withheld : Withheld
    """

    conflicts: Mapping[str, str] = field(default_factory=dict)
    lifted: Mapping[str, str] = field(default_factory=dict)
    denied: Mapping[str, str] = field(default_factory=dict)
    withheld: Withheld = field(default_factory=Withheld)


class Judge:
    """Judges rows of a ledger, each with the rows of its result."""

    def __init__(self, study: Study, ledger: Ledger, reference: CohortValues | None, members: Members, known: Known):
        self.study, self.ledger, self.reference, self.members, self.known = study, ledger, reference, members, known
        self._values: dict[str, tuple[Values, str] | None] = {}
        self._outcomes: dict[str, profiles.Outcome] = {}

    def __call__(self, row: Row) -> Judgement:
        """Judge a row."""
        if row.role == "context":
            return Judgement(row, "", verdicts.CONTEXT, "", "", row.note)
        judged = self._judged(row)
        convention = judged.convention.split("; ")[0]
        known = self.known.withheld
        ids = [row.id, *([row.copy_of] if row.copy_of else [])]
        trial = next((found for id in ids if (found := known.of(id, convention))), None)
        chance = next((found for id in ids if (found := known.by_chance(id, convention)) is not None), None)
        return replace(judged, withheld=trial, chance=chance)

    def instead(self, row: Row) -> Judge:
        """A judge of a row's result that is told another printed number; what does not depend on it is not computed again."""
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
        judge = Judge(self.study, Ledger(self.study, tuple(order)), self.reference, self.members, self.known)
        judge._values = {other.id: found for other in order if (found := self.values(other)) and found[1] == verdicts.COHORT}
        return judge

    def _judged(self, row: Row) -> Judgement:
        if row.copy_of and not agrees(row, self.ledger[row.copy_of]):
            original = self.ledger[row.copy_of]
            note = joined(row.note, f"{original.id} prints {original.printed} for the same quantity")
            return Judgement(row, original.printed, verdicts.CONTRADICTED, "", verdicts.COUNTS, note)
        found = self.values(row)
        if found is None:
            return Judgement(row, "", self._nothing(row)[0], "", verdicts.COHORT, joined(row.note, self._nothing(row)[1]))
        values, evidence = found
        outcome = self.outcome(row.result)
        match = outcome.matches[row.id]
        way = outcome.way(row.id)
        judged = Judgement(row, shown(match.value, row.value), "", str(way or ""), evidence, row.note, match.tried, values, self._program(row, outcome))
        if row.id in self.known.conflicts:
            return replace(judged, verdict=verdicts.IN_CONFLICT, note=joined(row.note, self.known.conflicts[row.id]))
        reading = self._lifted(row)
        if reading and way is not None:
            return replace(judged, verdict=verdicts.UNDER_CONVENTION, convention=f"reading: {reading.rstrip('.')}")
        if evidence == verdicts.COUNTS:
            return self._stated(self._from_counts(judged, match))
        return self._stated(self._held_out(judged, outcome) if row.role == "held-out" else self._imposed(judged, outcome))

    def _nothing(self, row: Row) -> tuple[str, str]:
        """Verdict and reason where there is no value."""
        if self.reference is None or not self.reference.has(row):
            return verdicts.NOT_REACHED, "no cohort reconstructed yet"
        return verdicts.NOT_REACHED, f"the cohort has no column {', '.join(self.reference.lacking(row))}"

    def values(self, row: Row) -> tuple[Values, str] | None:
        """Values of a row by convention and what they rest on; None where there are none."""
        if row.id not in self._values:
            self._values[row.id] = self._recomputed(row)
        return self._values[row.id]

    def _recomputed(self, row: Row) -> tuple[Values, str] | None:
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
        if self._lifted(row):
            return None
        return row.sources or (self.ledger[row.copy_of].sources if row.copy_of else None)

    def _lifted(self, row: Row) -> str:
        return self.known.lifted.get(row.id) or self.known.lifted.get(row.copy_of, "")

    def _numerators(self, row: Row) -> list[int]:
        """Counts that print as the percentage beside a count, if its own is among them; else none.

        A count printed with its percentage and denominator is checked by these alone: a cohort that has
        it adds nothing.
        """
        if row.statistic != "count" or self._lifted(row) or row.id in self.known.conflicts:
            return []
        for other in self.ledger.results[row.result]:
            cells = other.sources.cells if other.statistic == "percent" and other.sources else ()
            if len(cells) == 2 and cells[0].terms in (((1, row.id),), ((1, row.copy_of),)):
                total = int(cells[1].value(lambda id: Fraction(self.ledger[id].value.value)))
                counts = _printing(other, total)
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
            self._outcomes[result] = profiles.judge(self.study, cells, given, self._on_members)
            self.members.remember()
        return self._outcomes[result]

    def _on_members(self, row: Row, ways: Sequence[Way]) -> list[Way | None]:
        """The first way to a row's digits on each member of the ensemble; none where nothing is computed on it."""
        found: list[Way | None] = []
        for way in ways if self.values(row)[1] == verdicts.COHORT else ():
            given = [all(states(row.value, end, way.rule) for end in pair) for pair in self.members.ends(row, way.convention)]
            found = [known or (way if gives else None) for known, gives in zip(found or [None] * len(given), given, strict=True)]
            if all(found):
                break
        return found

    def _program(self, row: Row, outcome: profiles.Outcome) -> str:
        """Name of the profile of a row's result; empty where no number of the result has several conventions."""
        found = [self.values(other) for other in self.ledger.results[row.result]]
        return outcome.profile.name if any(values and len(tuple(values[0])) > 1 for values in found) else ""

    def _stated(self, judged: Judgement) -> Judgement:
        """No tick on a loose statement, nor on a number whose statement the register of claims does not support."""
        if judged.verdict != verdicts.REPRODUCED:
            return judged
        row = judged.row
        if row.value.relation in LOOSE:
            return replace(judged, verdict=verdicts.UNDER_CONVENTION, convention=_also(judged.convention, "loose wording"))
        if row.id in self.known.denied:
            note = joined(row.note, f"the number agrees; the statement it is printed in is judged otherwise ({self.known.denied[row.id]})")
            return replace(judged, verdict=verdicts.UNDER_CONVENTION, convention=_also(judged.convention, "the number alone"), note=note)
        return judged

    def _from_counts(self, judged: Judgement, match: Match) -> Judgement:
        """A number that follows from printed ones."""
        row, sources = judged.row, self.sources(judged.row)
        if sources is None:  # a count printed with its percentage
            low, high = verdicts.ends(judged.values[""])
            note = "" if low == high else f"the percentage beside it allows {shown((low, high), row.value)}"
            return replace(judged, verdict=verdicts.REPRODUCED, note=joined(row.note, note), convention="")
        if match.way is not None:
            return replace(judged, verdict=_verdict(match.way))
        if match.possible:
            return replace(judged, verdict=verdicts.NOT_IDENTIFIED, note=joined(row.note, f"attainable from {sources}; the printed value lies inside"))
        return replace(judged, verdict=verdicts.CONTRADICTED, note=joined(row.note, f"from {sources}; {_ways(match.tried)} tried"))

    def _imposed(self, judged: Judgement, outcome: profiles.Outcome) -> Judgement:
        """A number that every search had to give: that one cohort gives it together with the others shows that they hold together."""
        row, found, way = judged.row, outcome.found(judged.row.id), outcome.way(judged.row.id)
        count, of = sum(known is not None for known in found), _cohorts(len(found))
        if way is None:
            return replace(judged, verdict=verdicts.NOT_REACHED, note=joined(row.note, f"searched for; {_ways(judged.tried)} tried on {of}"))
        note = f"in {count} of {of}" if count < len(found) else ""
        plain = sum(known.plain for known in found if known is not None)
        if 0 < plain < count:
            note = joined(note, f"in {plain} of these without a further convention" if note else f"in {plain} of {of} without a further convention")
        if outcome.matches[row.id].way != way:
            judged = replace(judged, recomputed=self._range(row, way)[0])
        return replace(judged, verdict=_verdict(way), note=joined(row.note, note))

    def _range(self, row: Row, way: Way) -> tuple[str, bool]:
        """Least and greatest value of a row over the cohorts as text, and whether the printed one lies between."""
        found = [verdicts.ends(self.values(row)[0][way.convention]), *self.members.ends(row, way.convention)]
        lows, highs = [low for low, _ in found if low.is_finite()], [high for _, high in found if high.is_finite()]
        low, high = (min(lows), max(highs)) if lows else (Decimal("nan"),) * 2
        return shown((low, high) if low != high else low, row.value), bool(lows) and _within(row, low, high)

    def _held_out(self, judged: Judgement, outcome: profiles.Outcome) -> Judgement:
        """A number that no cohort was made to give: do all cohorts agree on it, and with the paper?"""
        row = judged.row
        way = outcome.way(row.id) or next(iter(profiles.ways_under(self.study, outcome.profile, row, judged.values)), None)
        if way is None:
            return replace(judged, verdict=verdicts.NOT_IDENTIFIED, note=joined(row.note, "no profile prints it with the rest of its result"))
        pairs = self.members.ends(row, way.convention)
        found = pairs or [verdicts.ends(judged.values[way.convention])]  # the reference is a member, too
        hits = sum(all(states(row.value, end, way.rule) for end in pair) for pair in found)
        if pairs and hits == len(found):
            return replace(judged, verdict=_verdict(way))
        text, within = self._range(row, way)
        said = f"attainable in {hits} of {len(found)}" if hits else "no search for it is recorded" + ("" if within else "; the printed value lies outside")
        note = joined(row.note, f"sampled range over {_cohorts(len(found))}; {said}")
        return replace(judged, recomputed=text, verdict=verdicts.NOT_IDENTIFIED, note=note)


def _printing(share: Row, total: int) -> list[int]:
    """Numerators that print as a percentage of a total, under the paper's roundings."""
    low, high = attainable(share.value)
    reach = range(max(0, int(low * total / 100) - 1), min(total, int(high * total / 100) + 1) + 1)
    return [count for count in reach if total and any(states(share.value, exact(Fraction(100 * count, total)), rule) for rule in share.rules)]


def agrees(copy: Row, original: Row) -> bool:
    """Whether some value rounds to both printed numbers, or is what a loose copy states."""
    if copy.value.relation != "=" or original.value.relation != "=":
        if original.value.relation == copy.value.relation:
            return original.value.value == copy.value.value
        loose, firm = (copy, original) if copy.value.relation != "=" else (original, copy)
        return any(states(loose.value, exact(end), rule) for end in attainable(firm.value) for rule in loose.rules)
    if copy.registered.kind == "exact":
        return copy.value.value == original.value.value
    (low, high), (other_low, other_high) = attainable(copy.value), attainable(original.value)
    return low <= other_high and other_low <= high


def _within(row: Row, low: Decimal, high: Decimal) -> bool:
    least, greatest = attainable(row.value)
    return exact(low) <= exact(greatest) and exact(high) >= exact(least)


def _verdict(way: Way) -> str:
    return verdicts.REPRODUCED if way.plain else verdicts.UNDER_CONVENTION


def _cohorts(count: int) -> str:
    return f"{count} cohort{'s' if count > 1 else ''}"


def _also(convention: str, more: str) -> str:
    """A convention with a further part behind its name, if it has one."""
    return "; ".join(filter(None, (convention, more)))


def _ways(tried: int) -> str:
    return "one way" if tried == 1 else f"{tried} ways"


def joined(*parts: str) -> str:
    """Parts of a note as one text."""
    return "; ".join(part.strip().rstrip(".") for part in parts if part and part.strip())

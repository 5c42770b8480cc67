"""The verdict on a ledger row: it follows from its values and from the profile of its result."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from analysis.ledger.rows.rounding import attainable, exact, states
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics.registry import Values
from analysis.ledger.verdicts import profiles, verdicts
from analysis.ledger.verdicts.judgement import Judgement, join_notes
from analysis.ledger.verdicts.outcomes import Outcomes
from analysis.ledger.verdicts.verdicts import Match, Way, format_value

LOOSE = ("↑", "≈")
"""Relations of words such as “almost” and “about”."""


class Judge(Outcomes):
    """Judges rows of a ledger, each with the rows of its result."""

    def __call__(self, row: Row) -> Judgement:
        """Judge a row."""
        if row.role == "context":
            return Judgement(row, "", verdicts.CONTEXT, "", "", row.note)
        judged = self._judge_row(row)
        convention = judged.convention.split("; ")[0]
        known = self.known.withheld
        ids = [row.id, *([row.copy_of] if row.copy_of else [])]
        trial = next((found for id in ids if (found := known.of(id, convention))), None)
        chance = next((found for id in ids if (found := known.by_chance(id, convention)) is not None), None)
        return replace(judged, withheld=trial, chance=chance)

    def _judge_row(self, row: Row) -> Judgement:
        if row.copy_of and not agrees(row, self.ledger[row.copy_of]):
            original = self.ledger[row.copy_of]
            note = join_notes(row.note, f"{original.id} prints {original.printed} for the same quantity")
            return Judgement(row, original.printed, verdicts.CONTRADICTED, "", verdicts.COUNTS, note)
        found = self.values(row)
        if found is None:
            return Judgement(
                row, "", self._explain_missing(row)[0], "", verdicts.COHORT, join_notes(row.note, self._explain_missing(row)[1])
            )
        values, evidence = found
        outcome = self.outcome(row.result)
        match = outcome.matches[row.id]
        way = outcome.way(row.id)
        judged = Judgement(
            row,
            format_value(match.value, row.value),
            "",
            str(way or ""),
            evidence,
            row.note,
            match.tried,
            values,
            self.program(row, outcome),
        )
        if row.id in self.known.conflicts:
            return replace(judged, verdict=verdicts.IN_CONFLICT, note=join_notes(row.note, self.known.conflicts[row.id]))
        reading = self.lifted(row)
        if reading and way is not None:
            return replace(judged, verdict=verdicts.UNDER_CONVENTION, convention=f"reading: {reading.rstrip('.')}")
        if evidence == verdicts.COUNTS:
            return self._weigh_statement(self._judge_counts(judged, match))
        return self._weigh_statement(
            self._judge_held_out(judged, outcome) if row.role == "held-out" else self._judge_imposed(judged, outcome)
        )

    def _explain_missing(self, row: Row) -> tuple[str, str]:
        """Verdict and reason where there is no value."""
        if self.reference is None or not self.reference.has(row):
            return verdicts.NOT_REACHED, "no cohort reconstructed yet"
        return verdicts.NOT_REACHED, f"the cohort has no column {', '.join(self.reference.lacking(row))}"

    def _weigh_statement(self, judged: Judgement) -> Judgement:
        """No tick on a loose statement, nor on a number whose statement the register of claims does not support."""
        if judged.verdict != verdicts.REPRODUCED:
            return judged
        row = judged.row
        if row.value.relation in LOOSE:
            return replace(judged, verdict=verdicts.UNDER_CONVENTION, convention=_append_convention(judged.convention, "loose wording"))
        if row.id in self.known.denied:
            note = join_notes(
                row.note, f"the number agrees; the statement it is printed in is judged otherwise ({self.known.denied[row.id]})"
            )
            return replace(
                judged, verdict=verdicts.UNDER_CONVENTION, convention=_append_convention(judged.convention, "the number alone"), note=note
            )
        return judged

    def _judge_counts(self, judged: Judgement, match: Match) -> Judgement:
        """A number that follows from printed ones."""
        row, sources = judged.row, self.sources(judged.row)
        if sources is None:  # a count printed with its percentage
            low, high = verdicts.ends(judged.values[""])
            note = "" if low == high else f"the percentage beside it allows {format_value((low, high), row.value)}"
            return replace(judged, verdict=verdicts.REPRODUCED, note=join_notes(row.note, note), convention="")
        if match.way is not None:
            return replace(judged, verdict=_verdict(match.way))
        if match.possible:
            return replace(
                judged,
                verdict=verdicts.NOT_IDENTIFIED,
                note=join_notes(row.note, f"attainable from {sources}; the printed value lies inside"),
            )
        return replace(
            judged, verdict=verdicts.CONTRADICTED, note=join_notes(row.note, f"from {sources}; {_count_ways(match.tried)} tried")
        )

    def _judge_imposed(self, judged: Judgement, outcome: profiles.Outcome) -> Judgement:
        """A number that every search had to give: that one cohort gives it together with the others shows that they hold together."""
        row, found, way = judged.row, outcome.found(judged.row.id), outcome.way(judged.row.id)
        count, of = sum(known is not None for known in found), _cohorts(len(found))
        if way is None:
            return replace(
                judged, verdict=verdicts.NOT_REACHED, note=join_notes(row.note, f"searched for; {_count_ways(judged.tried)} tried on {of}")
            )
        note = f"in {count} of {of}" if count < len(found) else ""
        plain = sum(known.plain for known in found if known is not None)
        if 0 < plain < count:
            note = join_notes(
                note, f"in {plain} of these without a further convention" if note else f"in {plain} of {of} without a further convention"
            )
        if outcome.matches[row.id].way != way:
            judged = replace(judged, recomputed=self._range(row, judged.values, way)[0])
        return replace(judged, verdict=_verdict(way), note=join_notes(row.note, note))

    def _range(self, row: Row, values: Values, way: Way) -> tuple[str, bool]:
        """Least and greatest value of a row over the cohorts as text, and whether the printed one lies between."""
        found = [verdicts.ends(values[way.convention]), *self.members.ends(row, way.convention)]
        lows, highs = [low for low, _ in found if low.is_finite()], [high for _, high in found if high.is_finite()]
        low, high = (min(lows), max(highs)) if lows else (Decimal("nan"),) * 2
        return format_value((low, high) if low != high else low, row.value), bool(lows) and _contains(row, low, high)

    def _judge_held_out(self, judged: Judgement, outcome: profiles.Outcome) -> Judgement:
        """A number that no cohort was made to give: do all cohorts agree on it, and with the paper?"""
        row = judged.row
        way = outcome.way(row.id) or next(iter(profiles.ways_under(self.study, outcome.profile, row, judged.values)), None)
        if way is None:
            return replace(
                judged, verdict=verdicts.NOT_IDENTIFIED, note=join_notes(row.note, "no profile prints it with the rest of its result")
            )
        pairs = self.members.ends(row, way.convention)
        found = pairs or [verdicts.ends(judged.values[way.convention])]  # the reference is a member, too
        hits = sum(all(states(row.value, end, way.rule) for end in pair) for pair in found)
        if pairs and hits == len(found):
            return replace(judged, verdict=_verdict(way))
        text, within = self._range(row, judged.values, way)
        said = (
            f"attainable in {hits} of {len(found)}"
            if hits
            else "no search for it is recorded" + ("" if within else "; the printed value lies outside")
        )
        note = join_notes(row.note, f"range across {_cohorts(len(found))}; {said}")
        return replace(judged, recomputed=text, verdict=verdicts.NOT_IDENTIFIED, note=note)


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


def _contains(row: Row, low: Decimal, high: Decimal) -> bool:
    least, greatest = attainable(row.value)
    return exact(low) <= exact(greatest) and exact(high) >= exact(least)


def _verdict(way: Way) -> str:
    return verdicts.REPRODUCED if way.plain else verdicts.UNDER_CONVENTION


def _cohorts(count: int) -> str:
    return f"{count} cohort{'s' if count > 1 else ''}"


def _append_convention(convention: str, more: str) -> str:
    """A convention with a further part behind its name, if it has one."""
    return "; ".join(filter(None, (convention, more)))


def _count_ways(tried: int) -> str:
    return "one way" if tried == 1 else f"{tried} ways"

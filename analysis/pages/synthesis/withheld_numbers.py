"""Printed numbers withheld from the search or from the solver: how often they come back, and what the others prove of them."""

from __future__ import annotations

import statistics

from IPython.display import HTML

from analysis.pages.guards import not_shown
from analysis.pages.section import sentence, table
from analysis.pages.synthesis.saved_results import STALE, SavedResults, captioned, meaning
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.validation import leave_out
from analysis.reconstruction.validation.families import TOGETHER
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View


class WithheldNumbers(SavedResults):
    """What comes back of numbers that were withheld."""

    @table
    def left_out(self) -> View:
        """Families left out of the search in turn: how often and how closely they come back."""
        rows, outdated = [], False
        for problem, entries, _ in self.saved(leave_out.saved):
            stale = leave_out.stale_trials(problem, entries)
            rows += [_rebuilt(problem, entry, name in stale) for name, entry in entries.items() if "rebuilt" in entry]
            outdated |= bool(stale)
        heads = [
            "Study", "Withheld", "Numbers", "Predicted by every cohort", "By some", "Share of all predictions, %",
            "Median error, units of the last digit",
        ]  # fmt: skip
        caption = "Families of printed numbers withheld from the search"
        return plain_table(heads, rows, caption + "; stale: before the ledger or the assumptions changed" * outdated)

    @table
    def left_out_counts(self) -> View:
        """Counts left out by variable: what the other printed numbers prove of them."""
        rows = []
        saved = self.saved(leave_out.saved)
        for problem, entries, _ in saved:
            asked = [entry["proven"] for entry in entries.values() if entry.get("proven")]
            rows += [_proven(problem, asked)] if asked else []
        heads = [
            "Study", "Variables withheld in turn", "Counts", "Determined by the others", "Inside the proven range",
            "Median width of the range, % of the table",
        ]  # fmt: skip
        return plain_table(heads, rows, captioned("Withheld counts, with the range proven from the other numbers", saved))

    @sentence
    def withheld(self) -> HTML:
        """What comes back when it is left out of the search, in one sentence for each study."""
        parts = []
        for problem, entries, proofs_stale in self.saved(leave_out.saved):
            stale, tried = leave_out.stale_trials(problem, entries), sum("rebuilt" in entry for entry in entries.values())
            rows, counts = predictions(entries), bounded_counts(entries)
            told = []
            if rows:
                told.append(
                    f"as a test, {len(rows)} printed numbers were withheld, one family at a time, and {share_exact(rows):.0f}% of the predictions from the rest were exact"
                    + (f" ({len(stale)} of {tried} families before the ledger or the assumptions changed)" if stale else "")
                )
            if counts:
                told.append(
                    f"of {len(counts)} counts withheld, {determined(counts)} are determined by the other printed numbers{STALE if proofs_stale else ''}"
                )
            if told:
                parts.append(f"{problem.study.label}: {'; '.join(told)}")
        return not_shown(" ".join(f"{part}." for part in parts))


def rebuilt_once(entries: dict[str, dict]) -> list[dict]:
    """Rebuilt families, each number once: what was left out together as well counts as left out together."""
    together = " and ".join(TOGETHER)
    inside = TOGETHER if entries.get(together, {}).get("rebuilt", {}).get("made") else (together,)
    return [entry for name, entry in entries.items() if name not in inside and entry.get("rebuilt", {}).get("made")]


def predictions(entries: dict[str, dict]) -> list[dict]:
    """Withheld numbers of which cohorts made without them say something."""
    return [row for entry in rebuilt_once(entries) for row in entry["rebuilt"]["rows"] if row["of"]]


def share_exact(rows: list[dict]) -> float:
    """Percentage of the predictions that give the printed digits."""
    return 100 * sum(row["back"] for row in rows) / sum(row["of"] for row in rows)


def bounded_counts(entries: dict[str, dict]) -> list[dict]:
    """Withheld counts with the range that the other printed numbers prove."""
    return [row for entry in entries.values() for row in entry.get("proven", [])]


def determined(counts: list[dict]) -> int:
    """How many counts the other printed numbers leave one value."""
    return sum(row["low"] == row["high"] for row in counts)


def _rebuilt(problem: Problem, entry: dict, stale: bool) -> list[str]:
    rows = [row for row in entry["rebuilt"]["rows"] if row["of"]]
    family = " with ".join(f"“{meaning(problem, variable)}”" for variable in entry["family"].split(" and "))
    name = (f"counts of {family}" if entry["counted"] else entry["family"]) + " (stale)" * stale
    if not rows:
        return [problem.study.label, name, str(entry["left_out"]), "no cohort found", "–", "–", "–"]
    distances = [row["distance"] for row in rows if row["distance"] is not None]
    every, some = sum(row["back"] == row["of"] for row in rows), sum(row["back"] > 0 for row in rows)
    error = f"{statistics.median(distances):.1f}" if distances else "–"
    return [problem.study.label, name, str(len(rows)), str(every), str(some), f"{share_exact(rows):.0f}", error]


def _proven(problem: Problem, asked: list[list[dict]]) -> list[str]:
    rows = [row for family in asked for row in family]
    inside = sum(row["low"] <= row["value"] <= row["high"] for row in rows)
    widths = [100 * (row["high"] - row["low"]) / problem.size(problem.table(problem.ledger[row["id"]])) for row in rows]
    return [problem.study.label, str(len(asked)), str(len(rows)), str(determined(rows)), str(inside), f"{statistics.median(widths):.0f}"]

"""What the reconstruction knows: solved readings, left-out families and the validation on known cohorts, as tables.

Everything is read from what the long commands saved; a table made from results that are
older than their ledger says so.
"""

from __future__ import annotations

import math
import re
import statistics
from functools import cached_property
from html import escape

from IPython.display import HTML, Markdown

from analysis import paths
from analysis.cohorts import conditions
from analysis.cohorts.declarations import load_yaml
from analysis.pages.guards import not_shown
from analysis.pages.section import Section, Shown, sentence, table
from analysis.reconstruction.problem.aims import Aim, read_aims
from analysis.reconstruction.problem.problem import Problem, read_problem
from analysis.reconstruction.proofs import order_record, record
from analysis.reconstruction.proofs.readings import INFEASIBLE, read_readings
from analysis.reconstruction.ranges import record as ends
from analysis.reconstruction.validation import leave_out, validation
from analysis.reconstruction.validation.digitised import narrowed
from analysis.reconstruction.validation.families import TOGETHER
from analysis.reconstruction.validation.known import DIGITISED, known
from analysis.tables.html.brief import brief
from analysis.tables.html.plain import plain_table
from analysis.tables.html.typography import typeset
from analysis.tables.html.view import View

_VERDICT = {INFEASIBLE: "impossible (proven)", "feasible": "possible", "given by no saved cohort": "not found"}
"""Outcomes of the solver, in a reader's words."""

_STALE = " (stale: the ledger or the assumptions changed since)"


class SavedEvidence(Section):
    """What the long commands saved."""

    page: Evidence

    @sentence
    def evidence_in_brief(self) -> View:
        """Three lines for the top: how often withheld numbers are predicted, what ranges include, what was proven."""
        entries = [leave_out.saved(problem)[0] for problem in self.page.problems.values()]
        rows, counts = ([row for found in entries for row in of(found)] for of in (_predictions, _bounded_counts))
        known_ones = _known_cohorts()
        inside = {
            kind: [sum(ends) for ends in zip(*(validation.inside(one[kind]) for one in known_ones), strict=True)]
            for kind in ("proven", "sampled")
        }
        read = [entry for problem in self.page.problems.values() for entry in record.saved(problem.study)[0]]
        impossible = sum(entry["verdict"] == INFEASIBLE for entry in read)
        predicted = (
            f"{_share_exact(rows):.0f}% of the predictions of {len(rows)} withheld numbers are exact; "
            f"of {len(counts)} withheld counts {_determined(counts)} are determined by the others. "
            "A number that is not predicted could not be known unless printed: that a cohort reproduces it, having been made to, is no test of it."
            if rows and counts
            else ""
        )
        ranges = (
            f"In {len(known_ones)} known cohorts {inside['proven'][0]} of {inside['proven'][1]} proven ranges include the truth, "
            f"and {inside['sampled'][0]} of {inside['sampled'][1]} ranges across cohorts do: these are inner bounds."
            if known_ones
            else ""
        )
        proven = f"Of {len(read)} interpretations of ambiguous sentences {impossible} are proven impossible." if read else ""
        heads = ("Agreement", "Ranges", "Proofs")
        return brief([(head, told, escape(told)) for head, told in zip(heads, (predicted, ranges, proven), strict=True) if told])

    @table
    def interpretations(self) -> View:
        """Every reading of every question, with its verdict and what that rests on."""
        rows, stale = [], False
        for problem in self.page.problems.values():
            questions = {question.id: question for question in read_readings(problem.study, problem.ledger)}
            solved, old = record.saved(problem.study)
            stale = stale or old
            for entry in solved:
                question = questions[entry["question"]]
                reading = next(reading for reading in question.readings if reading.id == entry["reading"])
                kind = "as written" if reading.plain else "alternative"
                conflict = "; ".join(_printed(problem, id, printed) for id, printed in entry["conflict"].items())
                proof = f"{_proof(entry['how'])}: {conflict}" if entry["verdict"] == INFEASIBLE else entry["how"]
                rows.append(
                    [
                        f"{problem.study.label}: {question.of}",
                        f"{reading.text} ({kind}{', adopted here' if reading.chosen else ''})",
                        _VERDICT.get(entry["verdict"], entry["verdict"]),
                        proof,
                    ]
                )
        return plain_table(
            ["What is printed", "Interpretation", "Result", "Evidence"],
            rows,
            "Interpretations and what came of them" + (_STALE if stale else ""),
        )

    @table
    def event_orders(self) -> View:
        """Each combination of orders of events that printed curves and comparisons leave, and whether months exist for it."""
        rows, stale = [], False
        for problem in self.page.problems.values():
            content, old = order_record.saved(problem)
            stale = stale or old
            for entry in content.get("combinations", ()):
                follows = "; ".join(
                    f"{_order(problem, id)}, order {number} of {len(content['orders'][id])}" for id, number in entry["follows"].items()
                )
                missed = "; ".join(_printed(problem, id) for id in entry["does_not_give"])
                rests = (
                    f"{_proof(entry['how'])} ({len(entry['rows']) or 'no'} printed numbers beside those that the orders give, {len(entry['assumptions'])} assumptions)"
                    if "rows" in entry
                    else _proof(entry["how"])
                )
                asked = "".join(
                    f"; with {_printed(problem, id)} as well: {_VERDICT.get(verdict, verdict)}"
                    for id, verdict in entry.get("with", {}).items()
                )
                verdict = _VERDICT.get(entry["verdict"], entry["verdict"])
                rows.append([f"{problem.study.label}: {follows}{missed and f'. Does not give {missed}'}", verdict + asked, rests])
        excluded = [
            _printed(problem, id) for problem in self.page.problems.values() for id in order_record.excluded_by_every_order(problem)
        ]
        note = f"Given by no order under these assumptions, and missed by every cohort: {'; '.join(excluded)}." if excluded else ""
        caption = f"Orders of events and what the solver says of them{_STALE if stale else ''}"
        return plain_table(["Orders of events", "Times", "Evidence"], rows, caption, note)

    @table
    def unprinted_ranges(self) -> View:
        """Quantities that no paper prints: the range over the ensemble, the ends that directed searches found, proven bounds."""
        rows, stale = [], False
        for problem in self.page.problems.values():
            aims = {aim.id: aim for aim in read_aims(problem.study)}
            content, old = ends.saved(problem)
            stale = stale or old
            for entry in content.get("ranges", ()):
                aim = aims[entry["id"]]
                sampled, least, greatest = entry["sampled"], entry["least"], entry["greatest"]
                walks = " and ".join(str(entry.get("walks", {}).get(name, 0)) for name in ("least", "greatest"))
                found = f"{_span(aim, least['value'], greatest['value'])} ({walks} walks)"
                directed = found if ends.searched_over_times(entry) else "not searched"
                holders = f"{least['member']}, {greatest['member']}" if not old else "of earlier cohorts"
                rows.append([
                    f"{problem.study.label}: {aim.quantity}", _span(aim, sampled["low"], sampled["high"]), directed, holders, _span(aim, *entry["proven"]) if "proven" in entry else "–",
                ])  # fmt: skip
        heads = [
            "Quantity that is not printed",
            "Range seen (inner bound)",
            "With directed search (inner bound)",
            "Members at the ends",
            "Proven (outer bound)",
        ]
        return plain_table(heads, rows, "What the printed numbers leave open" + (_STALE if stale else ""))

    @table
    def left_out(self) -> View:
        """Families left out of the search in turn: how often and how closely they come back."""
        rows, stale = [], False
        for problem in self.page.problems.values():
            entries, old = leave_out.saved(problem)
            stale = stale or old
            rows += [_rebuilt(problem, entry) for entry in entries.values() if "rebuilt" in entry]
        heads = [
            "Study",
            "Withheld",
            "Numbers",
            "Predicted by every cohort",
            "By some",
            "Share of all predictions, %",
            "Median error, units of the last digit",
        ]
        return plain_table(heads, rows, "Families of printed numbers withheld from the search" + (_STALE if stale else ""))

    @table
    def left_out_counts(self) -> View:
        """Counts left out by variable: what the other printed numbers prove of them."""
        rows, stale = [], False
        for problem in self.page.problems.values():
            entries, old = leave_out.saved(problem)
            stale = stale or old
            asked = [entry["proven"] for entry in entries.values() if entry.get("proven")]
            rows += [_proven(problem, asked)] if asked else []
        heads = [
            "Study",
            "Variables withheld in turn",
            "Counts",
            "Determined by the others",
            "Inside the proven range",
            "Median width of the range, % of the table",
        ]
        return plain_table(heads, rows, "Counts withheld, and the range that the others prove" + (_STALE if stale else ""))

    @sentence
    def withheld(self) -> HTML:
        """What comes back when it is left out of the search, in one sentence for each study."""
        parts = []
        for problem in self.page.problems.values():
            entries, stale = leave_out.saved(problem)
            rows, counts = _predictions(entries), _bounded_counts(entries)
            told = []
            if rows:
                told.append(
                    f"as a test, {len(rows)} printed numbers were withheld, one family at a time, and {_share_exact(rows):.0f}% of the predictions from the rest were exact"
                )
            if counts:
                told.append(f"of {len(counts)} counts withheld, {_determined(counts)} are determined by the other printed numbers")
            if told:
                parts.append(f"{problem.study.label}: {'; '.join(told)}{_STALE if stale else ''}")
        return not_shown(" ".join(f"{part}." for part in parts))

    @table
    def validation(self) -> View:
        """Known cohorts published as papers: how often the truth lies in proven and in sampled ranges."""
        rows = []
        for entry in _known_cohorts():
            (proven, of_proven), (sampled, of_sampled) = (validation.inside(entry[kind]) for kind in ("proven", "sampled"))
            back = f"{entry['satisfied']} of {entry['printed']}" if entry["cohorts"] else "no cohort found"
            rows.append(
                [
                    entry["cohort"],
                    f"{entry['traits']} ({entry['source']})",
                    f"{entry['patients']} ({entry['events']})",
                    back,
                    str(entry["cohorts"]),
                    f"{proven} of {of_proven}",
                    f"{sampled} of {of_sampled}",
                ]
            )
        heads = [
            "Cohort",
            "What it is",
            "Patients (events)",
            "Printed numbers satisfied",
            "Cohorts",
            "Truth in proven range",
            "Truth in sampled range",
        ]
        return plain_table(heads, rows, "Known cohorts, reconstructed from what a paper would print")

    @sentence
    def digitised(self) -> Markdown:
        """One sentence for each known cohort that was published with its curves, too: which ranges these narrow."""
        entries = {entry["cohort"]: entry for entry in _known_cohorts()}
        told = []
        for one in known():
            if one.figure and one.name in entries and (alone := entries.get(one.name.removesuffix(DIGITISED))):
                changes = {kind: narrowed(alone[kind], entries[one.name][kind]) for kind in ("proven", "sampled")}
                parts = [f"of {many} {kind} ranges {less} narrower and {more} wider" for kind, (less, more, many) in changes.items()]
                told.append(f"{one.name}, compared with the printed numbers alone: {', '.join(parts)}.")
        return Markdown(" ".join(told))


class Evidence(Shown):
    """Saved results of all studies that are reconstructed."""

    sections = (SavedEvidence,)

    @cached_property
    def problems(self) -> dict[str, Problem]:
        """Problems by slug."""
        return {slug: read_problem(slug) for slug in paths.studies() if (paths.study_folder(slug) / "reconstruction.yml").is_file()}

    def __init__(self) -> None:
        self.offer()


def _printed(problem: Problem, id: str, printed: str = "") -> str:
    """A printed number in words, with its characters."""
    row = problem.ledger[id]
    return f"{typeset(row.quantity)} ({row.source}) {printed or row.printed}"


def _order(problem: Problem, id: str) -> str:
    """An endpoint whose events are ordered, and the variables by which its patients are divided."""
    timeline = problem.assumptions.timeline
    order = next(order for order in (timeline.orders if timeline else ()) if order.id == id)
    variables = dict.fromkeys(variable for where in order.groups for variable in conditions.parse(where).variables)
    return f"{problem.study.endpoints[order.endpoint].label} by {' and '.join(_meaning(problem, name) for name in variables)}"


def _proof(how: str) -> str:
    """How something was proven, without the solver's own words."""
    told = re.sub(r"^CP-SAT: no rows satisfy these (\d+)", r"Proven: no cohort satisfies these \1 numbers together", how)
    told = re.sub(r"^CP-SAT, every month open: no times satisfy these", "Proven with every month open: no times satisfy these", told)
    told = re.sub(r"^CP-SAT, every month open, within", "Solver with every month open, within", told)
    return told.replace("without any one of them some do", "without any one of them the others are compatible")


def _span(aim: Aim, low: float, high: float) -> str:
    """A range with the decimals of its quantity; a ratio without events on one side is 0 or infinite."""
    ends = ["∞" if math.isinf(end) else f"{end:.{aim.decimals}f}" for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _rebuilt(problem: Problem, entry: dict) -> list[str]:
    rows = [row for row in entry["rebuilt"]["rows"] if row["of"]]
    name = f"counts of {_meanings(problem, entry['family'])}" if entry["counted"] else entry["family"]
    if not rows:
        return [problem.study.label, name, str(entry["left_out"]), "no cohort found", "–", "–", "–"]
    distances = [row["distance"] for row in rows if row["distance"] is not None]
    every, some = sum(row["back"] == row["of"] for row in rows), sum(row["back"] > 0 for row in rows)
    return [
        problem.study.label,
        name,
        str(len(rows)),
        str(every),
        str(some),
        f"{_share_exact(rows):.0f}",
        f"{statistics.median(distances):.1f}" if distances else "–",
    ]


def _meanings(problem: Problem, family: str) -> str:
    """What the variables of a family hold, each in quotation marks."""
    return " with ".join(f"“{_meaning(problem, variable)}”" for variable in family.split(" and "))


def _meaning(problem: Problem, variable: str) -> str:
    """What a variable holds, as far as its declaration's first semicolon; its name where nothing is declared."""
    declared = (table[variable].meaning for table in problem.study.variables.values() if variable in table)
    return typeset((next(declared, "") or variable).split(";")[0])


def _proven(problem: Problem, asked: list[list[dict]]) -> list[str]:
    rows = [row for family in asked for row in family]
    inside = sum(row["low"] <= row["value"] <= row["high"] for row in rows)
    widths = [100 * (row["high"] - row["low"]) / problem.size(problem.table(problem.ledger[row["id"]])) for row in rows]
    return [problem.study.label, str(len(asked)), str(len(rows)), str(_determined(rows)), str(inside), f"{statistics.median(widths):.0f}"]


def _once(entries: dict[str, dict]) -> list[dict]:
    """Rebuilt families, each number once: what was left out together as well counts as left out together."""
    together = " and ".join(TOGETHER)
    inside = TOGETHER if entries.get(together, {}).get("rebuilt", {}).get("made") else (together,)
    return [entry for name, entry in entries.items() if name not in inside and entry.get("rebuilt", {}).get("made")]


def _predictions(entries: dict[str, dict]) -> list[dict]:
    """Withheld numbers of which cohorts made without them say something."""
    return [row for entry in _once(entries) for row in entry["rebuilt"]["rows"] if row["of"]]


def _share_exact(rows: list[dict]) -> float:
    """Percentage of the predictions that give the printed digits."""
    return 100 * sum(row["back"] for row in rows) / sum(row["of"] for row in rows)


def _bounded_counts(entries: dict[str, dict]) -> list[dict]:
    """Withheld counts with the range that the other printed numbers prove."""
    return [row for entry in entries.values() for row in entry.get("proven", [])]


def _determined(counts: list[dict]) -> int:
    """How many counts the other printed numbers leave one value."""
    return sum(row["low"] == row["high"] for row in counts)


def _known_cohorts() -> list[dict]:
    """Saved outcomes of the known cohorts."""
    return load_yaml(validation.SAVED)["cohorts"] if validation.SAVED.is_file() else []

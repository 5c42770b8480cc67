"""What a solver said of interpretations of ambiguous sentences and of orders of events, and what a paper leaves open."""

from __future__ import annotations

import math
import re

from analysis.cohorts import conditions
from analysis.pages.section import table
from analysis.pages.synthesis.saved_results import SavedResults, captioned, meaning, printed_number
from analysis.reconstruction.problem.aims import Aim, read_aims
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.proofs import order_record, record
from analysis.reconstruction.proofs.readings import INFEASIBLE, read_readings
from analysis.reconstruction.ranges import record as ends
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View

_VERDICT = {INFEASIBLE: "impossible (proven)", "feasible": "possible", "given by no saved cohort": "not found"}
"""Outcomes of the solver, in a reader's words."""


class SolvedQuestions(SavedResults):
    """Interpretations, orders of events, and ranges of what no paper prints."""

    @table
    def interpretations(self) -> View:
        """Every reading of every question, with its verdict and what that rests on."""
        rows = []
        saved = self.saved(lambda problem: record.read_saved(problem.study))
        for problem, solved, _ in saved:
            questions = {question.id: question for question in read_readings(problem.study, problem.ledger)}
            for entry in solved:
                question = questions[entry["question"]]
                reading = next(reading for reading in question.readings if reading.id == entry["reading"])
                kind = "as written" if reading.plain else "alternative"
                conflict = "; ".join(printed_number(problem, id, printed) for id, printed in entry["conflict"].items())
                rows.append([
                    f"{problem.study.label}: {question.of}",
                    f"{reading.text} ({kind}{', adopted here' if reading.chosen else ''})",
                    _verdict(entry["verdict"]),
                    f"{_proof(entry['how'])}: {conflict}" if entry["verdict"] == INFEASIBLE else entry["how"],
                ])  # fmt: skip
        heads = ["What is printed", "Interpretation", "Result", "Evidence"]
        return plain_table(heads, rows, captioned("Interpretations and results", saved))

    @table
    def event_orders(self) -> View:
        """Each combination of orders of events that printed curves and comparisons leave, and whether months exist for it."""
        saved = self.saved(order_record.read_saved)
        rows = [
            _combination(problem, content["orders"], entry) for problem, content, _ in saved for entry in content.get("combinations", ())
        ]
        excluded = [printed_number(problem, id) for problem, *_ in saved for id in order_record.excluded_by_every_order(problem)]
        note = f"Given by no order of events under these assumptions, nor by any cohort: {'; '.join(excluded)}." if excluded else ""
        caption = captioned("Orders of events and the solver’s result", saved)
        return plain_table(["Orders of events", "Times", "Evidence"], rows, caption, note)

    @table
    def unprinted_ranges(self) -> View:
        """Quantities that no paper prints: the range over the ensemble, the ends that directed searches found, proven bounds."""
        rows = []
        saved = self.saved(ends.read_saved)
        for problem, content, stale in saved:
            aims = {aim.id: aim for aim in read_aims(problem.study)}
            for entry in content.get("ranges", ()):
                aim = aims[entry["id"]]
                sampled, least, greatest = entry["sampled"], entry["least"], entry["greatest"]
                walks = " and ".join(str(entry.get("walks", {}).get(name, 0)) for name in ("least", "greatest"))
                found = f"{_span(aim, least['value'], greatest['value'])} ({walks} walks)"
                rows.append([
                    f"{problem.study.label}: {aim.quantity}",
                    _span(aim, sampled["low"], sampled["high"]),
                    found if ends.searched_over_times(entry) else "not searched",
                    "of earlier cohorts" if stale else f"{least['member']}, {greatest['member']}",
                    _span(aim, *entry["proven"]) if "proven" in entry else "–",
                ])  # fmt: skip
        heads = [
            "Quantity that is not printed", "Range seen (inner bound)", "With directed search (inner bound)", "Members at the ends",
            "Proven (outer bound)",
        ]  # fmt: skip
        return plain_table(heads, rows, captioned("What the printed numbers leave open", saved))


def _verdict(outcome: str) -> str:
    return _VERDICT.get(outcome, outcome)


def _combination(problem: Problem, orders: dict, entry: dict) -> list[str]:
    """Cells of one combination of orders."""
    follows = "; ".join(f"{_order(problem, id)}, order {number} of {len(orders[id])}" for id, number in entry["follows"].items())
    missed = "; ".join(printed_number(problem, id) for id in entry["does_not_give"])
    asked = "".join(f"; with {printed_number(problem, id)} as well: {_verdict(outcome)}" for id, outcome in entry.get("with", {}).items())
    rests = _proof(entry["how"])
    if "rows" in entry:
        beside = f"{len(entry['rows']) or 'no'} printed numbers apart from those that the orders give"
        rests = f"{rests} ({beside}, {len(entry['assumptions'])} assumptions)"
    return [f"{problem.study.label}: {follows}{missed and f'. Does not give {missed}'}", _verdict(entry["verdict"]) + asked, rests]


def _order(problem: Problem, id: str) -> str:
    """An endpoint whose events are ordered, and the variables by which its patients are divided."""
    timeline = problem.assumptions.timeline
    order = next(order for order in (timeline.orders if timeline else ()) if order.id == id)
    variables = dict.fromkeys(variable for where in order.groups for variable in conditions.parse(where).variables)
    return f"{problem.study.endpoints[order.endpoint].label} by {' and '.join(meaning(problem, name) for name in variables)}"


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

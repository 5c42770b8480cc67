"""Solving readings: what can hold together, and the smallest sets of printed numbers that cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.cohorts import conditions
from analysis.cohorts.study import Study
from analysis.ledger.rows.row import Row
from analysis.ledger.verdicts.recompute import CohortValues
from analysis.reconstruction.checks.verify import comes_back
from analysis.reconstruction.constraints.minimal_sets import Undecided, minimal
from analysis.reconstruction.problem.problem import COUNTS, Problem
from analysis.reconstruction.proofs.combinations import Combinations
from analysis.reconstruction.proofs.lines import Line, of_counts, of_curves
from analysis.reconstruction.proofs.readings import FEASIBLE, INFEASIBLE, NOT_REACHED, Alternative, Question, Total
from analysis.reconstruction.single.order_search import later_patterns, rows_used

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Outcome:
    """What came of one reading.

    Attributes
    ----------
    verdict : str
        ``feasible``, ``infeasible`` or ``given by no saved cohort``.
    conflict : tuple of str
        A smallest conflicting set of ledger rows; empty unless infeasible.
    how : str
        What the verdict rests on.
    """

    question: Question
    reading: Alternative
    verdict: str
    conflict: tuple[str, ...]
    how: str


def combinations(problem: Problem, question: Question, reading: Alternative) -> Combinations:
    """The model of one reading, over the variables that the question and its readings speak of."""
    put_back = problem.assumptions.model_copy(
        update={"set_aside": {id: why for id, why in problem.assumptions.set_aside.items() if id not in reading.restored}}
    )
    ledger = replace(
        problem.ledger, rows=tuple(_read(problem, reading, row.id) if row.id in reading.arguments else row for row in problem.ledger)
    )
    asked = replace(problem, assumptions=put_back, ledger=ledger)
    spoken = _variables_of(asked, question)
    declared = {name: variable for name, variable in problem.study.variables[question.table].items() if name in spoken}
    lines = of_counts(asked, question.table, reading.read()) + of_curves(asked, question.table, frozenset(declared))
    lines += [_line(total) for total in reading.totals]
    return Combinations(declared, lines, (*question.rules, *reading.rules), most=10 * problem.size(question.table))


def _line(total: Total) -> Line:
    terms = [(conditions.parse(text), 1) for text in total.of] + [(conditions.parse(text), -1) for text in total.at_most]
    return Line(tuple(terms), 0, frozenset())


def _variables_of(problem: Problem, question: Question) -> set[str]:
    spoken = set(question.beside)
    for rule in question.rules:
        spoken |= {*rule.premise.variables, *rule.conclusion.variables}
    for reading in question.readings:
        for condition in reading.read().values():
            spoken |= set(condition.variables)
        for id in reading.rows:
            spoken |= set(problem.condition(problem.ledger[id]).variables)
        for rule in reading.rules:
            spoken |= {*rule.premise.variables, *rule.conclusion.variables}
        for total in reading.totals:
            spoken |= _line(total).variables
    return spoken


def judge(problem: Problem, question: Question, cohorts: Sequence[Tables]) -> list[Outcome]:
    """Outcomes of all readings of a question.

    A reading that the counts and estimates allow is asked of the saved cohorts where it was
    chosen, or where it speaks of rows that are not linear; a cohort that gives the numbers
    shows that they can hold together, while none says only that none was found.

    Parameters
    ----------
    problem : Problem
    question : Question
    cohorts : sequence of tables
        Saved cohorts of the study, the reference first; may be empty.
    """
    outcomes, sets = [], []
    for reading in sorted(question.readings, key=lambda reading: not reading.plain):
        verdict, conflict, how = _solve(problem, question, reading)
        sets += [id for id in conflict if id not in sets and id not in problem.assumptions.set_aside]
        if verdict == FEASIBLE and (reading.chosen or reading.asked):
            verdict, how = _on_cohorts(problem, reading, reading.asked or tuple(sets) or reading.ids, cohorts)
        outcomes.append(Outcome(question, reading, verdict, conflict, how))
    return outcomes


def _solve(problem: Problem, question: Question, reading: Alternative) -> tuple[str, tuple[str, ...], str]:
    if reading.later:
        return _of_orders(problem, reading)
    model = combinations(problem, question, reading)
    if not model.combinations or not model.ids:
        return FEASIBLE, (), "nothing linear is asked"
    try:
        conflict = minimal(_order(problem, model.ids, reading), model.holds_together)
    except Undecided:
        return NOT_REACHED, (), "the solver reached its limit"
    if conflict is None:
        return FEASIBLE, (), f"CP-SAT: {len(model.ids)} printed numbers are compatible"
    return INFEASIBLE, tuple(id for id in model.ids if id in conflict), _explain(problem, conflict)


def _explain(problem: Problem, conflict: Sequence[str]) -> str:
    """What was proven of a conflicting set.

    Counts and percentages enter the model as they are, so that without one of them rows exist. Of a curve it has bounds on the
    events alone: that these need each member does not show that the curve itself does.
    """
    told = f"CP-SAT: no rows satisfy these {len(conflict)}"
    if all(problem.ledger[id].statistic in COUNTS for id in conflict):
        return f"{told}, and without any one of them some do"
    return f"{told}; the proof, by bounds on events that curves leave, needs each of them, and a sharper one might need fewer"


def _of_orders(problem: Problem, reading: Alternative) -> tuple[str, tuple[str, ...], str]:
    """Whether an order of events gives what is printed with later events than the last estimate, of those that are declared of their endpoints."""
    declared = problem.assumptions.timeline.orders if problem.assumptions.timeline else ()
    leaving = 0
    for order in (order for order in declared if order.endpoint in reading.later):
        found = later_patterns(problem, order, reading.later[order.endpoint])
        if not found:
            ids = rows_used(problem, order)
            return (
                INFEASIBLE,
                ids,
                f"every order of events enumerated: none with such an event gives these {len(ids)}, hazard ratios taken from observed and expected events; not all of them may be needed",
            )
        leaving += len(found)
    if not leaving:
        return NOT_REACHED, (), "no order of such events is declared"
    return NOT_REACHED, (), f"{leaving} orders with such an event give the printed numbers of their endpoint; no cohort of them was made"


def _order(problem: Problem, ids: Sequence[str], reading: Alternative) -> list[str]:
    """Rows that the reading is about first, then those of smaller groups: of several conflicts the one they belong to is found."""
    return sorted(ids, key=lambda id: (id not in reading.ids, -len(problem.condition(problem.ledger[id]).clauses)))


def _on_cohorts(problem: Problem, reading: Alternative, ids: Sequence[str], cohorts: Sequence[Tables]) -> tuple[str, str]:
    rows = [_read(problem, reading, id) for id in ids]
    tables_asked = {problem.table(row) for row in rows}
    complete = [tables for tables in cohorts if tables_asked <= set(tables)]
    giving = sum(_gives(problem.study, tables, rows) for tables in complete)
    how = f"{giving} of {len(complete)} saved cohorts give {f'these {len(rows)} printed numbers together' if len(rows) > 1 else 'this printed number'}"
    return (FEASIBLE if giving else NOT_REACHED), how


def _read(problem: Problem, reading: Alternative, id: str) -> Row:
    row = problem.ledger[id]
    return replace(row, arguments={**row.arguments, **reading.arguments.get(id, {})})


def _gives(study: Study, tables: Tables, rows: Sequence[Row]) -> bool:
    values = CohortValues(study, tables)
    return all(values.has(row) and not values.lacking(row) and comes_back(row, values.of(row)) for row in rows)

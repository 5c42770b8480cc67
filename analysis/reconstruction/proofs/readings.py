"""Readings of sentences that cannot be read plainly: ``readings.yml`` beside a study's ledger.

The plain reading and its alternatives are data; each is solved (`judging`), and each says
what is expected of it, which the tests compare.  None of this constrains the saved
cohorts: the reading that they follow stands in the ledger's conditions and in
``reconstruction.yml``.
"""

from __future__ import annotations

from typing import Literal

from analysis.cohorts import conditions
from analysis.cohorts.conditions import Condition
from analysis.cohorts.declarations import Declaration, load_yaml, validate_content
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError
from analysis.ledger.rows.row import Ledger
from analysis.paths import shorten_path
from analysis.reconstruction.problem.assumptions import Rule

FEASIBLE, INFEASIBLE, NOT_REACHED = "feasible", "infeasible", "given by no saved cohort"


class Total(Declaration):
    """No more rows in all meet the conditions `of` than those of `at_most`; a condition written twice counts twice."""

    of: tuple[str, ...]
    at_most: tuple[str, ...]
    why: str


class Alternative(Declaration):
    """One way to read a sentence.

    Attributes
    ----------
    id, text : str
    plain, chosen : bool
        Whether it is what the words say, and whether the saved cohorts follow it.
    expected : str
        Verdict expected of it.
    rows : dict of id to str
        Who is counted, where it differs from the ledger's condition.
    arguments : dict of id to dict
        Arguments of a row that differ from the ledger's.
    rules : tuple of Rule
        What the words mean for the tables.
    totals : tuple of Total
        Likewise, of sums.
    restored : tuple of str
        Rows that the assumptions set aside, asked for again.
    asked : tuple of str
        Rows that are no linear statement; the saved cohorts are asked whether they give them.
    later : dict of endpoint to int
        At least one, and at most so many, of an endpoint's events come after the last time at which its curve is printed.
    """

    id: str
    text: str
    plain: bool = False
    chosen: bool = False
    expected: Literal["feasible", "infeasible", "given by no saved cohort"]
    rows: dict[str, str] = {}
    arguments: dict[str, dict[str, str]] = {}
    rules: tuple[Rule, ...] = ()
    totals: tuple[Total, ...] = ()
    restored: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    later: dict[str, int] = {}

    def read(self) -> dict[str, Condition]:
        return {id: conditions.parse(text) for id, text in self.rows.items()}

    @property
    def ids(self) -> tuple[str, ...]:
        return (*self.rows, *self.arguments, *self.restored, *self.asked)


class Question(Declaration):
    """A sentence that cannot be read plainly.

    Attributes
    ----------
    id : str
        That of a finding, where there is one.
    of : str
        The sentence, in our words.
    table : str
    beside : tuple of str
        Variables that the argument speaks of beyond those of its readings.
    rules : tuple of Rule
        Definitions that hold under every reading.
    readings : tuple of Alternative
    """

    id: str
    of: str
    table: str = "cohort"
    beside: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    readings: tuple[Alternative, ...]


class Readings(Declaration):
    questions: tuple[Question, ...] = ()


def read_readings(study: Study, ledger: Ledger) -> tuple[Question, ...]:
    """The questions of a study; none if it has no ``readings.yml``.

    Raises
    ------
    InputError
        Unknown key, table, variable or ledger id; a condition that cannot be read; no or two plain readings.
    """
    path = study.folder / "readings.yml"
    if not path.is_file():
        return ()
    found: Readings = validate_content(Readings, load_yaml(path), path)
    faults = [
        Fault(shorten_path(path), f"question {question.id}", expected, wrong)
        for question in found.questions
        for expected, wrong in _faults(study, ledger, question)
    ]
    ids = [reading.id for question in found.questions for reading in question.readings]
    faults += [
        Fault(shorten_path(path), f"reading {id}", "a name that no other reading has", "two")
        for id in sorted({id for id in ids if ids.count(id) > 1})
    ]
    if faults:
        raise InputError(faults)
    return found.questions


def _faults(study: Study, ledger: Ledger, question: Question):
    if question.table not in study.tables:
        yield "a declared table", repr(question.table)
        return
    if sum(reading.plain for reading in question.readings) != 1:
        yield "one plain reading", str(sum(reading.plain for reading in question.readings))
    declared = {name for table in study.variables.values() for name in table}
    for reading in question.readings:
        yield from (("an id of the ledger", repr(id)) for id in reading.ids if id not in ledger)
        yield from (("a declared endpoint", repr(name)) for name in reading.later if name not in study.endpoints)
        for text in _conditions(question, reading):
            try:
                names = conditions.parse(text).variables
            except ValueError as error:
                yield "a condition", str(error)
                continue
            yield from (("a declared variable", repr(name)) for name in names if name not in declared)
    yield from (("a declared variable", repr(name)) for name in question.beside if name not in declared)


def _conditions(question: Question, reading: Alternative):
    yield from reading.rows.values()
    for rule in (*question.rules, *reading.rules):
        yield from (rule.when, rule.then)
    for total in reading.totals:
        yield from (*total.of, *total.at_most)

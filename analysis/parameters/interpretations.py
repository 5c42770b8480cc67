"""A declared reading followed: what it makes of the ledger, and what a page says of it.

Readings stand in two places.  One in ``study.yml`` declares endpoints or populations in place of
the study's own.  One in ``readings.yml`` says who is counted for a printed number, or with which
arguments a test or model is computed; those numbers are recomputed and judged so.  What such a
reading says of the patients' records is solved (`analysis.reconstruction.proofs`) and not laid on
saved cohorts, which were made under the readings marked ``chosen``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from analysis.cohorts import conditions
from analysis.cohorts.declarations import load_yaml
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError, suggestion
from analysis.ledger.rows.row import Row
from analysis.ledger.session.study_session import Opened, open_ledger, read_conflict_entries, read_conflicts
from analysis.reconstruction.proofs.readings import INFEASIBLE, Alternative, Question, read_readings


class Followed(NamedTuple):
    """A reading of ``readings.yml`` and the question that it answers."""

    question: Question
    reading: Alternative


def readings_by_name(study: Study) -> dict[str, Followed | None]:
    """All readings of a study by name; None for one of ``study.yml``."""
    found = {
        reading.id: Followed(question, reading) for question in read_readings(study, open_ledger(study)) for reading in question.readings
    }
    return {**dict.fromkeys(study.readings), **found}


def find(study: Study, name: str) -> Followed | None:
    """A reading by its name; None for one of ``study.yml``.

    Raises
    ------
    InputError
        If the study declares no such reading.
    """
    known = readings_by_name(study)
    if name not in known:
        expected = f"one of {', '.join(known)}" if known else f"none, as {study.slug} declares no readings"
        raise InputError(Fault("parameters", "parameter reading", expected, repr(name) + suggestion(name, known)))
    return known[name]


def follow(opened: Opened, name: str) -> Opened:
    """A study of which printed numbers are read as a reading of ``readings.yml`` says.

    The numbers that the reading names are counted, or computed, as it says.  Where it is not what
    the words say plainly, it also lifts what holds under the plain reading alone: that a number
    of its question follows from others, or contradicts them.  Where it is proven that no rows
    satisfy it, the numbers that cannot hold together are in conflict under it.

    Raises
    ------
    InputError
        If the study declares no such reading.
    """
    followed = find(opened.study, name)
    if followed is None:
        return opened
    question, reading = followed
    mine = {entry["row"]: entry["note"] for entry in read_conflict_entries(opened.study) if entry["question"] == question.id}
    conflicting, lifted = read_conflicts(opened.study), set()
    if reading.plain:
        conflicting |= mine
    else:
        lifted = {*reading.rows, *reading.arguments, *mine}
        conflicting = {id: note for id, note in conflicting.items() if id not in lifted} | _own_conflict(opened.study, followed)
    rows = tuple(_read(opened.study, row, followed, row.id in lifted) for row in opened.ledger)
    return replace(opened, ledger=replace(opened.ledger, rows=rows), conflicts=conflicting, saved=False)


def _read(study: Study, row: Row, followed: Followed, lifted: bool) -> Row:
    question, reading = followed
    changes: dict = {"sources": None} if lifted else {}
    if row.id in reading.rows:
        asked = conditions.parse(reading.rows[row.id])
        changes |= {"population": _wide_enough(study, row, question.table, asked), "subset": asked}
    if row.id in reading.arguments:
        changes["arguments"] = {**row.arguments, **reading.arguments[row.id]}
    if not changes:
        return row
    told = f"read so: {reading.text.rstrip('.')}"
    return replace(row, **changes, note="; ".join(part for part in (row.note.rstrip("."), told) if part))


def _wide_enough(study: Study, row: Row, table: str, asked: conditions.Condition) -> str:
    """The row's population where the reading keeps its condition, else the whole table."""
    clauses = study.populations[row.population].condition.clauses
    if all(clause in asked.clauses for clause in clauses):
        return row.population
    return next(name for name, population in study.populations.items() if population.table == table and not population.condition.clauses)


def outcome(study: Study, followed: Followed) -> Mapping | None:
    """What the solver made of a reading, as it is saved; None if it was not solved yet."""
    path = study.folder / "solved.yml"
    solved = load_yaml(path)["readings"] if path.is_file() else ()
    return next((entry for entry in solved if (entry["question"], entry["reading"]) == (followed.question.id, followed.reading.id)), None)


def _own_conflict(study: Study, followed: Followed) -> dict[str, str]:
    solved = outcome(study, followed)
    if solved is None or solved["verdict"] != INFEASIBLE:
        return {}
    told = ", ".join(f"{id} ({value})" for id, value in solved["conflict"].items())
    return dict.fromkeys(
        solved["conflict"], f"incompatible under this interpretation ({followed.reading.text.rstrip('.')}): {told}; {solved['how']}"
    )


def sentences(study: Study, name: str, own: bool) -> list[str]:
    """What a page says of the reading that it follows.

    Parameters
    ----------
    study : Study
    name : str
    own : bool
        Whether the patients are a reader's own.
    """
    followed = find(study, name)
    if followed is None:
        return [f"Read so: {study.readings[name].meaning}"]
    question, reading = followed
    told = [f"The paper: {question.of}", f"Read so: {reading.text}" + (" This is the literal meaning." if reading.plain else "")]
    ids = [*reading.rows, *(id for id in reading.arguments if id not in reading.rows)]
    if ids:
        ledger = open_ledger(study)
        told.append(
            f"Recomputed under this reading: {'; '.join(f'“{ledger[id].quantity}”' for id in ids)}."
            + ("" if own else " Their verdicts hold under it.")
        )
    if own:
        return told if ids else [*told, "It concerns only the records of the published patients and changes nothing here."]
    solved = outcome(study, followed)
    if reading.chosen:
        told.append("The saved cohorts were made under this reading.")
    elif not (ids or reading.rules or reading.totals):
        told.append("The whole book uses this reading.")
    elif reading.rules or reading.totals:
        told.append(
            "As far as it concerns the patients’ records, it cannot change a recomputation on the saved cohorts, which were not made under it; that would need cohorts of its own."
        )
    if solved is not None:
        told.append(f"Solved, it is {solved['verdict']} ({solved['how']}).")
    return told

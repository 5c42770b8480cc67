"""Reading ``briefs.yml``, and the check that it speaks of what the study declares and prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.cohorts import conditions
from analysis.cohorts.declarations import load_yaml, validate_content
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError, suggestion
from analysis.ledger.registers.brief_declarations import Briefs, Recomputed, Result, TwoGroups
from analysis.ledger.registers.claim_declarations import Claim
from analysis.ledger.registers.register_entries import PLACEHOLDER
from analysis.ledger.rows.row import Ledger
from analysis.ledger.statistics.groups import merge_levels
from analysis.paths import shorten_path

FILE = "briefs.yml"


def read_briefs(study: Study, ledger: Ledger, claims: Sequence[Claim]) -> Briefs:
    """Read ``briefs.yml``; a study without the file has no card of its own and no such lines.

    Raises
    ------
    InputError
        With every fault: an id, claim, endpoint, population, variable or level that is not declared.
    """
    path = study.folder / FILE
    if not path.is_file():
        return Briefs()
    briefs: Briefs = validate_content(Briefs, load_yaml(path) or {}, path)
    faults = [Fault(shorten_path(path), place, expected, found) for place, expected, found in _faults(study, ledger, claims, briefs)]
    if faults:
        raise InputError(faults)
    return briefs


def _faults(study: Study, ledger: Ledger, claims: Sequence[Claim], briefs: Briefs) -> Iterator[tuple[str, str, str]]:
    ids, known = [row.id for row in ledger], [claim.id for claim in claims]
    if briefs.card:
        card = briefs.card
        for name in ("question", "design", "result"):
            yield from _unknown_ids(f"card.{name}", getattr(card, name), ids)
        yield from _faults_of_result(study, "card.found", card.found, ids)
        for label, (endpoint, population) in card.figure.curves.items():
            yield from _find_undeclared(study, f"card.figure.curves.{label}", endpoint, population)
        for label, rows in card.figure.annotate.items():
            yield from _unknown_ids(f"card.figure.annotate.{label}", "".join(f"{{{row}}}" for row in rows), ids)
    for page, brief in briefs.pages.items():
        place = f"pages.{page}"
        yield from _unknown_ids(f"{place}.paper", brief.paper, ids)
        for number, result in enumerate(brief.found, 1):
            yield from _faults_of_result(study, f"{place}.found, entry {number}", result, ids)
        for beginning in brief.rows:
            if not any(id == beginning or id.startswith(beginning + ".") for id in ids):
                yield f"{place}.rows", "beginnings of ids of the ledger", repr(beginning) + suggestion(beginning, ids)
        for claim in brief.claims:
            if claim not in known:
                yield f"{place}.claims", "ids of claims.yml", repr(claim) + suggestion(claim, known)


def _unknown_ids(place: str, text: str, ids: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for id in PLACEHOLDER.findall(text):
        if id not in ids:
            yield place, "ids of the ledger", repr(id) + suggestion(id, ids)


def _faults_of_result(study: Study, place: str, result: Result, ids: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    if isinstance(result, Recomputed):
        yield from _unknown_ids(f"{place}.text", result.text, ids)
        return
    faults = list(_find_undeclared(study, place, getattr(result, "endpoint", None), result.population))
    yield from faults
    if faults:
        return
    table = study.populations[result.population].table
    declared = study.variables[table]
    for field in ("where", "happened"):
        try:
            for found in study.faults(conditions.parse(getattr(result, field, "")), table):
                yield f"{place}.{field}", "a condition on declared variables", found
        except ValueError as error:
            yield f"{place}.{field}", "a condition", str(error)
    for field in ("by", "time"):
        name = getattr(result, field, None)
        if name is not None and name not in declared:
            yield f"{place}.{field}", f"a variable of table {table!r}", repr(name) + suggestion(name, declared)
    if isinstance(result, TwoGroups) and result.by in declared:
        for group in result.groups:
            clause = conditions.Clause(result.by, "=", merge_levels(group, declared[result.by]))
            for found in study.faults(conditions.Condition((clause,)), table):
                yield f"{place}.groups", f"levels of {result.by}", found


def _find_undeclared(study: Study, place: str, endpoint: str | None, population: str) -> Iterator[tuple[str, str, str]]:
    if endpoint is not None and endpoint not in study.endpoints:
        yield place, "a declared endpoint", repr(endpoint) + suggestion(endpoint, study.endpoints)
    if population not in study.populations:
        yield place, "a declared population", repr(population) + suggestion(population, study.populations)

"""What a study and its pages say first, as ``briefs.yml`` declares it: which printed numbers, results, claims and rows.

Sentences about what is found are not declared: they follow from values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from analysis.cohorts import conditions
from analysis.cohorts.declarations import Declaration, load_yaml, validate_content
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError, suggestion
from analysis.ledger.registers.findings_and_claims import Claim
from analysis.ledger.rows.row import Ledger
from analysis.ledger.statistics.groups import merge_levels
from analysis.paths import shown

FILE = "briefs.yml"
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
"""A ledger id in a declared sentence: the number stands in its place."""


class TwoGroups(Declaration):
    """What comparisons of two groups declare.

    Attributes
    ----------
    of : str
        What is compared: the event, e.g. ``death``; or what is counted, e.g. ``Complete remission after one course``.
    by : str
        Variable of the groups.
    population : str
        Population that is compared.
    groups : (first, reference)
        Levels, the second being the reference.
    labels : (str, str), optional
        What the sentence calls the groups.
    """

    of: str
    by: str
    groups: tuple[str, str]
    labels: tuple[str, str] | None = None
    population: str = "all"


class HazardRatio(TwoGroups):
    """Cox model of two groups that are known at the start.

    Attributes
    ----------
    endpoint : str
        Endpoint that is compared.
    kind : str
        Names this sort of result.
    """

    kind: Literal["hazard ratio"]
    endpoint: str


class AfterSwitch(Declaration):
    """Those who enter a state on the way: the naive comparison, and that which counts them from its date.

    Attributes
    ----------
    kind : str
        Names this sort of result.
    of : str
        The event, e.g. ``death``.
    endpoint : str
        Endpoint that is compared.
    population : str
        Population that is compared.
    happened : str
        Condition that it came at all, e.g. ``sct=1``.
    time : str
        Variable with its time from the origin of the endpoint.
    label : str
        What it is called, e.g. ``SCT``.
    """

    kind: Literal["switch"]
    of: str
    endpoint: str
    happened: str
    time: str
    label: str
    population: str = "all"


class Shares(TwoGroups):
    """Shares of two groups that meet a condition (Fisher's exact test).

    Attributes
    ----------
    kind : str
        Names this sort of result.
    where : str
        Condition; patients of whom it is unknown are left out.
    """

    kind: Literal["shares"]
    where: str


class Recomputed(Declaration):
    """Printed quantities as recomputed here.

    Attributes
    ----------
    kind : str
        Names this sort of result.
    text : str
        ``{res.n}`` in it stands for the recomputed number of that ledger row.
    """

    kind: Literal["recomputed"]
    text: str


Result = Annotated[HazardRatio | AfterSwitch | Shares | Recomputed, Field(discriminator="kind")]


class Brief(Declaration):
    """The three lines that open a page.

    Attributes
    ----------
    paper : str
        What the paper says; ``{res.n}`` stands for the characters printed in that ledger row.
    found : tuple of Result
        What is recomputed beside it.
    rows : tuple of str
        Beginnings of the ledger ids whose verdicts are counted.
    claims : tuple of str
        Conclusions of the paper that these numbers bear on.
    """

    paper: str
    found: tuple[Result, ...] = Field(min_length=1)
    rows: tuple[str, ...] = Field(min_length=1)
    claims: tuple[str, ...] = ()


class Drawn(Declaration):
    """Survival curves of a card.

    Attributes
    ----------
    curves : dict of label to (endpoint, population)
        Curves by what the figure calls them.
    title : str
        Above the figure.
    ylabel : str
        Of the vertical axis.
    horizon : float
        In the unit of the endpoint.
    annotate : dict of label to ids
        Ledger rows that stand in the figure: one, or an estimate and its limits.
    """

    curves: dict[str, tuple[str, str]] = Field(min_length=1)
    title: str
    ylabel: str = "Survival"
    horizon: float = Field(36, gt=0)
    annotate: dict[str, tuple[str, ...]] = {}


class Card(Declaration):
    """A study on one card.

    Attributes
    ----------
    question, design, result : str
        One sentence each; ``{abs.n}`` stands for the characters printed in that ledger row. The result is the paper's, in numbers.
    found : Result
        What stands below the figure.
    figure : Drawn
        The figure.
    """

    question: str
    design: str
    result: str
    found: Result
    figure: Drawn


class Briefs(Declaration):
    """Content of ``briefs.yml``.

    Attributes
    ----------
    card : Card, optional
        The study's card on the landing page.
    pages : dict of str to Brief
        By the name of the page in the study's folder of notebooks.
    """

    card: Card | None = None
    pages: dict[str, Brief] = {}


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
    faults = [Fault(shown(path), place, expected, found) for place, expected, found in _faults(study, ledger, claims, briefs)]
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
            yield from _undeclared(study, f"card.figure.curves.{label}", endpoint, population)
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
    faults = list(_undeclared(study, place, getattr(result, "endpoint", None), result.population))
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


def _undeclared(study: Study, place: str, endpoint: str | None, population: str) -> Iterator[tuple[str, str, str]]:
    if endpoint is not None and endpoint not in study.endpoints:
        yield place, "a declared endpoint", repr(endpoint) + suggestion(endpoint, study.endpoints)
    if population not in study.populations:
        yield place, "a declared population", repr(population) + suggestion(population, study.populations)

"""The registers beside a ledger: findings (numbers that cannot be read plainly) and claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, TypeVar, get_args

from pydantic import Field, PrivateAttr

from analysis.cohorts.declarations import Declaration, load_yaml, validate_content
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError, suggestion
from analysis.ledger.registers import claim_rules
from analysis.ledger.registers.claim_rules import Weight
from analysis.ledger.rows.row import Ledger
from analysis.paths import shown

JUDGEMENTS = get_args(Weight)
"""What a claim can be judged, in the order of counting."""


class Reading(Declaration):
    """One way to read a finding.

    Attributes
    ----------
    text : str
        The reading in a sentence.
    favoured : bool
        Whether it is the likeliest; at most one is.
    why : str
        Why it is favoured.
    """

    text: str
    favoured: bool = False
    why: str = ""


class Finding(Declaration):
    """Printed numbers that cannot all be read plainly.

    Attributes
    ----------
    id : str
        Lower-case words joined by hyphens; it never changes.
    title : str
        The finding in a few words.
    rows : tuple of str
        Ledger ids.
    printed : str
        What is printed where.
    problem : str
        Why it cannot be read plainly.
    readings : tuple of Reading
        Ways to read it, at most one favoured.
    found_by : {"machine", "reading"}
        By the audit, or by somebody who read the paper.
    rank : int, optional
        Place among the study's weightiest findings, from 1; most findings have none.
    matters : str
        Why a ranked finding matters to a reader of the paper, in a sentence.
    quote : str
        What to write in place of what is printed, for a ranked finding; ``{res.n.all}`` stands for the number printed in that row.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    rows: tuple[str, ...] = Field(min_length=1)
    printed: str
    problem: str
    readings: tuple[Reading, ...] = Field(min_length=1)
    found_by: Literal["machine", "reading"]
    rank: int | None = Field(default=None, ge=1)
    matters: str = ""
    quote: str = ""


class Claim(Declaration):
    """A conclusion or unnumbered inference of the paper, weighed.

    Attributes
    ----------
    id : str
        Lower-case words joined by hyphens; it never changes.
    claim : str
        The conclusion in your own words.
    source : str
        Where the paper draws it, as in the ledger.
    rests_on : tuple of str
        Ledger ids; may be empty where the paper prints no number for it.
    states : tuple of str
        Ledger ids of the numbers printed in the statement itself, which get no tick where it is not supported.
    pattern : str
        Key of `analysis.ledger.registers.claim_rules.PATTERNS`: what kind of statistic decides the claim.
    tests : tuple of str
        Ledger ids of P values and limits of ratios.
    holds : tuple of str
        Comparisons of sums of ledger ids that must be true of the printed numbers.
    ours, theirs : tuple
        Ids of a count and its total here; ids of a share and, where printed, its number of patients in each other report.
    below : float
        Percentage below which a share of none is said to lie.
    judgement : {"supported", "not supported", "not testable"}
        Follows from the pattern; not declared.
    reason : str
        Why it is weighed so, in a sentence.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    claim: str
    source: str
    rests_on: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    pattern: str
    tests: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    theirs: tuple[tuple[str, ...], ...] = ()
    below: float = 0
    reason: str
    _judgement: Weight = PrivateAttr(default="not testable")

    @property
    def judgement(self) -> Weight:
        """Whether the printed numbers support the claim."""
        return self._judgement


def read_findings(study: Study, ledger: Ledger) -> tuple[Finding, ...]:
    """Read ``findings.yml``; every row it names must stand in the ledger, ranks count from 1, and a ranked finding says why it matters."""
    findings = _read(study, ledger, "findings.yml", Finding, ("rows",))
    path = shown(study.folder / "findings.yml")
    ranks = sorted(finding.rank for finding in findings if finding.rank)
    faults = [
        Fault(path, f"{finding.id}.matters", "why it matters, beside a rank and nowhere else", repr(finding.matters))
        for finding in findings
        if bool(finding.rank) != bool(finding.matters.strip())
    ]
    faults += [
        Fault(path, f"{finding.id}.quote", "ids of the ledger", repr(id) + suggestion(id, [row.id for row in ledger]))
        for finding in findings
        for id in PLACEHOLDER.findall(finding.quote)
        if id not in ledger
    ]
    if ranks != list(range(1, len(ranks) + 1)):
        faults.append(Fault(path, "rank", "1, 2, 3 and so on, each once", ", ".join(map(str, ranks))))
    if faults:
        raise InputError(faults)
    return findings


def read_claims(study: Study, ledger: Ledger) -> tuple[Claim, ...]:
    """Read ``claims.yml``; every row it names must stand in the ledger.  A study without the file makes no claims."""
    if not (study.folder / "claims.yml").is_file():
        return ()
    claims = _read(study, ledger, "claims.yml", Claim, ("rests_on", "states"))
    path = shown(study.folder / "claims.yml")
    faults = [
        Fault(path, f"{claim.id}.{field}", expected, found) for claim in claims for field, expected, found in claim_rules.faults(claim)
    ]
    faults += [
        Fault(path, f"{claim.id}", "ids of the ledger", repr(id)) for claim in claims for id in claim_rules.ids(claim) if id not in ledger
    ]
    if faults:
        raise InputError(faults)
    for claim in claims:
        claim._judgement = claim_rules.judge(study, ledger, claim)
    return claims


PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
"""A ledger row in a sentence of a register."""

Entry = TypeVar("Entry", Finding, Claim)


def _read(study: Study, ledger: Ledger, file: str, kind: type[Entry], columns: tuple[str, ...]) -> tuple[Entry, ...]:
    path = study.folder / file
    entries: tuple[Entry, ...] = validate_content(tuple[kind, ...], load_yaml(path) or (), path)  # type: ignore[valid-type]  # known when it runs
    faults = []
    for number, entry in enumerate(entries):
        if entry.id in {earlier.id for earlier in entries[:number]}:
            faults.append(Fault(shown(path), f"{entry.id}.id", "an id used once", "a second use"))
        for column, id in ((name, id) for name in columns for id in getattr(entry, name)):
            if id not in ledger:
                known = [row.id for row in ledger]
                faults.append(Fault(shown(path), f"{entry.id}.{column}", "ids of the ledger", repr(id) + suggestion(id, known)))
        if sum(reading.favoured for reading in getattr(entry, "readings", ())) > 1:
            faults.append(Fault(shown(path), f"{entry.id}.readings", "at most one favoured reading", "more"))
    if faults:
        raise InputError(faults)
    return entries


class Column(Declaration):
    """A column of a paper's table.

    Attributes
    ----------
    label : str
        As on the page.
    cell : str
        What its cells are made of: ``{a.n} ({a.pct})`` has two ends of ledger ids.
    """

    label: str
    cell: str


class Line(Declaration):
    """A row of a paper's table.

    Attributes
    ----------
    label : str
        As on the page.
    key : str
        Middle of its ledger ids, between the table's name and what the cells have; none in a heading without numbers.
    indent : int
        Levels below a heading.
    """

    label: str
    key: str = ""
    indent: int = 0


class Layout(Declaration):
    """How a table of the paper is laid out.

    A placeholder ``{all.n}`` in a cell stands for the ledger row ``<table>.<key>.all.n``.

    Attributes
    ----------
    source : str
        Place as the ledger calls it, e.g. ``Table 1``.
    caption : str
        What it shows, in your own words.
    columns : tuple of Column
        From left to right.
    rows : tuple of Line
        From top to bottom.
    note : str
        Below the table, one footnote a line, in your own words.
    """

    source: str
    caption: str
    columns: tuple[Column, ...] = Field(min_length=1)
    rows: tuple[Line, ...] = Field(min_length=1)
    note: str = ""


def read_layouts(study: Study) -> dict[str, Layout]:
    """Read ``tables.yml``: layouts by the first segment of their ledger ids, e.g. ``t1``."""
    path = study.folder / "tables.yml"
    return validate_content(dict[str, Layout], load_yaml(path) or {}, path)


def find_layout_faults(ledger: Ledger, layouts: Mapping[str, Layout]) -> Iterator[tuple[str, str, str]]:
    """Keys and placeholders of layouts that lead to no number of the ledger: place, what was expected, what was found."""
    ids = [row.id for row in ledger]
    for name, layout in layouts.items():
        own = [id.removeprefix(f"{name}.") for id in ids if id.startswith(f"{name}.")]
        placeholders = [set(re.findall(r"\{([^{}]*)\}", column.cell)) for column in layout.columns]
        keys = [line.key for line in layout.rows if line.key]
        for number, line in enumerate(layout.rows):
            if line.key and not any(f"{line.key}.{end}" in own for ends in placeholders for end in ends):
                middles = {id.removesuffix(f".{end}") for id in own for ends in placeholders for end in ends if id.endswith(f".{end}")}
                expected = f"the middle of ids {name}.….{'|'.join(sorted(set().union(*placeholders)))}, or no key in a heading"
                yield f"{name}.rows.{number}.key", expected, repr(line.key) + suggestion(line.key, middles)
        for number, (column, ends) in enumerate(zip(layout.columns, placeholders, strict=True)):
            for end in sorted(ends):
                if not any(f"{key}.{end}" in own for key in keys):
                    known = {id.removeprefix(f"{key}.") for id in own for key in keys if id.startswith(f"{key}.")}
                    expected = f"the end of ids {name}.<key>.…"
                    yield f"{name}.columns.{number}.cell", expected, f"{{{end}}} of the column {column.label!r}" + suggestion(end, known)

"""The register of findings: printed numbers that cannot be read plainly."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from analysis.cohorts.declarations import Declaration
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError, suggestion
from analysis.ledger.registers.register_entries import PLACEHOLDER, Entry, read_entries
from analysis.ledger.rows.row import Ledger
from analysis.paths import shorten_path


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


class Finding(Entry):
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

    title: str
    rows: tuple[str, ...] = Field(min_length=1)
    printed: str
    problem: str
    readings: tuple[Reading, ...] = Field(min_length=1)
    found_by: Literal["machine", "reading"]
    rank: int | None = Field(default=None, ge=1)
    matters: str = ""
    quote: str = ""


def read_findings(study: Study, ledger: Ledger) -> tuple[Finding, ...]:
    """Read ``findings.yml``; every row it names must stand in the ledger, ranks count from 1, and a ranked finding says why it matters."""
    findings, faults = read_entries(study, ledger, "findings.yml", Finding, ("rows",))
    path, known = shorten_path(study.folder / "findings.yml"), [row.id for row in ledger]
    for finding in findings:
        if sum(reading.favoured for reading in finding.readings) > 1:
            faults.append(Fault(path, f"{finding.id}.readings", "at most one favoured reading", "more"))
        if bool(finding.rank) != bool(finding.matters.strip()):
            faults.append(Fault(path, f"{finding.id}.matters", "why it matters, beside a rank and nowhere else", repr(finding.matters)))
        faults += [
            Fault(path, f"{finding.id}.quote", "ids of the ledger", repr(id) + suggestion(id, known))
            for id in PLACEHOLDER.findall(finding.quote)
            if id not in ledger
        ]
    ranks = sorted(finding.rank for finding in findings if finding.rank)
    if ranks != list(range(1, len(ranks) + 1)):
        faults.append(Fault(path, "rank", "1, 2, 3 and so on, each once", ", ".join(map(str, ranks))))
    if faults:
        raise InputError(faults)
    return findings

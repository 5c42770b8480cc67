"""Judged ledger rows as the tables use them, with the addresses of their audit rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

import pandas as pd

from analysis.cohorts.study import Study
from analysis.ledger.rows.row import Ledger
from analysis.ledger.verdicts.audit import Audit, Judgement, from_record

#: An audit just computed, its saved table, or what was made of either.
AnyAudit: TypeAlias = "Audit | pd.DataFrame | Judged"
#: The audit page of a study, seen from its other pages.
PREFIX = "audit.html"


class Entries(Protocol):
    """Judgements by ledger id, of one study or of several."""

    def __getitem__(self, id: str) -> Judgement:
        """Judgement of a row."""
        ...

    def address(self, id: str) -> str:
        """Link to the audit row."""
        ...


@dataclass(frozen=True)
class Judged:
    """Judgements of a study by ledger id.

    Attributes
    ----------
    study : str
        Slug.
    entries : mapping of str to Judgement
        In the order of the ledger.
    prefix : str
        Address of the study's audit page, seen from the page that shows the table; empty on the audit page itself.
    populations : mapping of str to str
        What each population of the study is called.
    """

    study: str
    entries: Mapping[str, Judgement]
    prefix: str = PREFIX
    populations: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, id: str) -> Judgement:
        try:
            return self.entries[id]
        except KeyError:
            raise KeyError(f"no row {id!r} in the audit of {self.study}") from None

    def __contains__(self, id: str) -> bool:
        return id in self.entries

    def __iter__(self) -> Iterator[Judgement]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)

    def address(self, id: str) -> str:
        """Link to the audit row."""
        return f"{self.prefix}#{id}"

    def population(self, id: str) -> str:
        """Whom a row counts, in words, with the condition that narrows it; empty where it counts nobody."""
        row = self[id].row
        return ", ".join(filter(None, (self.populations.get(row.population, row.population), str(row.subset))))


def _populations(study: Study) -> dict[str, str]:
    return {name: population.label for name, population in study.populations.items()}


def as_judged(audit: AnyAudit, ledger: Ledger | None = None, *, prefix: str | None = None) -> Judged:
    """Take an audit in any of its forms.

    Parameters
    ----------
    audit : Audit, DataFrame or Judged
        An audit just computed, or its saved table (columns of ``audit.csv``), or what this function returned.
    ledger : Ledger, optional
        Needed with a table only: the rows that it judges.
    prefix : str, optional
        As in `Judged`; if left out, what is already judged keeps its own.

    Raises
    ------
    ValueError
        If a table comes without a ledger.
    KeyError
        If the table judges a row that the ledger does not hold.
    """
    if isinstance(audit, Judged):
        return audit if prefix is None else replace(audit, prefix=prefix)
    prefix = PREFIX if prefix is None else prefix
    if isinstance(audit, Audit):
        return Judged(audit.study.slug, audit.entries, prefix, _populations(audit.study))
    if ledger is None:
        raise ValueError("ledger: expected beside a saved audit table, none found")
    texts = audit.fillna("").astype(str)
    entries = {record["id"]: from_record(ledger[record["id"]], record) for record in texts.to_dict("records")}
    return Judged(ledger.study.slug, entries, prefix, _populations(ledger.study))

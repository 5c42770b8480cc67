"""Judged ledger rows as the tables use them, with the addresses of their audit rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Protocol, TypeAlias

from analysis.ledger.verdicts.audit import Audit, Judgement

#: An audit, or what was made of it.
AnyAudit: TypeAlias = "Audit | Judged"
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


def link_to_row(entries: Entries, id: str, characters: str) -> str:
    """Characters of a printed number as HTML, with the way to its row of the audit."""
    row = entries[id].row
    told = escape(f"{row.quantity} ({row.source})")
    return f'<a class="definition" href="{escape(entries.address(id))}" title="{told}">{escape(characters)}</a>'


def as_judged(audit: AnyAudit, *, prefix: str | None = None) -> Judged:
    """Judged rows of an audit.

    Parameters
    ----------
    audit : Audit or Judged
        An audit, or what this function returned.
    prefix : str, optional
        As in `Judged`; if left out, what is already judged keeps its own.
    """
    if isinstance(audit, Judged):
        return audit if prefix is None else replace(audit, prefix=prefix)
    populations = {name: population.label for name, population in audit.study.populations.items()}
    return Judged(audit.study.slug, audit.entries, PREFIX if prefix is None else prefix, populations)

"""What a page asks for that reads several studies: their pages, definitions against each other, reports beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from IPython.display import HTML

from analysis.ledger.registers.claim_declarations import JUDGEMENTS
from analysis.ledger.verdicts.audit import Judgement
from analysis.pages.guards import together
from analysis.pages.page import AUDIT_PAGE, Page
from analysis.pages.paper import literature_comparison
from analysis.pages.section import Section, Shown, figure, sentence, table
from analysis.tables.html.audit_index import Judged
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View
from analysis.tables.registers.definitions import definitions_table


@dataclass(frozen=True)
class Several:
    """Judged rows of several studies under ``study.id``."""

    studies: Mapping[str, Judged]

    def _part(self, id: str) -> tuple[Judged, str]:
        study, _, rest = id.partition(".")
        if study not in self.studies:
            raise KeyError(f"no study {study!r} on this page; {', '.join(self.studies)} are")
        return self.studies[study], rest

    def __getitem__(self, id: str) -> Judgement:
        judged, rest = self._part(id)
        return judged[rest]

    def address(self, id: str) -> str:
        """Link to the audit row."""
        judged, rest = self._part(id)
        return judged.address(rest)


class SeveralStudies(Section):
    """Definitions and reports of several studies against each other."""

    page: Synthesis

    @table
    def definitions(self, rows: Sequence[Sequence[str]], *, heads: Sequence[str], caption: str) -> View:
        """A table of text; ``{study.met.dose}`` in a cell stands for the characters printed, linked to the row.

        Parameters
        ----------
        rows : sequence of sequence of str
            Cells of each row.
        heads : sequence of str
            Of the columns.
        caption : str
        """
        return definitions_table(self.page.judged, heads, rows, caption=caption)

    @table
    def judgements(self) -> View:
        """How many claims of each study were judged how."""
        columns = {page.opened.study.label: Counter(claim.judgement for claim in page.opened.claims) for page in self.page.pages.values()}
        kinds = sorted({kind for counts in columns.values() for kind in counts}, key=JUDGEMENTS.index)
        rows = [[kind, *(str(counts[kind]) for counts in columns.values())] for kind in kinds]
        return plain_table(["Judgement", *columns], rows, "Claims of the papers by judgement")

    @figure
    def literature(
        self, rows: Mapping[str, Sequence[str]], *, title: str, caption: str = "", xlabel: str = "Percent", name: str | None = None
    ) -> HTML:
        """Reports of the studies and of those that they cite: a forest plot and a table.

        Parameters
        ----------
        rows : mapping of label to (study, form, id, …)
            Form and ids as in `literature_comparison.compare`.
        title, caption, xlabel, name : str
        """
        level = next(iter(self.page.pages.values())).level
        found = [self._compared(label, *spec) for label, spec in rows.items()]
        drawn = literature_comparison.draw(found, title=title, xlabel=xlabel, caption=caption, level=level, name=name)
        return together(drawn, literature_comparison.list_reports(found, self.page.judged, self._citation, title))

    @sentence
    def literature_interval(
        self, first: tuple[str, Sequence[str]], others: Mapping[str, Sequence[str]], *, what: str
    ) -> literature_comparison.Statement:
        """Where the figures of other reports lie by the interval of the first; rows as in `literature`.

        Parameters
        ----------
        first : (label, (study, form, id, …))
            Must have limits.
        others : mapping of label to (study, form, id, …)
        what : str
            Beginning of the sentence.
        """
        label, spec = first
        return literature_comparison.against(
            self._compared(label, *spec), [self._compared(other, *which) for other, which in others.items()], what
        )

    def _compared(self, label: str, study: str, *spec: str) -> literature_comparison.Compared:
        ledger = self.page.pages[study].opened.ledger
        found = literature_comparison.compare(label, spec, ledger, lambda id: float(ledger[id].value.value), self.page.pages[study].level)
        return found._replace(ids=tuple(f"{study}.{id}" for id in found.ids))

    def _citation(self, id: str) -> str:
        study, _, rest = id.partition(".")
        page = self.page.pages[study]
        cited = literature_comparison.citation_of(page.opened.ledger[rest])
        return f"{page.opened.study.label}: {cited}" if cited else page.opened.study.label


class Synthesis(Shown):
    """Several studies as one page shows them.

    Parameters
    ----------
    studies : str
        Slugs. The page stands in a folder beside the studies' own.
    named
        As in `analysis.pages.base.Base`, for all of them.
    """

    sections = (SeveralStudies,)

    def __init__(self, *studies: str, **named):
        self.pages = {study: Page(study, **named) for study in studies}
        for study, page in self.pages.items():
            page.audit_page = f"../{study}/{AUDIT_PAGE}"
        self.offer()

    def __getitem__(self, study: str) -> Page:
        return self.pages[study]

    @property
    def judged(self) -> Several:
        """Rows of all studies."""
        return Several({study: page.judged for study, page in self.pages.items()})

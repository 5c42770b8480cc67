"""The paper's tables, lists of ledger rows, registers and definitions of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from IPython.display import HTML

from analysis.ledger.registers.finding_weights import weigh_findings
from analysis.ledger.registers.table_layouts import read_layouts
from analysis.ledger.verdicts.verdicts import VERDICTS
from analysis.pages.guards import not_shown
from analysis.pages.section import Section, table
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View
from analysis.tables.registers.definitions import definitions_table
from analysis.tables.registers.registers import claims_register, findings_register
from analysis.tables.rows.audit_page import audit_page
from analysis.tables.rows.printed_vs_recomputed import printed_table
from analysis.tables.rows.row_list import list_results


class PaperTables(Section):
    """What of the ledger a page shows."""

    @table
    def paper(self, name: str) -> View:
        """A table of the paper, every number recomputed, by the first segment of its ledger ids.

        Parameters
        ----------
        name : str
            Of the table in ``tables.yml``, the first segment of its ledger ids, e.g. ``t1``.
        """
        return printed_table(read_layouts(self.page.opened.study)[name].model_dump(), self.page.judged, table=name)

    @table
    def rows(self, *ids: str, caption: str = "Printed and recomputed") -> View:
        """Ledger rows one under another: printed, recomputed, verdict.

        Parameters
        ----------
        ids : str
            Of ledger rows; ``*page.ids("res.os")`` for all that begin so.
        caption : str
        """
        return list_results(self.page.judged, ids, caption=caption)

    @table
    def endpoint_numbers(self, endpoint: str, *, by: str = "", caption: str = "Printed and recomputed") -> View | HTML:
        """Ledger rows on an endpoint, printed beside recomputed: those that compare or describe groups, or all others.

        Parameters
        ----------
        endpoint : str
        by : str
            Variable that forms the groups; without it, rows on no declared grouping.
        caption : str
        """
        study = self.page.opened.study
        groupings = [by] if by else list(study.groupings)
        ids = []
        for row in self.page.opened.ledger:
            if row.arguments.get("endpoint") == endpoint and row.population in study.populations:
                spoken = {row.arguments.get("by", ""), *study.populations[row.population].condition.variables, *row.subset.variables}
                if bool(spoken & set(groupings)) == bool(by):
                    ids.append(row.id)
        label = study.endpoints[endpoint].label
        return list_results(self.page.judged, ids, caption=caption) if ids else not_shown(f"The ledger has no such number of “{label}”.")

    @table
    def verdicts_by_part(self, parts: Mapping[str, Sequence[str]], *, caption: str) -> View:
        """What came of parts of the paper: numbers of its rows by verdict.

        Parameters
        ----------
        parts : mapping of label to beginnings of ids
            As in `ids`.
        caption : str
        """
        counts = {label: Counter(self.page.judged[id].verdict for id in self.page.ids(*prefixes)) for label, prefixes in parts.items()}
        used = [verdict for verdict in VERDICTS if any(found[verdict] for found in counts.values())]
        rows = [[label, str(sum(found.values())), *(str(found[verdict] or "") for verdict in used)] for label, found in counts.items()]
        return plain_table(["Part of the paper", "Printed numbers", *used], rows, caption)

    @table
    def definitions(self, rows: Sequence[Sequence[str]], *, heads: Sequence[str] = ("", ""), caption: str) -> View:
        """A table of text whose numbers are ledger rows: ``{met.dose}`` in a cell stands for the characters printed.

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
    def audit(self) -> View:
        """The whole audit, to search, filter and sort."""
        if not self.page.compared:
            return list_results(
                replace(self.page.judged, prefix=""),
                [judgement.row.id for judgement in self.page.judged],
                caption="Every statistic of the ledger on these patients",
                anchored=True,
            )
        return audit_page(self.page.opened.audit)

    @table
    def findings(self) -> View:
        """The register of numbers that cannot all be read plainly."""
        opened = self.page.opened
        return findings_register(weigh_findings(opened.findings, opened.claims, opened.ledger), self.page.judged)

    @table
    def claims(self, *ids: str) -> View:
        """What the paper concludes, weighed: all of the register, or some of its entries in the order asked for.

        Parameters
        ----------
        ids : str
            Of entries of ``claims.yml``; all, if none is given.

        Raises
        ------
        KeyError
            If there is no such claim.
        """
        known = {claim.id: claim for claim in self.page.opened.claims}
        chosen = [known[id] for id in ids] if ids else self.page.opened.claims
        return claims_register(chosen, self.page.judged)

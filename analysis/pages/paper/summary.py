"""A study on one page: where it was published, how its numbers and conclusions fared, what to look at first."""

from __future__ import annotations

from html import escape

from IPython.display import HTML

from analysis.cohorts.study import Study
from analysis.ledger.registers.finding_weights import FIRST, MAIN, NONE, OTHER, weigh_findings
from analysis.ledger.rows.row import group_by_result
from analysis.ledger.verdicts.audit import result_basis, result_verdict
from analysis.pages.guards import not_shown
from analysis.pages.section import Section, sentence, table
from analysis.tables.brief_sentences import results_told
from analysis.tables.html.brief import brief
from analysis.tables.html.view import View
from analysis.tables.registers.register_summary import conclusions_table, findings_digest
from analysis.tables.registers.scoreboard_table import scoreboard_table

_WEIGHT = {
    FIRST: "to know before quoting the paper",
    MAIN: "on a conclusion of the abstract",
    OTHER: "on another conclusion",
    NONE: "on no conclusion",
}
"""Weights of findings inside a sentence."""


class Summary(Section):
    """What a summary shows beside tables and curves."""

    @sentence
    def citation(self) -> HTML:
        """The paper, as a reference list would have it."""
        return HTML(f'<p class="citation">{cite(self.page.opened.study)}</p>')

    @sentence
    def findings_in_brief(self) -> View:
        """Three lines for the top of the findings: how many printed numbers they are about, how weighty they are, how sure that is."""
        page, opened = self.page, self.page.opened
        findings, total = opened.findings, len(opened.ledger)
        involved = {id for finding in findings for id in finding.rows}
        weighed = weigh_findings(findings, opened.claims, opened.ledger)
        groups = ", ".join(f"{len(found)} {_WEIGHT[weight]}" for weight, found in weighed.items())
        explained = sum(any(reading.favoured for reading in finding.readings) for finding in findings)
        checked = sum(finding.found_by == "machine" for finding in findings)
        ranked = {id for finding in weighed.get(FIRST, ()) for id in finding.rows}
        results = group_by_result((page.judged[row.id] for row in opened.ledger if row.id in ranked), lambda cell: cell.row).values()
        told = results_told((result_verdict(cells), result_basis(cells)) for cells in results) if page.compared else ""
        lines = [
            ("What is printed", f"{len(involved)} of the {total} printed numbers are involved in a finding: a disagreement between numbers, or of a number with its own arithmetic, its label or the stated method."),
            ("We find", f"{len(findings)} findings: {groups}."),
            ("How sure", " ".join(filter(None, [
                f"{checked} follow from arithmetic on printed numbers and {len(findings) - checked} from reading; for {explained} one explanation is the most likely.",
                told and f"The findings to know first: {told[:1].lower()}{told[1:]}",
                "Reproducing a number does not settle a finding: two numbers can each be right and belong to different groups, dates or models.",
            ]))),
        ]  # fmt: skip
        return brief([(head, text, escape(text)) for head, text in lines])

    @table
    def verdicts(self) -> View | HTML:
        """The study's scoreboard, or that nothing is compared."""
        if not self.page.compared:
            return not_shown("No printed number is compared: these are not the published patients.")
        return scoreboard_table(
            {self.page.opened.study.label: self.page.opened.audit.scoreboard()}, "Printed results by evidence and verdict"
        )

    @table
    def main_findings(self) -> View:
        """The findings that the register ranks, the weightiest first."""
        return findings_digest(self.page.opened.findings)

    @table
    def conclusions(self, source: str) -> View:
        """What the paper concludes in one of its parts, weighed.

        Parameters
        ----------
        source : str
            A part that the claims' sources name, e.g. ``Abstract``.
        """
        chosen = [claim for claim in self.page.opened.claims if source.lower() in claim.source.lower()]
        return conclusions_table(chosen, f"Conclusions of the {source[:1].lower()}{source[1:]}, judged by the printed numbers")


def cite(study: Study) -> str:
    """HTML of a study's reference: authors, title, journal, year, volume and issue, pages, DOI; what is not known is left out."""
    known = {name: escape(str(value)) for name, value in study.citation.items()}
    issue = known.get("issue", "")
    volume = f"{known['volume']}({issue})" if "volume" in known and issue else known.get("volume", f"issue {issue}" if issue else "")
    place = known.get("pages") or known.get("article", "")
    where = ": ".join(part for part in (volume, place.replace("-", "–")) if part)
    journal = ", ".join(part for part in (f"<cite>{known['journal']}</cite>" if "journal" in known else "", known.get("year", "")) if part)
    parts = [known.get("authors", ""), escape(study.title), "; ".join(part for part in (journal, where) if part)]
    if "doi" in known:
        parts.append(f'doi <a href="https://doi.org/{known["doi"]}">{known["doi"]}</a>')
    return " ".join(f"{part}." for part in parts if part)

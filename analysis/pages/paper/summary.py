"""A study on one page: where it was published, how its numbers and conclusions fared, what to look at first."""

from __future__ import annotations

from html import escape

from IPython.display import HTML

from analysis.cohorts.study import Study
from analysis.pages.guards import not_shown
from analysis.pages.section import Section, sentence, table
from analysis.tables.html.view import View
from analysis.tables.registers.register_summary import conclusions_table, findings_digest
from analysis.tables.registers.scoreboard_table import scoreboard_table


class Summary(Section):
    """What a summary shows beside tables and curves."""

    @sentence
    def citation(self) -> HTML:
        """The paper, as a reference list would have it."""
        return HTML(f'<p class="citation">{cited(self.page.opened.study)}</p>')

    @table
    def verdicts(self) -> View | HTML:
        """The study's scoreboard, or that nothing is compared."""
        if not self.page.compared:
            return not_shown("No printed number is compared: these are not the published patients.")
        return scoreboard_table(
            {self.page.opened.study.label: self.page.opened.audit.scoreboard()}, "Printed results by what they rest on, and verdict"
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
        return conclusions_table(chosen, f"{source}: what is concluded, and what the printed evidence makes of it")


def cited(study: Study) -> str:
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

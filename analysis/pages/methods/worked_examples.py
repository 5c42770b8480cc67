"""Printed numbers as worked examples: found in the ledgers when the page is executed, with every convention that was tried."""

from __future__ import annotations

from IPython.display import HTML

from analysis.cohorts.study import Study
from analysis.ledger.verdicts import verdicts
from analysis.ledger.verdicts.audit import Judgement
from analysis.ledger.verdicts.profiles import all_ways
from analysis.ledger.verdicts.verdicts import ends, format_value
from analysis.pages.guards import not_shown, together
from analysis.pages.section import Section, table
from analysis.tables.html.audit_index import Judged, as_judged
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View
from analysis.tables.rows.row_list import list_results


class WorkedExamples(Section):
    """Judged rows of all studies, to choose examples from."""

    @table
    def example(self, verdict: str, evidence: str = "", statistic: str = "") -> HTML:
        """The first row with a verdict, and what each convention gives for it; a sentence if there is none.

        Parameters
        ----------
        verdict : str
        evidence, statistic : str
            If given, that of the row.
        """
        found = next(
            (
                (slug, row)
                for slug, opened in self.page.opened.items()
                for row in opened.audit.judgements
                if _is(row, verdict, evidence, statistic)
            ),
            None,
        )
        if found is None:
            asked = " ".join(part for part in (statistic.replace("_", " "), f"on evidence of {evidence}" if evidence else "") if part)
            return not_shown(f"No printed number {asked + ' ' if asked else ''}has the verdict “{verdict}” in this edition of the ledgers.")
        slug, row = found
        study = self.page.opened[slug].study
        entries: Judged = as_judged(self.page.opened[slug].audit, prefix=f"{self.page.notebooks}/{slug}/audit.html")
        parts = [list_results(entries, [row.row.id], caption=f"{study.label}, row {row.row.id}")]
        parts += self._sources(slug, row)
        conventions = tabulate_conventions(study, row) if row.values else None
        parts += [conventions] if conventions is not None and len(conventions.frame) > 1 else []
        return together(*parts, *([not_shown(f"Note: {row.note}.".replace("..", "."))] if row.note else []))

    def _sources(self, slug: str, judgement: Judgement) -> list[View]:
        """The printed numbers that a row, or the row that it repeats, follows from."""
        ledger, row = self.page.opened[slug].ledger, judgement.row
        sources = row.sources or (ledger[row.copy_of].sources if row.copy_of else None)
        if judgement.evidence != verdicts.COUNTS or sources is None:
            return []
        rows = [[ledger[id].quantity, ledger[id].source, ledger[id].printed] for id in sources.ids]
        return [plain_table(["Follows from", "Source", "Printed"], rows, f"Printed numbers from which {row.id} is computed")]


def tabulate_conventions(study: Study, judgement: Judgement) -> View:
    """What each convention gives for a row and what it rounds to, in the order in which they are tried."""
    row = judgement.row
    rows: dict[tuple[str, str], list[str]] = {}
    for way in all_ways(study, row, judgement.values):
        low, high = ends(judgement.values[way.convention])
        name = way.convention or "as defined"
        if low != high or not low.is_finite():  # a range, or undefined: no rule rounds it
            value = format_value((low, high) if low.is_finite() and high.is_finite() else low, row.value)
            rows.setdefault((name, ""), [name, value, "–", "–"])
            continue
        digits = way.rule.applied(low, row.value.decimals)
        if digits is not None:
            rows.setdefault((name, str(digits)), [name, format_value(low, row.value), str(digits), way.rule.name])
    return plain_table(
        ["Convention", "Gives", "Rounds to", "First rule that does so"],
        list(rows.values()),
        f"Conventions tried for {row.id}, printed as {row.printed}",
    )


def _is(judgement: Judgement, verdict: str, evidence: str, statistic: str) -> bool:
    return judgement.verdict == verdict and evidence in ("", judgement.evidence) and statistic in ("", judgement.row.statistic)

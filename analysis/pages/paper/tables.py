"""The paper's tables, lists of ledger rows, registers and definitions of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from IPython.display import HTML

from analysis import paths
from analysis.cohorts import glance
from analysis.cohorts.conditions import parse
from analysis.cohorts.selection import COHORT
from analysis.errors import Fault, InputError
from analysis.ledger.registers.findings_and_claims import read_layouts
from analysis.ledger.verdicts.verdicts import VERDICTS
from analysis.pages.any_cohort import disclosure_control
from analysis.pages.ensemble_ranges import Ranges
from analysis.pages.guards import sentence
from analysis.parameters import interpretations
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View
from analysis.tables.registers.definitions import definitions_table
from analysis.tables.registers.registers import claims_register, findings_register
from analysis.tables.rows.audit_page import audit_page
from analysis.tables.rows.inline import inline
from analysis.tables.rows.printed_vs_recomputed import printed_table
from analysis.tables.rows.row_list import listing


class Tables(Ranges):
    """What of the ledger a page shows."""

    def notice(self) -> HTML:
        """What the rows on this page are: the sentence that every page of results opens with."""
        told = self._who()
        if not told and not self.opened.reference:
            told = "No cohort of this study has been reconstructed yet: what is shown rests on printed numbers alone."
        told = told or "Where patients are needed, this page uses rows that were <em>reconstructed, not the original patients</em>."
        return HTML(
            f'<p class="cohort-notice">{" ".join([told, *self._follow_up_told()])}</p>{self._at_a_glance()}'
            + "".join(sentence(one).data for one in self._reading_told())
        )

    def _follow_up_told(self) -> Iterator[str]:
        """Sentences on the follow-up that results use, where the notebook or a reader set one."""
        censored, horizon = self.parameters["censor_at"], self.parameters.taken.get("horizon")
        if censored is not None:
            yield f"Every time-to-event analysis is censored {censored:g} months after the origin of its endpoint; what is known of all follow-up is not counted."
        if horizon is not None:
            yield f"Curves, and means of restricted survival time, end at {horizon:g} months; tests and hazard ratios use all follow-up{' up to the censoring' if censored is not None else ''}."

    def _reading_told(self) -> list[str]:
        """Sentences on the reading that the page follows, if it follows one."""
        reading = self.parameters["reading"]
        return interpretations.sentences(self.opened.study, reading, self.own) if reading is not None else []

    def _at_a_glance(self) -> str:
        """For each endpoint of a reader's own cohort how many patients, events and missing, and the follow-up: a file misread shows at once."""
        if self.protection:
            lines = disclosure_control.summaries(self.released)
        elif not self.own or COHORT not in self.opened.reference:
            return ""
        else:
            frame = self.opened.reference[COHORT]
            lines = [*map(glance.sentence, glance.glances(self.opened.study, frame)), *filter(None, [glance.left_out(frame)])]
        return f'<ul class="cohort-glance">{"".join(f"<li>{escape(line)}.</li>" for line in lines)}</ul>'

    def _who(self) -> str:
        """Whose rows these are, where they are not those of the published study."""
        asked = [f"<code>{escape(self.selection.where)}</code>"] if self.selection.where.strip() else []
        asked += ["first enrolments only"] if self.selection.first else []
        chosen = f" Only some of the patients are looked at: {', '.join(asked)}." if asked else ""
        if not self.own:
            if self.opened.whole or not self.opened.reference:
                return ""
            if not asked:  # the published patients, followed for less long
                return "This page uses rows that were <em>reconstructed, not the original patients</em>. The paper prints nothing about this follow-up, so no printed number stands beside and no verdict is given."
            return (
                "This page uses rows that were <em>reconstructed, not the original patients</em>."
                + chosen
                + " The paper prints nothing about just these, so no printed number stands beside and no verdict is given."
            )
        told = "This page was executed on a cohort of the reader’s own; sentences about the published study keep its printed numbers, tables and figures show the reader’s patients alone."
        if self.protection is None:
            return (
                told + chosen + " <strong>Nothing is hidden or made coarse: this page must stay with those who may see the rows.</strong>"
            )
        size, step = self.protection.threshold, self.protection.step
        return (
            told
            + self._selected()
            + (
                f" To protect the patients, nothing but ranges is shown: counts in ranges of {size} numbers, zero among the lowest, times divided at multiples of {step:g} months; "
                f"estimates as ranges that the exact value lies within. What does not follow from such counts is not shown."
            )
        )

    def _selected(self) -> str:
        """Which of the patients who need protection are looked at: limits of times and measurements as they act."""
        where = self.released.where
        asked = [f"<code>{escape(str(where))}</code>"] if where.clauses else []
        asked += ["first enrolments only"] if self.selection.first else []
        moved = (
            f" (asked for as <code>{escape(self.selection.where)}</code>: limits act at the nearest end of an interval)"
            if where != parse(self.selection.where)
            else ""
        )
        return f" Only some of the patients are looked at: {', '.join(asked)}{moved}." if asked else ""

    def table(self, name: str) -> View:
        """A table of the paper, every number recomputed, by the first segment of its ledger ids."""
        return printed_table(read_layouts(self.opened.study)[name].model_dump(), self.judged, table=name)

    def ids(self, *prefixes: str) -> list[str]:
        """Ids of the ledger rows that begin with any of these words, in the order of the ledger.

        Raises
        ------
        InputError
            If no row begins with one of the words.
        """

        def begins(id: str, prefix: str) -> bool:
            return id == prefix or id.startswith(prefix + ".")

        known = [row.id for row in self.opened.ledger]
        strangers = [prefix for prefix in prefixes if not any(begins(id, prefix) for id in known)]
        if strangers:
            file = paths.shown(paths.study_folder(self.opened.study.slug) / "printed.csv")
            raise InputError(Fault(file, "id", "the beginning of a row's id", repr(prefix)) for prefix in strangers)
        return [id for id in known if any(begins(id, prefix) for prefix in prefixes)]

    def rows(self, *ids: str, caption: str = "Printed and recomputed") -> View:
        """Ledger rows one under another: printed, recomputed, verdict."""
        return listing(self.judged, ids, caption=caption)

    def outcomes(self, parts: Mapping[str, Sequence[str]], *, caption: str) -> View:
        """What came of parts of the paper: numbers of its rows by verdict.

        Parameters
        ----------
        parts : mapping of label to beginnings of ids
            As in `ids`.
        caption : str
        """
        counts = {label: Counter(self.judged[id].verdict for id in self.ids(*prefixes)) for label, prefixes in parts.items()}
        used = [verdict for verdict in VERDICTS if any(found[verdict] for found in counts.values())]
        rows = [[label, str(sum(found.values())), *(str(found[verdict] or "") for verdict in used)] for label, found in counts.items()]
        return plain_table(["Part of the paper", "Printed numbers", *used], rows, caption)

    def glue(self, *ids: str) -> None:
        """Make ledger rows available to the prose as ``{glue}`` of their ids, with the dots kept."""
        from myst_nb import glue

        for id in ids:
            glue(id, inline(self.judged, id), display=False)

    def glue_paper(self, *ids: str) -> None:
        """The same for sentences about the paper: on a reader's own cohort they keep the printed characters."""
        from myst_nb import glue

        if self.compared:
            return self.glue(*ids)
        for id in ids:
            row = self.opened.ledger[id]
            glue(id, HTML(f'<a class="exhibit-number" href="{escape(self.judged.address(id))}">{escape(row.printed)}</a>'), display=False)

    def definitions(self, rows: Sequence[Sequence[str]], *, heads: Sequence[str] = ("", ""), caption: str) -> View:
        """A table of text whose numbers are ledger rows: ``{met.dose}`` in a cell stands for the characters printed."""
        return definitions_table(self.judged, heads, rows, caption=caption)

    def audit(self) -> View:
        """The whole audit, to search, filter and sort."""
        if not self.compared:
            return listing(
                self.judged,
                [judgement.row.id for judgement in self.judged],
                caption="Every statistic of the ledger on these patients",
                anchored=True,
                prefix="",
            )
        return audit_page(self.opened.audit)

    def findings(self) -> View:
        """The register of numbers that cannot all be read plainly."""
        return findings_register(self.opened.findings, self.judged)

    def claims(self, *ids: str) -> View:
        """What the paper concludes, weighed: all of the register, or some of its entries in the order asked for.

        Raises
        ------
        KeyError
            If there is no such claim.
        """
        known = {claim.id: claim for claim in self.opened.claims}
        chosen = [known[id] for id in ids] if ids else self.opened.claims
        return claims_register(chosen, self.judged)

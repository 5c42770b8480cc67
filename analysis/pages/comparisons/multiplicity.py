"""Many P values looked at together: adjusted for their number, and over the ensemble."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.ensemble_range import LABEL, Sampled
from analysis.estimators.sensitivity import multiplicity
from analysis.pages.guards import where_it_applies
from analysis.pages.section import Section, table
from analysis.tables import sentences
from analysis.tables.html.plain import plain_table
from analysis.tables.html.typography import sentence_case, typeset
from analysis.tables.html.view import View

#: Relations of a printed P value that leave open how large it may be.
_NO_BOUND = (">", "≥")
_WAYS = {"p": "", "holm": " by Holm’s method", "benjamini_hochberg": " by that of Benjamini and Hochberg"}


class ManyTests(Section):
    """Multiplicity."""

    @table
    @where_it_applies
    def multiplicity(self, ids: Sequence[str], *, caption: str) -> View | HTML:
        """P values of ledger rows, adjusted for their number.

        Those that are printed count as they are printed, a bound such as ``<0.001`` as the bound; the P of the cohort stands
        beside, with its sampled range. Where nothing is compared with print, the P values are the cohort's.

        Parameters
        ----------
        ids : sequence of str
            Rows with a P value.
        caption : str

        Returns
        -------
        View
            The caption counts the values below the study's level.
        """
        p = pd.Series({id: self._counted_p(id) for id in ids}, dtype=float).dropna()
        if not len(p):
            raise Undefined("none of the P values can be computed")
        frame = multiplicity.adjust(p).sort_values("p", kind="stable")
        ranges = {id: self.page.range_of(id) for id in p.index if self._moves(id)}
        compared, ranged = self.page.compared, any(found.ranged for found in ranges.values())
        heads = ["Comparison", "P as printed" if compared else "P", "Holm", "Benjamini–Hochberg"]
        heads += ["P recomputed"] * compared + [f"Range of P {LABEL}"] * ranged
        rows = [
            [
                sentence_case(typeset(self.page.opened.ledger[id].quantity.removesuffix(", P"))),
                self._p_as_counted(id, single),
                *(sentences.p_cell(value) for value in adjusted),
                *[sentences.p_cell(self.page.value_of(id))] * compared,
                *[self._span(ranges.get(id))] * ranged,
            ]
            for id, single, *adjusted in frame.itertuples()
        ]
        below = ", ".join(f"{int((frame[way] < self.page.significance).sum()) or 'none'}{words}" for way, words in _WAYS.items())
        told = (
            f"{caption}: {len(frame)} test{'s' * (len(frame) != 1)}. Below {self.page.significance:g} as {'printed' if compared else 'they are'}: {below}; "
            f"by chance, if nothing differed: {len(frame) * self.page.significance:.1f}"
        )
        return plain_table(heads, rows, told)

    def _counted_p(self, id: str) -> float:
        """The P value that counts: the printed one, or its upper bound, where it is the published patients' and has one."""
        printed = self.page.opened.ledger[id].value
        return float(printed.value) if self.page.compared and printed.relation not in _NO_BOUND else self.page.value_of(id)

    def _p_as_counted(self, id: str, p: float) -> str:
        printed = self.page.opened.ledger[id].value
        if not self.page.compared or printed.relation in _NO_BOUND:
            return sentences.p_cell(p)
        return f"{printed.relation.lstrip('=')}{printed.value}"

    def _moves(self, id: str) -> bool:
        """Whether a P value depends on the cohort: what printed counts give is the same in every member."""
        return bool(self.page.values) and self.page.judged[id].evidence != "counts" and self.page.values[0].has(self.page.opened.ledger[id])

    @staticmethod
    def _span(found: Sampled | None) -> str:
        """The range of a P value over the ensemble as a cell."""
        if found is None or not found.ranged:
            return ""
        low, high = sentences.p_cell(found.low), sentences.p_cell(found.high)
        undefined = f" (undefined in {found.undefined})" if found.undefined else ""
        return f"{low} in all{undefined}" if low == high else f"{sentences.span(low, high)}{undefined}"

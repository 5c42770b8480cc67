"""Many P values looked at together: adjusted for their number, and over the ensemble."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators import multiplicity, sampled
from analysis.estimators.sampled import Sampled
from analysis.ledger.recompute import CohortValues
from analysis.publishing.chapters.base import Base
from analysis.publishing.chapters.showing import where_it_applies
from analysis.tables import statements
from analysis.tables.estimates import LABEL
from analysis.tables.plain import plain_table
from analysis.tables.typography import typeset
from analysis.tables.view import View

_WAYS = {"p": "", "holm": " after Holm", "benjamini_hochberg": " after Benjamini and Hochberg"}


class ManyTests(Base):
    """Multiplicity."""

    @where_it_applies
    def multiplicity(self, ids: Sequence[str], *, caption: str) -> View | HTML:
        """P values of ledger rows, adjusted for their number, with the sampled range of each.

        Parameters
        ----------
        ids : sequence of str
            Rows with a P value.
        caption : str

        Returns
        -------
        View
            The caption counts the values below the study's level, on the reference cohort and over the ensemble.
        """
        p = pd.Series({id: self.value_of(id) for id in ids}, dtype=float).dropna()
        if not len(p):
            raise Undefined("none of the P values can be computed")
        frame = multiplicity.adjusted(p).sort_values("p", kind="stable")
        ranges = self._over_members(p)
        heads = ["Comparison", "P", "Holm", "Benjamini-Hochberg"] + [f"Range of P, {LABEL}"] * any(found.ranged for found in ranges.values())
        rows = [[typeset(self.opened.ledger[id].quantity), *(statements.p_cell(value) for value in values), self._span(ranges.get(id))] for id, *values in frame.itertuples()]
        below = ", ".join(f"{int((frame[way] < self.significance).sum()) or 'none'}{words}{self._counted(ranges.get(way))}" for way, words in _WAYS.items())
        told = (
            f"{caption}: {len(frame)} test{'s' * (len(frame) != 1)}. Below {self.significance:g} as they stand: {below}; "
            f"by chance, if nothing differed: {len(frame) * self.significance:.1f}"
        )
        return plain_table(heads, [row[: len(heads)] for row in rows], told)

    @staticmethod
    def _span(found: Sampled | None) -> str:
        """The range of a P value over the ensemble as a cell."""
        if found is None or not found.ranged:
            return ""
        low, high = statements.p_cell(found.low), statements.p_cell(found.high)
        return f"{low if low == high else f'{low} to {high}'} ({found.members} cohorts{f', undefined in {found.undefined}' if found.undefined else ''})"

    @staticmethod
    def _counted(found: Sampled | None) -> str:
        """The range of a number of tests over the ensemble, in brackets; nothing where it does not vary."""
        return f" ({found.low:g} to {found.high:g} over sampled cohorts)" if found is not None and found.ranged and found.low < found.high else ""

    def _over_members(self, p: pd.Series) -> dict[str, Sampled]:
        """Each P value that depends on the cohort, and the numbers below the level by each way, over the ensemble.

        What printed counts give is the same in every member and stays as it is.
        """
        moving = {id: self.convention(id) for id in p.index if self.judged[id].evidence != "counts" and self.values and self.values[0].has(self.opened.ledger[id])}
        if not moving:
            return {}

        def evaluate(values: CohortValues) -> dict[str, float]:
            own = {id: values.of(self.opened.ledger[id])[convention] for id, convention in moving.items()}
            known = pd.Series(p.to_dict() | own, dtype=float).dropna()
            frame = multiplicity.adjusted(known)
            return own | {way: float((frame[way] < self.significance).sum()) for way in _WAYS}

        tables = {self.opened.study.populations[self.opened.ledger[id].population].table for id in moving}
        holding = [values for number, values in enumerate(self.values) if not number or tables <= set(values.tables)]
        return sampled.over(holding, evaluate)

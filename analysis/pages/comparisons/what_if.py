"""What a comparison would show with one row of each patient, or with a few outcomes changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.errors import NotShown, Undefined
from analysis.estimators.engines.shown import kernels
from analysis.estimators.ensemble_range import Sampled
from analysis.estimators.sensitivity.fragility import Fragility
from analysis.pages.comparisons.fragility import ONE_TEST, FragileClaims
from analysis.pages.comparisons.group_results import PROFILE, GroupResults
from analysis.pages.guards import where_it_applies
from analysis.pages.section import table
from analysis.tables.html.what_if import Choice, panel, whose
from analysis.tables.sentences import p_cell

_NONE = "—"


class WhatIfCompared(GroupResults):
    """Panels of choices on whom and what a comparison counts."""

    @table
    @where_it_applies
    def what_if_rows(
        self, endpoint: str, *, by: str, groups: Sequence[str], cluster: str, what: str, method: str = PROFILE, population: str = "all"
    ) -> HTML:
        """Hazard ratio with every row, and with one row of each patient.

        Parameters
        ----------
        endpoint : str
        by, groups : str, (first, reference)
        cluster : str
            Variable with the patient.
        what : str
            Of what the hazard is, e.g. *death*.
        method : str
            As in `page.sentence.hazard_ratio`.
        population : str
        """
        if self.page.protection:
            raise NotShown
        declared = self.page.opened.study
        kept = declared.tables[declared.populations[population].table]
        if not kept.first:
            raise Undefined("the study does not say which is the first row of a patient")
        if self.page.selection.first:
            raise Undefined("each patient has one row here, as the parameters ask")
        ways = {f"Every {kept.unit}": None, f"First {kept.unit} of each patient": True, f"Last {kept.unit} of each patient": False}
        choices = []
        for label, first in ways.items():
            found = self.page.over(
                lambda frame, first=first: self._one_row(frame, first, kept.first, cluster, endpoint, by, groups, method), population
            )
            choices.append(self._of_rows(label, found, what, kept.units))
        if choices[0].cells[0] == choices[1].cells[0]:
            raise Undefined(f"each patient has one {kept.unit} here")
        return HTML(
            panel(
                f"One {kept.unit} per patient: hazard ratio of {what}",
                "Counted",
                [kept.units.capitalize(), "Hazard ratio", f"{100 * self.page.level:g}% CI", "Range across cohorts", "P"],
                choices,
                note=f"{whose(self.page.own)}Two {kept.units} of one patient are not independent: with every {kept.unit} counted the CI is too narrow and P too small. Which one a reanalysis would keep is not reported.",
            )
        )

    def _one_row(
        self,
        frame: pd.DataFrame,
        first: bool | None,
        condition: str,
        cluster: str,
        endpoint: str,
        by: str,
        groups: Sequence[str],
        method: str,
    ) -> dict[str, float | str]:
        if first is not None:
            is_first = self.page.met(frame, condition)
            later_last = frame.iloc[np.argsort(~is_first, kind="stable")]
            frame = frame[is_first] if first else later_last.drop_duplicates(cluster, keep="last").sort_index()
        return {**self._named_ratio(frame, endpoint, by, groups, method), "rows": float(len(frame))}

    def _of_rows(self, label: str, found: dict[str, Sampled], what: str, units: str) -> Choice:
        value = found["value"]
        if not value.defined:
            return Choice(label, [_NONE] * 5, f"{label}: there is no hazard ratio, as {value.why}.")
        rows, limits = f"{found['rows'].reference:g}", [found[end].reference for end in ("lower", "upper")]
        interval = f"{limits[0]:.2f}–{limits[1]:.2f}" if np.isfinite(limits).all() else _NONE
        ends = dict.fromkeys(f"{end:.2f}" for end in (value.low, value.high))
        ranged = "–".join(ends) if value.ranged else _NONE
        told = f"{label}, {rows} {units}: the hazard ratio of {what} is {value.reference:.2f}"
        told += f" ({100 * self.page.level:g}% CI {interval})" if interval != _NONE else ""
        told += f"; over the cohorts: {ranged}" if value.ranged else ""
        return Choice(label, [rows, f"{value.reference:.2f}", interval, ranged, p_cell(found["p"].reference)], f"{told}.")

    @table
    @where_it_applies
    def what_if_outcomes(self, id: str, *, what: str) -> HTML:
        """P of one test with one, two, … outcomes changed, up to the smallest number that takes it across the level.

        Parameters
        ----------
        id : str
            Ledger row of the test, of two groups.
        what : str
            What is compared, e.g. *remission by regimen*.
        """
        if self.page.protection:
            raise NotShown
        row = self.page.opened.ledger[id]
        if row.statistic not in ONE_TEST:
            raise Undefined(f"{id} is no test of two groups")
        if not self.page.values:
            raise self.page.without_rows()
        section, level = FragileClaims(self.page), self.page.significance
        with kernels():
            found = [_or_none(section, values, row) for values in self.page.values if values.has(row)]
        here = found[0] if found else None
        if here is None:
            raise Undefined("these patients do not have the groups of the test")
        known = [one for one in found if one is not None]
        choices = [_of_flips(number, p, here, known, level) for number, p in enumerate((here.p, *here.path))]
        heads = (
            ["P", f"On the other side of {level:g}"]
            if len(known) == 1
            else ["P of the page’s cohort", f"Cohorts of {len(known)} in which P has crossed {level:g}"]
        )
        how = "the outcomes of patients of one group" if row.statistic == "contingency_p" else "events and censorings exchanged"
        return HTML(
            panel(
                f"Changed outcomes that would move P across {level:g}: {what}",
                "Outcomes changed",
                heads,
                choices,
                note=f"{whose(self.page.own)}Changed: {how}, chosen to bring P nearest to {level:g}. A P value that one or two records can move across it carries little weight; the estimate and its CI say more.",
            )
        )


def _or_none(section: FragileClaims, values, row) -> Fragility | None:
    try:
        return section.carried(values, row)
    except Undefined:
        return None


def _of_flips(number: int, p: float, here: Fragility, known: Sequence[Fragility], level: float) -> Choice:
    """P after some flips, and in how many cohorts so many suffice."""
    crossed = sum(one.flips <= number for one in known)
    told = f"With {'no outcome' if not number else 'one outcome' if number == 1 else f'{number} outcomes'} changed, P is {p_cell(p)}"
    turned = number > 0 and (p < level) != (here.p < level)
    less = "the least number that does it" if here.least else "fewer may do"
    told += f", {'below' if p < level else 'above'} {level:g}" + (
        f" and no longer {'below' if here.p < level else 'above'} it: {less}" if turned else ""
    )
    told += "." if len(known) == 1 else f"; this number of changes does so in {crossed} of {len(known)} cohorts."
    return Choice(str(number), [p_cell(p), ("yes" if turned else "no") if len(known) == 1 else str(crossed)], told)

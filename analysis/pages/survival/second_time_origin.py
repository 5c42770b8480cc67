"""Printed numbers counted from one date and from another: which clock gives their digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from analysis.estimators import ensemble_range
from analysis.pages.comparisons.forests import states
from analysis.pages.ensemble_ranges import value_of
from analysis.pages.guards import where_it_applies
from analysis.pages.section import Section, table
from analysis.tables.estimates import Result
from analysis.tables.html.view import View


class TimeOrigins(Section):
    """Results whose date of start is not printed."""

    @table
    @where_it_applies
    def time_origins(self, rows: Mapping[str, str], clocks: Mapping[str, Mapping[str, str]], *, caption: str) -> View:
        """Ledger rows recomputed on several clocks, and in how many cohorts each gives the printed digits.

        Parameters
        ----------
        rows : mapping of label to id
            Rows that have an endpoint.
        clocks : mapping of label to endpoints
            On each clock, the endpoint that takes the place of the ledger's; those not named stay.
        caption : str
        """
        if not self.page.values:
            raise self.page.without_rows()
        results, cohorts = [], self.page.values[1:] or self.page.values  # the reference is one of the ensemble
        for label, id in rows.items():
            row, convention = self.page.opened.ledger[id], self.page.convention(id)
            decimals = max(row.value.decimals, 2) + (row.registered.kind == "p")  # 0.0435 prints as 0.044 by way of four decimals
            for clock, endpoints in clocks.items():
                name = row.arguments["endpoint"]
                moved = replace(row, arguments={**row.arguments, "endpoint": endpoints.get(name, name)})
                found = ensemble_range.over(self.page.values, partial(value_of, row=moved, convention=convention))["value"]
                given = sum(states(row, values.of(moved)[convention]) for values in cohorts)
                remark = (
                    f"printed {row.printed}, given by {given} of {len(cohorts)} cohort{'s' * (len(cohorts) != 1)}"
                    if self.page.compared
                    else ""
                )
                results.append(Result(f"{label}, {clock}", found.reference, range=found, decimals=decimals, remark=remark))
        return self.page.results_table(results, caption)

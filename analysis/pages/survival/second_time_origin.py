"""Printed numbers counted from one date and from another: which clock gives their digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.estimators import ensemble_range
from analysis.pages.comparisons.forests import states
from analysis.pages.ensemble_ranges import Ranges
from analysis.pages.guards import where_it_applies
from analysis.tables.estimates import Result
from analysis.tables.html.view import View


class Clocks(Ranges):
    """Results whose date of start is not printed."""

    @where_it_applies
    def clocks(self, rows: Mapping[str, str], clocks: Mapping[str, Mapping[str, str]], *, caption: str) -> View:
        """Ledger rows recomputed on several clocks, and in how many cohorts each gives the printed digits.

        Parameters
        ----------
        rows : mapping of label to id
            Rows that have an endpoint.
        clocks : mapping of label to endpoints
            On each clock, the endpoint that takes the place of the ledger's; those not named stay.
        caption : str
        """
        if not self.values:
            raise self.without_rows()
        results, cohorts = [], self.values[1:] or self.values  # the reference is one of the ensemble
        for label, id in rows.items():
            row, convention = self.opened.ledger[id], self.convention(id)
            decimals = max(row.value.decimals, 2) + (row.registered.kind == "p")  # 0.0435 prints as 0.044 by way of four decimals
            for clock, endpoints in clocks.items():
                name = row.arguments["endpoint"]
                moved = replace(row, arguments={**row.arguments, "endpoint": endpoints.get(name, name)})
                found = ensemble_range.over(self.values, lambda values, moved=moved, convention=convention: values.of(moved)[convention])[
                    "value"
                ]
                given = sum(states(row, values.of(moved)[convention]) for values in cohorts)
                remark = (
                    f"printed {row.printed}, given by {given} of {len(cohorts)} cohort{'s' * (len(cohorts) != 1)}" if self.compared else ""
                )
                results.append(Result(f"{label}, {clock}", found.reference, range=found, decimals=decimals, remark=remark))
        return self.results_table(results, caption)

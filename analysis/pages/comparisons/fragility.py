"""How much hangs on a few patients: fragility of claims that rest on one test, tipping points of who was left out."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators import ensemble_range
from analysis.estimators.group_tests import contingency
from analysis.estimators.sensitivity import fragility
from analysis.estimators.sensitivity import tipping_point as tipping
from analysis.estimators.sensitivity.fragility import Fragility
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics import groups as grouping
from analysis.ledger.verdicts.recompute import CohortValues
from analysis.pages.guards import where_it_applies
from analysis.pages.section import Section, table
from analysis.tables.estimates import Result, not_estimable
from analysis.tables.html.formatting import format_plain
from analysis.tables.html.plain import plain_table
from analysis.tables.html.typography import sentence_case, typeset
from analysis.tables.html.view import View
from analysis.tables.sentences import p_cell, span

#: Statistics whose P value comes from one table or one pair of curves.
_TABLES, _CURVES = ("contingency_p",), ("logrank_p", "hazard_ratio_p")
ONE_TEST = _TABLES + _CURVES
#: Times of death that are tried for each patient added.
_TIMES = 12


class FragileClaims(Section):
    """Sensitivity of single tests to single outcomes."""

    @table
    @where_it_applies
    def fragility(self, *, caption: str) -> View | HTML:
        """Claims that rest on one test: how many outcomes would have to differ for its P to cross the level.

        Parameters
        ----------
        caption : str

        Returns
        -------
        View
            One row a test, the claims that rest on it, and the least and greatest number over the cohorts.
        """
        resting = self._resting()
        if not self.page.values or not resting:
            raise Undefined("no claim rests on one test that a cohort can answer")
        rows = []
        for id, claims in resting.items():
            row = self.page.opened.ledger[id]
            holding = [values for values in self.page.values if values.has(row)]
            if not holding:  # a table that chosen or own patients do not have
                continue
            found = ensemble_range.over(holding, partial(self._fragility, row=row))
            cells = self._flips(found) if "flips" in found else [found["value"].why, ""]
            rows.append([sentence_case(typeset(row.quantity.removesuffix(", P"))), format_plain(row.value), *cells, " ".join(claims)])
        if not rows:
            raise Undefined("these patients have none of the tables that the tests need")
        heads = [
            "Test",
            "P as printed",
            f"Fragility index, range {ensemble_range.LABEL}",
            "Reference cohort",
            "Conclusions that rest on it alone",
        ]
        told = (
            f"{caption}: the smallest number of changed outcomes that would move P across {self.page.significance:g}. In tables: outcomes of patients of one group "
            "(at most the fragility index of Walsh); in curves: events and censorings exchanged, “or fewer” where not every set was tried"
        )
        return plain_table(heads, rows, told)

    def _resting(self) -> dict[str, list[str]]:
        """Ids of tests that are the only P value of a claim, in the ledger's order, with the claims."""
        found: dict[str, list[str]] = {}
        for claim in self.page.opened.claims:
            tests = {
                self.page.opened.ledger[id].copy_of or id
                for id in (*claim.rests_on, *claim.tests)
                if self.page.opened.ledger[id].registered.kind == "p"
            }
            if len(tests) == 1 and self.page.opened.ledger[(id := tests.pop())].statistic in ONE_TEST:
                found.setdefault(id, []).append(typeset(claim.claim))
        order = [row.id for row in self.page.opened.ledger]
        return dict(sorted(found.items(), key=lambda one: order.index(one[0])))

    def carried(self, values: CohortValues, row: Row) -> Fragility:
        """How many outcomes of one cohort carry a test's P value.

        Raises
        ------
        Undefined
            If the cohort has not the two groups and outcomes of the test.
        """
        frame = self.page.population_in(values, row.population)
        frame = frame[row.subset.mask(frame)] if row.subset.clauses else frame
        return self._of_curves(frame, row) if row.statistic in _CURVES else self._of_table(frame, row)

    def _fragility(self, values: CohortValues, row: Row) -> dict[str, float]:
        found = self.carried(values, row)
        return {"flips": found.flips, "least": float(found.least), "p": found.p}

    def _of_table(self, frame: pd.DataFrame, row: Row) -> Fragility:
        declared = self.page.opened.study.variables[self.page.opened.study.populations[row.population].table]
        columns, column = grouping.split(frame, row.arguments, declared)
        levels, level = grouping.split(frame, row.arguments, declared, key="levels", variable="variable")
        if len(columns) != 2 or len(levels) != 2:
            raise Undefined("not two groups and two outcomes")
        table = [[int(((column == group) & (level == outcome)).sum()) for outcome in (0, 1)] for group in (0, 1)]
        if not (np.sum(table, axis=0).all() and np.sum(table, axis=1).all()):
            raise Undefined("a group or an outcome has no patients")
        named = self.page.convention(row.id)
        if named not in contingency.TESTS:  # of more columns: another table than this one gives the printed P
            raise Undefined(f"the test is {named}, not one of two groups and two outcomes")
        return fragility.of_table(table, self.page.significance, named)

    def _of_curves(self, frame: pd.DataFrame, row: Row) -> Fragility:
        time, event, rows = self.page.times(frame, row.arguments["endpoint"])
        declared = self.page.opened.study.variables[self.page.opened.study.populations[row.population].table]
        names, position = grouping.split(rows, row.arguments, declared)
        if len(names) != 2:
            raise Undefined("not two groups")
        inside = position >= 0
        return fragility.of_curves(time[inside], event[inside], position[inside], self.page.significance)

    def _flips(self, found: dict[str, ensemble_range.Sampled]) -> list[str]:
        flips, p = found["flips"], found["p"]
        if not flips.defined and not flips.ranged:
            return ["no number does", p_cell(p.reference)]
        about = "" if found["least"].low == 1 else " or fewer"
        told = (
            ""
            if not flips.ranged
            else f"{flips.low:g}{about} in all"
            if flips.low == flips.high
            else f"{span(f'{flips.low:g}', f'{flips.high:g}')}{about}"
        )
        return [told, f"{flips.reference:g}{'' if found['least'].reference else ' or fewer'} (P {p_cell(p.reference)})"]

    @table
    @where_it_applies
    def tipping_point(
        self, what: str, *, endpoint: str, first: str, candidates: str, number: int, at: float, caption: str, population: str = "all"
    ) -> View | HTML:
        """Ends of a comparison of two curves over all choices of patients left out, and over all that may have become of them.

        Parameters
        ----------
        what : str
            The second group.
        endpoint : str
        first : str
            Condition on the first group; all others of the population are the second.
        candidates : str
            Condition on those of the second group whom the paper compares; who is left out stands outside it.
        number : int
            How many are left out.
        at : float
            Time of the difference in survival, months.
        caption, population : str
        """
        ways = {
            f"Any {number} {what} left out": lambda time, event, chosen, compared: tipping.leaving_out(
                time, event, chosen, ~chosen, number, at
            ),
            f"The {number} added to those compared, whatever their outcome": lambda time, event, chosen, compared: tipping.adding(
                time[compared], event[compared], chosen[compared], number, at, _TIMES
            ),
        }
        results = []
        for label, way in ways.items():
            found = self.page.over(lambda frame, way=way: self._tipped(frame, endpoint, first, candidates, way), population)
            for key, end in (
                ("p", "P"),
                ("difference", f"difference in survival at {at:g} months"),
            ):
                for kind in ("least", "greatest"):
                    value = found.get(f"{kind}_{key}", found.get("value"))
                    if not value.defined:
                        results.append(not_estimable(f"{label}: {kind} {end}", value.why))
                        continue
                    unit = "" if key == "p" else " percentage points"
                    results.append(
                        Result(
                            f"{label}: {kind} {end}",
                            value.reference,
                            range=value,
                            decimals=1,
                            unit=unit,
                            remark=f"{found['choices'].reference:,.0f} choices",
                            is_p=key == "p",
                        )
                    )
        told = f"{caption} (those added die at one of {_TIMES} times spread over the follow-up, or are alive at its end)"
        return self.page.results_table(results, told)

    def _tipped(self, frame: pd.DataFrame, endpoint: str, first: str, candidates: str, way) -> dict[str, float]:
        time, event, rows = self.page.times(frame, endpoint)
        chosen = np.asarray(self.page.met(rows, first), bool)
        compared = chosen | np.asarray(self.page.met(rows, candidates), bool)
        return way(time, event, chosen, compared)._asdict()

"""Comparisons of two groups: sentences that follow from values, tables with sampled ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.curves import rmst
from analysis.estimators.group_tests import contingency
from analysis.pages.comparisons.group_results import PROFILE, GroupResults, known_rows, shorter
from analysis.pages.guards import where_it_applies
from analysis.pages.section import sentence, table
from analysis.tables import range_sentences, sentences
from analysis.tables.html.view import View
from analysis.tables.sentences import Statement

_TOLD = {
    "logrank-oe": "by the log-rank method (O/E)",
    "mantel-haenszel": "by the Mantel–Haenszel method",
    "cox-efron": "by Cox regression (Efron ties)",
    "cox-breslow": "by Cox regression (Breslow ties)",
}
"""Methods of a hazard ratio other than the page's own, in words."""


class TwoGroups(GroupResults):
    """Two groups beside each other."""

    @sentence
    @where_it_applies
    def proportions(
        self,
        what: str,
        *,
        where: str,
        by: str,
        groups: Sequence[str],
        printed: Sequence[str] = (),
        labels: Sequence[str] | None = None,
        population: str = "all",
        among: str = "",
    ) -> Statement | HTML:
        """A sentence on the share of two groups that meets a condition (Fisher's exact test).

        Where printed counts give the shares they are taken from there: a reconstruction adds nothing to them.

        Parameters
        ----------
        what : str
            Beginning of the sentence.
        where : str
            Condition, e.g. ``response=CR``; patients of whom it is unknown are left out.
        by, groups : str, (first, reference)
        printed : (first share, reference share, P), optional
            Ledger ids; not used on a reader's own cohort.
        labels : (str, str), optional
            What the sentence calls the groups.
        population : str
        among : str
            Condition on those counted at all.
        """
        randomised = self.page.randomised(by, population, among)
        first, reference = labels or groups
        if printed and self.page.compared:
            one, other, p = (self.page.value_of(id) for id in printed)
        else:
            frame = self.page.rows_of(population)
            table = self._table(frame[self.page.met(frame, among)], where, by, groups)
            one, other = (100 * met / (met + rest) for met, rest in table)
            p = contingency.p_value(table, test="fisher")
        return sentences.shares(what, first, reference, (one, other), p, significance=self.page.significance, randomised=randomised)

    @table
    @where_it_applies
    def proportion_differences(
        self, rows: Mapping[str, tuple[str, str, Sequence[str]]], *, caption: str, population: str = "all"
    ) -> View | HTML:
        """Shares of two groups that meet a condition: difference in percentage points, Fisher's P, sampled ranges.

        Parameters
        ----------
        rows : mapping of label to (where, by, groups)
        caption, population : str
        """
        results = []
        for label, which in rows.items():
            results += self._as_results(
                label, self.page.over(lambda frame, which=which: self._gap(frame, *which), population), 1, " percentage points"
            )
        return self.page.results_table(results, caption)

    @sentence
    @where_it_applies
    def hazard_ratio(
        self,
        what: str,
        *,
        endpoint: str,
        by: str,
        groups: Sequence[str],
        labels: Sequence[str] | None = None,
        population: str = "all",
        method: str = PROFILE,
    ) -> Statement | HTML:
        """A sentence on the hazards of two groups: hazard ratio, interval, P.

        Parameters
        ----------
        what : str
            The event, e.g. ``death``.
        endpoint, by : str
        groups : (first, reference)
        labels : (str, str), optional
        population : str
        method : str
            ``profile``: a Cox model with the page's handling of ties, as in `small_samples.hazard_ratio`. Or as in
            `two_curve_hazard_ratio.hazard_ratio`, where the method of a program is mimicked, with its log-rank P.
        """
        searched = self._searched_ratio(endpoint, by, groups, population)
        found = self.page.over_many(self._named_ratios(endpoint, by, groups, method), population, searched)
        if not found["value"].defined:
            raise Undefined(found["value"].why)
        ratio, lower, upper = (found[key].reference for key in ("value", "lower", "upper"))
        test = "log-rank" if method != PROFILE else "likelihood-ratio" if 0 < ratio < float("inf") else "penalised likelihood-ratio"
        first, reference = labels or groups
        told = sentences.hazards(
            what,
            first,
            reference,
            (ratio, lower, upper),
            found["p"].reference,
            significance=self.page.significance,
            level=self.page.level,
            test=test,
            method=_TOLD.get(method, ""),
            randomised=self.page.randomised(by, population),
        )
        words = range_sentences.crossing(found["p"], self.page.significance)
        return self.page.over_cohorts(f"The hazard ratio for {what}, {first} vs {reference},", found["value"], told.text, words=words)

    @table
    @where_it_applies
    def hazard_ratios(
        self, rows: Mapping[str, tuple[str, str, Sequence[str]]], *, caption: str, population: str = "all", method: str = PROFILE
    ) -> View | HTML:
        """Hazard ratios of several comparisons in a table, with the sampled range of each and of its P.

        Parameters
        ----------
        rows : mapping of label to (endpoint, by, groups)
        caption, population, method : str
        """
        results = []
        for label, (endpoint, by, groups) in rows.items():
            searched = self._searched_ratio(endpoint, by, groups, population)
            found = self.page.over_many(self._named_ratios(endpoint, by, groups, method), population, searched)
            results += self._as_ratio(label, found)
        return self.page.results_table(results, caption)

    def _searched_ratio(self, endpoint: str, by: str, groups: Sequence[str], population: str) -> str:
        """What is to be said of the range of a hazard ratio of two groups, if both ends were searched for."""

        def same(arguments: Mapping[str, str]) -> bool:
            return arguments["endpoint"] == endpoint and self._divides_alike(arguments, population, by, groups)

        return self.page.searched("cox_hr", population, same)

    def _divides_alike(self, arguments: Mapping[str, str], population: str, by: str, groups: Sequence[str]) -> bool:
        """Whether a model of one term divides the patients of the reference cohort as two groups do."""
        if arguments["covariates"] != arguments["term"]:
            return False
        frame = self.page.rows_of(population)
        position, met = self.page.positions(frame, by, groups), self.page.met(frame, arguments["term"])
        inside = known_rows(frame, arguments["term"])
        return bool(((position >= 0) == inside).all() and (met[inside] == (position[inside] == 0)).all())

    @table
    @where_it_applies
    def restricted_mean_differences(
        self, rows: Mapping[str, tuple[str, str, Sequence[str]]], *, caption: str, population: str = "all"
    ) -> View | HTML:
        """Differences of restricted mean survival times to the horizon, or to where the shortest curve of any cohort ends.

        Parameters
        ----------
        rows : mapping of label to (endpoint, by, groups)
        caption, population : str
        """
        results = []
        for label, (endpoint, by, groups) in rows.items():
            divided = partial(self.page.two_groups, endpoint=endpoint, by=by, groups=groups)
            ends = self.page.over(lambda frame, divided=divided: shorter(divided(frame)), population)["value"]
            horizon = float(
                np.nanmin([self.page.horizon, ends.reference, ends.low])
            )  # one for all cohorts: means to different times are no range of anything
            found = self.page.over(partial(self._restricted, endpoint=endpoint, by=by, groups=groups, horizon=horizon), population)
            results += self._as_results(f"{label}, to {horizon:g} months" if ends.defined else label, found, 1, " months")
        return self.page.results_table(results, caption)

    def _restricted(self, frame: pd.DataFrame, endpoint: str, by: str, groups: Sequence[str], horizon: float) -> dict[str, float | str]:
        table = self.page.two_groups(frame, endpoint, by, groups)
        if not horizon > 0:
            raise Undefined("one group has no follow-up")
        found = rmst.difference(table["time"], table["event"], table["position"], horizon, groups=(0, 1), level=self.page.level)
        return {"value": found.difference, "lower": found.lower, "upper": found.upper, "p": found.p, "why": found.why}

"""Comparisons of two groups: sentences that follow from values, tables with sampled ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts import conditions
from analysis.errors import Undefined
from analysis.estimators.comparisons import log_rank
from analysis.estimators.comparisons.two_curve_hazard_ratio import hazard_ratio
from analysis.estimators.curves import rmst
from analysis.estimators.ensemble_range import Sampled
from analysis.estimators.group_tests import contingency
from analysis.estimators.regression import small_samples
from analysis.pages.comparisons.forests import Forests
from analysis.pages.guards import where_it_applies
from analysis.tables import sentences
from analysis.tables.estimates import Result
from analysis.tables.html.view import View
from analysis.tables.sentences import Statement

_NONE = float("nan")
#: A Cox model with limits and P of its profile likelihood, after Firth where a group has no event.
PROFILE = "profile"
AFTER_FIRTH = "no event in one group while both are at risk: limit and P after Firth"
_APART = "interval and P come from different formulas, and differ here"


class Effects(Forests):
    """Two groups beside each other."""

    @where_it_applies
    def shares(
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
        if printed and self.compared:
            one, other, p = (self.value_of(id) for id in printed)
            return sentences.shares(what, *(labels or groups), (one, other), p, significance=self.significance)
        frame = self.rows_of(population)
        table = self._table(frame[self.met(frame, among)], where, by, groups)
        percents = tuple(100 * met / (met + rest) for met, rest in table)
        p = contingency.p_value(table, test="fisher")
        return sentences.shares(what, *(labels or groups), percents, p, significance=self.significance)

    @where_it_applies
    def share_differences(
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
            results += self._as_results(label, self.over(lambda frame, which=which: self._gap(frame, *which), population), 1, " points")
        return self.results_table(results, caption)

    def _gap(self, frame: pd.DataFrame, where: str, by: str, groups: Sequence[str]) -> dict[str, float]:
        table = self._table(frame, where, by, groups)
        first, reference = (100 * met / (met + rest) for met, rest in table)
        return {"value": first - reference, "p": contingency.p_value(table, test="fisher")}

    def _table(self, frame: pd.DataFrame, where: str, by: str, groups: Sequence[str]) -> list[list[int]]:
        known = frame[_known(frame, where)]
        position, met = self.positions(known, by, groups), self.met(known, where)
        table = [[int((met & (position == k)).sum()), int((~met & (position == k)).sum())] for k in (0, 1)]
        return table

    @where_it_applies
    def hazards(
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
        found = self.over(lambda frame: self._named_ratio(frame, endpoint, by, groups, method), population, searched)
        if not found["value"].defined:
            raise Undefined(found["value"].why)
        ratio = tuple(found[key].reference for key in ("value", "lower", "upper"))
        test = "log-rank" if method != PROFILE else "likelihood-ratio" if 0 < ratio[0] < float("inf") else "penalised likelihood-ratio"
        told = sentences.hazards(
            what, *(labels or groups), ratio, found["p"].reference, significance=self.significance, level=self.level, test=test
        )
        first, reference = labels or groups
        words = sentences.crossing(found["p"], self.significance)
        return self.over_cohorts(f"The hazard ratio for {what}, {first} vs {reference},", found["value"], told.text, words=words)

    def _two_curves(self, table: Mapping[str, np.ndarray], method: str = PROFILE) -> dict[str, float | str]:
        """Hazard ratio of two groups, its limits, P, and why some of these do not exist."""
        columns = (table["time"], table["event"], table["position"])
        if method == PROFILE:
            return in_small_samples(small_samples.hazard_ratio(*columns[:2], columns[2] == 0, ties=self.ties, level=self.level))
        found = hazard_ratio(*columns, method=method, level=self.level, groups=(0, 1))
        p = log_rank.compare(*columns).p if method.startswith("cox-") else found.p  # the other methods carry the log-rank P
        return {"value": found.hr, "lower": found.lower, "upper": found.upper, "p": p, "why": found.why}

    @where_it_applies
    def comparisons(
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
            found = self.over(lambda frame, which=(endpoint, by, groups): self._named_ratio(frame, *which, method), population, searched)
            results += self._as_ratio(label, found)
        return self.results_table(results, caption)

    def _searched_ratio(self, endpoint: str, by: str, groups: Sequence[str], population: str) -> str:
        """What is to be said of the range of a hazard ratio of two groups, if both ends were searched for."""

        def same(arguments: Mapping[str, str]) -> bool:
            return arguments["endpoint"] == endpoint and self._divides_alike(arguments, population, by, groups)

        return self.searched("cox_hr", population, same)

    def _divides_alike(self, arguments: Mapping[str, str], population: str, by: str, groups: Sequence[str]) -> bool:
        """Whether a model of one term divides the patients of the reference cohort as two groups do."""
        if arguments["covariates"] != arguments["term"]:
            return False
        frame = self.rows_of(population)
        position, met = self.positions(frame, by, groups), self.met(frame, arguments["term"])
        known = _known(frame, arguments["term"])
        return bool(((position >= 0) == known).all() and (met[known] == (position[known] == 0)).all())

    def _as_ratio(self, label: str, found: Mapping[str, Sampled]) -> list[Result]:
        """`_as_results` of a ratio of two curves, whose limits and P need not agree where a program is mimicked: said where they do not."""
        results = self._as_results(label, found)
        if "p" not in found or not found["value"].defined:
            return results
        if np.isnan([found["lower"].reference, found["upper"].reference]).all():
            return results
        beyond = found["lower"].reference > 1 or found["upper"].reference < 1
        if beyond == sentences.is_significant(found["p"].reference, self.significance):
            return results
        return [one._replace(remark="; ".join(filter(None, (one.remark, _APART)))) for one in results]

    def _named_ratio(self, frame: pd.DataFrame, endpoint: str, by: str, groups: Sequence[str], method: str) -> dict[str, float | str]:
        return self._two_curves(self.two_groups(frame, endpoint, by, groups), method)

    def _as_results(self, label: str, found: Mapping[str, Sampled], decimals: int = 2, unit: str = "") -> list[Result]:
        """A table row of what `over` found under the names value, lower, upper, p; what does not exist says why."""
        value = found["value"]
        if not value.defined:
            return [Result(label, _NONE, remark=f"does not exist: {value.why}")]
        limits = (found["lower"].reference, found["upper"].reference) if "lower" in found else None
        p = found["p"].reference if "p" in found else None
        words = sentences.crossing(found["p"], self.significance) if "p" in found else ""
        whose = "lower" if limits is not None and np.isnan(limits).all() else "p" if p is not None and np.isnan(p) else ""
        told = [f"not estimable: {found[name].why}" for name in (whose,) if name]
        told += [AFTER_FIRTH] * ("after_firth" in found and found["after_firth"].reference == 1) + [f"P {words}"] * bool(words)
        return [Result(label, value.reference, limits, p, value, decimals, unit, "; ".join(told))]

    @where_it_applies
    def restricted_means(self, rows: Mapping[str, tuple[str, str, Sequence[str]]], *, caption: str, population: str = "all") -> View | HTML:
        """Differences of restricted mean survival times to the horizon, or to where the shortest curve of any cohort ends.

        Parameters
        ----------
        rows : mapping of label to (endpoint, by, groups)
        caption, population : str
        """
        results = []
        for label, which in rows.items():
            ends = self.over(lambda frame, which=which: shorter(self.two_groups(frame, *which)), population)["value"]
            horizon = float(
                np.nanmin([self.horizon, ends.reference, ends.low])
            )  # one for all cohorts: means to different times are no range of anything
            found = self.over(lambda frame, which=which, horizon=horizon: self._restricted(frame, *which, horizon), population)
            results += self._as_results(f"{label}, to {horizon:g} months" if ends.defined else label, found, 1, " months")
        return self.results_table(results, caption)

    def _restricted(self, frame: pd.DataFrame, endpoint: str, by: str, groups: Sequence[str], horizon: float) -> dict[str, float]:
        table = self.two_groups(frame, endpoint, by, groups)
        if not horizon > 0:
            raise Undefined("one group has no follow-up")
        found = rmst.difference(table["time"], table["event"], table["position"], horizon, groups=(0, 1), level=self.level)
        return {"value": found.difference, "lower": found.lower, "upper": found.upper, "p": found.p, "why": found.why}


def limits_of(penalised: bool = False, mimic: str = "") -> str:
    """What limits and P of a regression's terms are, as a caption says it."""
    if mimic:
        return f"Wald CI and P, as {mimic} prints them"
    return f"{'Firth’s penalised likelihood, ' * penalised}profile-likelihood CI, likelihood-ratio P"


def in_small_samples(found: small_samples.SmallSampleRatio) -> dict[str, float]:
    """The parts of a hazard ratio by the names that tables know."""
    return {"value": found.hr, "lower": found.lower, "upper": found.upper, "p": found.p, "after_firth": float(found.after_firth)}


def shorter(table: Mapping[str, np.ndarray]) -> float:
    """Longest time of the group whose follow-up ends sooner."""
    return min(float(table["time"][table["position"] == group].max()) for group in (0, 1))


def _known(frame: pd.DataFrame, where: str) -> np.ndarray:
    """Rows of which the variables of a condition are known."""
    known = np.ones(len(frame), dtype=bool)
    for variable in conditions.parse(where).variables:
        known &= frame[variable].notna().to_numpy()
    return known

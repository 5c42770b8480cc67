"""Rows within a patient, such as courses of treatment or enrolments: comparisons that keep them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.estimators.group_tests import cluster_permutation, contingency, t_tests
from analysis.estimators.regression import robust
from analysis.pages.comparisons.group_results import PROFILE, GroupResults
from analysis.pages.guards import where_it_applies
from analysis.pages.section import table
from analysis.tables.estimates import not_estimable
from analysis.tables.html.view import View
from analysis.tables.range_sentences import across

_PERMUTATIONS = 1999


class ClusteredTests(GroupResults):
    """Comparisons of clustered rows."""

    @table
    @where_it_applies
    def clustered_tests(
        self, variables: Mapping[str, str], *, by: str, groups: Sequence[str], cluster: str, first: str, caption: str, population: str,
        each: tuple[str, str] = ("row", "patient"),
    ) -> View | HTML:  # fmt: skip
        """P values that take rows as independent, that keep clusters together, and of first rows only.

        Parameters
        ----------
        variables : mapping of label to variable
            Boolean (shares, Fisher's test) or numeric (Mann-Whitney test).
        by, groups : str, (first, reference)
        cluster, first : str
            Variable with the patient; condition of the first row of each, e.g. ``course_number=1``.
        caption, population : str
        each : (str, str)
            What a row and a cluster are, in the singular, e.g. ``("course", "enrolment")``.
        """
        row, whole = each
        declared = self.page.opened.study.variables[self.page.opened.study.populations[population].table]
        results = []
        for label, variable in variables.items():
            found = self.page.over(
                lambda frame, variable=variable: self._four_ways(frame, variable, by, groups, cluster, first), population
            )
            if "gap" not in found:
                results.append(not_estimable(label, found["value"].why))
                continue
            unit = " percentage points" if found["boolean"].reference else f" {declared[variable].unit}".rstrip()
            told = {key: across(found[key]) for key in ("clusters", "rows")}
            for way, gap, p, remark in (
                (f"{row}s taken as independent", "gap", "p", ""),
                (
                    f"{whole}s kept together, permutation test",
                    "gap",
                    "p_permuted",
                    f"{told['clusters']} {whole}s, {_PERMUTATIONS:,} permutations",
                ),
                (f"{whole}s kept together, ranks with robust variance", "gap", "p_robust", f"{told['clusters']} {whole}s"),
                (f"first {row} of each {whole}", "gap_first", "p_first", f"{told['rows']} {row}s"),
            ):
                parts = {"value": found[gap], "p": found[p]}
                results += [
                    one._replace(remark="; ".join(filter(None, (remark, one.remark))))
                    for one in self._as_results(f"{label}: {way}", parts, 1, unit)
                ]
        return self.page.results_table(results, caption)

    def _four_ways(self, frame: pd.DataFrame, variable: str, by: str, groups: Sequence[str], cluster: str, first: str) -> dict[str, float]:
        known = frame[frame[variable].notna()]
        position = self.page.positions(known, by, groups)
        kept = known[position >= 0].assign(_group=position[position >= 0])
        values, group = kept[variable].astype(float).to_numpy(), kept["_group"].to_numpy()
        boolean = pd.api.types.is_bool_dtype(kept[variable])
        alone = self.page.met(kept, first)
        together = cluster_permutation.compare(values, group, kept[cluster], groups=(0, 1), permutations=_PERMUTATIONS, seed=self.page.seed)
        return {
            "gap": _gap(values, group, boolean), "gap_first": _gap(values[alone], group[alone], boolean), "p": _single(values, group, boolean),
            "p_permuted": together.p, "p_robust": robust.ranks(values, group, kept[cluster], groups=(0, 1)).p, "p_first": _single(values[alone], group[alone], boolean),
            "clusters": together.clusters, "rows": int(alone.sum()), "boolean": float(boolean),
        }  # fmt: skip


class RepeatedEnrolments(GroupResults):
    """Comparisons of children who were enrolled more than once."""

    @table
    @where_it_applies
    def repeated_hazard_ratios(
        self,
        key: str,
        number_of: str,
        rows: Mapping[str, tuple[str, str, Sequence[str]]],
        *,
        caption: str,
        population: str = "all",
        method: str = PROFILE,
    ) -> View | HTML:
        """Comparisons with everybody, with a variance that keeps a child's enrolments together, and with one enrolment a child.

        Parameters
        ----------
        key, number_of : str
            Variables with the child and the number of the enrolment.
        rows : mapping of label to (endpoint, by, groups)
        caption, population, method : str
        """
        kept = {
            "all enrolments": lambda frame: frame,
            "first enrolment of each child": lambda frame: frame.sort_values(number_of).drop_duplicates(key, keep="first"),
            "last enrolment of each child": lambda frame: frame.sort_values(number_of).drop_duplicates(key, keep="last"),
        }
        results = []
        for label, (endpoint, by, groups) in rows.items():
            ratio = partial(self._named_ratio, endpoint=endpoint, by=by, groups=groups, method=method)
            for words, choose in kept.items():
                found = self.page.over(lambda frame, ratio=ratio, choose=choose: ratio(choose(frame)), population)
                results += self._as_ratio(f"{label}: {words}", found)
            found = self.page.over(partial(self._with_robust_error, key=key, endpoint=endpoint, by=by, groups=groups), population)
            results.insert(-2, self._as_results(f"{label}: all enrolments, robust variance (Lin and Wei)", found)[0])
        return self.page.results_table(results, caption)

    def _with_robust_error(self, frame: pd.DataFrame, key: str, endpoint: str, by: str, groups: Sequence[str]) -> dict[str, float]:
        """The Cox ratio of two groups with the sandwich variance of clusters."""
        time, event, rows = self.page.times(frame, endpoint)
        position = self.page.positions(rows, by, groups)
        inside = position >= 0
        columns = {"time": time[inside], "event": event[inside], "first": (position[inside] == 0).astype(float)}
        found = robust.cox(columns, "time", "event", ["first"], rows[key].to_numpy()[inside], self.page.score_ties, self.page.level)[
            "first"
        ]
        return {"value": found.hr, "lower": found.lower, "upper": found.upper, "p": found.p}

    @table
    @where_it_applies
    def repeated_proportions(
        self, key: str, number_of: str, rows: Mapping[str, tuple[str, str, Sequence[str]]], *, caption: str
    ) -> View | HTML:
        """Shares of two groups that meet a condition (difference in percentage points, Fisher's P), one enrolment a child.

        Parameters
        ----------
        key, number_of : str
        rows : mapping of label to (where, by, groups)
        caption : str
        """
        kept = {"all enrolments": None, "first enrolment of each child": "first", "last enrolment of each child": "last"}
        results = []
        for label, which in rows.items():
            for words, keep in kept.items():

                def evaluate(frame, which=which, keep=keep):
                    return self._gap(frame if keep is None else frame.sort_values(number_of).drop_duplicates(key, keep=keep), *which)

                results += self._as_results(f"{label}: {words}", self.page.over(evaluate), 1, " percentage points")
        return self.page.results_table(results, caption)


def _gap(values: np.ndarray, group: np.ndarray, boolean: bool) -> float:
    """Difference of shares in percentage points, or of medians."""
    parts = [values[group == k] for k in (0, 1)]
    if not all(len(part) for part in parts):
        return float("nan")
    if boolean:
        return float(100 * (parts[0].mean() - parts[1].mean()))
    return float(np.median(parts[0]) - np.median(parts[1]))


def _single(values: np.ndarray, group: np.ndarray, boolean: bool) -> float:
    x, y = (values[group == k] for k in (0, 1))
    if not len(x) or not len(y):
        return float("nan")
    if boolean:
        return float(contingency.p_value([[int(x.sum()), int(len(x) - x.sum())], [int(y.sum()), int(len(y) - y.sum())]], test="fisher"))
    return float(t_tests.mann_whitney(x, y, method="asymptotic").p)

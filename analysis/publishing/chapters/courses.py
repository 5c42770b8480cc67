"""Rows within a patient, such as courses of treatment: comparisons that keep them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.estimators import cluster_permutation, contingency, location
from analysis.publishing.chapters.effects import Effects
from analysis.publishing.chapters.showing import where_it_applies
from analysis.tables.estimates import Result, estimates_table
from analysis.tables.view import View

_PERMUTATIONS = 1999


class Courses(Effects):
    """Comparisons of clustered rows."""

    @where_it_applies
    def clustered(self, variables: Mapping[str, str], *, by: str, groups: Sequence[str], cluster: str, first: str, caption: str, population: str) -> View | HTML:
        """P values that take rows for independent, that keep clusters together, and of first rows only.

        Parameters
        ----------
        variables : mapping of label to variable
            Boolean (shares, Fisher's test) or numeric (Mann-Whitney test).
        by, groups : str, (first, reference)
        cluster, first : str
            Variable with the patient; condition of the first row of each, e.g. ``course_number=1``.
        caption, population : str
        """
        frame = self.rows_of(population)
        results = []
        for label, variable in variables.items():
            results += self._three_ways(frame, label, variable, by, groups, cluster, first)
        return estimates_table(results, caption=caption, level=self.level)

    def _three_ways(self, frame: pd.DataFrame, label: str, variable: str, by: str, groups: Sequence[str], cluster: str, first: str) -> list[Result]:
        known = frame[frame[variable].notna()]
        position = self.positions(known, by, groups)
        kept = known[position >= 0].assign(_group=position[position >= 0])
        values = kept[variable].astype(float).to_numpy()
        boolean = pd.api.types.is_bool_dtype(kept[variable])
        gap = _gap(values, kept["_group"].to_numpy(), boolean)
        unit = " points" if boolean else " days"
        alone = kept[self.met(kept, first)]
        together = cluster_permutation.compare(values, kept["_group"], kept[cluster], groups=(0, 1), permutations=_PERMUTATIONS, seed=self.seed)
        only = _single(alone[variable].astype(float).to_numpy(), alone["_group"].to_numpy(), boolean)
        return [
            Result(f"{label}: rows taken as independent", gap, p=_single(values, kept["_group"].to_numpy(), boolean), decimals=1, unit=unit),
            Result(f"{label}: patients kept together", gap, p=together.p, decimals=1, unit=unit, remark=f"{together.clusters} patients, {together.permutations} permutations"),
            Result(f"{label}: first row of each patient", _gap(alone[variable].astype(float).to_numpy(), alone["_group"].to_numpy(), boolean), p=only, decimals=1, unit=unit, remark=f"{len(alone)} rows"),
        ]


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
    return float(location.mann_whitney(x, y, method="asymptotic").p)

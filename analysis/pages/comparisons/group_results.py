"""What comparisons of two groups have in common: shares and hazard ratios of two groups, and rows of a table made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd

from analysis.cohorts import conditions
from analysis.errors import Undefined
from analysis.estimators.comparisons import log_rank
from analysis.estimators.comparisons.two_curve_hazard_ratio import hazard_ratio
from analysis.estimators.ensemble_range import Sampled, each
from analysis.estimators.group_tests import contingency
from analysis.estimators.regression import small_samples
from analysis.pages.section import Section
from analysis.tables import range_sentences, sentences
from analysis.tables.estimates import Result, not_estimable

_NONE = float("nan")
#: A function of the rows of many cohorts.
Many: TypeAlias = Callable[[Sequence[pd.DataFrame | Undefined]], Sequence[Mapping[str, float | str] | Undefined]]
#: A Cox model with limits and P of its profile likelihood, after Firth where a group has no event.
PROFILE = "profile"
AFTER_FIRTH = "no event in one group while both are at risk: limit and P by Firth’s penalised likelihood"
_APART = "CI and P come from different formulas and disagree here"


class GroupResults(Section):
    """A section that compares two groups."""

    def _gap(self, frame: pd.DataFrame, where: str, by: str, groups: Sequence[str]) -> dict[str, float]:
        table = self._table(frame, where, by, groups)
        first, reference = (100 * met / (met + rest) for met, rest in table)
        return {"value": first - reference, "p": contingency.p_value(table, test="fisher")}

    def _table(self, frame: pd.DataFrame, where: str, by: str, groups: Sequence[str]) -> list[list[int]]:
        rows = frame[known_rows(frame, where)]
        position, met = self.page.positions(rows, by, groups), self.page.met(rows, where)
        table = [[int((met & (position == k)).sum()), int((~met & (position == k)).sum())] for k in (0, 1)]
        return table

    def _two_curves(self, table: Mapping[str, np.ndarray], method: str = PROFILE) -> dict[str, float | str]:
        """Hazard ratio of two groups, its limits, P, and why some of these do not exist."""
        columns = (table["time"], table["event"], table["position"])
        if method == PROFILE:
            found = small_samples.hazard_ratio(*_first_against(table), ties=self.page.ties, level=self.page.level)
            return {**in_small_samples(found)}
        found = hazard_ratio(*columns, method=method, level=self.page.level, groups=(0, 1))
        p = log_rank.compare(*columns).p if method.startswith("cox-") else found.p  # the other methods carry the log-rank P
        return {"value": found.hr, "lower": found.lower, "upper": found.upper, "p": p, "why": found.why}

    def _as_ratio(self, label: str, found: Mapping[str, Sampled]) -> list[Result]:
        """`_as_results` of a ratio of two curves, whose limits and P need not agree where a program is mimicked: said where they do not."""
        results = self._as_results(label, found)
        if "p" not in found or not found["value"].defined:
            return results
        if np.isnan([found["lower"].reference, found["upper"].reference]).all():
            return results
        beyond = found["lower"].reference > 1 or found["upper"].reference < 1
        if beyond == sentences.is_significant(found["p"].reference, self.page.significance):
            return results
        return [one._replace(remark="; ".join(filter(None, (one.remark, _APART)))) for one in results]

    def _named_ratio(self, frame: pd.DataFrame, endpoint: str, by: str, groups: Sequence[str], method: str) -> dict[str, float | str]:
        return self._two_curves(self.page.two_groups(frame, endpoint, by, groups), method)

    def _named_ratios(self, endpoint: str, by: str, groups: Sequence[str], method: str = PROFILE) -> Many:
        """`_named_ratio` of many cohorts at once, for `over_many`."""
        if method == PROFILE:
            return self._ratios(lambda frame: _first_against(self.page.two_groups(frame, endpoint, by, groups)))
        return lambda frames: each(lambda frame: self._named_ratio(frame, endpoint, by, groups, method), frames)

    def _ratios(self, compared: Callable[[pd.DataFrame], small_samples.Compared]) -> Many:
        """Hazard ratios of many cohorts at once, for `over_many`: of what is compared in each."""
        return lambda frames: each(in_small_samples, small_samples.hazard_ratios(each(compared, frames), self.page.ties, self.page.level))

    def _as_results(self, label: str, found: Mapping[str, Sampled], decimals: int = 2, unit: str = "") -> list[Result]:
        """A table row of what `over` found under the names value, lower, upper, p; what does not exist says why."""
        value = found["value"]
        if not value.defined:
            return [not_estimable(label, value.why)]
        limits = (found["lower"].reference, found["upper"].reference) if "lower" in found else None
        p = found["p"].reference if "p" in found else None
        words = range_sentences.crossing(found["p"], self.page.significance) if "p" in found else ""
        whose = "lower" if limits is not None and np.isnan(limits).all() else "p" if p is not None and np.isnan(p) else ""
        told = [f"not estimable: {found[name].why}" for name in (whose,) if name]
        told += [AFTER_FIRTH] * ("after_firth" in found and found["after_firth"].reference == 1) + [f"P {words}"] * bool(words)
        return [Result(label, value.reference, limits, p, value, decimals, unit, "; ".join(told))]


def _first_against(table: Mapping[str, np.ndarray]) -> small_samples.Compared:
    """The first group against the reference."""
    return small_samples.Compared(table["time"], table["event"], table["position"] == 0)


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


def known_rows(frame: pd.DataFrame, where: str) -> np.ndarray:
    """Rows of which the variables of a condition are known."""
    met = np.ones(len(frame), dtype=bool)
    for variable in conditions.parse(where).variables:
        met &= frame[variable].notna().to_numpy()
    return met

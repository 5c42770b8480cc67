"""Log-rank tests and hazard ratios (O1/E1)/(O2/E2) of orders of events, and which orders give what is printed.

References
----------
Peto R, Pike MC, Armitage P, et al. Br J Cancer 1977;35:1-39 (observed and expected events).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import chi2

Z = 1.959963984540054
#: How far beyond an interval an order is still looked at.
_SLACK = 1e-9

State = tuple[int, ...]
#: Numbers at risk in each group just before an event time, and the events of each group then.
Step = tuple[State, State]


class Asked(NamedTuple):
    """What is printed of a comparison of two unions of groups: closed intervals of `p`, `ratio`, `lower` and `upper`."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    p: tuple[float, float] | None = None
    ratio: tuple[float, float] | None = None
    lower: tuple[float, float] | None = None
    upper: tuple[float, float] | None = None


def compare(steps: Sequence[Step], first: Sequence[int], second: Sequence[int]) -> dict[str, float]:
    """Log-rank P, and hazard ratio (O1/E1)/(O2/E2) with 95 % limits, of an order of events; NaN where undefined."""
    parts = [contribute(step, Asked(tuple(first), tuple(second))) for step in steps]
    observed, total, expected, variance = (sum(part) for part in zip(*parts)) if parts else (0, 0, 0.0, 0.0)
    found = dict.fromkeys(("p", "ratio", "lower", "upper"), math.nan)
    if variance > 0:
        found["p"] = float(chi2.sf((observed - expected) ** 2 / variance, 1))
    if 0 < observed < total:
        ratio, error = (observed / expected) / ((total - observed) / (total - expected)), math.sqrt(1 / expected + 1 / (total - expected))
        found |= {"ratio": ratio, "lower": ratio * math.exp(-Z * error), "upper": ratio * math.exp(Z * error)}
    return found


def fits(steps: Sequence[Step], asked: Asked) -> bool:
    """Whether an order gives everything that is printed of a comparison."""
    values = compare(steps, asked.first, asked.second)
    wanted = {name: getattr(asked, name) for name in values}
    return all(ends is None or ends[0] <= values[name] <= ends[1] for name, ends in wanted.items())


def contribute(step: Step, asked: Asked) -> tuple[float, float, float, float]:
    """What a step adds to events of the first side, all events, and the first side's expected events and their variance."""
    at_risk, events = step
    n1, n2, d1 = sum(at_risk[k] for k in asked.first), sum(at_risk[k] for k in asked.second), sum(events[k] for k in asked.first)
    d, n = d1 + sum(events[k] for k in asked.second), n1 + n2
    return (d1, d, d * n1 / n, d * n1 * n2 * (n - d) / (n * n * (n - 1)) if n > 1 else 0.0) if d else (0.0, 0.0, 0.0, 0.0)


class Continuations:
    """Continuations of a state, sorted so that of a printed hazard ratio only the few near it are compared.

    With O of D events and E of them expected, (O/E)/((D - O)/(D - E)) = r gives E = OD/(O + r(D - O)).
    """

    def __init__(self, sums: np.ndarray, comparisons: Sequence[Asked]):
        self.sums, self.comparisons = sums, comparisons
        self.pivot = next((place for place, asked in enumerate(comparisons) if asked.ratio), None)
        if self.pivot is None:
            return
        observed, total, expected, _ = sums[:, self.pivot].T
        self.order = np.lexsort((expected, total, observed))
        self.expected = expected[self.order]
        pairs = np.stack([observed[self.order], total[self.order]], axis=1)
        self.starts = np.flatnonzero(np.r_[True, (np.diff(pairs, axis=0) != 0).any(axis=1)])
        self.pairs = pairs[self.starts]

    def fitting(self, done: np.ndarray) -> np.ndarray:
        """Places of those that give what is printed after such a beginning, last bits aside."""
        places = np.arange(len(self.sums)) if self.pivot is None else self._near_ratio(done[self.pivot], self.comparisons[self.pivot].ratio)
        return places[near(done + self.sums[places], self.comparisons)]

    def _near_ratio(self, done: np.ndarray, ratio: tuple[float, float] | None) -> np.ndarray:
        assert ratio is not None, "the pivot prints one"
        low, high = ratio
        found = []
        for (observed, total), start, end in zip(self.pairs + done[:2], self.starts, [*self.starts[1:], len(self.sums)]):
            if not 0 < observed < total:
                continue  # without a ratio
            ends = [observed * total / (observed + ratio * (total - observed)) - done[2] for ratio in (high, low)]
            first, last = np.searchsorted(self.expected[start:end], [ends[0] - _SLACK * total, ends[1] + _SLACK * total])
            found.append(self.order[start + first : start + last])
        return np.sort(np.concatenate(found)) if found else np.zeros(0, int)


def near(sums: np.ndarray, comparisons: Sequence[Asked]) -> np.ndarray:
    """Which of many orders give what is printed, last bits aside; `fits` decides."""
    found = np.ones(len(sums), bool)
    for place, asked in enumerate(comparisons):
        observed, total, expected, variance = sums[:, place].T
        with np.errstate(all="ignore"):
            other = total - expected
            ratio, error = observed * other / (expected * (total - observed)), np.sqrt(1 / expected + 1 / other)
            values = {"ratio": ratio, "lower": ratio * np.exp(-Z * error), "upper": ratio * np.exp(Z * error)}
            wanted = {name: getattr(asked, name) for name in values}
            if asked.p:
                values["p"], wanted["p"] = (observed - expected) ** 2 / variance, (chi2.isf(asked.p[1], 1), chi2.isf(asked.p[0], 1))
        for name, ends in wanted.items():
            if ends is not None:
                found &= ~((values[name] < ends[0] - _SLACK * (1 + ends[0])) | (values[name] > ends[1] + _SLACK * (1 + ends[1])))
    return found

"""One small data set under every convention: what each program prints for the same patients."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from analysis.errors import Fault, InputError
from analysis.estimators.comparisons.log_rank import WEIGHTS, compare
from analysis.estimators.comparisons.two_curve_hazard_ratio import hazard_ratio
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.group_tests import contingency, proportions
from analysis.ledger.rows.rounding import RULES
from analysis.pages.section import Section, table
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View

INTERVALS = {
    "log": "R survival (default)",
    "log-log": "GraphPad Prism, lifelines",
    "plain": "textbooks, S ± z SE",
}
MEDIANS = {"midpoint": "R survival, GraphPad Prism", "left": "SPSS", "right": "statsmodels"}
RATIOS = {
    "logrank-oe": "GraphPad Prism, “logrank”",
    "mantel-haenszel": "GraphPad Prism, “Mantel–Haenszel”",
    "cox-efron": "R survival, lifelines",
    "cox-breslow": "SPSS, SAS (default)",
    "cox-exact": "R on request; the partial likelihood of tied times as discrete",
}
TESTS = {
    "fisher": "two-sided by the probabilities of the tables",
    "fisher-midp": "half of the tables that are just as likely",
    "pearson": "without correction",
    "pearson-yates": "with continuity correction",
    "likelihood-ratio": "twice the log likelihood ratio",
}
SHARES = {
    "clopper-pearson": "exact; R binom.test",
    "wilson": "score",
    "wilson-continuity": "score with correction; R prop.test",
    "agresti-coull": "adjusted Wald",
    "jeffreys": "Bayesian, Jeffreys’ prior",
    "wald": "p ± z SE",
}
WEIGHTED = {
    "logrank": "all deaths alike",
    "gehan-breslow-wilcoxon": "early deaths more, by the number at risk",
    "tarone-ware": "in between",
    "peto": "early deaths more, by survival",
}


def times(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Times and events in the notation of textbooks: ``9 13+ 18``, censored times with a plus.

    Returns
    -------
    time : ndarray, shape (n,)
    event : ndarray of int, shape (n,)
        0 where the time is censored.

    Raises
    ------
    InputError
        If a word is no such time, or there is none.
    """
    words, found = text.split(), []
    for word in words:
        try:
            found.append((float(word.removesuffix("+")), 0 if word.endswith("+") else 1))
        except ValueError:
            raise InputError(Fault("survival times", "time", "a number, with a plus if censored", repr(word))) from None
    if not found:
        raise InputError(Fault("survival times", "times", "at least one", "none"))
    return np.array([time for time, _ in found]), np.array([event for _, event in found])


class TwoGroups:
    """Two groups of patients, as a textbook lists them.

    Parameters
    ----------
    groups : keywords of str
        The first group and the one it is compared with, in the notation of `times`.
    """

    def __init__(self, **groups: str):
        if len(groups) != 2:
            raise InputError(Fault("survival times", "groups", "two", str(len(groups))))
        self.names = tuple(groups)
        self.groups = {name: times(text) for name, text in groups.items()}

    def pooled(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Time, event and name of the group of every patient."""
        time, event = (np.concatenate([group[part] for group in self.groups.values()]) for part in (0, 1))
        return time, event, np.repeat(self.names, [len(group[0]) for group in self.groups.values()])


class Conventions(Section):
    """What programs print for the same patients or counts."""

    @table
    def survival_limits(self, groups: TwoGroups, group: str, at: float, level: float = 0.95) -> View:
        """Survival of a group at a time with its interval on each scale.

        Parameters
        ----------
        groups : TwoGroups
        group : str
            One of them.
        at : float
            Time.
        level : float
        """
        curve = kaplan_meier(*groups.groups[group])
        estimate, error = float(curve.survival_at(at)), float(curve.standard_error_at(at))
        rows = []
        for kind, who in INTERVALS.items():
            lower, upper = (float(limit) for limit in curve.interval_at(at, kind, level))
            rows.append([kind, who, f"{100 * lower:.1f}", f"{100 * upper:.1f}"])
        title = f"{group}: survival at {at:g} is {100 * estimate:.1f}% (standard error {100 * error:.1f}), and its {100 * level:g}% CI"
        return plain_table(["Scale", "Printed by", "From, %", "To, %"], rows, title)

    @table
    def medians(self, groups: TwoGroups, group: str) -> View:
        """Median of a group, by what is done where the curve runs along one half.

        Parameters
        ----------
        groups : TwoGroups
        group : str
            One of them.
        """
        curve = kaplan_meier(*groups.groups[group])
        rows = [[rule, who, f"{float(curve.median(rule)):g}"] for rule, who in MEDIANS.items()]
        return plain_table(["Rule on a plateau", "Printed by", "Median"], rows, f"{group}: median")

    @table
    def two_curve_hazard_ratios(self, groups: TwoGroups, level: float = 0.95) -> View:
        """Hazard ratio of the first group against the second under each method.

        Parameters
        ----------
        groups : TwoGroups
        level : float
        """
        rows = []
        for method, who in RATIOS.items():
            found = hazard_ratio(*groups.pooled(), method, level, groups.names)
            rows.append([method, who, f"{found.hr:.3f}", f"{found.lower:.3f}", f"{found.upper:.3f}", _p(found.p)])
        return plain_table(
            ["Method", "Printed by", "Hazard ratio", "From", "To", "P"],
            rows,
            f"{groups.names[0]} vs {groups.names[1]}: hazard ratio, {100 * level:g}% CI, P (log-rank for the first two, Wald for the others)",
        )

    @table
    def curve_tests(self, groups: TwoGroups) -> View:
        """Tests of the two curves.

        Parameters
        ----------
        groups : TwoGroups
        """
        rows = []
        for weights in WEIGHTS:
            found = compare(*groups.pooled(), weights, groups=groups.names)
            rows.append([weights, WEIGHTED[weights], f"{found.chi_square:.3f}", _p(found.p)])
        return plain_table(["Test", "Weights", "χ²", "P"], rows, f"{groups.names[0]} vs {groups.names[1]}: tests of the curves")

    @table
    def fourfold_tests(self, counts: Sequence[Sequence[int]]) -> View:
        """P of a two-by-two table under each test.

        Parameters
        ----------
        counts : sequence of two rows of two int
        """
        rows = [[test, how, _p(contingency.p_value(counts, test))] for test, how in TESTS.items()]
        told = " / ".join(" and ".join(map(str, row)) for row in counts)
        return plain_table(["Test", "How", "P"], rows, f"Two-by-two table {told}")

    @table
    def proportion_limits(self, count: int, of: int, level: float = 0.95) -> View:
        """A share with its interval under each method.

        Parameters
        ----------
        count, of : int
        level : float
        """
        rows = []
        for method, who in SHARES.items():
            lower, upper = proportions.interval(count, of, method, level)
            rows.append([method, who, f"{100 * lower:.1f}", f"{100 * upper:.1f}"])
        return plain_table(["Interval", "What it is", "From, %", "To, %"], rows, f"{count} of {of}: {100 * level:g}% CI")

    @table
    def rounding(self, kind: str, decimals: int, *values: str) -> View:
        """Values rounded under each rule that is tried for a kind of number.

        Parameters
        ----------
        kind : str
            As in `analysis.ledger.rows.rounding.RULES`.
        decimals : int
            Printed ones.
        values : str
            Exact decimals.
        """
        heads = ["Rule", *values]
        rows = []
        for rule in RULES[kind]:
            applied = [rule.applied(Decimal(value), decimals) for value in values]
            rows.append([rule.name, *("–" if found is None else str(found) for found in applied)])
        return plain_table(heads, rows, f"Rounding to {decimals} decimals, numbers of the kind “{kind}”")


def _p(value: float) -> str:
    return "<0.0001" if value < 0.0001 else f"{value:.4f}"

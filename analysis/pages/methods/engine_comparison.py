"""The engines of a guide page: which library gives each statistic, and how far this project's kernel is from it."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from html import escape

import pandas as pd

from analysis import paths
from analysis.errors import Undefined
from analysis.estimators.comparisons import log_rank
from analysis.estimators.curves.competing_risks import cumulative_incidence
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.curves.nelson_aalen import nelson_aalen
from analysis.estimators.curves.rmst import restricted_mean
from analysis.estimators.engines import shortcomings
from analysis.estimators.engines.registry import ENGINES, Engine
from analysis.estimators.engines.shown import kernels, shown
from analysis.estimators.group_tests import contingency, t_tests
from analysis.estimators.regression import cox, logistic
from analysis.estimators.time_dependent.counting_process import start_stop
from analysis.ledger.session.study_session import Opened
from analysis.ledger.verdicts.recompute import CohortValues
from analysis.pages.section import Section, table
from analysis.tables.html.plain import plain_table
from analysis.tables.html.typography import sentence_case
from analysis.tables.html.view import View

Differences = dict[tuple[str, str], float]
"""Largest difference of two engines by statistic and convention."""

GOLDEN = "tests/golden/engines.json"
"""Data sets of R's package survival, and what R makes of them."""
#: Classes that differences are told in: their digits below are those of a processor.
_CLASSES = (1e-12, 1e-9, 1e-7)
_NOT_ASKED = "—"


def evaluate_data(data: pd.DataFrame, covariates: list[str]) -> Differences:
    """Differences of engines and kernels over every statistic of one data set.

    Parameters
    ----------
    data : DataFrame
        One row a patient: time, event (0 or 1), group, stratum, the covariates, and perhaps cause.
    covariates : list of str
        Numeric columns.

    Raises
    ------
    EnginesDiffer
        If one lies beyond its bound.
    """
    time, event, group = data["time"], data["event"], data["group"]
    switch = data.assign(switch=time.where(event == 1) / 2)
    first = group == min(group)
    one, other = data[covariates[0]][first], data[covariates[0]][~first]
    halves = [[int((event[rows] == value).sum()) for value in (1, 0)] for rows in (first, ~first)]
    with kernels(), shown() as scope:  # not within what the page around it shows
        kaplan_meier(time, event).interval_at(float(time.median()), "log-log")
        nelson_aalen(time, event)
        restricted_mean(time, event, float(time.max()) / 2)
        cumulative_incidence(time, data.get("cause", event))
        for weights in log_rank.WEIGHTS:
            log_rank.compare(time, event, group, weights)
        log_rank.compare(time, event, group, strata=data["stratum"])
        for ties in ("efron", "breslow"):
            cox.fit(data, "time", "event", covariates, ties, leave_one_out=False)
            cox.fit(start_stop(switch, "time", "event", "switch"), "stop", "event", covariates, ties, entry="start", leave_one_out=False)
        logistic.fit(data, "event", covariates)
        for test in contingency.TESTS:
            contingency.p_value(halves, test)
        for kind in ("sample", "conditional"):
            contingency.odds_ratio(halves, kind)
        for method in ("asymptotic", "asymptotic-continuity"):
            t_tests.mann_whitney(one, other, method=method)
        for test in t_tests.TESTS:
            t_tests.t_test(one, other, test=test)
    return scope.differences


def evaluate_study(opened: Opened) -> Differences:
    """Differences over every row of a study's ledger that its reference cohort answers, under every convention.

    Raises
    ------
    EnginesDiffer
        If one lies beyond its bound.
    """
    if not opened.reference:
        return {}
    values = CohortValues(opened.study, opened.reference, is_shown=True)
    with kernels(), shown() as scope:  # not within what the page around it shows
        for row in opened.ledger:
            if row.role == "context" or not values.has(row):
                continue
            with suppress(Undefined):
                found = values.of(row)
                for convention in found:
                    found[convention]
    return scope.differences


_NAMES = {
    "logrank": "unweighted",
    "gehan-breslow-wilcoxon": "Gehan–Breslow–Wilcoxon",
    "tarone-ware": "Tarone–Ware",
    "pearson-yates": "Pearson with Yates’s correction",
    **{name: name.capitalize() for name in ("efron", "breslow", "peto", "fisher", "pearson", "student", "welch")},
}
"""Conventions as they are written, most of them called after people."""

_TWO_NAMES = re.compile(r"\b(Kaplan|Mann|Nelson)-(?=[A-Z])")
"""Statistics that are called after two people: the ledger’s hyphen is set as an en dash."""


def spell(difference: float | None) -> str:
    """A difference by its class; a dash where nothing was compared."""
    if difference is None:
        return _NOT_ASKED
    return next((f"<{bound:.0e}".replace("e-0", "e-") for bound in _CLASSES if difference < bound), "≥1e-7")


def _name_statistic(one: Engine) -> str:
    """A statistic with its convention, where it has several."""
    first, comma, rest = one.convention.partition(",")
    convention = f"{_NAMES.get(first, first)}{comma}{rest}"
    statistic = _TWO_NAMES.sub(r"\1–", one.statistic)
    statistic = statistic if statistic.startswith("t ") else sentence_case(statistic)  # the t of a t test stays small
    return statistic + (f", {convention}" if convention else "")


class EngineComparison(Section):
    """Engines beside each other."""

    @cached_property
    def _on_golden_data(self) -> Differences:
        golden = json.loads((paths.ROOT / GOLDEN).read_text(encoding="utf-8"))
        found: Differences = {}
        for name, columns in golden["data"].items():
            for key, difference in evaluate_data(pd.DataFrame(columns), list(golden["results"][name]["covariates"])).items():
                found[key] = max(difference, found.get(key, 0.0))
        return found

    @table
    def engines(self, *, caption: str) -> View:
        """Library, version and function that give each statistic, and the kernel that confirms it.

        Parameters
        ----------
        caption : str
        """
        rows = [[_name_statistic(one), one.spelled, one.kernel] for one in ENGINES.values()]
        return plain_table(["Statistic, convention", "Engine", "Second engine"], rows, caption)

    @table
    def engine_differences(self, *, caption: str) -> View:
        """Largest difference of the two engines of each statistic on R's data sets and on the studies, and its bound.

        Parameters
        ----------
        caption : str
        """
        studies = {slug: evaluate_study(opened) for slug, opened in self.page.opened.items()}
        rows = [
            [
                _name_statistic(one),
                f"{one.bound:.0e}".replace("e-0", "e-"),
                spell(self._on_golden_data.get(key)),
                *(spell(found.get(key)) for found in studies.values()),
            ]
            for key, one in ENGINES.items()
        ]
        heads = ["Statistic, convention", "Bound", "R’s data sets", *(opened.study.label for opened in self.page.opened.values())]
        return plain_table(heads, rows, caption, "A dash: no printed number needs it; pages confirm their own analyses as well.")

    @table
    def engine_faults(self, *, caption: str) -> View:
        """Known faults of libraries, what is done instead, and the issue that tells of each.

        Parameters
        ----------
        caption : str
        """
        known = {f"{one.library} #{one.upstream.rsplit('/', 1)[-1]}": one.upstream for one in shortcomings.FAULTS if one.upstream}
        named = {address: name for name, address in known.items()}
        rows = [[one.function, one.library, one.what, one.instead, named.get(one.upstream, "none found")] for one in shortcomings.FAULTS]
        view = plain_table(["Function", "Library", "What it does", "Instead", "Upstream"], rows, caption)
        html = view.html
        for name, address in known.items():
            html = html.replace(f">{escape(name)}<", f'><a href="{escape(address)}">{escape(name)}</a><')
        return replace(view, html=html)

    @table
    def methods_without_engine(self, *, caption: str) -> View:
        """Methods that no library offers under the conventions asked for.

        Parameters
        ----------
        caption : str
        """
        rows = [[one.method, one.why, one.kernel] for one in shortcomings.UNOFFERED]
        return plain_table(["Method", "Who has it", "Estimator"], rows, caption)

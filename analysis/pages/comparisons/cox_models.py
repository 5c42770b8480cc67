"""Cox models of declared terms, by their likelihood or by Firth's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.ensemble_range import Sampled
from analysis.estimators.regression import cox, firth
from analysis.ledger.statistics import groups as grouping
from analysis.pages.comparisons.group_results import GroupResults, limits_of
from analysis.pages.guards import where_it_applies
from analysis.pages.section import table
from analysis.tables.estimates import Result
from analysis.tables.html.view import View
from analysis.tables.range_sentences import across


def cox_design(page: Any, frame: pd.DataFrame, endpoint: str, covariates: Sequence[str]) -> dict[str, np.ndarray]:
    """Entries time, event and one a covariate; patients with an unknown value left out; Undefined if one is constant."""
    time, event, rows = page.times(frame, endpoint)
    design = grouping.design(rows, covariates)
    kept = rows.index.isin(design.index)
    columns = {name: design[name].to_numpy() for name in covariates}
    counts = {name: np.unique(values, return_counts=True)[1] for name, values in columns.items()}
    constant = [name for name, count in counts.items() if len(count) < 2]
    if constant:
        raise Undefined(f"{constant[0]} is the same in all patients")
    return {**columns, "time": time[kept], "event": event[kept]}


class CoxModels(GroupResults):
    """Multivariable models."""

    @table
    @where_it_applies
    def cox_model(
        self, endpoint: str, terms: Mapping[str, str], *, caption: str, population: str = "all", ties: str | None = None, mimic: str = ""
    ) -> View | HTML:
        """A Cox model term by term, with sampled ranges, and the events that carry it.

        Parameters
        ----------
        endpoint : str
        terms : mapping of label to covariate
            A boolean or numeric variable, or a condition such as ``arm=A``.
        caption, population : str
        ties : {"breslow", "efron", "exact"}, optional
            The page's parameter, if left out.
        mimic : str
            Program whose output is mimicked, with Wald's limits and P; else those of the profile likelihood.
        """
        ties = ties or self.page.ties
        found = self.page.over(lambda frame: self._terms(frame, endpoint, terms, ties, mimic), population)
        if "events" not in found or not found["events"].defined:
            raise Undefined(next(iter(found.values())).why)
        results = []
        for label in terms:
            parts = {key: found[f"{label} {key}"] for key in ("value", "lower", "upper", "p", "after_firth")}
            results += self._as_results(label, parts)
        told = f"{caption}: {_events(found['events'], len(terms))}; {limits_of(mimic=mimic)}"
        return self.page.results_table(results, told)

    def _terms(self, frame: pd.DataFrame, endpoint: str, terms: Mapping[str, str], ties: str, mimic: str) -> dict[str, float | str]:
        covariates = list(terms.values())
        design = cox_design(self.page, frame, endpoint, covariates)
        fitted = cox.fit(
            design,
            "time",
            "event",
            covariates,
            ties=ties,
            level=self.page.level,
            leave_one_out=not mimic,
            interval="wald" if mimic else "profile",
        )
        penalised = firth.cox(design, "time", "event", covariates, level=self.page.level) if fitted.infinite else None
        values: dict[str, float | str] = {"events": fitted.events}
        for label, term in terms.items():
            row, infinite = fitted.of(term), term in fitted.infinite
            lower, upper, p = row["lower"], row["upper"], row["wald_p" if mimic else "likelihood_ratio_p"]
            if penalised is not None and infinite:
                # no interval of a standard error exists: the one limit and P are those of the penalised likelihood
                one = penalised.loc[term]
                lower, upper = (0.0, one.upper) if row["hr"] == 0 else (one.lower, float("inf"))
                p = one.likelihood_ratio_p
            values |= {
                f"{label} value": row["hr"],
                f"{label} lower": lower,
                f"{label} upper": upper,
                f"{label} p": p,
                f"{label} after_firth": float(infinite),
            }
        return values

    @table
    @where_it_applies
    def penalised_cox_model(self, endpoint: str, terms: Mapping[str, str], *, caption: str, population: str = "all") -> View | HTML:
        """The same by Firth's penalised likelihood, with profile limits: finite also where a group has no event.

        Parameters
        ----------
        endpoint : str
        terms : mapping of label to covariate
        caption, population : str
        """

        def fit(frame: pd.DataFrame) -> dict[str, float]:
            design = cox_design(self.page, frame, endpoint, list(terms.values()))
            summary = firth.cox(design, "time", "event", list(terms.values()), level=self.page.level)
            columns = {"value": "hr", "lower": "lower", "upper": "upper", "p": "likelihood_ratio_p"}
            return {"events": int(design["event"].sum())} | {
                f"{label} {key}": summary.loc[term, column] for label, term in terms.items() for key, column in columns.items()
            }

        found = self.page.over(fit, population)
        if f"{next(iter(terms))} value" not in found:
            raise Undefined(next(iter(found.values())).why)
        results: list[Result] = []
        for label in terms:
            results += self._as_results(label, {key: found[f"{label} {key}"] for key in ("value", "lower", "upper", "p")})
        return self.page.results_table(results, f"{caption}: {_events(found['events'], len(terms))}; {limits_of(penalised=True)}")


def _events(found: Sampled, terms: int) -> str:
    """Events of a model, all and per variable."""
    each = across(found, "", lambda events: f"{events / terms:.1f}")
    return f"{across(found, 'events')}, {each} per variable"

"""Yes/no outcomes: odds ratios one by one and in logistic models, plain and penalised."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.group_tests import contingency
from analysis.estimators.regression import firth, logistic
from analysis.ledger.statistics import groups as grouping
from analysis.pages.comparisons.group_results import GroupResults, limits_of
from analysis.pages.guards import where_it_applies
from analysis.pages.section import sentence, table
from analysis.tables import range_sentences, sentences
from analysis.tables.estimates import Result
from analysis.tables.html.view import View
from analysis.tables.sentences import Statement


class Odds(GroupResults):
    """Odds ratios of an outcome; outcome and terms are boolean variables or conditions."""

    @table
    @where_it_applies
    def odds_ratios(self, outcome: str, terms: Mapping[str, str], *, caption: str, population: str = "all") -> View | HTML:
        """Odds ratios term by term, each alone: conditional estimate with exact limits, Fisher's P.

        Parameters
        ----------
        outcome : str
        terms : mapping of label to covariate
            Those of whom a term is unknown are left out of its row.
        caption, population : str
        """
        results: list[Result] = []
        for label, term in terms.items():
            results += self._as_results(label, self.page.over(lambda frame, term=term: self._alone(frame, outcome, term), population))
        return self.page.results_table(results, caption)

    def _alone(self, frame: pd.DataFrame, outcome: str, term: str) -> dict[str, float]:
        design = grouping.design(frame, [outcome, term])
        with_it, met = design[term] == 1, design[outcome] == 1
        table = [[int((chosen & met).sum()), int((chosen & ~met).sum())] for chosen in (with_it, ~with_it)]
        if not all(sum(row) for row in table):
            raise Undefined(f"there is nobody {'with' if with_it.sum() == 0 else 'without'} {term}")
        found = contingency.odds_ratio(table, kind="conditional", level=self.page.level)
        return {"value": found.odds_ratio, "lower": found.lower, "upper": found.upper, "p": contingency.p_value(table, test="fisher")}

    @table
    @where_it_applies
    def logistic_model(
        self,
        outcome: str,
        terms: Mapping[str, str],
        *,
        caption: str,
        population: str = "all",
        penalised: bool = False,
        mimic: str = "",
        among: str = "",
    ) -> View | HTML:
        """A logistic model term by term, with sampled ranges and the events that carry it.

        Parameters
        ----------
        outcome : str
        terms : mapping of label to covariate
            Those of whom one is unknown are left out.
        caption, population : str
        penalised : bool
            After Firth: finite also where a group has no event. Else maximum likelihood. Limits are those of the profile
            likelihood, P is of the likelihood ratio.
        mimic : str
            Program whose output is mimicked, with Wald's limits and P.
        among : str
            Condition on those in the model at all.
        """
        found = self.page.over(
            lambda frame: self._model(frame[self.page.met(frame, among)], outcome, list(terms.values()), penalised, mimic), population
        )
        if "events" not in found or not found["events"].defined:
            raise Undefined(next(iter(found.values())).why)
        results: list[Result] = []
        for label, term in terms.items():
            results += self._as_results(
                label, {key: found[f"{term} {key}"] for key in ("value", "lower", "upper", "p", "after_firth") if f"{term} {key}" in found}
            )
        n, events, few = (
            range_sentences.across(found[key], noun, write)
            for key, noun, write in (("n", "patients", "{:g}".format), ("events", "", "{:g}".format), ("few", "", "{:.1f}".format))
        )
        told = f"{caption}: {n}, {events} with the outcome, {few} outcome events per variable; {limits_of(penalised, mimic)}"
        return self.page.results_table(results, told)

    def _model(
        self, frame: pd.DataFrame, outcome: str, covariates: Sequence[str], penalised: bool = False, mimic: str = ""
    ) -> dict[str, float]:
        design = grouping.design(frame, [outcome, *covariates])
        return self._fitted(design, outcome, covariates, penalised, mimic)

    def _fitted(
        self, design: pd.DataFrame, outcome: str, covariates: Sequence[str], penalised: bool = False, mimic: str = ""
    ) -> dict[str, float]:
        if not len(design):
            raise Undefined("nobody has all of these variables")
        if penalised:
            summary, p = firth.logistic(design, outcome, covariates, level=self.page.level), "likelihood_ratio_p"
        else:
            fitted, p = logistic.fit(design, outcome, covariates, "wald" if mimic else "profile", level=self.page.level), "p"
            summary = fitted.summary.assign(p=fitted.summary["wald_p" if mimic else "likelihood_ratio_p"])
            for term in (
                fitted.infinite
            ):  # one limit does not exist; the other and the test are Firth's, as those of maximum likelihood reject too often
                one = firth.logistic(design, outcome, covariates, level=self.page.level).loc[term]
                unbounded = summary.loc[term, "odds_ratio"] > 1
                summary.loc[term, ["lower", "upper", "p"]] = (
                    one["lower"] if unbounded else 0.0,
                    float("inf") if unbounded else one["upper"],
                    one["likelihood_ratio_p"],
                )
        n, events = len(design), int(design[outcome].sum())
        values = {"n": n, "events": events, "few": min(events, n - events) / len(covariates)}
        columns = {"value": "odds_ratio", "lower": "lower", "upper": "upper", "p": p}
        values |= {} if penalised else {f"{term} after_firth": float(term in fitted.infinite) for term in covariates}
        return values | {f"{term} {key}": summary.loc[term, column] for term in covariates for key, column in columns.items()}

    @table
    @where_it_applies
    def unknown_term(
        self, outcome: str, term: str, beside: Sequence[str], *, label: str, caption: str, population: str = "all"
    ) -> View | HTML:
        """A term's odds ratio under each way of treating those of whom it is unknown, the two extremes among them.

        Parameters
        ----------
        outcome, term : str
        beside : sequence of str
            Further covariates; those of whom one of these is unknown are left out.
        label : str
            What the table calls the term.
        caption, population : str
        """
        ways = {
            "unknown left out (complete cases)": lambda met: np.full(len(met), np.nan),
            "unknown as without it": np.zeros_like, "unknown as with it": np.ones_like,
            "greatest: unknown with it where the outcome is met, else without": lambda met: met,
            "least: unknown without it where the outcome is met, else with": lambda met: 1 - met,
        }  # fmt: skip
        results: list[Result] = []
        caption = f"{caption}; {limits_of()}"
        for words, fill in ways.items():
            found = self.page.over(lambda frame, fill=fill: self._filled(frame, outcome, term, beside, fill), population)
            remark = (
                f"{range_sentences.across(found['n'], 'patients')}, {range_sentences.across(found['filled'])} of them filled in"
                if "n" in found and found["n"].defined
                else ""
            )
            results += [
                one._replace(remark="; ".join(filter(None, (remark, one.remark)))) for one in self._as_results(f"{label}: {words}", found)
            ]
        return self.page.results_table(results, caption)

    def _filled(
        self, frame: pd.DataFrame, outcome: str, term: str, beside: Sequence[str], fill: Callable[[np.ndarray], np.ndarray]
    ) -> dict[str, float]:
        design = grouping.design(frame, [outcome, *beside])
        known = grouping.design(frame.loc[design.index], [term])[term].reindex(design.index).to_numpy(float)
        unknown = np.isnan(known)
        column = np.where(unknown, fill(design[outcome].to_numpy(float)), known)
        kept = np.isfinite(column)
        found = self._fitted(design.assign(**{term: column})[kept], outcome, [term, *beside])
        parts = {key: found[f"{term} {key}"] for key in ("value", "lower", "upper", "p", "after_firth")}
        return parts | {"n": int(kept.sum()), "filled": int((unknown & kept).sum())}

    @sentence
    @where_it_applies
    def odds_ratio(
        self, what: str, *, outcome: str, term: str, label: str, beside: Sequence[str] = (), population: str = "all"
    ) -> Statement | HTML:
        """A sentence on the odds of an outcome with a term, adjusted for those beside it, and its range over the ensemble.

        Parameters
        ----------
        what, label : str
            What the sentence calls outcome and term.
        outcome, term : str
        beside : sequence of str
            Further covariates of the model.
        population : str
        """
        found = self.page.over(lambda frame: self._model(frame, outcome, [term, *beside]), population)
        value = found.get(f"{term} value")
        if value is None or not value.defined:
            raise Undefined(next(iter(found.values())).why or "the model has no estimate")
        ratio = tuple(found[f"{term} {key}"].reference for key in ("value", "lower", "upper"))
        told = sentences.odds(
            what,
            label,
            ratio,
            found[f"{term} p"].reference,
            significance=self.page.significance,
            level=self.page.level,
            test="likelihood-ratio" if 0 < ratio[0] < float("inf") else "penalised likelihood-ratio",
        )
        return self.page.over_cohorts(
            f"The odds ratio for {what}, {label} vs not,",
            value,
            told.text,
            words=range_sentences.crossing(found[f"{term} p"], self.page.significance),
        )

"""Yes/no outcomes: odds ratios one by one and in logistic models, plain and penalised."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.ensemble_range import each
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
        covariates = list(terms.values())
        found = self.page.over_many(
            lambda frames: self._fitted(
                each(lambda frame: grouping.design(frame[self.page.met(frame, among)], [outcome, *covariates]), frames),
                outcome,
                covariates,
                penalised,
                mimic,
            ),
            population,
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

    def _fitted(
        self, designs: Sequence[pd.DataFrame | Undefined], outcome: str, covariates: Sequence[str], penalised: bool = False, mimic: str = ""
    ) -> list[dict[str, float] | Undefined]:
        """The model in many cohorts, all of them at once unless it is penalised."""
        level, kept = self.page.level, each(_with_patients, designs)
        if penalised:
            summaries = each(lambda design: firth.logistic(design, outcome, covariates, level=level), kept)
            p, infinite = "likelihood_ratio_p", [()] * len(kept)
        else:
            fitted = logistic.fit_many(kept, outcome, covariates, "wald" if mimic else "profile", level)
            summaries = each(lambda model: model.summary, fitted)
            p, infinite = "wald_p" if mimic else "likelihood_ratio_p", [getattr(model, "infinite", ()) for model in fitted]
        found: list[dict[str, float] | Undefined] = []
        for design, summary, without in zip(kept, summaries, infinite, strict=True):
            if isinstance(design, Undefined) or isinstance(summary, Undefined):
                found.append(design if isinstance(design, Undefined) else summary)
                continue
            lines = summary.to_dict("index")
            # one limit does not exist; the other and the test are Firth's, as those of maximum likelihood reject too often
            firths = firth.logistic(design, outcome, covariates, level=level).to_dict("index") if without else {}
            for term in without:
                one, unbounded = firths[term], lines[term]["odds_ratio"] > 1
                lines[term] |= {
                    "lower": one["lower"] if unbounded else 0.0,
                    "upper": float("inf") if unbounded else one["upper"],
                    p: one["likelihood_ratio_p"],
                }
            n, events = len(design), int(design[outcome].sum())
            values = {"n": n, "events": events, "few": min(events, n - events) / len(covariates)}
            columns = {"value": "odds_ratio", "lower": "lower", "upper": "upper", "p": p}
            values |= {} if penalised else {f"{term} after_firth": float(term in without) for term in covariates}
            found.append(values | {f"{term} {key}": lines[term][column] for term in covariates for key, column in columns.items()})
        return found

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
            "unknown counted as without it": np.zeros_like, "unknown counted as with it": np.ones_like,
            "greatest: unknown counted as with it in those with the outcome, as without it in the others": lambda met: met,
            "least: unknown counted as without it in those with the outcome, as with it in the others": lambda met: 1 - met,
        }  # fmt: skip
        results: list[Result] = []
        caption = f"{caption}; {limits_of()}"
        for words, fill in ways.items():
            found = self.page.over_many(lambda frames, fill=fill: self._filled(frames, outcome, term, beside, fill), population)
            remark = (
                f"{range_sentences.across(found['n'], 'patients')}, {range_sentences.across(found['filled'])} of them imputed"
                if "n" in found and found["n"].defined
                else ""
            )
            results += [
                one._replace(remark="; ".join(filter(None, (remark, one.remark)))) for one in self._as_results(f"{label}: {words}", found)
            ]
        return self.page.results_table(results, caption)

    def _filled(
        self,
        frames: Sequence[pd.DataFrame | Undefined],
        outcome: str,
        term: str,
        beside: Sequence[str],
        fill: Callable[[np.ndarray], np.ndarray],
    ) -> list[dict[str, float] | Undefined]:
        designs, filled = [], []
        for frame in frames:
            if isinstance(frame, Undefined):
                designs.append(frame)
                filled.append(0)
                continue
            design = grouping.design(frame, [outcome, *beside])
            known = grouping.design(frame.loc[design.index], [term])[term].reindex(design.index).to_numpy(float)
            unknown = np.isnan(known)
            column = np.where(unknown, fill(design[outcome].to_numpy(float)), known)
            kept = np.isfinite(column)
            designs.append(design.assign(**{term: column})[kept])
            filled.append(int((unknown & kept).sum()))
        asked = {key: f"{term} {key}" for key in ("value", "lower", "upper", "p", "after_firth")} | {"n": "n"}
        return [
            one if isinstance(one, Undefined) else {key: one[name] for key, name in asked.items()} | {"filled": number}
            for one, number in zip(self._fitted(designs, outcome, [term, *beside]), filled, strict=True)
        ]

    @sentence
    @where_it_applies
    def odds_ratio(
        self,
        what: str,
        *,
        outcome: str,
        term: str,
        label: str,
        reference: str = "none",
        beside: Sequence[str] = (),
        population: str = "all",
    ) -> Statement | HTML:
        """A sentence on the odds of an outcome with a term, adjusted for further covariates, and its range over the ensemble.

        Parameters
        ----------
        what, label, reference : str
            What the sentence calls the outcome, those with the term and those without.
        outcome, term : str
        beside : sequence of str
            Further covariates of the model.
        population : str
        """
        covariates = [term, *beside]
        found = self.page.over_many(
            lambda frames: self._fitted(each(lambda frame: grouping.design(frame, [outcome, *covariates]), frames), outcome, covariates),
            population,
        )
        value = found.get(f"{term} value")
        if value is None or not value.defined:
            raise Undefined(next(iter(found.values())).why or "the model has no estimate")
        ratio = tuple(found[f"{term} {key}"].reference for key in ("value", "lower", "upper"))
        told = sentences.odds(
            what,
            label,
            ratio,
            found[f"{term} p"].reference,
            reference=reference,
            adjusted=bool(beside),
            significance=self.page.significance,
            level=self.page.level,
            test="likelihood-ratio" if 0 < ratio[0] < float("inf") else "penalised likelihood-ratio",
        )
        return self.page.over_cohorts(
            f"The {'adjusted ' if beside else ''}odds ratio for {what}, {label} vs {reference},",
            value,
            told.text,
            words=range_sentences.crossing(found[f"{term} p"], self.page.significance),
        )


def _with_patients(design: pd.DataFrame) -> pd.DataFrame:
    if not len(design):
        raise Undefined("no patient has values of all these variables")
    return design

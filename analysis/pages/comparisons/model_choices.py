"""The models behind printed P values: every choice of covariates that could have been made, and which give the digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.ensemble_range import Sampled
from analysis.estimators.regression import cox, firth
from analysis.estimators.regression.term_tests import term_tests
from analysis.ledger.rows.rounding import exact, first_stating
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics import groups as grouping
from analysis.pages.comparisons.group_results import GroupResults, limits_of
from analysis.pages.guards import where_it_applies
from analysis.pages.section import sentence, table
from analysis.tables.estimates import Result
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View
from analysis.tables.range_sentences import across
from analysis.tables.sentences import Statement, number, p_text

TIES = ("breslow", "efron")
TESTS = {"Wald": "wald_p", "likelihood ratio": "likelihood_ratio_p", "score": "score_p"}
_SHOWN = 12


class ModelChoices(GroupResults):
    """Multivariable models."""

    def _design(self, frame: pd.DataFrame, endpoint: str, covariates: Sequence[str]) -> dict[str, np.ndarray]:
        """Entries time, event and one a covariate; patients with an unknown value left out; Undefined if one is constant."""
        time, event, rows = self.page.times(frame, endpoint)
        design = grouping.design(rows, covariates)
        kept = rows.index.isin(design.index)
        columns = {name: design[name].to_numpy() for name in covariates}
        counts = {name: np.unique(values, return_counts=True)[1] for name, values in columns.items()}
        constant = [name for name, count in counts.items() if len(count) < 2]
        if constant:
            raise Undefined(f"{constant[0]} is the same in all patients")
        return {**columns, "time": time[kept], "event": event[kept]}

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
        design = self._design(frame, endpoint, covariates)
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
            if (
                penalised is not None and infinite
            ):  # no interval of a standard error exists: the one limit and P are those of the penalised likelihood
                one = penalised.loc[term]
                lower, upper, p = (
                    (0.0, one.upper, one.likelihood_ratio_p) if row["hr"] == 0 else (one.lower, float("inf"), one.likelihood_ratio_p)
                )
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
            design = self._design(frame, endpoint, list(terms.values()))
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

    def _candidates(self, endpoint: str, always: Sequence[str], optional: Sequence[str], population: str) -> pd.DataFrame:
        """Every model with the terms that are always in: covariates, ties, test, and P of those terms; found once."""
        key, kept = (endpoint, tuple(always), tuple(optional), population), self.page.kept.setdefault("models", {})
        if key in kept:
            return kept[key]
        frame, records = self.page.rows_of(population), []
        for size in range(len(optional) + 1):
            for chosen in combinations(optional, size):
                for ties in TIES:
                    try:
                        tested = term_tests(
                            self._design(frame, endpoint, [*always, *chosen]), "time", "event", [*always, *chosen], always, ties
                        )
                    except Undefined:  # e.g. a covariate that does not vary: no such model on this cohort
                        continue
                    for test, column in TESTS.items():
                        records.append((chosen, ties, test, *tested[column]))
        kept[key] = pd.DataFrame(records, columns=["covariates", "ties", "test", *always])
        return kept[key]

    def _judged_models(
        self, endpoint: str, printed: Mapping[str, tuple[str, str]], optional: Mapping[str, str], population: str
    ) -> pd.DataFrame:
        if not self.page.compared:
            raise Undefined("the printed P values belong to the published study")
        models = self._candidates(endpoint, list(printed), list(optional), population)
        if not len(models):
            raise Undefined("no model can be fitted to this cohort")
        rows = {term: self.page.opened.ledger[id] for term, (id, _) in printed.items()}
        hits = {term: [_states(row, p) for p in models[term]] for term, row in rows.items()}
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = sum(np.abs(np.log(models[term].astype(float) / float(row.value.value))) for term, row in rows.items())
        return models.assign(
            hits=np.sum(list(hits.values()), axis=0), distance=distance, **{f"{term} hit": hit for term, hit in hits.items()}
        )

    @table
    @where_it_applies
    def model_choices(
        self, endpoint: str, printed: Mapping[str, tuple[str, str]], optional: Mapping[str, str], *, caption: str, population: str = "all"
    ) -> View | HTML:
        """Which models give the printed P values of the terms that every model holds.

        Parameters
        ----------
        endpoint : str
        printed : mapping of covariate to (id, label)
            Terms of every model, the ledger rows with their P values, and what they are called.
        optional : mapping of covariate to label
            All subsets of these are tried, with two ways of handling ties and three tests.
        caption, population : str

        Returns
        -------
        View
            The models in which most of the printed values come back, then those nearest in log P.
        """
        models = self._judged_models(endpoint, printed, optional, population)
        best = models.sort_values(["hits", "distance"], ascending=[False, True], kind="stable").head(_SHOWN)
        heads = [
            "Covariates beside these",
            "Ties",
            "Test",
            *(f"P of {label} (printed {self.page.opened.ledger[id].printed})" for id, label in printed.values()),
        ]
        lines = []
        for model in best.to_dict("records"):
            chosen = ", ".join(optional[name] for name in model["covariates"]) or "none"
            ps = [number(model[term], 4) + (" ✓" if model[f"{term} hit"] else "") for term in printed]
            lines.append([chosen, model["ties"].capitalize(), model["test"], *ps])
        return plain_table(
            heads, lines, f"{caption}: the {len(lines)} nearest of {len(models)} models and tests (✓ gives the printed digits)"
        )

    @sentence
    @where_it_applies
    def model_choice(
        self, endpoint: str, printed: Mapping[str, tuple[str, str]], optional: Mapping[str, str], *, what: str, population: str = "all"
    ) -> Statement | HTML:
        """How many models were tried, and in how many each printed P value, and all together, come back.

        Parameters
        ----------
        endpoint : str
        printed : mapping of covariate to (id, label)
            Terms of every model, the ledger rows with their P values, and what they are called.
        optional : mapping of covariate to label
            All subsets of these are tried.
        what, population : str
        """
        models = self._judged_models(endpoint, printed, optional, population)
        each = ", ".join(
            f"the printed {p_text(float(self.page.opened.ledger[id].value.value))} of {label} in {int(models[f'{term} hit'].sum())}"
            for term, (id, label) in printed.items()
        )
        together = int((models["hits"] == len(printed)).sum())
        return Statement(
            f"{what}: {len(models)} combinations of covariates, ties and test were tried on the reference cohort; {each}, all of them together in {together or 'none'}. "
            "The more models are tried, the more digits match by chance."
        )

    @sentence
    @where_it_applies
    def model_range(
        self, endpoint: str, term: str, always: Sequence[str], optional: Mapping[str, str], *, what: str, population: str = "all"
    ) -> Statement | HTML:
        """How the P value of a term depends on the choice of the other covariates (Breslow, Wald).

        Parameters
        ----------
        endpoint, term : str
        always : sequence of str
            Covariates of every model.
        optional : mapping of covariate to label
            All subsets of these are tried.
        what, population : str
        """
        models = self._candidates(endpoint, [term, *(name for name in always if name != term)], list(optional), population)
        chosen = models[(models["ties"] == "breslow") & (models["test"] == "Wald")][term].dropna()
        if not len(chosen):
            raise Undefined("no model can be fitted to this cohort")
        below = int((chosen < self.page.significance).sum())
        return Statement(
            f"{what}: over {len(chosen)} choices of the other covariates P ranges from {number(chosen.min(), 3)} to {number(chosen.max(), 3)} "
            f"in the same cohort and is below {self.page.significance:g} in {below or 'none'} of them."
        )


def _events(found: Sampled, terms: int) -> str:
    """Events of a model, all and per variable."""
    each = across(found, "", lambda events: f"{events / terms:.1f}")
    return f"{across(found, 'events')}, {each} per variable"


def _states(row: Row, p: float) -> bool:
    return bool(np.isfinite(p)) and first_stating(row.value, exact(float(p)), row.rules) is not None

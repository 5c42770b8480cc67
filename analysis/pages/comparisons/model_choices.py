"""The models behind printed P values: every choice of covariates that could have been made, and which give the digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.regression.term_tests import term_tests
from analysis.pages.comparisons.cox_models import cox_design
from analysis.pages.comparisons.forests import states
from analysis.pages.guards import where_it_applies
from analysis.pages.section import Section, sentence, table
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View
from analysis.tables.sentences import Statement, number, p_text

TIES = ("breslow", "efron")
TESTS = {"Wald": "wald_p", "likelihood ratio": "likelihood_ratio_p", "score": "score_p"}
_SHOWN = 12


class ModelChoices(Section):
    """Models that could have been fitted."""

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
                            cox_design(self.page, frame, endpoint, [*always, *chosen]), "time", "event", [*always, *chosen], always, ties
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
        hits = {term: [states(row, p) for p in models[term]] for term, row in rows.items()}
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
            "Further covariates",
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
            f"the printed {p_text(float(self.page.opened.ledger[id].value.value))} of {label} is given by {int(models[f'{term} hit'].sum())}"
            for term, (id, label) in printed.items()
        )
        together = int((models["hits"] == len(printed)).sum())
        return Statement(
            f"{what}: {len(models)} combinations of covariates, ties and test were tried on the reference cohort; {each}, all together by {together or 'none'}. "
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

"""A Cox model of the covariates that the parameter ``covariates`` names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts.conditions import Clause, Condition, parse
from analysis.cohorts.reading import ABSENT
from analysis.cohorts.study import Study
from analysis.errors import Undefined
from analysis.estimators.engines.shown import Scope, kernels, shown
from analysis.estimators.ensemble_range import Sampled
from analysis.estimators.regression import requested_model
from analysis.ledger.statistics import groups
from analysis.pages.comparisons.group_results import AFTER_FIRTH, GroupResults, limits_of
from analysis.pages.guards import not_shown, together, where_it_applies
from analysis.pages.section import table
from analysis.tables.estimates import Result
from analysis.tables.html.view import View
from analysis.tables.range_sentences import across

PARTS = ("value", "lower", "upper", "p")
NOTHING_ASKED = "No covariates have been requested. To fit a Cox model, re-execute this page with -p covariates=…, naming variables of the cohort or conditions such as age>=10."


def covariate_columns(frame: pd.DataFrame, covariates: Sequence[str], study: Study, table: str) -> dict[str, np.ndarray]:
    """Covariates as numbers by what they are called, NaN where unknown; a category as one column a level against its reference.

    Parameters
    ----------
    frame : DataFrame
    covariates : sequence of str
        Variables of the table, or conditions.
    study : Study
    table : str
        Of the frame.

    Raises
    ------
    Undefined
        If the cohort does not have a column.
    """
    found: dict[str, np.ndarray] = {}
    for covariate in covariates:
        named = parse(covariate).variables if groups.is_condition(covariate) else (covariate,)
        lacking = [name for name in named if name in frame.attrs.get(ABSENT, ()) or name not in frame]
        if lacking:
            raise Undefined(f"the cohort has no column {', '.join(lacking)}")
        if groups.is_condition(covariate):
            found[covariate] = _mask(frame, parse(covariate))
            continue
        variable = study.variables[table][covariate]
        label = variable.label or covariate.replace("_", " ")
        if variable.type == "category":
            *levels, reference = [level for level in study.reference_last(table, covariate) if (frame[covariate] == level).any()] or [""]
            for level in levels:
                found[f"{label}: {level} vs {reference}"] = _mask(frame, Condition((Clause(covariate, "=", (level,)),)))
            if not levels:  # a single level: the same in all patients, which the model then tells
                found[label] = np.where(frame[covariate].notna(), 1.0, np.nan)
            continue
        per = f", per {variable.unit.removesuffix('s')}" if variable.unit else ", per unit" if variable.type != "boolean" else ""
        found[f"{label}{per}"] = frame[covariate].to_numpy(dtype=float, na_value=np.nan)
    return found


def _mask(frame: pd.DataFrame, condition: Condition) -> np.ndarray:
    """1 where a condition is met, 0 where it is not, NaN where its variables are unknown."""
    column = condition.mask(frame).astype(float)
    column[frame[list(condition.variables)].isna().any(axis=1).to_numpy()] = np.nan
    return column


class CovariateModels(GroupResults):
    """A model on request."""

    @table
    @where_it_applies
    def covariate_model(self, what: str, *, endpoint: str, population: str = "all") -> View | HTML:
        """A Cox model of an endpoint with the covariates that the page is given, and by Firth’s penalty where events are few.

        Parameters
        ----------
        what : str
            Beginning of the caption.
        endpoint, population : str
        """
        covariates = self.page.parameters["covariates"]
        if not covariates:
            return not_shown(NOTHING_ASKED)
        study = self.page.opened.study
        table = study.populations[population].table

        def fit(frame: pd.DataFrame) -> requested_model.RequestedModel:
            time, event, rows = self.page.times(frame, endpoint)
            return requested_model.fit(time, event, covariate_columns(rows, covariates, study, table), self.page.ties, self.page.level)

        with on_request() as scope:
            reference = fit(self.page.rows_of(population))
            found = self.page.over(lambda frame: numbers_of(fit(frame)), population)
        caption = f"{what}: {self.page.opened.study.endpoints[endpoint].label}"
        return model_tables(reference, found, caption, self.page.ties, self._as_results, self.page.results_table, scope.remarks)


@contextmanager
def on_request() -> Iterator[Scope]:
    """Within this block a library that does not confirm a model is a remark: whoever asks for covariates may ask for what has none."""
    with kernels(), shown(strict=False) as scope:
        yield scope


def numbers_of(model: requested_model.RequestedModel) -> dict[str, float]:
    """Everything of a model that has a range over cohorts, by name."""
    found: dict[str, float] = {"n": model.n, "events": model.events}
    for kind, terms in (("", model.terms), ("firth ", model.penalised)):
        for label, term in terms.items():
            named = zip((*PARTS, "after_firth"), (term.hr, term.lower, term.upper, term.p, float(term.after_firth)), strict=True)
            found |= {f"{label} {kind}{part}": value for part, value in named}
    return found


def model_tables(
    model: requested_model.RequestedModel,
    found: Mapping[str, Sampled],
    caption: str,
    ties: str,
    as_results: Callable[[str, Mapping[str, Sampled]], list[Result]],
    results_table: Callable[[Sequence[Result], str], View],
    remarks: Sequence[str] = (),
) -> HTML:
    """The tables of a model with what is to be said of it.

    Parameters
    ----------
    model : RequestedModel
        On the reference cohort.
    found : mapping of str to Sampled
        Its numbers over the cohorts, as `numbers_of` names them.
    caption, ties : str
    as_results, results_table : callable
        Of a section and a page.
    remarks : sequence of str
        What libraries do not confirm.
    """
    events = across(found["events"], "event" if model.events == 1 else "events")
    told = f"{caption}; {across(found['n'], 'patients')}, {events}, {_for_each(model)}"
    left_out = [Result(label, float("nan"), remark=f"not in the model: {why}") for label, why in model.left_out.items()]
    parts = []
    for kind, terms, of in (
        ("", model.terms, f"Cox model, {ties.capitalize()} ties, {limits_of()}"),
        ("firth ", model.penalised, f"the same model, {limits_of(penalised=True)}"),
    ):
        rows = []
        for label in terms:
            rows += as_results(label, {part: found[f"{label} {kind}{part}"] for part in (*PARTS, "after_firth")})
        if rows:
            parts.append(results_table([*rows, *left_out], f"{told}; {of}"))
    sentences = [*_describe(model), *(f"{remark}; the kernel’s value is shown." for remark in remarks)]
    return together(*(not_shown(sentence) for sentence in sentences), *parts)


def _describe(model: requested_model.RequestedModel) -> list[str]:
    """What a reader has to know of a model: no maximum, infinite estimates, few events."""
    said = []
    if model.note:
        said.append(
            f"The likelihood has no maximum ({model.note}); Firth’s penalised fit is shown."
            if model.penalised
            else f"No model can be fitted: {model.note}."
        )
    infinite = [label for label, term in model.terms.items() if term.after_firth or not np.isfinite(term.hr) or term.hr == 0]
    if infinite:
        said.append(f"No finite estimate of {', '.join(infinite)}: {AFTER_FIRTH}; the penalised fit below has one.")
    if model.events_per_covariate < requested_model.FEW:
        said.append(
            f"{_for_each(model).capitalize()}, fewer than {requested_model.FEW:g}: "
            "estimates tend away from 1 and intervals are too narrow; Firth’s penalty lessens the bias."
        )
    return said


def _for_each(model: requested_model.RequestedModel) -> str:
    """Events per covariate, in words."""
    covariates = "the one covariate" if model.covariates == 1 else f"each of {model.covariates} covariates"
    return f"{model.events_per_covariate:.1f} events for {covariates}"

"""A Cox model of whatever covariates were asked for: what cannot be in it is left out and told, few events are told and penalised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.errors import Undefined
from analysis.estimators.numerics import checks
from analysis.estimators.regression import cox, firth

#: Events per covariate below which estimates are biased away from 1 (Peduzzi et al., J Clin Epidemiol 1995;48:1503-1510).
FEW = 10.0


class Term(NamedTuple):
    """Hazard ratio of one covariate with its limits and P; `after_firth` where the estimate is infinite and these are Firth's."""

    hr: float
    lower: float
    upper: float
    p: float
    after_firth: bool = False


class RequestedModel(NamedTuple):
    """A fitted model.

    Attributes
    ----------
    n, events : int
        Patients of whom all covariates are known, and their events.
    terms : dict of str to Term
        By maximum likelihood, with limits of the profile likelihood and likelihood-ratio P; empty where it has no maximum.
    penalised : dict of str to Term
        The same after Firth, where an estimate is infinite, where there is no maximum, or with fewer than `FEW` events per covariate.
    left_out : dict of str to str
        Covariates that are not in the model, and why.
    note : str
        Why there is no maximum of the likelihood, where there is none.
    """

    n: int
    events: int
    terms: dict[str, Term]
    penalised: dict[str, Term]
    left_out: dict[str, str]
    note: str = ""

    @property
    def covariates(self) -> int:
        """Number of covariates in the model."""
        return len(self.terms or self.penalised)

    @property
    def events_per_covariate(self) -> float:
        """Events divided by the number of covariates."""
        return self.events / self.covariates


def fit(
    time: npt.ArrayLike, event: npt.ArrayLike, covariates: Mapping[str, npt.ArrayLike], ties: str = "efron", level: float = 0.95
) -> RequestedModel:
    """Fit a Cox model, leaving out what it cannot hold.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As in `kaplan_meier.kaplan_meier`.
    covariates : mapping of name to array_like, shape (n,)
        Numbers or 0 and 1; NaN where unknown: such patients are left out.
    ties : {"efron", "breslow", "exact"}
        Of the maximum-likelihood fit; Firth's is Breslow's.
    level : float

    Returns
    -------
    RequestedModel

    Raises
    ------
    Undefined
        If nobody is left, nobody has an event, or no covariate varies.

    Examples
    --------
    >>> model = fit([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 1, 0], {"x": [1, 0, 1, 0, 1, 0], "twice": [2, 0, 2, 0, 2, 0], "none": [1] * 6})
    >>> model.left_out
    {'twice': 'follows from x', 'none': 'the same in all patients'}
    """
    time, event = checks.survival_data(time, event)
    columns = {name: np.asarray(values, dtype=float) for name, values in covariates.items()}
    checks.same_length(time=time, **columns)
    known = ~np.isnan(list(columns.values())).any(axis=0) if columns else np.ones(len(time), dtype=bool)
    if not known.any():
        raise Undefined("covariates: no patient has known values of all of them")
    time, event, columns = time[known], event[known], {name: values[known] for name, values in columns.items()}
    if not event.any():
        raise Undefined("event: no patient has an event")
    kept, left_out = _independent(columns)
    if not kept:
        raise Undefined("covariates: none varies")
    names = list(kept)
    frame = {f"x{number}": values for number, values in enumerate(kept.values())} | {"time": time, "event": event}
    n, events, columns_of = len(time), int(event.sum()), dict(zip(names, frame, strict=False))
    note = ""
    try:
        fitted = cox.fit(frame, "time", "event", list(columns_of.values()), ties=ties, level=level, interval="profile")
    except Undefined as problem:
        fitted, note = None, str(problem).removeprefix("covariates: ")
    needed = fitted is None or bool(fitted.infinite) or events / len(names) < FEW
    found = _penalise(frame, list(columns_of.values()), level) if needed else {}
    after = {name: found[column] for name, column in columns_of.items() if column in found}
    terms = {
        name: _term(fitted.of(column), column in fitted.infinite, after.get(name))
        for name, column in columns_of.items()
        if fitted is not None
    }
    return RequestedModel(n, events, terms, after, left_out, note)


def _independent(columns: Mapping[str, Floats]) -> tuple[dict[str, Floats], dict[str, str]]:
    """Return covariates that vary and follow from none before them, and why the others are left out."""
    kept: dict[str, Floats] = {}
    left_out: dict[str, str] = {}
    for name, values in columns.items():
        if np.ptp(values) == 0:
            left_out[name] = "the same in all patients"
            continue
        scaled = [(column - column.mean()) / column.std() for column in (*kept.values(), values)]
        if np.linalg.matrix_rank(np.column_stack(scaled), tol=1e-8 * np.sqrt(len(values))) < len(scaled):
            left_out[name] = f"follows from {', '.join(kept)}"
            continue
        kept[name] = values
    return kept, left_out


def _penalise(frame: Mapping[str, Floats], names: list[str], level: float) -> dict[str, Term]:
    """Return the terms after Firth; none where the penalised likelihood has no maximum either."""
    try:
        found = firth.cox(frame, "time", "event", names, level)
    except Undefined:
        return {}
    columns = zip(names, *(found[name].astype(float).tolist() for name in ("hr", "lower", "upper", "likelihood_ratio_p")), strict=True)
    return {name: Term(hr, lower, upper, p) for name, hr, lower, upper, p in columns}


def _term(row: Mapping[str, float], infinite: bool, after: Term | None) -> Term:
    """Return a term; the one limit that an infinite estimate has, and its P, are Firth's."""
    if not infinite:
        return Term(row["hr"], row["lower"], row["upper"], row["likelihood_ratio_p"])
    if after is None:
        return Term(row["hr"], float("nan"), float("nan"), row["likelihood_ratio_p"])
    ends = (0.0, after.upper) if row["hr"] == 0 else (after.lower, float("inf"))
    return Term(row["hr"], *ends, after.p, True)

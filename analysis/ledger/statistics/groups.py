"""Reading the arguments that split a sample: levels, groups, covariates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.cohorts import conditions
from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import Variable

_OPERATORS = "=<>"
_TREND = re.compile(r"trend\((\w+)\)")


def names(text: str) -> tuple[str, ...]:
    """Items of a comma-separated argument."""
    return tuple(item.strip() for item in text.split(",") if item.strip())


def merge_levels(item: str, variable: Variable) -> tuple[str, ...]:
    """Levels behind one item: ``a+b`` is both, unless a level is itself written so."""
    levels = levels_of(variable)
    return (item,) if item in levels else tuple(part.strip() for part in item.split("+"))


def levels_of(variable: Variable) -> tuple[str, ...]:
    """Levels of a category or a boolean (1 before 0: the event first)."""
    return variable.levels or ("1", "0")


def assign_groups(frame: pd.DataFrame, name: str, items: Sequence[str], variable: Variable) -> np.ndarray:
    """Position of each row's group among `items`; −1 for rows of no group or unknown value.

    Returns
    -------
    ndarray of int, shape (rows,)
    """
    position = np.full(len(frame), -1)
    for number, item in enumerate(items):
        clause = conditions.Clause(name, "=", merge_levels(item, variable))
        position[clause.mask(frame)] = number
    return position


def split(
    frame: pd.DataFrame, arguments: Mapping[str, str], declared: Mapping[str, Variable], key: str = "groups", variable: str = "by"
) -> tuple[tuple[str, ...], np.ndarray]:
    """Groups of a sample in the order asked for.

    Returns
    -------
    items : tuple of str
    position : ndarray of int, shape (rows,)
        −1 for rows in none of the groups.
    """
    name = arguments[variable]
    items = names(arguments[key]) if key in arguments else levels_of(declared[name])
    return items, assign_groups(frame, name, items, declared[name])


def clusters(frame: pd.DataFrame, arguments: Mapping[str, str]) -> np.ndarray:
    """Whose row each is, by the variable that ``cluster`` names; each its own where nothing is named."""
    return frame[arguments["cluster"]].to_numpy() if "cluster" in arguments else np.arange(len(frame))


def within_clusters(
    time: np.ndarray, event: np.ndarray, frame: pd.DataFrame, arguments: Mapping[str, str]
) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Times, events and rows of patients whose cluster is known; all of them where no ``cluster`` is asked for."""
    if "cluster" not in arguments:
        return time, event, frame
    known = frame[arguments["cluster"]].notna().to_numpy()
    return time[known], event[known], frame[known]


def is_condition(covariate: str) -> bool:
    """Whether a covariate is written as a condition rather than as a variable's name."""
    return any(sign in covariate for sign in _OPERATORS)


def trend_of(covariate: str) -> str:
    """Category whose levels ``trend(stage)`` counts in their order, 0 for the first; empty for any other covariate."""
    match = _TREND.fullmatch(covariate)
    return match[1] if match else ""


def design(frame: pd.DataFrame, covariates: Sequence[str], declared: Mapping[str, Variable] | None = None) -> pd.DataFrame:
    """Covariates as numbers, one column each under its written name; rows with an unknown value left out.

    A covariate is a numeric or boolean variable, a condition (1 where met, 0 where
    not, unknown where its variable is), or, where variables are `declared`, the trend over the levels of a category.
    """
    columns = {}
    for covariate in covariates:
        if declared and (name := trend_of(covariate)):
            place = assign_groups(frame, name, levels_of(declared[name]), declared[name]).astype(float)
            column = np.where(place < 0, np.nan, place)
        elif is_condition(covariate):
            condition = conditions.parse(covariate)
            column = condition.mask(frame).astype(float)
            for clause in condition.clauses:
                if conditions.MISSING not in clause.values:
                    column[frame[clause.variable].isna().to_numpy()] = np.nan
        else:
            column = frame[covariate].to_numpy(dtype=float, na_value=np.nan)
        columns[covariate] = column
    known = ~np.isnan(list(columns.values())).any(axis=0)
    return pd.DataFrame({name: column[known] for name, column in columns.items()}, index=frame.index[known])


_VARIABLES = ("variable", "by", "modifier", "outcome", "switch_time", "competing", "first", "second", "expected", "cluster")
"""Arguments that name a variable."""


def faults(study: Study, table: str, arguments: Mapping[str, str]) -> list[str]:
    """What is wrong with the arguments of a ledger row, in words."""
    declared = study.variables[table]
    named = [(key, arguments[key]) for key in _VARIABLES if key in arguments]
    named += [("strata", name) for name in names(arguments.get("strata", ""))]
    unknown = [f"{key}: unknown variable {name!r} of table {table!r}" for key, name in named if name not in declared]
    if unknown:
        return unknown
    endpoint = arguments.get("endpoint")
    wrong = [f"endpoint: unknown endpoint {endpoint!r}"] if endpoint is not None and endpoint not in study.endpoints else []
    return [
        *wrong,
        *_faults_of_levels(declared, arguments),
        *_faults_of_covariates(study, table, arguments),
        *_faults_of_numbers(arguments),
    ]


def _faults_of_levels(declared: Mapping[str, Variable], arguments: Mapping[str, str]) -> Iterator[str]:
    for key, owner in (("levels", "variable"), ("levels", "modifier"), ("groups", "by")):
        if key in arguments and owner in arguments:
            variable = declared[arguments[owner]]
            known = levels_of(variable)
            for item in names(arguments[key]):
                for level in merge_levels(item, variable):
                    if level not in known:
                        yield f"{key}: unknown level {level!r} of {arguments[owner]!r} (levels: {', '.join(known)})"


def _faults_of_covariates(study: Study, table: str, arguments: Mapping[str, str]) -> Iterator[str]:
    declared, covariates = study.variables[table], names(arguments.get("covariates", ""))
    for covariate in covariates:
        name = trend_of(covariate)
        ordered = covariate in declared and declared[covariate].type == "category"
        for fault in covariate_faults(study, table, name or covariate, ("category",) if name else COVARIATES[:3]):
            yield f"covariates: {fault}{f', or trend({covariate}) for its levels in their order' if ordered else ''}"
    if "term" in arguments and arguments["term"] not in covariates:
        yield f"term: {arguments['term']!r} is none of the covariates {', '.join(covariates)}"


def _faults_of_numbers(arguments: Mapping[str, str]) -> Iterator[str]:
    for key in ("time", "share", "per", "against", "level"):
        if key not in arguments:
            continue
        try:
            number = float(arguments[key])
        except ValueError:
            yield f"{key}: not a number: {arguments[key]!r}"
            continue
        if key in ("share", "against", "level") and not 0 < number < 100:
            yield f"{key}: expected a percentage between 0 and 100, found {number:g}"
        if key == "per" and not number > 0:
            yield f"per: expected a number above 0, found {number:g}"


_NUMBERS = ("boolean", "integer", "number")
_GROUPED = ("boolean", "category")
_TYPES = {
    "outcome": ("boolean",),
    "competing": ("boolean",),
    "expected": _NUMBERS,
    "switch_time": _NUMBERS,
    "by": _GROUPED,
    "modifier": _GROUPED,
}
_OF_LEVELS = ("contingency_p", "distinct", "kappa", "smd")
"""Statistics of variables that need not be numbers."""


_OF_RANKS = ("rank_correlation", "correlation_p")
"""Statistics of pairs of values of which one may be a level, whose place among the others counts."""


def _remedy(asked: Sequence[str], found: str) -> str:
    """What to declare in place of a variable of another type."""
    if asked == _NUMBERS and found == "category":
        return ": declare the number of its level as an integer of its own"
    return ": declare a boolean of its own, such as 70 years or older" if asked == _GROUPED and found in _NUMBERS else ""


def faults_of_types(study: Study, table: str, statistic: str, arguments: Mapping[str, str]) -> list[tuple[str, str]]:
    """Arguments whose variable is of a type that the statistic cannot use: what was expected, what was found."""
    asked = _TYPES | ({} if statistic in _OF_LEVELS else dict.fromkeys(("variable", "first", "second"), _NUMBERS))
    asked |= dict.fromkeys(("first", "second"), (*_NUMBERS, "category")) if statistic in _OF_RANKS else {}
    found = {key: study.variables[table][arguments[key]].type for key in asked if key in arguments}
    return [
        (
            f"{key}: a variable of type {' or '.join(asked[key])} for {statistic!r}",
            f"{arguments[key]!r}, a variable of type {one}{_remedy(asked[key], one)}",
        )
        for key, one in found.items()
        if one not in asked[key]
    ]


#: Types of variables that a model takes, a category level by level.
COVARIATES = ("boolean", "integer", "number", "category")


def covariate_faults(study: Study, table: str, covariate: str, types: Sequence[str] = COVARIATES[:3]) -> list[str]:
    """What is wrong with a covariate: a variable of one of some types, or a condition."""
    if not is_condition(covariate):
        variable = study.variables[table].get(covariate)
        if variable is None:
            return [f"unknown variable {covariate!r} of table {table!r}"]
        return (
            []
            if variable.type in types
            else [f"{covariate!r} is {'an' if variable.type[0] in 'aeiou' else 'a'} {variable.type}: write a condition"]
        )
    try:
        return study.faults(conditions.parse(covariate), table)
    except ValueError as error:
        return [str(error)]

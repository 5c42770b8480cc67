"""Sections about patients who need protection: each result as a range that holds the exact one, from ranges of counts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor

from IPython.display import HTML

from analysis.cohorts.conditions import MISSING, Clause, Condition, parse
from analysis.cohorts.protection.released import Released
from analysis.cohorts.study_parts import Endpoint, Variable
from analysis.errors import NotShown, Undefined
from analysis.estimators.disclosure.bounded_curve import BoundedCurve, Bounds, bounded
from analysis.estimators.disclosure.bounded_ratio import BoundedRatio
from analysis.ledger.session.ranges import months_text, percent_text, quantile, ratio_text
from analysis.pages.guards import not_shown, together
from analysis.tables.html.plain import plain_table
from analysis.tables.html.typography import sentence_case
from analysis.tables.html.view import View

NOT_SHOWN = "not shown"
DIRECTION = (
    "Each range includes the exact value. Upper ends of survival omit the events that are withheld and are therefore too high; "
    "lower ends assume the most events that may be withheld and are therefore too low."
)


def level_is(name: str, level: str) -> Condition:
    """Patients with a level of a category or truth value."""
    return Condition((Clause(name, "=", (level,)),))


def curves(released: Released, endpoint: Endpoint, groups: Mapping[str, Condition]) -> dict[str, BoundedCurve]:
    """Bounded curves of groups, those left out that have too few patients.

    Raises
    ------
    Undefined
        If none has enough.
    """
    found, reason = {}, None
    for label, condition in groups.items():
        try:
            found[label] = bounded(released.life(endpoint, condition))
        except Undefined as problem:
            reason = problem
    if not found:
        raise NotShown(str(reason or "there are no groups"))
    return found


def patients(
    released: Released, columns: Mapping[str, Condition], variables: Mapping[str, Variable], labels: Mapping[str, str], caption: str
) -> View:
    """Counts of every level, medians of every measurement, in groups of patients.

    Parameters
    ----------
    released : Released
    columns : mapping of label to Condition
    variables : mapping of str to Variable
        Those to show, as far as the cohort has them.
    labels : mapping of str to str
        What each variable is called.
    caption : str
    """
    rows = [["Patients", *(str(released.count(condition)) for condition in columns.values())]]
    for name, variable in variables.items():
        if released.lacking([name]) or not released.study.countable(name):
            continue
        if variable.type in ("integer", "number"):
            unit = f" ({variable.unit})" if variable.unit else ""
            rows.append(
                [f"{sentence_case(labels[name])}{unit}, median", *(_median(released, name, condition) for condition in columns.values())]
            )
            continue
        for level, words in rows_of(variable).items():
            rows.append(
                [row_name(labels[name], words), *(str(released.count(condition & level_is(name, level))) for condition in columns.values())]
            )
    return plain_table(["", *columns], rows, f"{caption}, in ranges")


def levels(variable: Variable) -> dict[str, str]:
    """Levels of a category or truth value, and unknown, with their words."""
    named = {level: level for level in variable.levels} or {"1": "yes", "0": "no"}
    return named | ({MISSING: "unknown"} if variable.missing else {})


def rows_of(variable: Variable) -> dict[str, str]:
    """Levels that have a row in a table of patients, with their words: of a truth value those who have it, and who is unknown."""
    return (
        levels(variable)
        if variable.levels
        else {level: "" if level == "1" else words for level, words in levels(variable).items() if level != "0"}
    )


def row_name(label: str, words: str) -> str:
    """What the row of a level is called: ``Sex: F``, and ``Complex karyotype`` of a truth value."""
    return sentence_case(f"{label}: {words}" if words else label)


def _variables_shown(released: Released) -> dict[str, Variable]:
    declared = released.study.variables[released.table]
    return {name: variable for name, variable in declared.items() if variable.type != "id" and not released.lacking([name])}


def _median(released: Released, name: str, condition: Condition) -> str:
    try:
        return months_text(quantile(released.below(name, condition), 0.5))
    except Undefined:
        return NOT_SHOWN


def missing(released: Released, labels: Mapping[str, str], caption: str) -> View:
    """In how many patients each variable is unknown."""
    rows = [[", ".join(released.absent), "no such column"]] if released.absent else []
    rows += [[sentence_case(labels[name]), str(released.missing(name))] for name in _variables_shown(released)]
    return plain_table(["Column", "Missing"], rows, f"{caption}, in ranges")


def estimates(found: Mapping[str, BoundedCurve], times: Sequence[float], caption: str, interval: str, level: float) -> HTML:
    """Survival at given times and medians, with what their confidence intervals lie in."""
    rows = []
    for label, curve in found.items():
        cells = [_survival(curve, time, interval, level) for time in times]
        rows.append(
            [label, str(curve.patients), str(curve.total), *cells, _with_interval(curve.median(), curve.median_limits(interval, level))]
        )
    heads = ["", "Patients", "Events", *(f"At {time:g} months" for time in times), "Median, months"]
    table = plain_table(heads, rows, f"{caption} (in brackets: what the {100 * level:g}% confidence interval lies within, {interval})")
    return together(table, not_shown(DIRECTION))


def _survival(curve: BoundedCurve, time: float, interval: str, level: float) -> str:
    try:
        low, high = curve.survival_at(time)
        lower, upper = curve.limits_at(time, interval, level)
    except Undefined:
        return NOT_SHOWN
    return f"{percent_text(Bounds(100 * low, 100 * high))} ({percent_text(Bounds(100 * lower.low, 100 * upper.high))})"


def _with_interval(value: Bounds, limits: Bounds) -> str:
    try:
        told = months_text(value)
    except Undefined:
        return NOT_SHOWN
    try:
        return f"{told} ({months_text(limits)})"
    except Undefined:
        return told


def restricted_means(found: Mapping[str, BoundedCurve], horizon: float, caption: str) -> View:
    """Mean times up to the horizon, or to where too few of a group are followed."""
    horizon = min(horizon, *(float(curve.time[-1]) for curve in found.values()))
    if not horizon > 0:
        raise NotShown("one group has too few patients who are followed")
    rows = []
    for label, curve in found.items():
        low, high = curve.restricted_mean(horizon)
        rows.append([label, f"{floor(low * 10) / 10:.1f} to {ceil(high * 10) / 10:.1f} months"])
    return plain_table(["", "Mean"], rows, f"{caption}, to {horizon:g} months, in ranges")


def hazard_ratios(results: Mapping[str, BoundedRatio | Undefined], caption: str, level: float) -> HTML:
    """Hazard ratios with what their confidence intervals lie within; what is not shown says why."""
    rows = []
    for label, found in results.items():
        cells = [NOT_SHOWN, str(found)] if isinstance(found, Undefined) else [ratio_text(found.ratio), f"within {ratio_text(found.limits)}"]
        rows.append([label, *cells])
    heads = ["", "Hazard ratio", f"{100 * level:g}% confidence interval"]
    return together(
        plain_table(heads, rows, caption),
        not_shown("The exact ratio lies within each range. With fewer than some two hundred patients the ranges are wide."),
    )


def summaries(released: Released) -> list[str]:
    """Of each endpoint patients, events, unknown times and follow-up, and the rows left out of the file."""
    study, told = released.study, []
    for endpoint in study.endpoints.values():
        within = study.populations[endpoint.within].condition if endpoint.within else Condition()
        if endpoint.table == released.table and not released.lacking([endpoint.time, endpoint.event, *within.variables]):
            told.append(_summary(released, endpoint, within))
    if released.left_out:
        told.append(f"{released.left_out[0]} rows of the file left out, without a value of {' or '.join(released.left_out[1])}")
    return told


def _summary(released: Released, endpoint: Endpoint, within: Condition) -> str:
    asked = {
        "patients": f"{endpoint.time}!=? & {endpoint.event}!=?",
        "events": f"{endpoint.time}!=? & {endpoint.event}=1",
        "without a time": f"{endpoint.time}=?",
    }
    if not released.study.countable(endpoint.event):
        del asked["events"]  # those of censored follow-up are no count that is released
    counts = {word: released.count(within & parse(condition)) for word, condition in asked.items()}
    try:
        followed = f"; median follow-up (reverse Kaplan–Meier) {months_text(bounded(released.life(endpoint, within, reverse=True)).median(), ' months')}"
    except Undefined:
        followed = ""
    return f"{endpoint.label}: {', '.join(f'{count} {word}' for word, count in counts.items())}{followed}"

"""Counts, estimates, times and means as items of the search."""

from __future__ import annotations

import math

from analysis.cohorts import conditions
from analysis.reconstruction.large.constraints import Constraint
from analysis.reconstruction.large.items.encoded import FAR, Encoding, find_size
from analysis.reconstruction.large.items.spells import ANY
from analysis.reconstruction.large.state import CURVE, ERROR, ESTIMATE, FOLLOWED, OVER_ALL, OVER_EITHER, OVER_SURVIVORS
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.problem.timeline_assumptions import REVERSE

_POINTS = {"survival": ESTIMATE, "survival error": ERROR}
_CROSSINGS = ("median", "quantile")
_SPANS = ("follow-up median", "follow-up minimum", "follow-up maximum")


def add_number(found: Encoding, one: Constraint) -> bool:
    """Add a printed number that is neither a limit nor of a comparison; whether the search can hear of it."""
    if one.kind in ("count", "share"):
        return _count(found, one)
    if one.kind == "cumulative incidence":
        return _incidence(found, one)
    group = found.group(one.group, one.endpoint)
    if group is None:
        return False
    low, high, size = float(one.low), float(one.high), find_size(found.problem, one.group)
    half = (high - low) / 2
    if one.kind in _POINTS:
        one_patient = 100 / size if one.kind == "survival" else high / size
        found.add("points", (group, found.at(one.moment), _POINTS[one.kind], low, high, half, one_patient), one.id)
    elif one.kind in _CROSSINGS:
        return _crossing(found, group, one, CURVE)
    elif one.kind in _SPANS:
        return _span(found, group, one, low, high)
    else:
        found.add(
            "means",
            (group, found.at(one.moment), low * found.steps, high * found.steps, half * found.steps, one.moment / size * found.steps),
            one.id,
        )
    return True


def _incidence(found: Encoding, one: Constraint) -> bool:
    """Of a cause of the first event: it takes the life table of the first endpoint, and that of the patients with this cause."""
    endpoints = found.problem.study.endpoints
    endpoint = endpoints[one.endpoint]
    any_ = found.group(one.group, one.endpoint + ANY)
    if any_ is not None:
        return _incidence_of(found, one, any_, one.endpoint)
    told = [endpoints[name] for name in found.problem.timeline.causes]
    # the second of two that compete with each other is told by the first
    if not any({endpoint.event, endpoint.competing} == {cause.event, cause.competing} and endpoint.time == cause.time for cause in told):
        return False
    return _incidence_of(found, one, found.group(one.group, found.endpoints[0]), found.endpoints[0])


def _incidence_of(found: Encoding, one: Constraint, whole: int | None, name: str) -> bool:
    """Of a cause of the events of a group, that of the patients with this cause by an endpoint of the search."""
    cause = one.group & conditions.parse(f"{found.problem.study.endpoints[one.endpoint].event}=1")
    part = found.group(cause, name)
    if whole is None or part is None:
        return False
    low, high = float(one.low), float(one.high)
    patient = 100 / find_size(found.problem, one.group)
    found.add("incidences", (whole, part, found.at(one.moment), low, high, (high - low) / 2, patient), one.id)
    return True


def _crossing(found: Encoding, group: int, one: Constraint, curve: int) -> bool:
    """A curve comes down to a height at one of the steps that print the time; False if none does."""
    steps = found.crossed(one)
    if steps:
        found.add("crossings", (group, curve, *steps, one.height), one.id)
    return bool(steps)


def _span(found: Encoding, group: int, one: Constraint, low: float, high: float) -> bool:
    if one.kind == _SPANS[0] and _reversed(found.problem, one):
        return _crossing(found, group, one, FOLLOWED)
    whose = _whose(found.problem, one)
    found.add("spans", (group, _SPANS.index(one.kind) + 3 * whose, low * found.steps, high * found.steps), one.id)
    return True


def _whose(problem: Problem, one: Constraint) -> int:
    """Whose times a summary of follow-up is of, as `state.OVER_ALL` and others: as named for it, else as the timeline has it.

    The reverse Kaplan-Meier curve has no least and greatest time: where it is the median's, those may be of all or of survivors.
    """
    named = problem.study.named_conventions(problem.ledger[one.id].statistic)
    whose = named[0] if named and named[0] != REVERSE else problem.timeline.follow_up
    return {"over all": OVER_ALL, "over survivors": OVER_SURVIVORS}.get(whose, OVER_EITHER)


def _reversed(problem: Problem, one: Constraint) -> bool:
    """Whether a median follow-up is of the reverse Kaplan-Meier curve: declared, named, or printed with limits, which only that curve has."""
    named = problem.study.named_conventions("follow_up_median")
    limits = ("follow_up_median_lower", "follow_up_median_upper")
    return REVERSE in (problem.timeline.follow_up, *named[:1]) or bool(
        not named and one.result and any(row.statistic in limits and row.result == one.result for row in problem.imposed)
    )


def _count(found: Encoding, one: Constraint) -> bool:
    """A count lies between its ends; a share of a group does, times the group's number."""
    number, whole = found.condition(one.group), found.condition(one.base)
    if number is None or whole is None:
        return False
    if one.kind == "count":
        least, most = one.allowed.steps(1)
        found.add("sums", (((number, 1),), float(least), float(most), 1.0), one.id)
        return True
    low, high = one.allowed.low, one.allowed.high
    scale = 100 * math.lcm(low.denominator, high.denominator)
    part = scale // 100
    # the sums are whole: beyond an end that does not belong to the share lies 1
    found.add("sums", (((number, scale), (whole, -int(low * part))), float(not one.allowed.low_in), FAR, float(scale)), one.id)
    found.add("sums", (((number, scale), (whole, -int(high * part))), -FAR, -float(not one.allowed.high_in), float(scale)), one.id)
    return True

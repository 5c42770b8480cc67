"""Figures and declared assumptions as items of the search."""

from __future__ import annotations

from analysis.cohorts import conditions
from analysis.cohorts.conditions import Condition
from analysis.reconstruction.large.items.encoded import FAR, Encoding, find_size
from analysis.reconstruction.large.state import AT_RISK, ESTIMATE
from analysis.reconstruction.problem.digitised import DigitisedCurve
from analysis.reconstruction.problem.problem import Problem

_WHAT = ("event", "end", "free")
#: Least half-width of a height read off a figure, in points of percent.
READ = 0.1


def add_figure(found: Encoding, curve: DigitisedCurve) -> None:
    group = found.group(curve.group, curve.endpoint)
    if group is None:
        return
    fine, name, size = (
        curve.in_steps(found.steps),
        f"{curve.declared.source}, {curve.declared.where or 'all'}",
        find_size(found.problem, curve.group),
    )
    last = found.at(found.problem.timeline.last)
    for at, (low, high) in fine.bands.items():
        if at <= last:
            found.add(
                "points",
                (group, at, ESTIMATE, low, high, max(READ, (high - low) / 2), 100 / size),
                f"{name}, height at {at / found.steps:g}",
            )
    for at, least, most in fine.remaining:
        if at <= last:
            found.add(
                "points",
                (group, at, AT_RISK, least, FAR if most is None else most, 1.0, 1.0),
                f"{name}, number at risk at {at / found.steps:g}",
            )
    for first, latest, least in fine.censored:
        where = _censored(found.problem, curve, first / found.steps, latest / found.steps)
        found.add(
            "sums", (((found.condition(where), 1),), float(least), FAR, 1.0), f"{name}, marks of censoring at {latest / found.steps:g}"
        )


def _censored(problem: Problem, curve: DigitisedCurve, first: float, last: float) -> Condition:
    """Rows of a curve's group that are censored from one time to another, in months."""
    endpoint, slack = problem.study.endpoints[curve.endpoint], 1e-5  # a step is no finite decimal
    since, until = max(0.0, first - slack), last + slack
    return curve.group & conditions.parse(f"{endpoint.event}=0 & {endpoint.time}>={since:.6f} & {endpoint.time}<={until:.6f}")


def add_assumed(found: Encoding, assumed) -> None:
    """Bounds, tallies, rules and windows that the search can hear of; the other rules are those of labels dealt later."""
    problem = found.problem
    timeline, endpoints = problem.timeline, problem.study.endpoints
    for bound in assumed.bounds:
        position = found.condition(bound.condition)
        if position is not None:
            found.add("sums", (((position, 1),), float(bound.at_least), float(bound.at_most), 1.0), f"bound of {bound.condition}")
    for tally in timeline.tallies:
        terms = []
        for term in tally.terms:
            endpoint = endpoints[term.endpoint]
            what = {"event": f"{endpoint.event}=1 & ", "free": f"{endpoint.event}=0 & ", "end": ""}[term.what]
            terms.append(
                (
                    found.condition(
                        term.condition & conditions.parse(f"{what}{endpoint.time}>={term.first} & {endpoint.time}<={term.last}")
                    ),
                    1,
                )
            )
        found.add("sums", (tuple(terms), float(tally.at_least), float(tally.at_most), 1.0), tally.why)
    for rule in assumed.rules:
        premise = found.condition(rule.premise)
        for clause in rule.conclusion.clauses:
            conclusion = found.condition(Condition((clause,)))
            if premise is not None and conclusion is not None:
                found.add("rules", (premise, conclusion), f"{rule.when} → {clause}")
    for window in timeline.windows:
        ends = window.first * found.steps, min(window.last * found.steps, 10**9)
        found.add(
            "windows",
            (found.condition(window.condition), found.position(window.endpoint), _WHAT.index(window.what), *ends),
            window.why,
        )

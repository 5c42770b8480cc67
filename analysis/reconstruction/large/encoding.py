"""What the search of a problem is asked: its constraints as lists of numbers, and what each means."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from scipy.stats import norm

from analysis.cohorts import conditions
from analysis.cohorts.conditions import MISSING, Clause, Condition
from analysis.reconstruction.kernels.memberships import BOTH, CAUSE, EVENT, FIRST, LEVELS, NEITHER, TIME
from analysis.reconstruction.large import constraints
from analysis.reconstruction.large.constraints import Constraint
from analysis.reconstruction.large.state import (
    AT_RISK,
    CURVE,
    ERROR,
    ESTIMATE,
    FOLLOWED,
    FOLLOWED_LOWER,
    FOLLOWED_UPPER,
    LOWER,
    OVER_ALL,
    OVER_EITHER,
    OVER_SURVIVORS,
    UPPER,
)
from analysis.reconstruction.problem.blocks import Block, blocks_of, meets
from analysis.reconstruction.problem.digitised import DigitisedCurve
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.problem.timeline_assumptions import REVERSE

_POINTS = {"survival": ESTIMATE, "survival error": ERROR}
_LIMITS = {"survival lower": 0, "survival upper": 2}
_CROSSINGS = {
    "median": CURVE, "quantile": CURVE, "median lower": LOWER, "median upper": UPPER,
    "follow-up median lower": FOLLOWED_LOWER, "follow-up median upper": FOLLOWED_UPPER,
}  # fmt: skip
_SPANS = ("follow-up median", "follow-up minimum", "follow-up maximum")
_RATIOS = {"ratio": 2, "ratio lower": 4, "ratio upper": 6}
_WHAT = ("event", "end", "free")
#: Least half-width of a height read off a figure, in points of percent.
READ = 0.1
#: Stands for "no end".
FAR = 1e12


@dataclass
class Encoding:
    """Arrays in the making, and what they mean.

    Attributes
    ----------
    names : list of str
        Labels that the search moves, in the order of `Patients.code`.
    blocks : dict of str to list of Block
    endpoints : tuple of str
        The chain.
    steps : int
        Steps a month.
    ids : dict of str to list of str
        Ledger ids (or words) behind each list of items, by the list's name.
    """

    problem: Problem
    names: list[str]
    blocks: dict[str, list[Block]]
    endpoints: tuple[str, ...]
    steps: int
    clauses: list = field(default_factory=list)
    conditions: list = field(default_factory=list)
    groups: list = field(default_factory=list)
    lists: dict[str, list] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    _known: dict = field(default_factory=dict)

    def add(self, name: str, item: tuple, id: str) -> None:
        self.lists.setdefault(name, []).append(item)
        self.ids.setdefault(name, []).append(id)

    def condition(self, asked: Condition) -> int | None:
        """Position of a condition; None if it speaks of what the search does not move."""
        key = asked.canonical
        if key not in self._known:
            clauses = [self._clause(clause) for clause in asked.clauses]
            self._known[key] = None if None in clauses else len(self.conditions)
            if None not in clauses:
                self.conditions.append((len(self.clauses), len(self.clauses) + len(clauses)))
                self.clauses += clauses
        return self._known[key]

    def _clause(self, clause: Clause) -> tuple[int, int, int, int] | None:
        if clause.variable in self.blocks:
            mask = sum(1 << position for position, block in enumerate(self.blocks[clause.variable]) if meets(clause, block))
            return LEVELS, self.names.index(clause.variable), mask, 0
        for name in self.problem.timeline.causes:
            endpoint = self.problem.study.endpoints[name]
            own = {endpoint.event: FIRST, endpoint.competing: BOTH}.get(clause.variable)
            if own is not None and clause.comparison in ("=", "!=") and clause.values in (("0",), ("1",)):
                happened = int(clause.values[0]) ^ (clause.comparison == "!=")
                others = sum(1 << cause for cause in (NEITHER, FIRST, BOTH) if cause != own)
                return CAUSE, 0, 1 << own if happened else others, 0
        for position, name in enumerate(self.endpoints):
            endpoint = self.problem.study.endpoints[name]
            if clause.variable == endpoint.event and clause.comparison in ("=", "!=") and clause.values in (("0",), ("1",)):
                return EVENT, position, int(clause.values[0]) ^ (clause.comparison == "!="), 0
            if clause.variable == endpoint.time and MISSING not in clause.values and clause.comparison in ("<", "<=", ">", ">="):
                cut = Fraction(clause.values[0]) * self.steps
                low, high = {
                    "<": (0, math.ceil(cut) - 1),
                    "<=": (0, math.floor(cut)),
                    ">": (math.floor(cut) + 1, 10**9),
                    ">=": (math.ceil(cut), 10**9),
                }[clause.comparison]
                return TIME, position, low, high
        return None

    def group(self, asked: Condition, endpoint: str) -> int | None:
        """Position of a group; None if its condition or endpoint is not the search's."""
        condition = self.condition(asked)
        if condition is None or endpoint not in self.endpoints:
            return None
        pair = condition, self.endpoints.index(endpoint)
        if pair not in self.groups:
            self.groups.append(pair)
        return self.groups.index(pair)

    def at(self, time: float) -> int:
        """Last step that is not after a time in months."""
        last = self.problem.timeline.last * self.steps
        return max(0, min(last, math.floor(time * self.steps + 1e-6)))


def moved_labels(problem: Problem) -> list[str]:
    """Labels that the search moves: those by which patients are grouped where times or events are asked."""
    table = problem.main
    outcomes = outcome_variables(problem)
    declared = problem.study.variables[table]
    found: dict[str, None] = {}
    for asked in outcome_conditions(problem):
        found |= dict.fromkeys(name for name in asked.variables if name not in outcomes and declared[name].type != "id")
    return [name for name in declared if name in found]


def outcome_variables(problem: Problem) -> set[str]:
    """Times and events of the chain's endpoints, and the causes of its first event."""
    timeline = problem.timeline
    endpoints = [problem.study.endpoints[name] for name in (*timeline.chain, *timeline.causes)]
    return {name for one in endpoints for name in (one.time, one.event, one.competing) if name}


def outcome_conditions(problem: Problem) -> list[Condition]:
    """Conditions on whom times or events are asked of."""
    timeline, outcomes = problem.timeline, outcome_variables(problem)
    assumed = problem.assumptions.of(timeline.table)
    found = [
        condition
        for one in asked_of(problem)
        for condition in (one.sides or (one.group,))
        if one.endpoint in (*timeline.chain, *timeline.causes)
    ]
    counted = [condition for one in asked_of(problem) if not one.endpoint for condition in (one.group, one.base)]
    counted += [rule.premise & rule.conclusion for rule in assumed.rules] + [bound.condition for bound in assumed.bounds]
    found += [condition for condition in counted if outcomes & set(condition.variables)]
    found += [curve.group for curve in problem.digitised] + [window.condition for window in timeline.windows]
    return found + [term.condition for tally in timeline.tallies for term in tally.terms]


def asked_of(problem: Problem) -> list[Constraint]:
    """Constraints of the main table, in the ledger's order."""
    found = (constraints.of(problem, row) for row in problem.imposed if problem.table(row) == problem.main)
    return [one for one in found if one is not None]


def encode(problem: Problem) -> Encoding:
    """Everything that the search of large groups is asked."""
    timeline, declared = problem.timeline, problem.study.variables[problem.main]
    names = moved_labels(problem)
    assumed = problem.assumptions.of(problem.main)
    spoken = [problem.condition(row) for row in problem.ledger if row.role != "context" and problem.table(row) == problem.main]
    spoken += [condition for rule in assumed.rules for condition in (rule.premise, rule.conclusion)] + [
        bound.condition for bound in assumed.bounds
    ]
    blocks = {name: blocks_of(declared[name], spoken, name) for name in names}
    found = Encoding(problem, names, blocks, timeline.chain, timeline.steps)
    for one in asked_of(problem):
        if not _printed(found, one):
            found.left_out.append(one.id)
    for curve in problem.digitised:
        _figure(found, curve)
    _assumed(found, assumed)
    return found


def _printed(found: Encoding, one: Constraint) -> bool:
    """Add a printed number; whether the search can hear of it."""
    if one.kind in ("count", "share"):
        return _count(found, one)
    if one.sides:
        return _compared(found, one)
    if one.kind == "cumulative incidence":
        return _incidence(found, one)
    group = found.group(one.group, one.endpoint)
    if group is None:
        return False
    low, high, size = float(one.low), float(one.high), _size(found.problem, one.group)
    half = (high - low) / 2
    if one.kind in _POINTS:
        one_patient = 100 / size if one.kind == "survival" else high / size
        found.add("points", (group, found.at(one.moment), _POINTS[one.kind], low, high, half, one_patient), one.id)
    elif one.kind in _LIMITS:
        _limit(found, group, one, (half, 100 / size))
    elif one.kind in _CROSSINGS:
        return _crossing(found, group, one, _CROSSINGS[one.kind])
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
    told = [endpoints[name] for name in found.problem.timeline.causes]
    # the second of two that compete with each other is told by the first
    if not any({endpoint.event, endpoint.competing} == {cause.event, cause.competing} and endpoint.time == cause.time for cause in told):
        return False
    cause = one.group & conditions.parse(f"{endpoint.event}=1")
    whole, part = found.group(one.group, found.endpoints[0]), found.group(cause, found.endpoints[0])
    if whole is None or part is None:
        return False
    low, high = float(one.low), float(one.high)
    patient = 100 / _size(found.problem, one.group)
    found.add("incidences", (whole, part, found.at(one.moment), low, high, (high - low) / 2, patient), one.id)
    return True


def _limit(found: Encoding, group: int, one: Constraint, units: tuple[float, float]) -> None:
    """Both limits of one estimate are one item where the paper names a transformation, which gave both; else either may be of any."""
    at, named = found.at(one.moment), found.problem.study.named_conventions("survival_lower")
    for position, item in enumerate(found.lists.get("limits", [])):
        if named and item[:2] == (group, at):
            found.ids["limits"][position] += f" {one.id}"
            break
    else:
        position = len(found.lists.get("limits", []))
        found.add("limits", (group, at, *[math.nan] * 4, *units), one.id)
    item = list(found.lists["limits"][position])
    place = 2 + _LIMITS[one.kind]
    item[place : place + 2] = float(one.low), float(one.high)
    found.lists["limits"][position] = tuple(item)


def _crossing(found: Encoding, group: int, one: Constraint, curve: int) -> bool:
    """A curve comes down to a height at one of the steps that print the time; False if none does."""
    first, last = one.allowed.steps(found.steps)
    last = min(last, found.problem.timeline.last * found.steps)  # no end of "more than 60"
    if first <= last:
        found.add("crossings", (group, curve, first, last, one.height), one.id)
    return first <= last


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


def _compared(found: Encoding, one: Constraint) -> bool:
    sides = [found.group(side, one.endpoint) for side in one.sides]
    if None in sides:
        return False
    events = max(4.0, _size(found.problem, one.sides[0]) + _size(found.problem, one.sides[1])) / 2
    for position, item in enumerate(found.lists.get("compared", [])):
        if item[:2] == tuple(sides):
            found.ids["compared"][position] += f" {one.id}"
            break
    else:
        position = len(found.lists.get("compared", []))
        found.add("compared", (*sides, *[math.nan] * 8, 0.0, 2 / math.sqrt(events), 0.0, 4 / events), one.id)
    item = list(found.lists["compared"][position])
    low, high = float(one.low), float(one.high)
    if one.kind == "P":
        place, ends = 2, (norm.isf(min(high, 1) / 2), norm.isf(low / 2) if low > 0 else 40.0)
    else:
        place, ends = 2 + _RATIOS[one.kind], (math.log(max(low, 1e-9)), math.log(max(high, 1e-9)))
    item[place : place + 2] = ends
    half = -4 if one.kind == "P" else -2
    item[half] = max(item[half], min(1.0, (ends[1] - ends[0]) / 2))
    found.lists["compared"][position] = tuple(item)
    return True


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


def _figure(found: Encoding, curve: DigitisedCurve) -> None:
    group = found.group(curve.group, curve.endpoint)
    if group is None:
        return
    fine, name, size = (
        curve.in_steps(found.steps),
        f"{curve.declared.source}, {curve.declared.where or 'all'}",
        _size(found.problem, curve.group),
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


def _assumed(found: Encoding, assumed) -> None:
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
            (found.condition(window.condition), found.endpoints.index(window.endpoint), _WHAT.index(window.what), *ends),
            window.why,
        )


def _size(problem: Problem, group: Condition) -> int:
    """Patients of a group as printed; half of all where no count of it is."""
    same = group.canonical
    for row in problem.rows(problem.main, "count"):
        if problem.condition(row).canonical == same and row.value.value > 0:
            return int(row.value.value)
    return max(2, problem.size(problem.main) // 2)

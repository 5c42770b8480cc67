"""Printed numbers that no cohort of any size can give together: found in aggregated counts, before any row is made.

Rows that agree in all variables spoken of are exchangeable, so numbers of rows by pattern of levels say all.  A linear programme
over these numbers finds most contradictions in milliseconds; where it finds none, the solver asks for whole numbers.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from analysis.errors import Fault, InputError
from analysis.paths import shorten_path
from analysis.reconstruction.constraints.minimal_sets import Undecided, minimal
from analysis.reconstruction.large.dealing import spoken
from analysis.reconstruction.large.encoding import asked_of
from analysis.reconstruction.problem.assumptions import Rule
from analysis.reconstruction.problem.blocks import are_told_apart, blocks_of
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.proofs.combinations import Combinations
from analysis.reconstruction.proofs.lines import Line, of_counts, of_curves

#: Most combinations of values of one model.
WIDEST = 4_000
#: An estimate may have been rounded twice, in points of percent.
SLACK = 0.06
#: Deterministic time of the solver for one question, about a second of a fast core a unit.
EFFORT = 2.0


class Contradiction(NamedTuple):
    """Numbers of a table that cannot hold together.

    Attributes
    ----------
    table : str
    ids : tuple of str
        Ledger rows, none of which can be left out; empty where assumptions exclude each other.
    rules : tuple of str
        Assumptions without which they could hold together, in words.
    why : str
    """

    table: str
    ids: tuple[str, ...]
    rules: tuple[str, ...]
    why: str


class Verdict(NamedTuple):
    """What is known of the numbers of a problem before a search: contradictions, and which rows could not be decided about."""

    contradictions: tuple[Contradiction, ...]
    undecided: tuple[tuple[str, ...], ...]


def check_numbers(problem: Problem, say: Callable[[str], None] = lambda line: None) -> None:
    """Refuse numbers of the main table, and of those that stand alone, that contradict each other.

    Parameters
    ----------
    problem : Problem
    say : callable of str
        Told which numbers are undecided: no contradiction was found, and none excluded.

    Raises
    ------
    InputError
        Naming a smallest set of rows for each contradiction found, and the assumptions that it needs.
    """
    verdict = judge_numbers(problem)
    for ids in verdict.undecided:
        say(f"undecided, as the solver reached its limit: whether {len(ids)} printed numbers are compatible ({', '.join(ids[:6])}, …)")
    faults = []
    for one in verdict.contradictions:
        place = f"rows {', '.join(one.ids)}" if one.ids else f"tables.{one.table}"
        file = problem.study.folder / ("printed.csv" if one.ids else "reconstruction.yml")
        faults.append(Fault(shorten_path(file), place, "numbers that can hold together", one.why + _with(one.rules)))
    if faults:
        raise InputError(list(dict.fromkeys(faults)))


def _with(rules: Sequence[str]) -> str:
    return f", by {'; '.join(rules)}" if rules else ""


def judge_numbers(problem: Problem) -> Verdict:
    """Contradictions of a problem's numbers, and what is undecided."""
    found: list[Contradiction] = []
    undecided: list[tuple[str, ...]] = []
    for table in problem.tables_asked():
        if problem.assumptions.timeline is not None and table == problem.main:
            found += (Contradiction(table, ids, (), why) for ids, why in _falling(problem))
        for one in _find_impossible_counts(problem, table):
            if isinstance(one, Contradiction):
                found.append(one)
            else:
                undecided.append(one)
    return Verdict(tuple(dict.fromkeys(found)), tuple(undecided))


def _falling(problem: Problem) -> Iterator[tuple[tuple[str, ...], str]]:
    """Two estimates of one curve of which the later is higher; an estimate on the wrong side of one half at the median."""
    asked = [one for one in asked_of(problem) if one.endpoint]
    for a, b in itertools.combinations(asked, 2):
        if (a.endpoint, a.group.canonical) != (b.endpoint, b.group.canonical):
            continue
        if a.kind == b.kind == "survival":
            first, then = sorted((a, b), key=lambda one: one.moment)
            if first.moment < then.moment and first.high + SLACK < then.low:
                yield (first.id, then.id), "a curve that rises"
        elif {a.kind, b.kind} == {"survival", "median"}:
            estimate, median = (a, b) if a.kind == "survival" else (b, a)
            if (estimate.moment >= median.high and estimate.low > 50 + SLACK) or (
                estimate.moment < median.low and estimate.high < 50 - SLACK
            ):
                yield (estimate.id, median.id), "an estimate on the other side of one half"


def _find_impossible_counts(problem: Problem, table: str) -> Iterator[Contradiction | tuple[str, ...]]:
    """Counts, shares and estimates that are proven impossible together, by variables that are printed together; or undecided."""
    assumed, declared = problem.assumptions.of(table), problem.study.variables[table]
    counts = of_counts(problem, table, {})
    bounds = {}
    for bound in assumed.bounds:
        for line in (
            Line(((bound.condition, 1),), bound.at_most, frozenset()),
            Line(((bound.condition, -1),), -bound.at_least, frozenset()),
        ):
            bounds[line] = f"the bound of {bound.where or 'all'} ({bound.why})"
    lines = counts + list(bounds) + of_curves(problem, table, frozenset(declared))
    rules = (*assumed.rules, *_rules_of_causes(problem, table))
    seen: set[frozenset[str]] = set()
    for names in _sets(problem, table, lines, rules):
        if any(names <= other for other in seen):
            continue
        seen.add(names)
        spoken_of = {name: declared[name] for name in declared if name in names}
        model = Combinations(spoken_of, lines, rules, problem.size(table), effort=EFFORT)
        try:
            conflict = _smallest(_of_few_variables(problem, _order(problem, model.ids), model), model)
        except Undecided:
            yield model.ids
            continue
        if conflict is not None:
            ids = tuple(id for id in model.ids if id in conflict)
            needed = _find_needed(problem, table, spoken_of, lines, rules, bounds, ids)
            yield Contradiction(table, ids, needed, "no cohort satisfies them all" if ids else "assumptions that exclude each other")


def _of_few_variables(problem: Problem, ids: Sequence[str], model: Combinations) -> list[str]:
    """The rows without those that speak of variables which the contradiction does not need: what is left is easier to follow."""
    kept = list(ids)
    if model.holds_in_fractions(kept):
        return kept
    spoken_of = {id: set(problem.condition(problem.ledger[id]).variables) for id in kept}
    for name in sorted(set().union(*spoken_of.values())):
        rest = [id for id in kept if name not in spoken_of[id]]
        if len(rest) < len(kept) and not model.holds_in_fractions(rest):
            kept = rest
    return kept


def _smallest(ids: Sequence[str], model: Combinations) -> tuple[str, ...] | None:
    """A smallest set of rows that cannot hold together: by fractions of patients where these show it, else by whole ones."""
    if not model.holds_in_fractions(ids):
        found = minimal(ids, model.holds_in_fractions)
        if found is not None and model.holds_together(found) is False:  # exactly, not within a tolerance
            return found
    return minimal(ids, model.holds_together)


def _rules_of_causes(problem: Problem, table: str) -> tuple[Rule, ...]:
    """What follows from the causes of a first event, and from an endpoint that includes the events of another.

    That a cause and what competes with it are all first events, and that what competes is the last event, is an assumption of the
    search, and no printed number contradicts another by it unless somebody declared it.
    """
    timeline = problem.assumptions.timeline
    if timeline is None or timeline.table != table:
        return ()
    endpoints, found = problem.study.endpoints, []
    if len(timeline.chain) == 2:
        first, last = (endpoints[name] for name in timeline.chain)
        found.append(Rule(when=f"{last.event}=1", then=f"{first.event}=1", why=f"an event of {last.label} is one of {first.label}"))
        for name in timeline.causes:
            one = endpoints[name]
            why = f"{one.label} and what competes with it are events of {first.label}"
            found.append(Rule(when=f"{one.event}=1", then=f"{first.event}=1 & {one.competing}=0", why=why))
            found.append(Rule(when=f"{one.competing}=1", then=f"{first.event}=1", why=why))
            if not timeline.by_default:
                why = f"{one.label} and what competes with it, an event of {last.label}, are all events of {first.label}"
                found.append(Rule(when=f"{one.competing}=1", then=f"{last.event}=1", why=why))
                found.append(Rule(when=f"{first.event}=1 & {one.event}=0", then=f"{one.competing}=1", why=why))
    return tuple(found)


def _find_needed(problem: Problem, table: str, spoken_of, lines, rules: Sequence[Rule], bounds, ids: Sequence[str]) -> tuple[str, ...]:
    """Rules and bounds without which rows could hold together, each tried in turn."""
    kept_rules, kept_bounds = list(rules), list(bounds)

    def excluded() -> bool:
        chosen = [line for line in lines if line.ids or line in kept_bounds]
        model = Combinations(spoken_of, chosen, kept_rules, problem.size(table), effort=EFFORT)
        return not model.holds_in_fractions(ids) or model.holds_together(ids) is False

    for kept, items in ((kept_rules, list(rules)), (kept_bounds, list(bounds))):
        for item in items:
            if {*spoken_of}.isdisjoint(_variables(item)):
                continue
            kept.remove(item)
            if not excluded():
                kept.append(item)
    told = [f"the rule {rule.when or 'all'} → {rule.then} ({rule.why})" for rule in kept_rules if set(_variables(rule)) <= set(spoken_of)]
    return tuple(dict.fromkeys([*told, *(bounds[line] for line in kept_bounds if line.variables <= set(spoken_of))]))


def _variables(item: Rule | Line) -> Sequence[str]:
    return item.premise.variables + item.conclusion.variables if isinstance(item, Rule) else tuple(item.variables)


def _order(problem: Problem, ids) -> list[str]:
    """Those that are left out first where others suffice: percentages, then what narrow conditions count."""
    rows = {id: problem.ledger[id] for id in ids}
    return sorted(ids, key=lambda id: (rows[id].statistic != "percent", -len(problem.condition(rows[id]).clauses)))


def _sets(problem: Problem, table: str, lines: list[Line], rules: Sequence[Rule]) -> list[frozenset[str]]:
    """Sets of variables whose lines are judged together: each line's, widened by those printed with it while combinations are few; the widest first."""
    declared = problem.study.variables[table]
    conditions = [*spoken(problem, table), *(condition for line in lines for condition, _ in line.terms)]
    size = {
        name: len(blocks_of(variable, conditions, name))
        for name, variable in declared.items()
        if _usable(variable) and (variable.type in ("category", "boolean") or are_told_apart(conditions, name))
    }
    spoken_of = [frozenset(line.variables) for line in lines] + [
        frozenset(rule.premise.variables + rule.conclusion.variables) for rule in rules
    ]
    spoken_of = [names for names in dict.fromkeys(spoken_of) if names <= set(size)]
    found = []
    for names in spoken_of or [frozenset()]:
        wide = set(names)
        for other in sorted(spoken_of, key=lambda other: (len(other - wide), sorted(other))):
            if other & wide and math.prod(size[name] for name in wide | other) <= WIDEST:
                wide |= other
        if math.prod(size[name] for name in wide) <= WIDEST:
            found.append(frozenset(wide))
    return sorted(dict.fromkeys(found), key=lambda names: (-len(names), sorted(names)))


def _usable(variable) -> bool:
    return variable.type in ("category", "boolean") or (variable.type in ("integer", "number") and variable.range is not None)

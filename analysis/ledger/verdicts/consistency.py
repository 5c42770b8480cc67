"""Printed numbers that no patients can give together, seen from the numbers alone: estimates outside their limits, curves that rise, sums."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any, NamedTuple

from scipy.stats import norm

from analysis.cohorts import conditions
from analysis.cohorts.conditions import MISSING, Clause, Condition
from analysis.cohorts.study import Study
from analysis.ledger.rows.rounding import attainable, exact, interval, states
from analysis.ledger.rows.row import Ledger, Row
from analysis.ledger.statistics import groups

IMPOSSIBLE, DOUBTFUL = "impossible", "doubtful"
_FALLING, _RISING = ("survival", "at_risk"), ("incidence", "cumulative_incidence", "events")
_PS = {
    "hazard_ratio": ("hazard_ratio_p", "logrank_p"), "stratified_hazard_ratio": ("stratified_hazard_ratio_p", "stratified_logrank_p"),
    "cox_hr": ("cox_p",), "logistic_or": ("logistic_p",), "fine_gray_hr": ("fine_gray_p",), "rate_ratio": ("rate_ratio_p",),
}  # fmt: skip
"""Ratios whose limits are normal on the log scale, with the P values that stand beside them."""
APART, PART = 0.75, 1 / 3
"""Standard errors, and share of the larger one, by which P may differ from the interval beside it: log-rank and Wald tests of small
groups, and numbers rounded twice, differ by less than one of the two."""
ACROSS = 0.5
"""The same, where the interval contains 1 and P is below its level, or the reverse."""
ASIDE = 0.2
"""Share of its half-width by which a ratio may lie beside the middle of its limits, on the log scale and beyond rounding."""


class Clash(NamedTuple):
    """Rows that clash, the rule that they break, and whether that is impossible or merely doubtful."""

    ids: tuple[str, ...]
    rule: str
    weight: str = IMPOSSIBLE


def find_clashes(study: Study, ledger: Ledger) -> tuple[Clash, ...]:
    """Clashes of a ledger's rows, context and copies left out.

    Parameters
    ----------
    study : Study
    ledger : Ledger
    """
    rows = [row for row in ledger if row.role != "context" and not row.copy_of]
    found = [one for look in (_limits, _quantiles, _curves, _medians, _shares, _levels, _parts, _p_values) for one in look(study, rows)]
    return tuple(dict.fromkeys(found))


def _who(study: Study, row: Row) -> str:
    return (study.populations[row.population].condition & row.subset).canonical


def _table(study: Study, row: Row) -> str:
    return study.populations[row.population].table


def _key(study: Study, row: Row, *left_out: str) -> tuple[Any, ...]:
    """What two rows must share to speak of the same patients and the same question."""
    arguments = tuple(sorted((key, value) for key, value in row.arguments.items() if key not in (*left_out, "level")))
    return _table(study, row), _who(study, row), arguments


def _ends(row: Row) -> tuple[Fraction, Fraction]:
    """What rounds to a printed number; of a bound, and of *almost*, everything."""
    if row.value.relation != "=":
        return Fraction(-(10**12)), Fraction(10**12)
    value = Fraction(row.value.value)
    return (value, value) if row.registered.kind == "exact" else attainable(row.value)


def _above(first: Row, second: Row) -> bool:
    """Whether a number is larger than another, however both were rounded."""
    return _ends(first)[0] > _ends(second)[1]


def _limits(study: Study, rows: Sequence[Row]) -> Iterator[Clash]:
    by = {(row.statistic, *_key(study, row)): row for row in rows}
    for (statistic, *key), row in by.items():
        for ending, sign in (("_lower", 1), ("_upper", -1)):
            name = next((one for one in (f"{statistic}{ending}", f"{_stem(statistic)}{ending}") if (one, *key) in by), None)
            limit = by[name, *key] if name else None
            if limit and (_above(limit, row) if sign > 0 else _above(row, limit)):
                yield Clash((row.id, limit.id), f"an estimate lies {'above its lower' if sign > 0 else 'below its upper'} limit")


def _stem(statistic: str) -> str:
    return statistic.removesuffix("_hr").removesuffix("_or")


def _quantiles(study: Study, rows: Sequence[Row]) -> Iterator[Clash]:
    at = {"minimum": 0.0, "median": 50.0, "maximum": 100.0}
    ordered: dict[tuple[Any, ...], list[tuple[float, Row]]] = defaultdict(list)
    for row in rows:
        if row.statistic in at or row.statistic == "quantile":
            ordered[_key(study, row, "share")].append((at[row.statistic] if row.statistic in at else float(row.arguments["share"]), row))
        if row.statistic in ("follow_up_median", "follow_up_quantile", "follow_up_minimum", "follow_up_maximum"):
            share = {"follow_up_minimum": 0.0, "follow_up_median": 50.0, "follow_up_maximum": 100.0}.get(row.statistic)
            ordered["follow-up", *_key(study, row, "share")].append((float(row.arguments["share"]) if share is None else share, row))
    for (first_key, *_), one in ordered.items():
        # follow-up may be summarised over all, over survivors and by the reverse method in one sentence
        weight = DOUBTFUL if first_key == "follow-up" else IMPOSSIBLE
        for (low, first), (high, second) in combinations(sorted(one, key=lambda pair: pair[0]), 2):
            if low < high and _above(first, second):
                yield Clash((first.id, second.id), "minimum, quartiles, median and maximum ascend", weight)


def _curves(study: Study, rows: Sequence[Row]) -> Iterator[Clash]:
    curves: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row.statistic in _FALLING + _RISING and "time" in row.arguments:
            curves[row.statistic, *_key(study, row, "time")].append(row)
    sizes = _sizes(study, rows)
    for (statistic, *_), one in curves.items():
        for first, then in pairwise(sorted(one, key=lambda row: float(row.arguments["time"]))):
            falls = statistic in _FALLING
            if float(first.arguments["time"]) < float(then.arguments["time"]) and (_above(then, first) if falls else _above(first, then)):
                words = {"survival": "survival never rises", "at_risk": "numbers at risk never rise"}.get(
                    statistic, "events and incidences never fall"
                )
                yield Clash((first.id, then.id), words)
    for row in rows:
        size = sizes.get((_table(study, row), _who(study, row)))
        if size and row.statistic in ("at_risk", "events") and _above(row, size):
            yield Clash((row.id, size.id), "no more patients have an event, or are at risk, than there are")


def _medians(study: Study, rows: Sequence[Row]) -> Iterator[Clash]:
    medians = {_key(study, row): row for row in rows if row.statistic == "survival_median"}
    for row in rows:
        median = medians.get(_key(study, row, "time"))
        if row.statistic != "survival" or median is None:
            continue
        time, (low, high), (least, most) = Fraction(row.arguments["time"]), _ends(median), _ends(row)
        if (time > high and least > 50) or (time < low and most < 50):
            yield Clash((row.id, median.id), "survival is above one half before the median, and not afterwards")


def _sizes(study: Study, rows: Sequence[Row]) -> dict[tuple[str, str], Row]:
    """Rows that count patients, by their condition; where several do, none is in doubt here."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row.statistic == "count" and row.value.relation == "=":
            found.setdefault((_table(study, row), _who(study, row)), row)
    return found


def _shares(study: Study, rows: Sequence[Row]) -> Iterator[Clash]:
    """Percentages beside a count and a denominator that are printed anywhere; those with ``from`` are judged by that."""
    sizes = _sizes(study, rows)
    for row in rows:
        if row.statistic != "percent" or row.sources is not None or row.value.relation != "=":
            continue
        table = _table(study, row)
        part, whole = sizes.get((table, _who(study, row))), sizes.get((table, study.populations[row.population].condition.canonical))
        if part and whole and whole.value.value:
            share = exact(100 * Fraction(part.value.value) / Fraction(whole.value.value))
            if not any(states(row.value, share, rule) for rule in row.rules):
                yield Clash((row.id, part.id, whole.id), f"a percentage is its count over its denominator, here {float(share):.4g}%")


def _levels(study: Study, rows: Sequence[Row]) -> Iterator[Clash]:
    """Counts of the levels of a variable, all of which are printed, beside the patients that they divide."""
    sizes = _sizes(study, rows)
    levels: dict[tuple[str, str, str], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if row.statistic == "count" and len(row.subset.clauses) == 1 and row.value.relation == "=":
            (clause,) = row.subset.clauses
            if clause.comparison == "=" and len(clause.values) == 1:
                whole = study.populations[row.population].condition.canonical
                levels[_table(study, row), whole, clause.variable].setdefault(clause.values[0], row)
    for (table, whole, name), counted in levels.items():
        variable, size = study.variables[table][name], sizes.get((table, whole))
        names = groups.levels_of(variable) if variable.type in ("category", "boolean") else ()
        known = sizes.get((table, (conditions.parse(whole) & conditions.parse(f"{name}!=?")).canonical))
        if size is None or not names or not set(names) <= set(counted):
            continue
        if known is not None and MISSING not in counted:
            size = known
        parts = [counted[level] for level in (*names, MISSING) if level in counted]
        total, printed = sum(int(part.value.value) for part in parts), int(size.value.value)
        complete = MISSING in counted or not variable.missing or size is known
        if total > printed or (complete and total != printed):
            yield Clash((*(part.id for part in parts), size.id), f"the levels of {name} count {total} of {printed} patients")


def _parts(study: Study, rows: Sequence[Row]) -> Iterator[Clash]:
    """Two counts of patients who cannot be the same, each among those of a third count, and together more than it."""
    counted: dict[str, dict[str, tuple[Condition, int, Row]]] = defaultdict(dict)
    for row in rows:
        if row.value.relation == "=" and (row.statistic == "count" or (row.statistic == "events" and "time" not in row.arguments)):
            condition = study.populations[row.population].condition & row.subset
            if row.statistic == "events":
                condition &= conditions.parse(f"{study.endpoints[row.arguments['endpoint']].event}=1")
            counted[_table(study, row)].setdefault(condition.canonical, (condition, int(row.value.value), row))
    for known in counted.values():
        for whole, size, row in known.values():
            inside = [one for one in known.values() if one[2] is not row and _is_part(one[0], whole)]
            inside.sort(key=lambda one: -one[1])
            for position, (first, number, one) in enumerate(inside):
                if number > size:
                    yield Clash((one.id, row.id), f"of {size} patients no part is larger")
                for second, others, other in inside[position + 1 :]:
                    if number + others <= size:
                        break
                    if number <= size and _are_apart(first, second):
                        yield Clash(
                            (one.id, other.id, row.id),
                            f"of {size} patients, two parts without a patient in common are not {number + others}",
                        )


def _is_part(narrow: Condition, wide: Condition) -> bool:
    """Whether everybody who meets a condition meets another, as its clauses say."""
    return all(any(_implies(one, clause) for one in narrow.clauses) for clause in wide.clauses)


def _implies(one: Clause, other: Clause) -> bool:
    if one == other:
        return True
    equal = one.variable == other.variable and one.comparison == other.comparison == "="
    return equal and set(one.values) <= set(other.values)


def _are_apart(first: Condition, second: Condition) -> bool:
    """Whether nobody meets both, as a clause of each says."""
    return any(_excludes(one, other) or _excludes(other, one) for one in first.clauses for other in second.clauses)


def _excludes(one: Clause, other: Clause) -> bool:
    if one.variable != other.variable:
        return False
    if one.comparison == "=":
        values = set(one.values)
        return (other.comparison == "=" and values.isdisjoint(other.values)) or (other.comparison == "!=" and values <= set(other.values))
    return (one.comparison, other.comparison) in (("<", ">="), ("<=", ">")) and one.values == other.values


def _p_values(study: Study, rows: Sequence[Row]) -> Iterator[Clash]:
    """Ratios beside the middle of their limits, and P values far from what the limits say."""
    by = {(row.statistic, *_key(study, row)): row for row in rows}
    for (statistic, *key), row in by.items():
        if statistic not in _PS:
            continue
        lower, upper = (by.get((f"{stem}_{end}", *key)) for end, stem in _ends_of(statistic, key, by))
        if (
            lower is None
            or upper is None
            or lower.level != upper.level
            or any(one.value.relation != "=" or _ends(one)[0] <= 0 for one in (row, lower, upper))
        ):
            continue
        if _above(lower, row) or _above(row, upper):
            continue
        (middle, slack), half = _log(row), (_log(upper)[0] - _log(lower)[0]) / 2
        z = norm.isf((1 - lower.level) / 2)
        off = abs(middle - (_log(lower)[0] + _log(upper)[0]) / 2) - slack - (_log(lower)[1] + _log(upper)[1]) / 2
        if half <= 0 or off > ASIDE * half:
            yield Clash((row.id, lower.id, upper.id), "a ratio lies in the middle of its limits, on the log scale", DOUBTFUL)
            continue
        for name in _PS[statistic]:
            p = by.get((name, *key))
            if p is not None and _far(p, abs(middle) * z / half, (slack + half * 0.02) * z / half, float(z)):
                yield Clash((p.id, row.id, lower.id, upper.id), "P agrees with the interval beside it", DOUBTFUL)


def _ends_of(statistic: str, key: Sequence[Any], by: dict[tuple[Any, ...], Row]) -> list[tuple[str, str]]:
    stem = statistic if (f"{statistic}_lower", *key) in by else _stem(statistic)
    return [("lower", stem), ("upper", stem)]


def _log(row: Row) -> tuple[float, float]:
    """Logarithm of a printed ratio, and by how much rounding may have moved it."""
    low, high = (math.log(float(end)) for end in _ends(row))
    return math.log(float(row.value.value)), (high - low) / 2


def _far(p: Row, z: float, slack: float, level: float) -> bool:
    """Whether P, however it was rounded, is that of a quantile far from `z`: less far where only one of the two is beyond that of the limits' level."""
    low, high = (min(max(float(end), 1e-300), 1.0) for end in interval(p.value))
    strongest, weakest = _quantile(low), _quantile(high)
    gap, larger = (z - slack - strongest, z) if z > strongest else (weakest - z - slack, weakest)
    divided = z + slack < level < weakest or strongest < level < z - slack
    return gap > (ACROSS if divided else max(APART, PART * larger))


def _quantile(p: float) -> float:
    return float(norm.isf(p / 2))

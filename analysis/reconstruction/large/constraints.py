"""What a printed number asks of a cohort, said once: solver, search, proofs and checks can take these.

A constraint has the number's kind, whom it speaks of, and the interval of values that give the printed digits.
A complement (incidence) is turned into the survival that it complements, so that each quantity has one kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from analysis.cohorts.conditions import Clause, Condition
from analysis.ledger.rows.allowed import Allowed, find_allowed
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics import groups
from analysis.reconstruction.problem.problem import Problem, is_usual

#: Kind and unit of each statistic that has a constraint.
KINDS: Mapping[str, tuple[str, str]] = {
    "count": ("count", "patients"),
    "percent": ("share", "percent"),
    "survival": ("survival", "percent"),
    "survival_se": ("survival error", "percent"),
    "survival_lower": ("survival lower", "percent"),
    "survival_upper": ("survival upper", "percent"),
    "incidence": ("survival", "percent"),
    "incidence_se": ("survival error", "percent"),
    "incidence_lower": ("survival upper", "percent"),
    "incidence_upper": ("survival lower", "percent"),
    "cumulative_incidence": ("cumulative incidence", "percent"),
    "survival_median": ("median", "months"),
    "survival_median_lower": ("median lower", "months"),
    "survival_median_upper": ("median upper", "months"),
    "survival_quantile": ("quantile", "months"),
    "rmst": ("mean", "months"),
    "follow_up_median": ("follow-up median", "months"),
    "follow_up_median_lower": ("follow-up median lower", "months"),
    "follow_up_median_upper": ("follow-up median upper", "months"),
    "follow_up_minimum": ("follow-up minimum", "months"),
    "follow_up_maximum": ("follow-up maximum", "months"),
    "logrank_p": ("P", "P"),
    "hazard_ratio_p": ("P", "P"),
    "hazard_ratio": ("ratio", "ratio"),
    "hazard_ratio_lower": ("ratio lower", "ratio"),
    "hazard_ratio_upper": ("ratio upper", "ratio"),
}
#: Kinds that compare two groups.
COMPARED = ("P", "ratio", "ratio lower", "ratio upper")


@dataclass(frozen=True)
class Constraint:
    """What one printed number asks.

    Attributes
    ----------
    id, result : str
        Of the ledger's row; rows of one result are printed together.
    kind, unit : str
        See `KINDS`.
    table : str
    group, base : Condition
        Whom the number speaks of; of a share, of whom it is one.
    sides : tuple of Condition
        The two groups compared, the first over the second; empty for other kinds.
    endpoint : str
        Empty for counts.
    time : float or None
        Months at which a curve is read.
    height : float
        Percent to which a curve comes down at the time that is printed.
    allowed : Allowed
        Values that give the printed digits.
    """

    id: str
    result: str
    kind: str
    unit: str
    table: str
    group: Condition
    base: Condition
    sides: tuple[Condition, ...]
    endpoint: str
    time: float | None
    height: float
    allowed: Allowed

    @property
    def moment(self) -> float:
        """Time of a kind that has one.

        Raises
        ------
        ValueError
            For any other kind.
        """
        if self.time is None:
            raise ValueError(f"{self.id}: expected a time, found none")
        return self.time

    @property
    def low(self) -> float:
        """Least value that a search may end with."""
        return self.allowed.inside()[0]

    @property
    def high(self) -> float:
        """Greatest value that a search may end with."""
        return self.allowed.inside()[1]


def of(problem: Problem, row: Row) -> Constraint | None:
    """The constraint of a row; None if its statistic has none, or compares other than two groups, or is printed in a way that searches do not know."""
    if row.statistic not in KINDS or not is_usual(row):
        return None
    kind, unit = KINDS[row.statistic]
    sides = sides_of(problem, row) if kind in COMPARED else ()
    if kind in COMPARED and len(sides) != 2:
        return None
    time = row.arguments.get("time")
    return Constraint(
        row.id, row.result, kind, unit, problem.table(row), problem.condition(row), problem.base(row), sides,
        row.arguments.get("endpoint", ""), None if time is None else float(time), 100 - float(row.arguments.get("share", 50)), _allowed(row, kind),
    )  # fmt: skip


def sides_of(problem: Problem, row: Row) -> tuple[Condition, ...]:
    """Conditions of the groups that a row compares, in its order."""
    by = row.arguments["by"]
    declared = problem.study.variables[problem.table(row)][by]
    items = groups.names(row.arguments["groups"]) if "groups" in row.arguments else groups.levels_of(declared)
    return tuple(problem.condition(row) & Condition((Clause(by, "=", groups.merge_levels(item, declared)),)) for item in items)


def _allowed(row: Row, kind: str) -> Allowed:
    if kind == "count" and row.value.relation == "=":
        value = Fraction(row.value.value)
        return Allowed(value, value, True, True, Fraction(1))
    if kind in ("count", "share"):
        return find_allowed(row.value)
    found = find_allowed(row.value, row.rules)
    return found.complement() if row.statistic in ("incidence", "incidence_lower", "incidence_upper") else found

"""The problem of one study: its imposed rows, sorted by what they constrain."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from analysis.cohorts import conditions
from analysis.cohorts.conditions import MISSING, Clause, Condition
from analysis.cohorts.populations import AND
from analysis.cohorts.study import Study, read_study
from analysis.errors import Fault, InputError
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.rows.rounding import interval
from analysis.ledger.rows.row import Ledger, Row
from analysis.ledger.statistics import groups
from analysis.paths import shorten_path
from analysis.reconstruction.problem.assumptions import Assumptions, read_assumptions
from analysis.reconstruction.problem.digitised import DigitisedCurve
from analysis.reconstruction.problem.linked import Linked
from analysis.reconstruction.problem.timeline_assumptions import Timeline

#: Confidence level of the limits that searches know.
USUAL = 0.95
#: Statistics that are linear in "how many rows meet …".
COUNTS = ("count", "percent")
CURVES = ("survival", "survival_se", "survival_lower", "survival_upper", "incidence", "incidence_se", "incidence_lower", "incidence_upper")
FOLLOW_UP = ("follow_up_median", "follow_up_minimum", "follow_up_maximum")
SUMMARIES = ("mean", "sd", "median", "minimum", "maximum", "quantile")


@dataclass(frozen=True)
class Problem:
    """A study, its ledger and its assumptions.

    Attributes
    ----------
    excluded : frozenset of str
        Ids of imposed rows left out on purpose (a reading, a held-out family).
    digitised : tuple of DigitisedCurve
        Curves read off figures, if any are declared.
    patterns : dict of str to int
        For each order of events, which of its patterns a start follows (`following`); none for a problem at large.
    """

    study: Study
    ledger: Ledger
    assumptions: Assumptions
    excluded: frozenset[str] = frozenset()
    digitised: tuple[DigitisedCurve, ...] = ()
    patterns: dict[str, int] = field(default_factory=dict)

    @cached_property
    def imposed(self) -> tuple[Row, ...]:
        """Rows that constrain a cohort, as counts, shares and pairs of patients where they are such.  Copies constrain nothing new."""
        return tuple(
            _as_pair(self.study, _as_share(self.study, _as_count(self.study, row)))
            for row in self.ledger
            if row.role == "imposed" and not row.copy_of and row.id not in self.excluded and row.id not in self.assumptions.set_aside
        )

    @property
    def timeline(self) -> Timeline:
        """Times of the main table.

        Raises
        ------
        ValueError
            If none are declared and none follow from the ledger, as where cases are linked into a registry.
        """
        if self.assumptions.timeline is None:
            raise ValueError("expected a study with a timeline, found none")
        return self.assumptions.timeline

    @property
    def linked(self) -> Linked:
        """How cases are linked into a registry.

        Raises
        ------
        ValueError
            If they are not.
        """
        if self.assumptions.linked is None:
            raise ValueError("expected cases linked into a registry, found none")
        return self.assumptions.linked

    @property
    def main(self) -> str:
        """Name of the table whose times are searched."""
        linked = self.assumptions.linked
        return linked.cases if linked else self.timeline.table

    def only(self, ids) -> Problem:
        """The same problem with no other imposed rows than these."""
        kept = set(ids)
        return replace(self, excluded=self.excluded | {row.id for row in self.ledger if row.id not in kept})

    def following(self, number: int, but: Container[str] = ()) -> Problem:
        """The problem with one pattern for each order of events: successive numbers run through all combinations.

        Rows that cannot hold in a pattern are left out.

        Parameters
        ----------
        number : int
        but : container of str
            Ids of orders that are not followed.
        """
        orders = self.assumptions.timeline.orders if self.assumptions.timeline else ()
        patterns, given_up = {}, set()
        for order in (order for order in orders if order.id not in but):
            number, patterns[order.id] = divmod(number, len(order.patterns))
            given_up |= set(order.patterns[patterns[order.id]].gives_up)
        return replace(self, excluded=self.excluded | given_up, patterns=patterns)

    def rows(self, table: str, *statistics: str) -> Iterator[Row]:
        """Imposed rows of a table with one of the statistics; those printed in a way that searches do not know are left out."""
        return (row for row in self.imposed if row.statistic in statistics and self.table(row) == table and is_usual(row))

    def table(self, row: Row) -> str:
        return self.study.populations[row.population].table

    def tables_asked(self) -> list[str]:
        """Tables of which an imposed row speaks and that are no part of another."""
        spoken_of = {self.table(row) for row in self.imposed}
        return [table for table in self.study.tables if table in spoken_of and not self.assumptions.of(table).parent]

    def base(self, row: Row) -> Condition:
        """Who is counted in the denominator."""
        return self.study.populations[row.population].condition

    def condition(self, row: Row) -> Condition:
        """Who is counted: the population's condition and the subset's."""
        return self.base(row) & row.subset

    def size(self, table: str) -> int:
        """Rows of a table, from the count of its whole population.

        Raises
        ------
        InputError
            If no row of the ledger counts them.
        """
        for row in self.ledger:
            if row.role == "imposed" and row.statistic == "count" and self.table(row) == table and not self.condition(row).clauses:
                return int(row.value.value)
        expected = f"an imposed row that counts everybody of table {table!r}: statistic count, a population without where, no subset"
        raise InputError(Fault(shorten_path(self.study.folder / "printed.csv"), "file", expected, "none"))


def is_usual(row: Row) -> bool:
    """Whether searches know how a row's number is printed: limits of 95 %, ratios for one unit of their term, each row by itself."""
    return (
        row.level == USUAL and "cluster" not in row.arguments and ("per" not in row.arguments or not row.statistic.startswith("logistic"))
    )


def _as_count(study: Study, row: Row) -> Row:
    """Events of an endpoint, or its number at risk, as the count of those who have such a time and event; other rows as they are."""
    if row.statistic not in ("events", "at_risk"):
        return row
    endpoint, at = study.endpoints[row.arguments["endpoint"]], row.arguments.get("time", "")
    clauses = [Clause(endpoint.event, "=", ("1",))] if row.statistic == "events" else []
    clauses += [Clause(endpoint.time, "<=" if row.statistic == "events" else ">=", (at,))] if at else []
    return replace(row, statistic="count", arguments={}, subset=row.subset & Condition(tuple(clauses)))


_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def _as_share(study: Study, row: Row) -> Row:
    """A sensitivity, specificity or predictive value as the share of patients that it is; other rows, and tests of two conditions, as they are."""
    if row.statistic not in ("sensitivity", "specificity", "positive_predictive_value", "negative_predictive_value"):
        return row
    if len(row.subset.clauses) != 1:
        return row
    (test,) = row.subset.clauses
    missing = study.variables[study.populations[row.population].table][test.variable].missing
    known = (Clause(test.variable, "!=", (MISSING,)),) if missing and MISSING not in test.values else ()
    ill = row.statistic in ("sensitivity", "positive_predictive_value")
    found = test if ill else Clause(test.variable, _OPPOSITE[test.comparison], test.values)
    disease = Clause(row.arguments["outcome"], "=", ("1" if ill else "0",))
    whole, part = (disease, found) if row.statistic in ("sensitivity", "specificity") else (found, disease)
    base = AND.join([row.population, str(Condition((whole, *known)))])
    return replace(row, statistic="percent", arguments={}, population=base, subset=Condition((part,)))


def _as_pair(study: Study, row: Row) -> Row:
    """A Cox model's ratio of one condition alone, or a limit of it, as the ratio of two groups that it is; other rows as they are.

    Only where the paper's ratios of two groups are those of Cox models too: the search knows one way for all.
    """
    statistic = {"cox_hr": "hazard_ratio", "cox_lower": "hazard_ratio_lower", "cox_upper": "hazard_ratio_upper"}.get(row.statistic)
    covariates = groups.names(row.arguments["covariates"]) if statistic else ()
    if statistic is None or len(covariates) != 1 or "per" in row.arguments:
        return row
    ratios, ties = study.named_conventions("hazard_ratio"), study.named_conventions(row.statistic)
    if not ratios or not set(ratios) <= {f"cox-{one}" for one in ties}:
        return row
    declared = study.variables[study.populations[row.population].table]
    asked = conditions.parse(covariates[0]) if set(covariates[0]) & set("=<>") else Condition()
    if covariates[0] in declared and declared[covariates[0]].type == "boolean":
        asked = Condition((Clause(covariates[0], "=", ("1",)),))
    if len(asked.clauses) != 1 or asked.clauses[0].comparison != "=" or MISSING in asked.clauses[0].values:
        return row
    (clause,) = asked.clauses
    others = [level for level in groups.levels_of(declared[clause.variable]) if level not in clause.values]
    sides = "+".join(clause.values), "+".join(others)
    if not others or declared[clause.variable].type not in ("category", "boolean") or any("+" in one for one in (*clause.values, *others)):
        return row
    arguments = {name: value for name, value in row.arguments.items() if name not in ("covariates", "term")}
    return replace(row, statistic=statistic, arguments={**arguments, "by": clause.variable, "groups": ",".join(sides)})


def linear(row: Row) -> tuple[int, int, int]:
    """Bounds of a count or percentage as whole numbers (scale, low, high).

    A count must lie between low and high; a percentage asks
    ``low × denominator ≤ scale × 100 × numerator ≤ high × denominator``.
    """
    if row.statistic == "count" and row.value.relation == "=":
        value = int(row.value.value)
        return 1, value, value
    low, high = interval(row.value)
    scale = 2 * 10 ** (row.value.decimals + 1)
    return scale, round(low * scale), round(high * scale)


def read_problem(slug, excluded=frozenset()) -> Problem:
    """The problem of a study by its slug or folder."""
    from analysis.reconstruction.problem.digitised_files import read_curves  # which looks at printed curves, too

    study = read_study(slug)
    ledger = read_ledger(study)
    assumptions = read_assumptions(study, ledger)
    return Problem(study, ledger, assumptions, frozenset(excluded), read_curves(study, ledger, assumptions))

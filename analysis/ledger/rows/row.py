"""One printed number, and the ledger that holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from analysis.cohorts.conditions import Condition
from analysis.cohorts.study import Study
from analysis.ledger.rows.expressions import Sources
from analysis.ledger.rows.printed import Printed
from analysis.ledger.rows.rounding import RULES, Rule
from analysis.ledger.statistics import REGISTRY, Statistic
from analysis.ledger.statistics.registry import level_of

COLUMNS = (
    "id",
    "source",
    "quantity",
    "population",
    "subset",
    "statistic",
    "arguments",
    "printed",
    "role",
    "from",
    "copy_of",
    "result",
    "note",
)


@dataclass(frozen=True)
class Row:
    """One printed number.

    Attributes
    ----------
    id, source, quantity, population, statistic, role, copy_of, note : str
        As in the ledger; `copy_of` empty unless the number repeats another one.
    result : str
        Id of the first row of the result that the number is printed in: an estimate with its limits and P, a
        count with its percentage and denominator; its own id where it is printed alone.
    subset : Condition
    arguments : mapping of str to str
    printed : str
        The characters as printed.
    value : Printed
    sources : Sources or None
        The ledger's ``from``.
    line : int
        Line in the file.
    rounding : tuple of Rule, optional
        Rules by which the paper rounded such numbers (`analysis.ledger.rows.programs.find_rules`); any of its kind if left out.
    """

    id: str
    source: str
    quantity: str
    population: str
    subset: Condition
    statistic: str
    arguments: Mapping[str, str]
    printed: str
    role: str
    sources: Sources | None
    copy_of: str
    note: str
    value: Printed
    line: int
    result: str
    rounding: tuple[Rule, ...] = ()

    @property
    def registered(self) -> Statistic:
        return REGISTRY[self.statistic]

    @property
    def level(self) -> float:
        """Confidence level of a limit, as a share of 1: 0.95 unless its arguments say otherwise."""
        return level_of(self.arguments)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Rounding rules under which a value may be what is printed: for a search as for the audit."""
        return self.rounding or RULES[self.registered.kind]


Cell = TypeVar("Cell")


def group_by_result(cells: Iterable[Cell], row_of: Callable[[Cell], Row]) -> dict[str, tuple[Cell, ...]]:
    """Join what is printed together, by the id of the result, in the order in which results begin.

    Parameters
    ----------
    cells : iterable
        Rows, or whatever is known of one each.
    row_of : callable
        The row of a cell.
    """
    joined: dict[str, list[Cell]] = {}
    for cell in cells:
        joined.setdefault(row_of(cell).result, []).append(cell)
    return {name: tuple(found) for name, found in joined.items()}


@dataclass(frozen=True)
class Ledger:
    """The printed numbers of a study, in the order of the file."""

    study: Study
    rows: tuple[Row, ...]
    header: tuple[str, ...] = field(default=COLUMNS, repr=False)

    @cached_property
    def _by_id(self) -> dict[str, Row]:
        return {row.id: row for row in self.rows}

    def __getitem__(self, id: str) -> Row:
        return self._by_id[id]

    @cached_property
    def results(self) -> dict[str, tuple[Row, ...]]:
        """Rows printed together, by the id of the first; context, which nothing judges, is left out."""
        return group_by_result((row for row in self.rows if row.role != "context"), lambda row: row)

    def __contains__(self, id: str) -> bool:
        return id in self._by_id

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

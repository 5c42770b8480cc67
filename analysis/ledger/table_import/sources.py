"""What the numbers of a printed table follow from: its own counts and means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.cohorts.study import Study
from analysis.ledger.table_import.cells import read_cell
from analysis.ledger.table_import.forms import divide, is_counted
from analysis.ledger.table_import.labels import Column
from analysis.ledger.table_import.rows import TableRow

KNOWN = "!=?"
"""Level of a column that counts those whose value is known."""


@dataclass(frozen=True)
class Sources:
    """Columns and rows of a table that have been read, for the ``from`` of its rows.

    `totals` has the id of the patients of each column, where the table prints them.
    """

    study: Study
    table: str
    columns: Sequence[Column]
    rows: Sequence[TableRow]
    totals: Mapping[str, str]

    def groups(self, column: Column | None = None) -> list[Column]:
        """Columns of groups, those of a part of the patients, but one."""
        return [one for one in self.columns if one.is_group and one is not column and self.study.populations[one.population].where]

    def of_share(self, row: TableRow, column: Column, unknown: str = "") -> str:
        """Count and denominator of a percentage; of the denominator, `unknown` is the id of those whose value is not known."""
        ids = row.ids[column.slug]
        total = ids.get("of") or self._whole(row, column)
        return f"{ids['n']} ; {total}{f' - {unknown}' if unknown else ''}" if total else ""

    def _whole(self, row: TableRow, column: Column) -> str:
        """Id of the patients of whom a column counts some: those of its population, those of the row, or those whose value is known."""
        same = [one for one in self.columns if one.population == column.population and not one.statistic]
        if column.is_group:
            return self.totals.get(column.slug, "")
        wholes = [one for one in same if (one.level == KNOWN if column.level else one.is_group)]
        found = next((row.ids[one.slug]["n"] for one in wholes if "n" in row.ids.get(one.slug, ())), "")
        return found or (
            "" if column.counted and row.meaning.subset else next((self.totals[one.slug] for one in same if one.slug in self.totals), "")
        )

    def is_of_known(self, column: Column) -> bool:
        """Whether a column of levels stands beside one that counts those whose value is known."""
        return any(one.level == KNOWN and one.population == column.population for one in self.columns)

    def of_count(self, row: TableRow, column: Column) -> str:
        """The groups of a total, where they divide its patients and all print counts."""
        groups = self.groups(column)
        if (
            not column.is_group
            or self.study.populations[column.population].where
            or not divide(self.study, [one.population for one in groups])
        ):
            return ""
        try:
            counted = all(is_counted(read_cell(row.line.cells[self.columns.index(one)])) for one in groups)
        except ValueError:  # told where that cell is read
            return ""
        return " + ".join(f"{self.table}.{row.key}.{one.slug}.n" for one in groups) if counted else ""

    def of_comparison(self, row: TableRow, column: Column) -> str:
        """Counts, or means, of at least two groups that a P value follows from."""
        slugs = [one.slug for one in self.groups()]
        if len(slugs) < 2:
            return ""
        if column.statistic == "t_test_p" and all({"mean", "sd"} <= set(row.ids.get(slug, ())) and slug in self.totals for slug in slugs):
            return " | ".join(f"{row.ids[slug]['mean']} ; {row.ids[slug]['sd']} ; {self.totals[slug]}" for slug in slugs)
        if column.statistic != "contingency_p":
            return ""
        below = [one for one in self.rows if one.above and one.key.startswith(f"{row.key}.") and not one.meaning.subset.endswith("=?")]
        if len(below) > 1 and all("n" in one.ids.get(slug, ()) for one in below for slug in slugs):
            return " | ".join(" ; ".join(one.ids[slug]["n"] for slug in slugs) for one in below)
        wholes = [row.ids.get(slug, {}).get("of") or self.totals.get(slug) for slug in slugs]
        if not below and all(wholes) and all("n" in row.ids.get(slug, ()) for slug in slugs):
            yes = [row.ids[slug]["n"] for slug in slugs]
            return f"{' ; '.join(yes)} | {' ; '.join(f'{whole} - {id}' for whole, id in zip(wholes, yes, strict=True))}"
        return ""

"""Who the patients are: findings by patient and by group, and response of those with each."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from IPython.display import HTML

from analysis.cohorts import conditions
from analysis.errors import Undefined
from analysis.estimators.ensemble_range import Sampled
from analysis.estimators.group_tests.proportions import interval
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.plots.group_shares import COLUMNS, NUMBERS, group_shares_figure
from analysis.figures.plots.landscape import landscape_figure
from analysis.ledger.registers import register_entries
from analysis.pages.guards import where_it_applies
from analysis.pages.section import Section, figure, table
from analysis.tables.estimates import Result, not_estimable
from analysis.tables.html.formatting import format_plain
from analysis.tables.html.view import View
from analysis.tables.range_sentences import across


class Patients(Section):
    """Figures of patients rather than of estimates."""

    @figure
    @where_it_applies
    def landscape(
        self,
        findings: Mapping[str, tuple[str, ...]],
        *,
        by: str,
        title: str,
        strips: Mapping[str, str] | None = None,
        population: str = "all",
        caption: str = "",
        name: str | None = None,
    ) -> PairedFigure | HTML:
        """Who has which finding, one column a patient, in groups.

        Parameters
        ----------
        findings : mapping of label to (condition, kind) or (condition, kind, frequency)
            E.g. ``{"WT1": ("wt1=1", "mutation", "{res.mut.wt1.pct}")}``: the frequency as printed, with ledger ids in braces.
        by : str
            Category that groups the columns; the order of its levels is that of the groups.
        title, caption, population, name : str
        strips : mapping of label to condition, optional
            Marks above the rows.
        """
        table = self.page.opened.study.populations[population].table
        levels = self.page.opened.study.variables[table][by].levels
        frame = self.page.rows_of(population)
        frame = frame[frame[by].notna()]
        frame = frame.iloc[frame[by].map(levels.index).argsort(kind="stable")]
        flags = pd.DataFrame({label: self.page.met(frame, where) for label, (where, *_) in findings.items()})
        kinds = {label: kind for label, (_, kind, *_) in findings.items()}
        ledger = self.page.opened.ledger
        written = {
            label: register_entries.PLACEHOLDER.sub(lambda id: format_plain(ledger[id[1]].value), told[0])
            for label, (_, _, *told) in findings.items()
            if told
        }
        marks = {label: self.page.met(frame, where) for label, where in (strips or {}).items()}
        return landscape_figure(
            flags,
            frame[by].tolist(),
            kinds,
            title=title,
            strips=marks,
            printed=written if self.page.compared else None,
            reconstructed=not self.page.own,
            caption=caption,
            name=name,
            unit=self.page.unit_of(population),
        )

    @figure
    @where_it_applies
    def findings_by_group(
        self,
        findings: Mapping[str, str | tuple[str, ...]],
        *,
        by: str,
        title: str,
        population: str = "all",
        caption: str = "",
        name: str | None = None,
    ) -> PairedFigure | HTML:
        """How many patients of each group, of those examined, have each finding, with the range over the cohorts.

        Parameters
        ----------
        findings : mapping of label to condition
            Or to what `landscape` takes.
        by : str
            Category whose levels are the groups; a level without patients in the reference cohort is left out.
        title, caption, population, name : str
        """
        wanted = {label: told if isinstance(told, str) else told[0] for label, told in findings.items()}
        levels = self.page.opened.study.variables[self.page.opened.study.populations[population].table][by].levels
        found = {
            level: self.page.over(lambda frame, level=level: self._counts(frame[frame[by] == level], wanted), population)
            for level in levels
            if (self.page.rows_of(population)[by] == level).any()
        }
        if not found:
            raise Undefined(f"no patient has a known {by}")
        rows = [
            (label, level, *(end for number in NUMBERS for end in _ends(values[f"{number} {label}"])))
            for label in wanted
            for level, values in found.items()
        ]
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        members = max(value.members for values in found.values() for value in values.values())
        return group_shares_figure(frame, title=title, members=members, reconstructed=not self.page.own, caption=caption, name=name)

    def _counts(self, frame: pd.DataFrame, wanted: Mapping[str, str]) -> dict[str, float]:
        if not len(frame):
            raise Undefined("the group has no patients")
        counts: dict[str, float] = {}
        for label, where in wanted.items():
            met = self.page.met(frame, where)
            known = met | frame[sorted(conditions.parse(where).variables)].notna().all(axis=1).to_numpy()
            count, examined = int(met.sum()), int(known.sum())
            share = 100 * count / examined if examined else float("nan")
            counts |= {f"examined {label}": examined, f"count {label}": count, f"share {label}": share}
        return counts

    @table
    @where_it_applies
    def responses(self, findings: Mapping[str, str | tuple[str, str]], *, where: str, caption: str, population: str = "all") -> View | HTML:
        """Share that meets a condition among the patients with each finding, with exact limits and sampled range.

        Parameters
        ----------
        findings : mapping of label to condition
            Or to (condition, ledger id of the printed share).
        where : str
            What is counted, e.g. ``response=CR``.
        caption, population : str
        """
        results = []
        for label, which in findings.items():
            condition, id = (which, None) if isinstance(which, str) else which
            found = self.page.over(lambda frame, condition=condition: self._share(frame, condition, where), population)
            value = found["value"]
            if not value.defined:
                results.append(not_estimable(label, value.why))
                continue
            lower, upper = interval(int(found["met"].reference), int(found["n"].reference), method="clopper-pearson", level=self.page.level)
            results.append(
                Result(
                    label,
                    value.reference,
                    (100 * lower, 100 * upper),
                    range=value,
                    decimals=1,
                    unit="%",
                    remark=f"{across(found['met'])} of {across(found['n'])}"
                    + (f", printed {self.page.opened.ledger[id].printed}" if id and self.page.compared else ""),
                )
            )
        return self.page.results_table(results, caption)

    def _share(self, frame: pd.DataFrame, condition: str, where: str) -> dict[str, float]:
        rows = frame[self.page.met(frame, condition)]
        if not len(rows):
            raise Undefined("nobody has it")
        met = int(self.page.met(rows, where).sum())
        return {"value": 100 * met / len(rows), "met": met, "n": len(rows)}


def _ends(found: Sampled) -> tuple[float, float, float]:
    """Reference value and the ends of its range, the value itself where there is none."""
    return (found.reference, found.low, found.high) if found.ranged else (found.reference,) * 3

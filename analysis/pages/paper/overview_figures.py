"""Diagrams of who the patients are: flow, and landscape of findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.group_tests.proportions import interval
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.plots.flow import Box, flow_figure
from analysis.figures.plots.landscape import landscape_figure
from analysis.pages.guards import where_it_applies
from analysis.pages.section import Section, figure, table
from analysis.tables.estimates import Result
from analysis.tables.html.view import View
from analysis.tables.range_sentences import across

#: A division: label of a part to the condition that makes it; in a flow, or to that and the divisions of this part alone.
Division = Mapping[str, str | tuple[str, Sequence["Division"]]]


class Patients(Section):
    """Figures of patients rather than of estimates."""

    @figure
    @where_it_applies
    def flow(
        self,
        root: str,
        divisions: Sequence[Division],
        *,
        title: str,
        told: Sequence[Division] = (),
        population: str = "all",
        caption: str = "",
        name: str | None = None,
    ) -> PairedFigure | HTML:
        """A flow diagram: a population divided, and each part divided again.

        Parameters
        ----------
        root : str
            Label of the population.
        divisions : sequence of mapping of label to condition
            One level after the other; a part that is empty stays, with 0. A part given as (condition, divisions)
            is divided in its own way.
        told : sequence of mapping of label to condition
            Counts written into the boxes of each level, from the first division on; shorter is allowed.
        title, population, caption, name : str
        """
        frame = self.page.rows_of(population)
        box = self._box(root, frame, list(divisions), [{}, *told])
        return flow_figure(box, title=title, reconstructed=not self.page.own, caption=caption, name=name)

    def _box(self, label: str, frame: pd.DataFrame, divisions: list[Division], told: list[Division]) -> Box:
        lines = tuple(f"{words} {int(self.page.met(frame, where).sum())}" for words, where in (told[0] if told else {}).items())
        parts = []
        for words, part in (divisions[0] if divisions else {}).items():
            where, further = (part, divisions[1:]) if isinstance(part, str) else (part[0], list(part[1]))
            parts.append(self._box(words, frame[self.page.met(frame, where)], further, told[1:]))
        return Box(label, len(frame), lines, tuple(parts))

    @figure
    @where_it_applies
    def landscape(
        self,
        findings: Mapping[str, tuple[str, str]],
        *,
        by: str,
        title: str,
        strips: Division | None = None,
        population: str = "all",
        caption: str = "",
        name: str | None = None,
    ) -> PairedFigure | HTML:
        """Who has which finding, one column a patient, in groups.

        Parameters
        ----------
        findings : mapping of label to (condition, kind)
            E.g. ``{"WT1": ("wt1=1", "mutation")}``.
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
        flags = pd.DataFrame({label: self.page.met(frame, where) for label, (where, _) in findings.items()})
        kinds = {label: kind for label, (_, kind) in findings.items()}
        marks = {label: self.page.met(frame, where) for label, where in (strips or {}).items()}
        return landscape_figure(
            flags, frame[by].tolist(), kinds, title=title, strips=marks, reconstructed=not self.page.own, caption=caption, name=name
        )

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
                results.append(Result(label, float("nan"), remark=f"does not exist: {value.why}"))
                continue
            limits = tuple(
                100 * end
                for end in interval(int(found["met"].reference), int(found["n"].reference), method="clopper-pearson", level=self.page.level)
            )
            results.append(
                Result(
                    label,
                    value.reference,
                    limits,
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

"""What stands above the studies: the scoreboard, the false-reproduction rate, the list of studies."""

from __future__ import annotations

from functools import cached_property
from html import escape

import pandas as pd
from IPython.display import HTML

from analysis import paths
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.plots.scoreboard import scoreboard
from analysis.ledger.session.study_session import Opened, open_study
from analysis.ledger.verdicts import perturbation
from analysis.pages.section import Section, Shown, figure, sentence, table
from analysis.pages.synthesis.study_cards import StudyCards
from analysis.pages.synthesis.study_list import StudyList
from analysis.tables.brief_sentences import results_told
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View
from analysis.tables.registers.scoreboard_table import scoreboard_table
from analysis.tables.sentences import Statement

_HEADINGS = {"family": "Kind of number", "tried": "Ways tried", "evidence": "Evidence"}


class Scoreboards(Section):
    """How the studies fared."""

    page: Overview

    @figure
    def scoreboard(self) -> PairedFigure:
        """The scoreboard as a picture."""
        return scoreboard({opened.study.label: opened.audit.results for opened in self.page.opened.values()})

    @table
    def results(self) -> View:
        """The scoreboard as numbers of results, by what they rest on."""
        return scoreboard_table(
            {opened.study.label: opened.audit.scoreboard() for opened in self.page.opened.values()},
            "Printed results by evidence and verdict",
        )

    @sentence
    def verdicts(self) -> HTML:
        """How the results of each study fared, in words."""
        told = {opened.study.label: opened.audit.results for opened in self.page.opened.values()}
        items = "".join(
            f"<li><strong>{escape(label)}.</strong> {escape(results_told(zip(found['verdict'], found['evidence'], strict=True)))}</li>"
            for label, found in told.items()
        )
        return HTML(f"<ul>{items}</ul>")

    @cached_property
    def _trials(self) -> pd.DataFrame:
        return pd.concat([perturbation.trials(opened.audit) for opened in self.page.opened.values()], ignore_index=True)

    @sentence
    def false_reproduction_rate(self) -> Statement:
        """How many changed numbers would be called reproduced, all together."""
        trials = self._trials.assign(all="all")
        (row,) = perturbation.rates(trials, "all").to_dict("records")
        return Statement(
            f"Of {row['moved']:,.0f} changed numbers {row['plain']:.1f}% would be called reproduced by the paper’s own convention, {row['any']:.1f}% by any documented one."
        )

    @table
    def false_reproduction(self, by: str) -> View:
        """Share of changed numbers that would still be called reproduced.

        Parameters
        ----------
        by : {"family", "tried", "evidence"}
        """
        found = perturbation.rates(self._trials, by)
        rows = [
            [str(name), str(int(row["numbers"])), str(int(row["moved"])), f"{row['plain']:.1f}", f"{row['any']:.1f}"]
            for name, row in found.iterrows()
        ]
        heads = [_HEADINGS[by], "Printed numbers", "Changed numbers", "Own convention, %", "Any convention, %"]
        return plain_table(heads, rows, f"Wrong numbers that would be called reproduced, by {_HEADINGS[by].lower()}")


class Overview(Shown):
    """All studies of the book, audited now."""

    sections = (StudyCards, StudyList, Scoreboards)

    @cached_property
    def opened(self) -> dict[str, Opened]:
        """Studies by slug."""
        return {slug: open_study(slug) for slug in paths.studies()}

    def __init__(self) -> None:
        self.offer()

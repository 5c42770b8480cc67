"""What a notebook asks for: tables, curves and numbers of one study, with its parameters.

A page opens its study once.  Everything it shows is computed from the ledger and the
cohort it was given; where a cohort is missing or does not hold what a table or figure
needs, the page says so in a sentence in place of it.
"""

from __future__ import annotations

from html import escape
from typing import Any

from IPython.display import HTML

from analysis import paths
from analysis.errors import Fault, InputError
from analysis.pages import cohort_notice
from analysis.pages.any_cohort.base import GeneralBase
from analysis.pages.any_cohort.competing_risks import GeneralCompetingRisks
from analysis.pages.any_cohort.group_comparisons import GeneralComparisons
from analysis.pages.any_cohort.groups_formed_later import GroupsFormedLater
from analysis.pages.any_cohort.models import GeneralModels
from analysis.pages.any_cohort.patients import GeneralPatients
from analysis.pages.any_cohort.published_beside import OwnAndPublished
from analysis.pages.any_cohort.survival import GeneralSurvival
from analysis.pages.base import AUDIT_PAGE
from analysis.pages.comparisons.assumption_checks import AssumptionChecks
from analysis.pages.comparisons.clustered import ClusteredTests, RepeatedEnrolments
from analysis.pages.comparisons.covariate_models import CovariateModels
from analysis.pages.comparisons.cox_models import CoxModels
from analysis.pages.comparisons.forests import Forests
from analysis.pages.comparisons.fragility import FragileClaims
from analysis.pages.comparisons.model_choices import ModelChoices
from analysis.pages.comparisons.multiplicity import ManyTests
from analysis.pages.comparisons.odds import Odds
from analysis.pages.comparisons.two_groups import TwoGroups
from analysis.pages.comparisons.what_if import WhatIfCompared
from analysis.pages.ensemble_ranges import Ranges
from analysis.pages.guards import not_shown
from analysis.pages.paper.in_brief import InBrief
from analysis.pages.paper.literature_comparison import Literature
from analysis.pages.paper.overview_figures import Patients
from analysis.pages.paper.patient_flow import PatientFlow
from analysis.pages.paper.summary import Summary
from analysis.pages.paper.tables import PaperTables
from analysis.pages.section import Section, Shown
from analysis.pages.survival.assumed_switch_time import AssumedSwitchTimes
from analysis.pages.survival.competing_risks import CompetingRisks
from analysis.pages.survival.curves import Curves
from analysis.pages.survival.follow_up import FollowUp
from analysis.pages.survival.landmarks import Landmarks
from analysis.pages.survival.second_time_origin import TimeOrigins
from analysis.pages.survival.switching import Switching
from analysis.pages.survival.what_if import WhatIf
from analysis.tables.rows.inline import inline

__all__ = ["AUDIT_PAGE", "GeneralPage", "Page"]


class Page(Ranges, Shown):
    """A study as one page shows it; parameters as in `analysis.pages.base.Base`.

    It is called as ``page.figure.…``, ``page.table.…`` and ``page.sentence.…`` (the sections below), and itself offers
    `notice`, `ids`, `glue`, `glue_paper` and `together`.
    """

    sections: tuple[type[Section], ...] = (
        PaperTables,
        Summary,
        InBrief,
        Literature,
        PatientFlow,
        Patients,
        Curves,
        CompetingRisks,
        Switching,
        Landmarks,
        AssumedSwitchTimes,
        TimeOrigins,
        WhatIf,
        TwoGroups,
        Forests,
        Odds,
        CoxModels,
        ModelChoices,
        CovariateModels,
        AssumptionChecks,
        FragileClaims,
        WhatIfCompared,
        ManyTests,
        ClusteredTests,
        RepeatedEnrolments,
        FollowUp,
    )

    def __init__(self, study: str | None = None, **values: Any):
        super().__init__(study, **values)
        self.offer()

    def notice(self) -> HTML:
        """What the rows on this page are: the sentence that every page of results opens with."""
        return cohort_notice.notice(self)

    def ids(self, *prefixes: str) -> list[str]:
        """Ids of the ledger rows that begin with any of these words, in the order of the ledger.

        Parameters
        ----------
        prefixes : str
            Ids, or beginnings of ids that end before a dot.

        Raises
        ------
        InputError
            If no row begins with one of the words.
        """

        def begins(id: str, prefix: str) -> bool:
            return id == prefix or id.startswith(prefix + ".")

        known = [row.id for row in self.opened.ledger]
        strangers = [prefix for prefix in prefixes if not any(begins(id, prefix) for id in known)]
        if strangers:
            file = paths.shorten_path(paths.study_folder(self.opened.study.slug) / "printed.csv")
            raise InputError(Fault(file, "id", "the beginning of a row's id", repr(prefix)) for prefix in strangers)
        return [id for id in known if any(begins(id, prefix) for prefix in prefixes)]

    def glue(self, *ids: str) -> None:
        """Make ledger rows available to the prose as ``{glue}`` of their ids, with the dots kept.

        Parameters
        ----------
        ids : str
            Of ledger rows.
        """
        from myst_nb import glue

        for id in ids:
            glue(id, inline(self.judged, id), display=False)

    def glue_paper(self, *ids: str) -> None:
        """As `glue`, for sentences about the paper: its number first; on a reader's own cohort the printed characters alone.

        Parameters
        ----------
        ids : str
            Of ledger rows.
        """
        from myst_nb import glue

        for id in ids:
            if self.compared:
                glue(id, inline(self.judged, id, of_the_paper=True), display=False)
                continue
            row = self.opened.ledger[id]
            glue(id, HTML(f'<a class="exhibit-number" href="{escape(self.judged.address(id))}">{escape(row.printed)}</a>'), display=False)


class GeneralPage(GeneralBase, Page):
    """A page for any survival cohort, bound to no figure of a paper; parameters as in `analysis.pages.any_cohort.page_choices`.

    It offers what a page of a study does; its own sections take the place of those with the same name.
    """

    sections = (
        *Page.sections,
        GeneralPatients,
        GeneralSurvival,
        GeneralComparisons,
        GeneralModels,
        GeneralCompetingRisks,
        GroupsFormedLater,
        OwnAndPublished,
    )

    def notice(self) -> HTML:
        """As on every page, with a warning of groups that are not known at the start."""
        told = super().notice()
        return HTML(told.data + not_shown(self.immortal_time_warning()).data) if self.immortal else told

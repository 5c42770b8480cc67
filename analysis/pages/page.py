"""What a notebook asks for: tables, curves and numbers of one study, with its parameters.

A page opens its study once.  Everything it shows is computed from the ledger and the
cohort it was given; where a cohort is missing or does not hold what a table or figure
needs, the page says so in a sentence in place of it.
"""

from __future__ import annotations

from analysis.pages.any_cohort.survival_and_groups import General
from analysis.pages.base import AUDIT_PAGE
from analysis.pages.comparisons.assumption_checks import Checks
from analysis.pages.comparisons.clustered import Courses
from analysis.pages.comparisons.fragility import Fragile
from analysis.pages.comparisons.model_choices import Models
from analysis.pages.comparisons.multiplicity import ManyTests
from analysis.pages.comparisons.odds import Odds
from analysis.pages.guards import sentence, together
from analysis.pages.paper.literature_comparison import Comparators
from analysis.pages.paper.overview_figures import Pictures
from analysis.pages.paper.summary import Summary
from analysis.pages.survival.assumed_switch_time import AssumedTimes
from analysis.pages.survival.competing_risks import Competing
from analysis.pages.survival.curves import Curves
from analysis.pages.survival.landmarks import Landmarks
from analysis.pages.survival.second_time_origin import Clocks

__all__ = ["AUDIT_PAGE", "GeneralPage", "Page", "sentence"]


class Page(
    Summary, Comparators, Competing, Curves, Pictures, Models, Odds, AssumedTimes, Landmarks, Checks, Fragile, ManyTests, Courses, Clocks
):
    """A study as one page shows it; parameters as in `analysis.pages.base.Base`.

    What it offers stands in the folders of `analysis.pages`: tables of the paper and the
    ledger, survival curves, pictures of patients, comparisons of groups, models, what happens on the way,
    checks, and rows within a patient.
    """

    together = staticmethod(together)


class GeneralPage(General, Page):
    """A page for any survival cohort, bound to no figure of a paper; parameters as in `analysis.pages.any_cohort.base`."""

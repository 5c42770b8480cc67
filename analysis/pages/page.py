"""What a notebook asks for: tables, curves and numbers of one study, with its parameters.

A page opens its study once.  Everything it shows is computed from the ledger and the
cohort it was given; where a cohort is missing or does not hold what a table or figure
needs, the page says so in a sentence in place of it.
"""

from __future__ import annotations

from analysis.publishing.chapters.assumed import AssumedTimes
from analysis.publishing.chapters.base import AUDIT_PAGE
from analysis.publishing.chapters.checks import Checks
from analysis.publishing.chapters.clocks import Clocks
from analysis.publishing.chapters.comparators import Comparators
from analysis.publishing.chapters.competing import Competing
from analysis.publishing.chapters.courses import Courses
from analysis.publishing.chapters.curves import Curves
from analysis.publishing.chapters.fragile import Fragile
from analysis.publishing.chapters.general import General
from analysis.publishing.chapters.landmarks import Landmarks
from analysis.publishing.chapters.many_tests import ManyTests
from analysis.publishing.chapters.models import Models
from analysis.publishing.chapters.odds import Odds
from analysis.publishing.chapters.pictures import Pictures
from analysis.publishing.chapters.showing import sentence, together
from analysis.publishing.chapters.summary import Summary

__all__ = ["AUDIT_PAGE", "GeneralPage", "Page", "sentence"]


class Page(Summary, Comparators, Competing, Curves, Pictures, Models, Odds, AssumedTimes, Landmarks, Checks, Fragile, ManyTests, Courses, Clocks):
    """A study as one page shows it; parameters as in `analysis.publishing.chapters.base.Base`.

    What it offers stands in the modules of `analysis.publishing.chapters`: tables of the paper and the
    ledger, survival curves, pictures of patients, comparisons of groups, models, what happens on the way,
    checks, and rows within a patient.
    """

    together = staticmethod(together)


class GeneralPage(General, Page):
    """A page for any survival cohort, bound to no figure of a paper; parameters as in `analysis.publishing.chapters.general_base`."""

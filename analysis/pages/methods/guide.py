"""What pages of the guide ask for: conventions side by side, what numbers leave open, printed numbers as examples."""

from __future__ import annotations

from functools import cached_property

from analysis import paths
from analysis.ledger.session.study_session import Opened, open_study
from analysis.pages.methods.call_reference import CallReference
from analysis.pages.methods.conventions import Conventions, TwoGroups
from analysis.pages.methods.declared_reference import DeclaredReference
from analysis.pages.methods.engine_comparison import EngineComparison
from analysis.pages.methods.identifiability import Identifiability
from analysis.pages.methods.worked_examples import WorkedExamples
from analysis.pages.section import Shown

__all__ = ["Guide", "TwoGroups"]


class Guide(Shown):
    """A page of the guide.

    Parameters
    ----------
    notebooks : str
        Folder of the studies' pages, seen from the page.
    """

    sections = (Conventions, Identifiability, WorkedExamples, CallReference, DeclaredReference, EngineComparison)

    def __init__(self, notebooks: str = "../../notebooks"):
        self.notebooks = notebooks
        self.offer()

    @cached_property
    def opened(self) -> dict[str, Opened]:
        """Studies by slug."""
        return {slug: open_study(slug) for slug in paths.studies()}

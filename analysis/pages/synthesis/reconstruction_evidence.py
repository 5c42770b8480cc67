"""What the reconstruction knows of all studies: solved questions, withheld numbers and the validation on known cohorts.

Everything is read from what the long commands saved; a table made from results that are
older than their ledger says so.
"""

from __future__ import annotations

from functools import cached_property
from html import escape

from analysis import paths
from analysis.pages.section import Section, Shown, sentence
from analysis.pages.synthesis.known_cohorts import KnownCohorts, read_known_cohorts, sizes_of
from analysis.pages.synthesis.solved_questions import SolvedQuestions
from analysis.pages.synthesis.withheld_numbers import WithheldNumbers, bounded_counts, determined, predictions, share_exact
from analysis.reconstruction.problem.problem import Problem, read_problem
from analysis.reconstruction.proofs import record
from analysis.reconstruction.proofs.readings import INFEASIBLE
from analysis.reconstruction.validation import leave_out, validation
from analysis.tables.html.brief import brief
from analysis.tables.html.view import View


class EvidenceInBrief(Section):
    """The lines at the top."""

    page: Evidence

    @sentence
    def evidence_in_brief(self) -> View:
        """Three lines for the top: how often withheld numbers are predicted, what ranges include, what was proven."""
        lines = {"Agreement": self._agreement(), "Ranges": _ranges(), "Proofs": self._proofs()}
        return brief([(head, told, escape(told)) for head, told in lines.items() if told])

    def _agreement(self) -> str:
        entries = [leave_out.saved(problem)[0] for problem in self.page.problems.values()]
        rows, counts = ([row for found in entries for row in of(found)] for of in (predictions, bounded_counts))
        return (
            f"{share_exact(rows):.0f}% of the predictions of {len(rows)} withheld numbers are exact; "
            f"of {len(counts)} withheld counts {determined(counts)} are determined by the others. "
            "A number that is not predicted could not be known unless printed: reproducing it with a cohort that was made to satisfy it is no test."
            if rows and counts
            else ""
        )

    def _proofs(self) -> str:
        read = [entry for problem in self.page.problems.values() for entry in record.read_saved(problem.study)[0]]
        impossible = sum(entry["verdict"] == INFEASIBLE for entry in read)
        return f"Of {len(read)} interpretations of ambiguous sentences {impossible} are proven impossible." if read else ""


def _ranges() -> str:
    known = read_known_cohorts()
    if not known:
        return ""
    proven, of_proven = (sum(validation.inside(one["proven"])[at] for one in known) for at in (0, 1))
    across = []
    for size in sizes_of(known):
        ranges = [entry for one in known if one["cohorts"] >= size for entry in one["sampled"]]
        across.append(f"{100 * validation.inside_by(ranges, size) / len(ranges):.0f}% across {size}")
    return (
        f"In {len(known)} known cohorts {proven} of {of_proven} proven ranges include the truth. "
        f"Ranges across cohorts are inner bounds; how often they include the truth grows with the number of cohorts: {', '.join(across)}."
    )


class Evidence(Shown):
    """Saved results of all studies that are reconstructed."""

    sections = (EvidenceInBrief, SolvedQuestions, WithheldNumbers, KnownCohorts)

    @cached_property
    def problems(self) -> dict[str, Problem]:
        """Problems by slug."""
        return {slug: read_problem(slug) for slug in paths.studies() if (paths.study_folder(slug) / "reconstruction.yml").is_file()}

    def __init__(self) -> None:
        self.offer()

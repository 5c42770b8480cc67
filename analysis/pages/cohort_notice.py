"""What the rows of a page are, said at its top."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from IPython.display import HTML

from analysis.cohorts import glance
from analysis.cohorts.conditions import parse
from analysis.cohorts.selection import COHORT
from analysis.figures.parts.time_axis import TimeAxis
from analysis.pages.any_cohort import disclosure_control
from analysis.pages.ensemble_ranges import Ranges
from analysis.pages.guards import not_shown
from analysis.parameters import interpretations


def notice(page: Ranges) -> HTML:
    """What the rows on this page are: the sentence that every page of results opens with."""
    told = _who(page)
    if not told and not page.opened.reference:
        told = "No cohort of this study has been reconstructed yet: results are computed from printed numbers alone."
    told = told or "Patients on this page are <em>reconstructed, not the original patients</em>."
    return HTML(
        f'<p class="cohort-notice">{" ".join([told, *_follow_up_told(page)])}</p>{_at_a_glance(page)}'
        + "".join(not_shown(one).data for one in _reading_told(page))
    )


def _follow_up_told(page: Ranges) -> Iterator[str]:
    """Sentences on the follow-up that results use, where the notebook or a reader set one."""
    axis = TimeAxis(page.opened.study.time_axis)
    censored, horizon = page.parameters["censor_at"], page.parameters.taken.get("horizon")
    if censored is not None:
        yield f"Every time-to-event analysis is censored {axis.spell_exactly(censored)} after the origin of its endpoint; variables that describe the whole follow-up are not counted."
    if horizon is not None:
        yield f"Curves and restricted mean survival times end at {axis.spell_exactly(horizon)}; tests and hazard ratios use all follow-up{' up to the censoring' if censored is not None else ''}."


def _reading_told(page: Ranges) -> list[str]:
    """Sentences on the reading that the page follows, if it follows one."""
    reading = page.parameters["reading"]
    return interpretations.sentences(page.opened.study, reading, page.own) if reading is not None else []


def _at_a_glance(page: Ranges) -> str:
    """For each endpoint of a reader's own cohort how many patients, events and missing, and the follow-up: a file misread shows at once."""
    if page.protection:
        lines = disclosure_control.summaries(page.released)
    elif not page.own or COHORT not in page.opened.reference:
        return ""
    else:
        frame = page.opened.reference[COHORT]
        lines = [*map(glance.sentence, glance.glances(page.opened.study, frame)), *filter(None, [glance.describe_left_out(frame)])]
    return f'<ul class="cohort-glance">{"".join(f"<li>{escape(line)}.</li>" for line in lines)}</ul>'


def _who(page: Ranges) -> str:
    """Whose rows these are, where they are not those of the published study."""
    asked = [f"<code>{escape(page.selection.where)}</code>"] if page.selection.where.strip() else []
    asked += ["first enrolments only"] if page.selection.first else []
    chosen = f" Only a subset of the patients is analysed: {', '.join(asked)}." if asked else ""
    if not page.own:
        if page.opened.whole or not page.opened.reference:
            return ""
        if not asked:  # the published patients, followed for less long
            return "This page uses rows that were <em>reconstructed, not the original patients</em>. The paper prints nothing about this follow-up, so no printed numbers and no verdicts are shown."
        return (
            "This page uses rows that were <em>reconstructed, not the original patients</em>."
            + chosen
            + " The paper prints nothing about this subgroup, so no printed numbers and no verdicts are shown."
        )
    told = "This page was executed on a cohort of the reader’s own; sentences about the published study keep its printed numbers, while tables and figures show only the reader’s patients."
    if page.protection is None:
        return (
            told
            + chosen
            + " <strong>Nothing is withheld or coarsened: this page must stay with people who are allowed to see the individual rows.</strong>"
        )
    size, step = page.protection.threshold, page.protection.step
    return (
        told
        + _describe_selection(page)
        + (
            f" To protect the patients, only ranges are shown: counts in ranges of {size} numbers, zero among the lowest, times divided at multiples of {step:g} months; "
            f"estimates as ranges that include the exact value. What cannot be derived from such counts is not shown."
        )
    )


def _describe_selection(page: Ranges) -> str:
    """Which of the patients who need protection are looked at: limits of times and measurements as they act."""
    where = page.released.where
    asked = [f"<code>{escape(str(where))}</code>"] if where.clauses else []
    asked += ["first enrolments only"] if page.selection.first else []
    moved = (
        f" (asked for as <code>{escape(page.selection.where)}</code>: limits act at the nearest end of an interval)"
        if where != parse(page.selection.where)
        else ""
    )
    return f" Only a subset of the patients is analysed: {', '.join(asked)}{moved}." if asked else ""

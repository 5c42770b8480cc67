"""Why a verdict changed between two audits: one reason a number, derived by rule."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from analysis.ledger.verdicts import verdicts
from analysis.ledger.verdicts.judgement import Judgement
from analysis.review.compare.states import Record

COLUMNS = ("id", "printed", "before", "after", "reason")
READING = "reading: "


def find_changed(before: Mapping[str, Record], after: Mapping[str, Judgement]) -> list[tuple[str, str, str, str, str]]:
    """Numbers whose verdict or convention changed.

    Parameters
    ----------
    before : mapping of str to Record
        An earlier audit by ledger id.
    after : mapping of str to Judgement
        The present one, in the order of its ledger.

    Returns
    -------
    list of tuple of str
        Columns `COLUMNS`.  A number that is new, or printed otherwise now, is listed as well.
    """
    rows = []
    for id, judgement in after.items():
        old = before.get(id)
        now = _describe(judgement.verdict, judgement.convention)
        then = _describe(old.verdict, old.convention) if old else "–"
        if old is None or then != now or old.printed != judgement.row.printed:
            rows.append((id, judgement.row.printed, then, now, reason(old, judgement)))
    return rows


def _describe(verdict: str, convention: str) -> str:
    return f"{verdict} ({convention})" if convention else verdict


def reason(old: Record | None, new: Judgement) -> str:
    """Why a number is judged otherwise: the first rule that applies."""
    return "; ".join(_reasons(old, new)) or "judged on the cohorts made since"


def _reasons(old: Record | None, new: Judgement) -> Iterator[str]:
    if old is None:
        yield "new in the ledger"
        return
    if old.printed != new.row.printed:
        yield f"the ledger corrected: {old.printed} before"
    if new.verdict == verdicts.IN_CONFLICT:
        yield f"member of a proven conflict set: {new.note}"
    elif old.verdict == verdicts.CONTRADICTED and new.convention.startswith(READING):
        yield "holds under the declared reading, excluded under the plain one alone"
    elif new.convention.startswith(READING):
        yield "proven to hold under the declared reading alone"
    elif "loose wording" in new.convention:
        yield "a loose statement is not reproduced without qualification"
    elif "the number alone" in new.convention:
        yield "printed in a statement that is not supported"
    elif new.evidence == verdicts.COUNTS and old.evidence != verdicts.COUNTS:
        yield "a count printed with its percentage rests on counts"
    elif new.row.role == "held-out" and old.evidence == "imposed":
        yield f"role now held-out: {new.row.note.rstrip('.')}"
    elif new.row.role == "imposed" and old.evidence == "held-out":
        yield "role now imposed, and " + (
            "holds" if new.verdict in (verdicts.REPRODUCED, verdicts.UNDER_CONVENTION) else "searched for without success"
        )
    elif (old.verdict, new.verdict) == (verdicts.NOT_REACHED, verdicts.NOT_IDENTIFIED):
        yield "it was not searched for"
    elif new.profile and old.convention and new.convention and old.convention.split("; ")[0] != new.convention.split("; ")[0]:
        yield f"judged with its result under the profile “{new.profile}”"
    elif old.recomputed != new.recomputed:
        yield f"recomputed {old.recomputed or 'not at all'} before, {new.recomputed or 'not at all'} on the cohorts made since"
    elif old.convention != new.convention:
        yield "one habit of rounding for each program of the paper"


def as_csv(rows: list[tuple[str, str, str, str, str]]) -> str:
    """Rows of `find_changed` as text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue()

"""How often a wrong number would have been called reproduced.

The more conventions are tried, the more digits match by chance.  So every printed number of
a result that is reproduced is moved by a few units of its last digit, which makes the result
wrong, and the result is judged again as a whole, under any profile; the share that is still
reproduced is the false-reproduction rate.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pandas as pd

from analysis.ledger.rows.printed import Printed
from analysis.ledger.verdicts.audit import Audit, Judgement
from analysis.ledger.verdicts.judge import Judge
from analysis.ledger.verdicts.profiles import all_ways
from analysis.ledger.verdicts.verdicts import REPRODUCED, UNDER_CONVENTION

#: Last-place units by which a printed number is moved, up and down.
STEPS = (1, 2, 3, 4, 5)


def move_last_digit(printed: Printed, steps: tuple[int, ...] = STEPS) -> list[Printed]:
    """A printed number moved by whole units of its last digit, none below zero.

    Bounds such as ``<0.001`` and loose statements such as ``almost 40%`` are not moved:
    their last digit is not what they claim.
    """
    if printed.relation != "=":
        return []
    values = [printed.value + sign * step * printed.unit_in_last_place for step in steps for sign in (-1, 1)]
    return [replace(printed, text="", value=value) for value in values if value >= Decimal(0)]


def trials(audit: Audit) -> pd.DataFrame:
    """Every number of a result that is reproduced, moved, and its result judged again.

    Parameters
    ----------
    audit : Audit

    Returns
    -------
    DataFrame
        One row a moved number: ``id``, ``family``, ``evidence``, ``tried`` (number of ways),
        ``plain`` and ``any`` (whether the whole result is still reproduced by the paper's conventions, or by any).
    """
    sound = set(audit.results.loc[audit.results["verdict"].isin((REPRODUCED, UNDER_CONVENTION)), "result"])
    rows = []
    for judgement in audit.judgements:
        if audit.judge and judgement.values and judgement.row.result in sound:
            tried = len(all_ways(audit.study, judgement.row, judgement.values))
            rows += [_trial(audit.judge, judgement, tried, other) for other in move_last_digit(judgement.row.value)]
    return pd.DataFrame(rows, columns=["id", "family", "evidence", "tried", "plain", "any"])


def _trial(judge: Judge, judgement: Judgement, tried: int, other: Printed) -> tuple[str, str, str, int, bool, bool]:
    row = replace(judgement.row, value=other)
    judge = judge.instead(row)
    plain = still = True
    for cell in sorted(judge.ledger.results[row.result], key=lambda cell: cell.id != row.id):  # the moved one first: it most often fails
        verdict = judge(cell).verdict
        plain, still = plain and verdict == REPRODUCED, verdict in (REPRODUCED, UNDER_CONVENTION)
        if not still:
            break
    return row.id, row.registered.family, judgement.evidence, tried, plain, still


def rates(found: pd.DataFrame, by: str = "family") -> pd.DataFrame:
    """False-reproduction rates.

    Parameters
    ----------
    found : DataFrame
        From `trials`.
    by : {"family", "tried", "evidence"}

    Returns
    -------
    DataFrame
        Index `by`; ``numbers`` (printed numbers moved), ``move_last_digit`` (moved numbers judged),
        ``plain`` and ``any``: percent of the moved numbers still called reproduced by the
        paper's own convention, and by any convention.
    """
    grouped = found.groupby(by)
    return pd.DataFrame(
        {
            "numbers": grouped["id"].nunique(),
            "moved": grouped.size(),
            "plain": 100 * grouped["plain"].mean(),
            "any": 100 * grouped["any"].mean(),
        }
    )

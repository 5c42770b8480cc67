"""A recomputed number as the page shows it: to the decimals that the paper prints."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from analysis.ledger.rows.printed import Printed
from analysis.ledger.rows.rounding import HALF_UP
from analysis.ledger.verdicts import verdicts
from analysis.ledger.verdicts.audit import Judgement

MISSING = "—"
_BOUNDS = ("<", "≤", ">", "≥")


def format_plain(printed: Printed) -> str:
    """The printed number in one spelling: ``22`` for ``Twenty-two``, ``27%`` for ``27%%``, ``0`` for ``0a``."""
    relation = printed.relation if printed.relation in _BOUNDS else ""
    return relation + _digits(printed.value, printed)


def _digits(value: Decimal, printed: Printed, more: int = 0) -> str:
    separator = "," if re.search(r"\d,\d{3}(?!\d)", printed.text) and abs(printed.value) >= 1000 else ""
    decimals = printed.decimals + more
    rounded = HALF_UP.applied(value, decimals)
    return f"{rounded:{separator}.{decimals}f}".replace("-", "−") + "%" * printed.percent


def format_recomputed(judgement: Judgement) -> str:
    """The recomputed number, rounded half-up to the printed decimals.

    A number that comes back without a rounding rule of its own is shown in the printed digits; one that
    needs such a rule with one digit more, which shows what the rule rounds. A range
    keeps the digits of the audit where its ends would round to one number. What is not recomputed:
    a number of context shows as printed, any other as a dash.
    """
    printed, text = judgement.row.value, judgement.recomputed
    if judgement.verdict == verdicts.CONTEXT:
        return judgement.row.printed
    if not text:
        return MISSING
    if judgement.evidence == verdicts.RANGES:
        return text
    came_back = judgement.verdict in (verdicts.REPRODUCED, verdicts.UNDER_CONVENTION) and "rounding" not in judgement.convention
    if came_back and (printed.relation == "=" or printed.relation in _BOUNDS):
        return format_plain(printed)
    more = int(judgement.verdict == verdicts.UNDER_CONVENTION and "rounding" in judgement.convention)
    ends = [_round(end, printed, more, judgement.row.registered.kind == "p") for end in text.split(" to ")]
    return " to ".join(ends) if len(set(ends)) == len(ends) else text


def _round(text: str, printed: Printed, more: int, p: bool) -> str:
    """A value of the audit to the printed decimals and `more`; a P value, which is never 0, is not shown as 0."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text  # "undefined", or what another row prints
    # beside a bound the audit's own digits say by how much it is kept or missed
    if printed.relation in _BOUNDS:
        return text
    least = Decimal(1).scaleb(-printed.decimals - more)
    return f"<{least:f}" if p and 0 <= value < least / 2 else _digits(value, printed, more)


def differs(judgement: Judgement) -> bool:
    """Whether what is shown is another number than the printed one, or says it with another relation."""
    if judgement.verdict in (verdicts.CONTEXT, verdicts.NOT_COMPARED):
        return False
    return format_recomputed(judgement) != format_plain(judgement.row.value) or judgement.row.value.relation in ("↑", "≈")


def sort_value(text: str) -> float:
    """The number at the start of a text, for sorting; infinite where there is none."""
    try:
        return float(text.split(" to ")[0].strip().lstrip("<>≤≥").rstrip("%").replace(",", "").replace("−", "-"))
    except ValueError:
        return float("inf")

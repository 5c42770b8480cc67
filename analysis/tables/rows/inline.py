"""A number in prose, taken from the audit: text and tables cannot disagree.

The idea is that of gtsummary's ``inline_text``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from html import escape

from analysis.figures.verdict_symbols import mark_of
from analysis.ledger.verdicts import verdicts
from analysis.tables.html.audit_index import AnyAudit, as_judged
from analysis.tables.html.formatting import MISSING, differs, format_plain, format_recomputed
from analysis.tables.html.verdict_badge import badge


@dataclass(frozen=True)
class Inline:
    """A recomputed number for a sentence.

    Attributes
    ----------
    html : str
        Number with its verdict mark; also what ``str()`` and formatting give, so that it can stand
        in an f-string of Markdown or HTML.
    text : str
        The same in plain characters.
    value : Decimal or None
        The recomputed number with the audit's digits, for statements that follow from values; None where
        there is none, or a range.
    """

    html: str
    text: str
    value: Decimal | None

    def __str__(self) -> str:
        return self.html

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def inline(audit: AnyAudit, id: str, *, of_the_paper: bool = False) -> Inline:
    """A number for prose, formatted with the paper's decimals.

    Parameters
    ----------
    audit : Audit or Judged
    id : str
        Ledger id.
    of_the_paper : bool
        Whether the sentence is about the paper: its number comes first then, the recomputed one in brackets where it differs.

    Returns
    -------
    Inline

    Raises
    ------
    KeyError
        If the audit holds no such row.
    """
    entries = as_judged(audit)
    judgement = entries[id]
    recomputed = format_recomputed(judgement) != MISSING or judgement.verdict == verdicts.NOT_COMPARED
    # where nothing is recomputed the printed number stands alone, in brackets
    apart = recomputed and differs(judgement)
    printed = judgement.row.printed if any(map(str.isdigit, judgement.row.printed)) else format_plain(judgement.row.value)
    first = of_the_paper and judgement.verdict not in (verdicts.CONTEXT, verdicts.NOT_COMPARED)
    text = printed if first and recomputed else format_recomputed(judgement) if recomputed else f"[{judgement.row.printed}]"
    html = escape(text) if recomputed else f'<span class="printed">{escape(text)}</span>'
    if judgement.verdict == verdicts.CONTEXT:  # a number that is not recomputed has no verdict to mark
        html = f'<a class="definition" href="{escape(entries.address(id))}">{html}</a>'
    else:
        html += badge(entries, id, word=False)
        text += mark_of(judgement.verdict).symbol
    if apart:
        told = f"recomputed {format_recomputed(judgement)}" if first else f"printed {judgement.row.printed}"
        html += f' <span class="printed">({escape(told)})</span>'
        text += f" ({told})"
    try:
        value = Decimal(judgement.recomputed)
    except InvalidOperation:
        value = None
    return Inline(f'<span class="exhibit-number">{html}</span>', text, value)

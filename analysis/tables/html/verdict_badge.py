"""A verdict on the page: symbol, word and colour, with what stands behind it."""

from __future__ import annotations

from html import escape

from analysis.figures.verdict_symbols import EVIDENCE, mark_of
from analysis.ledger.verdicts import verdicts
from analysis.ledger.verdicts.audit import Judgement
from analysis.tables.html.audit_index import Judged


def describe_verdict(judgement: Judgement) -> str:
    """What a verdict rests on, as one line of plain text: printed, recomputed, verdict, evidence, note."""
    if judgement.verdict == verdicts.NOT_COMPARED:
        return " · ".join(part for part in (judgement.verdict, mark_of(judgement.verdict).meaning, judgement.note) if part)
    parts = [
        f"printed {judgement.row.printed} ({judgement.row.source})",
        f"recomputed {judgement.recomputed}" if judgement.recomputed else "",
        judgement.verdict + (f" ({judgement.convention})" if judgement.convention else ""),
        f"judged as {judgement.profile} prints it" if judgement.profile else "",
        f"evidence {judgement.evidence}: {EVIDENCE[judgement.evidence]}" if judgement.evidence else "",
        describe_withheld(judgement),
        judgement.note,
    ]
    return " · ".join(part for part in parts if part)


def describe_withheld(judgement: Judgement) -> str:
    """What came of withholding a number, in words; empty where it was never withheld."""
    trial = judgement.withheld
    if trial is None:
        return ""
    role = "imposed; when withheld" if judgement.row.role == "imposed" else "withheld"
    if not trial.made:
        return f"{role}, not rebuilt: no cohort found without it"
    chance = "" if judgement.chance is None else f"; {100 * judgement.chance:.0f}% of shuffled cohorts give it by chance"
    return f"{role}, predicted in {trial.hits} of {trial.made} cohorts{chance}"


def badge(judged: Judged, id: str, *, word: bool = True) -> str:
    """Verdict of a row as a link to its audit row.

    Parameters
    ----------
    judged : Judged
    id : str
        Ledger id.
    word : bool
        Whether the word stands beside the symbol. Without it a screen reader still hears it.

    Returns
    -------
    str
        HTML. Hovering shows `describe_verdict`.
    """
    judgement = judged[id]
    mark = mark_of(judgement.verdict)
    name = "" if word else f' aria-label="{escape(_label_text(judgement))}"'
    text = f'<span aria-hidden="true">{mark.symbol}</span> {escape(mark.word)}' if word else mark.symbol
    shape = "verdict-badge" if word else "verdict-mark"
    return (
        f'<a class="verdict {shape} verdict-{mark.style}" href="{escape(judged.address(id))}" '
        f'title="{escape(describe_verdict(judgement))}"{name}>{text}</a>'
    )


def label(verdict: str) -> str:
    """Verdict where all that stands behind it is beside it: symbol, word and colour, no link."""
    mark = mark_of(verdict)
    return (
        f'<span class="verdict verdict-badge verdict-{mark.style}"><span aria-hidden="true">{mark.symbol}</span> {escape(mark.word)}</span>'
    )


def _label_text(judgement: Judgement) -> str:
    compared = judgement.verdict != verdicts.NOT_COMPARED
    return f"{judgement.verdict}, printed {judgement.row.printed}" if compared else judgement.verdict

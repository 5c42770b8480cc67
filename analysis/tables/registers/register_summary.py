"""Registers in short: the findings that matter most, and what came of a paper's conclusions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from analysis.figures.verdict_symbols import JUDGEMENTS
from analysis.ledger.registers.claim_declarations import Claim
from analysis.ledger.registers.findings import Finding
from analysis.tables.html.typography import typeset
from analysis.tables.html.view import View, caption, grid, scrolling

FINDINGS_PAGE = "findings.html"
CLAIMS_PAGE = "claims.html"
NO_FINDING = "No finding is recorded for this study."


def not_there(sentence: str, heads: Sequence[str] = ()) -> View:
    """What stands in place of a register without entries: a heading of a page is never empty."""
    return View(f'<p class="not-shown">{escape(sentence)}</p>', pd.DataFrame(columns=list(heads)), sentence)


def findings_digest(findings: Sequence[Finding], address: str = FINDINGS_PAGE) -> View:
    """The ranked findings, the weightiest first: what it is, why it matters, and the way to its entry.

    Parameters
    ----------
    findings : sequence of Finding
        Those without a rank are left out.
    address : str
        The register's page, seen from the page that shows the digest; empty where there is none.
    """
    chosen = sorted((finding for finding in findings if finding.rank), key=lambda finding: finding.rank or 0)
    titles = [escape(finding.title.rstrip(".")) for finding in chosen]
    if address:
        titles = [f'<a href="{escape(address)}#{escape(finding.id)}">{title}</a>' for finding, title in zip(chosen, titles, strict=True)]
    items = "".join(f"<li>{title}. {escape(finding.matters)}</li>" for finding, title in zip(chosen, titles, strict=True))
    frame = pd.DataFrame([(f.rank, f.id, f.title, f.matters) for f in chosen], columns=["rank", "id", "title", "matters"])
    none = "No finding of this study is ranked." if findings else NO_FINDING
    html = f'<ol class="findings-digest">{items}</ol>' if chosen else not_there(none).html
    return View(html, frame, "\n".join(f"{f.rank}. {f.title} {f.matters}" for f in chosen))


def conclusions_table(claims: Sequence[Claim], title: str) -> View:
    """Claims one a line: what is concluded, what the printed evidence makes of it, and why.

    Parameters
    ----------
    claims : sequence of Claim
    title : str
    """
    heads = ["Conclusion", "Judgement", "Why"]
    if not claims:
        return not_there(f"{title}: none is recorded.", heads)
    records = [[claim.claim, claim.judgement, claim.reason] for claim in claims]
    body = "".join(
        f'<tr><th scope="row" class="words"><a href="{CLAIMS_PAGE}#{escape(claim.id)}">{escape(typeset(claim.claim))}</a></th>'
        f'<td class="words">{judgement_badge(claim.judgement)}</td><td class="words">{escape(typeset(claim.reason))}</td></tr>'
        for claim in claims
    )
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    table = f"<table>{caption(title)}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    html = f'<div class="exhibit exhibit-table exhibit-definitions">{scrolling(table, title)}</div>'
    return View(html, pd.DataFrame(records, columns=heads), f"{title}\n\n{grid([heads, *records])}")


def judgement_badge(judgement: str) -> str:
    """HTML of a claim's judgement: symbol and word."""
    mark = JUDGEMENTS[judgement]
    return (
        f'<span class="verdict verdict-badge verdict-{mark.style}" title="{escape(mark.meaning)}">'
        f'<span aria-hidden="true">{mark.symbol}</span> {escape(judgement)}</span>'
    )

"""The registers in readable form: findings (numbers that cannot be read plainly) and claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

import pandas as pd

from analysis.figures.verdict_symbols import JUDGEMENTS
from analysis.ledger.registers.claim_declarations import Claim
from analysis.ledger.registers.finding_weights import FIRST, MAIN, WEIGHTS
from analysis.ledger.registers.findings import Finding, Reading
from analysis.ledger.registers.register_entries import PLACEHOLDER
from analysis.tables.html.audit_index import AnyAudit, Judged, as_judged, link_to_row
from analysis.tables.html.formatting import differs, format_plain, format_recomputed
from analysis.tables.html.typography import sentence_case, typeset
from analysis.tables.html.verdict_badge import badge
from analysis.tables.html.view import View
from analysis.tables.registers.register_summary import NO_FINDING, judgement_badge, not_there

_OPEN = (FIRST, MAIN)
FOUND_BY = {"machine": "found by the audit's arithmetic", "reading": "found by reading"}


def findings_register(weighed: Mapping[str, Sequence[Finding]], audit: AnyAudit) -> View:
    """Show findings by weight, one a section: what is printed, the problem, the readings, the rows.

    Parameters
    ----------
    weighed : mapping of str to sequence of Finding
        By weight, as `analysis.ledger.registers.finding_weights.weigh_findings` gives them: the two heaviest groups stand open.
    audit : Audit or Judged

    Returns
    -------
    View

    Raises
    ------
    KeyError
        If a finding names a row that the audit does not hold.
    """
    entries = as_judged(audit)
    groups = ""
    records: list[tuple[str, ...]] = []
    lines: list[str] = []
    for weight, findings in weighed.items():
        start = len(records) + 1
        sections = "".join(_finding(number, finding, entries) for number, finding in enumerate(findings, start))
        groups += (
            f'<details class="register-group"{" open" * (weight in _OPEN)}><summary><h3>{escape(WEIGHTS[weight])} ({len(findings)})</h3></summary>'
            f"{sections}</details>"
        )
        records += [
            (
                f.id,
                WEIGHTS[weight],
                f.title,
                f.printed,
                f.problem,
                next((r.text for r in f.readings if r.favoured), ""),
                f.found_by,
                " ".join(f.rows),
            )
            for f in findings
        ]
        lines += [f"{number}. {f.title}\n   {f.problem}" for number, f in enumerate(findings, start)]
    heads = ["id", "weight", "title", "printed", "problem", "most likely explanation", "found by", "rows"]
    if not records:
        return not_there(NO_FINDING, heads)
    frame = pd.DataFrame(records, columns=heads)
    return View(f'<div class="exhibit exhibit-register">{groups}</div>', frame, "\n\n".join(lines))


def _finding(number: int, finding: Finding, entries: Judged) -> str:
    readings = "".join(_reading(reading) for reading in finding.readings)
    matters = f"<dt>Why it matters</dt><dd>{escape(typeset(finding.matters))}</dd>" if finding.matters else ""
    quote = f"<dt>If you quote it</dt><dd>{_with_numbers(finding.quote, entries)}</dd>" if finding.quote else ""
    return (
        f'<section class="register-entry" id="{escape(finding.id)}" aria-labelledby="{escape(finding.id)}-title">'
        f'<h4 id="{escape(finding.id)}-title">{number}. {escape(typeset(finding.title))}</h4>'
        f"<dl>{matters}{quote}<dt>Printed</dt><dd>{escape(typeset(finding.printed))}</dd>"
        f"<dt>The problem</dt><dd>{escape(typeset(finding.problem))}</dd>"
        f"<dt>Possible explanations</dt><dd><ul>{readings}</ul></dd>"
        f"<dt>Numbers involved</dt><dd>{rows_list(finding.rows, entries)}</dd></dl>"
        f'<p class="register-foot">{escape(FOUND_BY[finding.found_by])}</p></section>'
    )


def _with_numbers(text: str, entries: Judged) -> str:
    """A sentence whose placeholders are the printed numbers, each with the way to its row of the audit."""

    def link(found: re.Match[str]) -> str:
        return link_to_row(entries, found[1], format_plain(entries[found[1]].row.value))

    return PLACEHOLDER.sub(link, escape(typeset(text), quote=False))


def _reading(reading: Reading) -> str:
    favoured = '<strong class="favoured">most likely</strong> ' if reading.favoured else ""
    why = f' <span class="why">Why: {escape(typeset(reading.why))}</span>' if reading.why else ""
    return f"<li>{favoured}{escape(typeset(reading.text))}{why}</li>"


def rows_list(ids: Iterable[str], entries: Judged) -> str:
    """Ledger rows as a list: quantity, printed, recomputed where it differs, verdict."""
    items = []
    for id in ids:
        row = entries[id].row
        numbers = f"printed <b>{escape(row.printed)}</b>"
        if entries[id].verdict != "context" and differs(entries[id]):
            numbers += f", recomputed <b>{escape(format_recomputed(entries[id]))}</b>"
        items.append(
            f"<li>{escape(sentence_case(typeset(row.quantity)))} <small>({escape(row.source)})</small>: {numbers} {badge(entries, id)}</li>"
        )
    return f'<ul class="register-rows">{"".join(items)}</ul>' if items else "<p>none printed</p>"


def claims_register(claims: Sequence[Claim], audit: AnyAudit) -> View:
    """Show claims, one a section: the claim, the judgement with its reason, the numbers it rests on.

    Parameters
    ----------
    claims : sequence of Claim
    audit : Audit or Judged

    Returns
    -------
    View

    Raises
    ------
    KeyError
        If a claim rests on a row that the audit does not hold.
    """
    heads = ["id", "claim", "source", "judgement", "reason", "rests on"]
    if not claims:
        return not_there("No conclusion of the paper is recorded.", heads)
    entries = as_judged(audit)
    sections = "".join(_claim(claim, entries) for claim in claims)
    records = [(c.id, c.claim, c.source, c.judgement, c.reason, " ".join(c.rests_on)) for c in claims]
    frame = pd.DataFrame(records, columns=heads)
    text = "\n\n".join(f"{JUDGEMENTS[c.judgement].symbol} {c.judgement}: {c.claim} ({c.source})\n   {c.reason}" for c in claims)
    return View(f'<div class="exhibit exhibit-register">{_summary(claims)}{sections}</div>', frame, text)


def _summary(claims: Sequence[Claim]) -> str:
    counts = {judgement: sum(claim.judgement == judgement for claim in claims) for judgement in JUDGEMENTS}
    parts = [f"{judgement_badge(judgement)} {count}" for judgement, count in counts.items() if count]
    return f'<p class="exhibit-key">{" · ".join(parts)}</p>' if parts else ""


def _claim(claim: Claim, entries: Judged) -> str:
    rests = f"<details><summary>Numbers it rests on ({len(claim.rests_on)})</summary>{rows_list(claim.rests_on, entries)}</details>"
    return (
        f'<section class="register-entry" id="{escape(claim.id)}" aria-labelledby="{escape(claim.id)}-title">'
        f'<h3 id="{escape(claim.id)}-title">{escape(typeset(claim.claim))}</h3>'
        f'<p>{judgement_badge(claim.judgement)} {escape(typeset(claim.reason))}</p><p class="register-foot">{escape(claim.source)}</p>'
        f"{rests if claim.rests_on else ''}</section>"
    )

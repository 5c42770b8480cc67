"""How much a finding weighs for a reader: by its rank, else by the conclusions of the paper that rest on its numbers.

One rule for all studies; nothing is weighed by hand but what the register ranks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.ledger.registers import claim_rules
from analysis.ledger.registers.claim_declarations import Claim
from analysis.ledger.registers.findings import Finding
from analysis.ledger.rows.row import Ledger

FIRST, MAIN, OTHER, NONE = "first", "main", "other", "none"
WEIGHTS = {
    FIRST: "To know before quoting the paper",
    MAIN: "On a conclusion of the abstract",
    OTHER: "On another conclusion",
    NONE: "On no conclusion",
}
"""Weights from the heaviest, each as a heading."""

_MAIN_SOURCE = "abstract"


def weigh_findings(findings: Sequence[Finding], claims: Sequence[Claim], ledger: Ledger) -> dict[str, tuple[Finding, ...]]:
    """Findings by weight, the ranked ones in the order of their ranks and the others in that of the register.

    Parameters
    ----------
    findings, claims : sequence
    ledger : Ledger

    Returns
    -------
    dict of str to tuple of Finding
        A key of `WEIGHTS` each, in their order; those without a finding are left out.
    """
    resting = {
        MAIN: _numbers(ledger, (id for claim in claims if _MAIN_SOURCE in claim.source.lower() for id in _ids(claim))),
        OTHER: _numbers(ledger, (id for claim in claims for id in _ids(claim))),
    }
    found: dict[str, list[Finding]] = {weight: [] for weight in WEIGHTS}
    for finding in findings:
        own = _numbers(ledger, finding.rows)
        weight = FIRST if finding.rank else next((weight for weight, numbers in resting.items() if own & numbers), NONE)
        found[weight].append(finding)
    found[FIRST].sort(key=lambda finding: finding.rank or 0)
    return {weight: tuple(entries) for weight, entries in found.items() if entries}


def _ids(claim: Claim) -> tuple[str, ...]:
    return (*claim.rests_on, *claim.states, *claim_rules.ids(claim))


def _numbers(ledger: Ledger, ids: Iterable[str]) -> set[str]:
    """Ids, the numbers printed together with them, and those that they are copies of."""
    found = set()
    for id in ids:
        row = ledger[id]
        found |= {id, row.result, row.copy_of or id}
    return found

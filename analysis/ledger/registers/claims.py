"""The register of claims: conclusions of a paper, each judged by the printed numbers that decide it."""

from __future__ import annotations

from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError
from analysis.ledger.registers import claim_rules
from analysis.ledger.registers.claim_declarations import Claim
from analysis.ledger.registers.register_entries import read_entries
from analysis.ledger.rows.row import Ledger
from analysis.paths import shorten_path

FILE = "claims.yml"


def read_claims(study: Study, ledger: Ledger) -> tuple[Claim, ...]:
    """Read ``claims.yml``; every row it names must stand in the ledger.  A study without the file makes no claims."""
    if not (study.folder / FILE).is_file():
        return ()
    claims, faults = read_entries(study, ledger, FILE, Claim, ("rests_on", "states"))
    path = shorten_path(study.folder / FILE)
    for claim in claims:
        faults += [Fault(path, f"{claim.id}.{field}", expected, found) for field, expected, found in claim_rules.faults(claim)]
        faults += [Fault(path, claim.id, "ids of the ledger", repr(id)) for id in claim_rules.ids(claim) if id not in ledger]
    if faults:
        raise InputError(faults)
    for claim in claims:
        claim._judgement = claim_rules.judge(study, ledger, claim)
    return claims

"""What may stand in ``claims.yml``: conclusions of a paper, and the printed numbers that decide them."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import PrivateAttr

from analysis.ledger.registers.register_entries import Entry

Weight = Literal["supported", "not supported", "not testable"]
JUDGEMENTS = get_args(Weight)
"""What a claim can be judged, in the order of counting."""


class Claim(Entry):
    """A conclusion or unnumbered inference of the paper, weighed.

    Attributes
    ----------
    id : str
        Lower-case words joined by hyphens; it never changes.
    claim : str
        The conclusion in your own words.
    source : str
        Where the paper draws it, as in the ledger.
    rests_on : tuple of str
        Ledger ids; may be empty where the paper prints no number for it.
    states : tuple of str
        Ledger ids of the numbers printed in the statement itself, which get no tick where it is not supported.
    pattern : str
        Key of `analysis.ledger.registers.claim_rules.PATTERNS`: what kind of statistic decides the claim.
    tests : tuple of str
        Ledger ids of P values and limits of ratios.
    holds : tuple of str
        Comparisons of sums of ledger ids that must be true of the printed numbers.
    ours, theirs : tuple
        Ids of a count and its total here; ids of a share and, where printed, its number of patients in each other report.
    below : float
        Percentage below which a share of none is said to lie.
    judgement : {"supported", "not supported", "not testable"}
        Follows from the pattern; not declared.
    reason : str
        Why it is weighed so, in a sentence.
    """

    claim: str
    source: str
    rests_on: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    pattern: str
    tests: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    theirs: tuple[tuple[str, ...], ...] = ()
    below: float = 0
    reason: str
    _judgement: Weight = PrivateAttr(default="not testable")

    @property
    def judgement(self) -> Weight:
        """Whether the printed numbers support the claim."""
        return self._judgement

"""Symbols and meanings of verdicts, kinds of evidence and judgements: never colour alone."""

from __future__ import annotations

from typing import NamedTuple

from analysis.ledger.verdicts import verdicts


class Mark(NamedTuple):
    """How a verdict shows: a symbol, a short word, its meaning, a name for style sheets."""

    symbol: str
    word: str
    meaning: str
    style: str


MARKS = {
    verdicts.REPRODUCED: Mark("✓", "reproduced", "reproduced by the method that the paper names", "reproduced"),
    verdicts.UNDER_CONVENTION: Mark(
        "≈", "under convention", "reproduced by another documented method or rounding, which is named", "convention"
    ),
    verdicts.NOT_IDENTIFIED: Mark("⇔", "not identified", "the printed numbers are compatible with a range of values", "open"),
    verdicts.CONTRADICTED: Mark(
        "✗",
        "contradicted",
        "other printed numbers exclude it under every convention tried, or the paper prints it differently elsewhere",
        "contradicted",
    ),
    verdicts.IN_CONFLICT: Mark(
        "≠",
        "in conflict",
        "proven incompatible with the numbers named; which of them is wrong is unknown",
        "conflict",
    ),
    verdicts.NOT_REACHED: Mark("?", "not reached", "no cohort was found that gives it, and no proof that none exists", "unreached"),
    verdicts.CONTEXT: Mark("·", "context", "not recomputable from this study", "context"),
}

#: In place of a verdict where the patients are not the published ones.
NOT_COMPARED = Mark("", "not compared", "these are not the published patients", "context")


def mark_of(verdict: str) -> Mark:
    """How a verdict shows, or that there is none."""
    return NOT_COMPARED if verdict == verdicts.NOT_COMPARED else MARKS[verdict]


#: What a verdict rests on.
EVIDENCE = {
    verdicts.COUNTS: "computed from printed numbers alone",
    verdicts.PREDICTED: "withheld from cohorts made for the test, all of which predict it",
    verdicts.COHORT: "computed on cohorts that were made to satisfy the printed numbers: agreement shows only that the numbers are compatible",
    "": "not recomputed",
}

JUDGEMENTS = {
    "supported": Mark("✓", "supported", "the printed numbers support it", "reproduced"),
    "not supported": Mark("✗", "not supported", "the printed numbers do not support it", "contradicted"),
    "not testable": Mark("?", "not testable", "the evidence printed does not allow a test", "unreached"),
}

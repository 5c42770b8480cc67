"""One rule for all claims: from what kind of statistic a conclusion rests on to whether it is supported.

A claim of ``claims.yml`` declares its pattern and the printed numbers that decide it; the
judgement follows.  It says whether the printed numbers bear the conclusion out, at the paper's
own level of significance, and nothing of patients outside the study.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import numpy as np

from analysis.cohorts.study import Study
from analysis.estimators.group_tests import contingency
from analysis.ledger.registers.claim_declarations import Claim, Weight
from analysis.ledger.rows import expressions
from analysis.ledger.rows.row import Ledger, Row

SUPPORTED: Final = "supported"
NOT_SUPPORTED: Final = "not supported"
NOT_TESTABLE: Final = "not testable"

#: Pattern of statistic → what decides the judgement.  The guide shows this table.
PATTERNS = {
    "difference": "Groups are said to differ, or a factor to be associated: supported if every P is below the significance level and every confidence interval excludes 1, else not supported.",
    "no significant difference": "A test is said not to be significant, no more: supported if every P is at or above the significance level, else not supported.",
    "equality": "Groups are said to be alike: not supported if a P is below the significance level; else not testable, as no evidence of a difference is no evidence of equality.",
    "numbers": "Printed numbers are compared or added up, with no inference: supported if every comparison holds, else not supported.",
    "higher than other reports": "A rate is said to be higher than elsewhere: not testable unless each other report’s number of patients is printed; then supported if the rate is higher and every two-sample P below the significance level, else not supported.",
    "similar to other reports": "A rate is said to be similar to that elsewhere: not testable unless each other report’s number of patients is printed; then not supported if a two-sample P is below the significance level, else not testable.",
    "later exposure": "Survival is compared by an exposure that occurs after the time origin: not testable, because of immortal time; supported only if a time-dependent P or confidence interval is printed and excludes no difference.",
    "undeclared model": "The model, its covariates or its confidence interval are not printed: not testable.",
    "small sample": "Something is said never, or no longer, to happen, because it was not observed in a small sample: supported only if the exact 95% CI lies below the proportion named, else not supported.",
    "not printed": "No printed number decides it, no criterion is given, or the printed numbers conflict or depend on the interpretation: not testable.",
}
_COMPARISON = re.compile(r"^(?P<left>.+?)\s*(?P<sign><=|>=|=|<|>)\s*(?P<right>.+)$")
_SIGNS = {"<": operator.lt, "<=": operator.le, "=": operator.eq, ">=": operator.ge, ">": operator.gt}


def judge(study: Study, ledger: Ledger, claim: Claim) -> Weight:
    """Judgement of a claim by its pattern.

    Parameters
    ----------
    study : Study
        Declares the level of significance.
    ledger : Ledger
    claim : Claim
        With `pattern`, `tests`, `holds`, `ours`, `theirs` and `below`.

    Returns
    -------
    {"supported", "not supported", "not testable"}
    """
    if not all(holds(ledger, text) for text in claim.holds):
        return NOT_SUPPORTED
    apart = [_excludes_no_difference(study, ledger[id]) for id in claim.tests]
    match claim.pattern:
        case "difference":
            return SUPPORTED if all(apart) else NOT_SUPPORTED
        case "no significant difference":
            return NOT_SUPPORTED if any(apart) else SUPPORTED
        case "equality":
            return NOT_SUPPORTED if any(apart) else NOT_TESTABLE
        case "numbers":
            return SUPPORTED
        case "later exposure":
            return SUPPORTED if apart and all(apart) else NOT_TESTABLE
        case "higher than other reports" | "similar to other reports":
            return _beside_others(study, ledger, claim)
        case "small sample":
            return _rare(ledger, claim)
    return NOT_TESTABLE


def faults(claim: Claim) -> Iterator[tuple[str, str, str]]:
    """What a claim's pattern needs and the claim does not give: field, expected, found."""
    needs = {
        "difference": "tests", "no significant difference": "tests", "equality": "tests", "numbers": "holds",
        "higher than other reports": "theirs", "similar to other reports": "theirs", "small sample": "ours",
    }  # fmt: skip
    if claim.pattern not in PATTERNS:
        yield "pattern", f"one of {', '.join(PATTERNS)}", repr(claim.pattern)
    field = needs.get(claim.pattern, "")
    if field and not getattr(claim, field):
        yield field, f"what “{claim.pattern}” is judged by", "none"
    for text in claim.holds:
        if not _COMPARISON.match(text):
            yield "holds", "a comparison of sums of ids", repr(text)


def ids(claim: Claim) -> Iterator[str]:
    """Ledger ids that decide a claim."""
    yield from claim.tests
    yield from claim.ours
    for report in claim.theirs:
        yield from report
    for text in claim.holds:
        if found := _COMPARISON.match(text):
            for side in (found["left"], found["right"]):
                yield from re.findall(rf"{expressions.ID}", side)


def holds(ledger: Ledger, text: str) -> bool:
    """Whether a comparison of sums of printed numbers, such as ``a.n + b.n = c.n``, is true of them."""
    found = _COMPARISON.match(text)
    if found is None:
        raise ValueError(f"expected a comparison of sums of ids, found {text!r}")
    return _SIGNS[found["sign"]](_value(ledger, found["left"]), _value(ledger, found["right"]))


def _value(ledger: Ledger, text: str) -> Fraction:
    try:
        return Fraction(text.strip())
    except ValueError:
        (expression,) = expressions.parse(text).cells
        return expression.value(lambda id: Fraction(ledger[id].value.value))


def _excludes_no_difference(study: Study, row: Row) -> bool:
    """Whether a P is below the level, or a limit of a ratio lies on one side of 1."""
    value = float(row.value.value)
    if row.registered.kind == "p":
        return value <= study.significance if row.value.relation == "<" else value < study.significance
    return value > 1 if row.statistic.endswith("lower") else value < 1


def _beside_others(study: Study, ledger: Ledger, claim: Claim) -> Weight:
    """A rate beside those of other reports, whose numbers of patients count as ours do."""
    if not claim.ours or any(len(report) < 2 for report in claim.theirs):
        return NOT_TESTABLE
    with_it, total = (int(ledger[id].value.value) for id in claim.ours)
    found = []
    for share, size in claim.theirs:
        n = int(ledger[size].value.value)
        other = round(float(ledger[share].value.value) * n / 100)
        p = contingency.p_value(np.array([[with_it, total - with_it], [other, n - other]]), test="fisher")
        found.append((p < study.significance, with_it / total > other / n))
    if claim.pattern == "similar to other reports":
        return NOT_SUPPORTED if any(differs for differs, _ in found) else NOT_TESTABLE
    return SUPPORTED if all(differs and higher for differs, higher in found) else NOT_SUPPORTED


def _rare(ledger: Ledger, claim: Claim) -> Weight:
    """None of n: the exact one-sided limit 1 − 0.025^(1/n) of the 95% CI beside the share named."""
    count, total = (int(ledger[id].value.value) for id in claim.ours)
    upper = 100 * (1 - 0.025 ** (1 / total)) if count == 0 and total else 100.0
    return SUPPORTED if upper < claim.below else NOT_SUPPORTED

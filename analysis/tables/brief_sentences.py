"""The words of the lines that open a page: an estimate with its range over cohorts, and how far its printed results can be trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from math import isfinite

from analysis.estimators.ensemble_range import Sampled
from analysis.ledger.verdicts import verdicts
from analysis.tables.sentences import number, one_limit_text, p_cell, p_text

WORDS = {
    verdicts.REPRODUCED: "reproduced",
    verdicts.UNDER_CONVENTION: "reproduced under another convention",
    verdicts.NOT_IDENTIFIED: "left undetermined by the printed numbers",
    verdicts.CONTRADICTED: "contradicted by other printed numbers",
    verdicts.IN_CONFLICT: "in conflict with other printed numbers",
    verdicts.NOT_REACHED: "given by no cohort found",
}
"""Verdicts inside a sentence."""

_BASES = {
    verdicts.COUNTS: "from printed numbers alone",
    verdicts.PREDICTED: "predicted when withheld",
    verdicts.COHORT: "by cohorts made to satisfy them",
}


def ratio(found: Mapping[str, Sampled], level: float, groups: tuple[str, str] = ("the first group", "the other")) -> str:
    """A hazard ratio with its limits and P; before it the range over cohorts, where they differ.

    ``0.49 (95% CI 0.16–1.56; P = 0.27)``, or ``0.36–0.61 across 100 compatible cohorts (reference cohort 0.43, 95% CI …)``.

    Parameters
    ----------
    found : mapping of str to Sampled
        Under the names value, lower, upper and p.
    level : float
    groups : (str, str)
        What the groups are called; one without an event is named as the reason why there is no estimate.
    """
    value, lower, upper, p = (found[name].reference for name in ("value", "lower", "upper", "p"))
    interval = (
        one_limit_text(value, lower, upper, level) if value == 0 or not isfinite(value) else f"{_percent(level)} CI {span(lower, upper)}"
    )
    told = "; ".join(filter(None, (interval, p_text(p))))
    wide = across(found["value"], "{:.2f}".format)
    estimate = number(value) if isfinite(value) and value else f"not estimable, as there is no event with {groups[0 if value == 0 else 1]}"
    if not wide:
        return f"{estimate} ({told})"
    return f"{wide} (reference cohort {estimate}{', ' if interval else '; '}{told})"


def across(found: Sampled, write: Callable[[float], str]) -> str:
    """``0.36–0.61 across 100 compatible cohorts``; empty where all cohorts give the same digits."""
    if not found.ranged:
        return ""
    low, high = write(found.low), write(found.high)
    if low == high:
        return ""
    undefined = f", not estimable in {found.undefined} of them" if found.undefined else ""
    searched = " and a search for both ends" if found.searched else ""
    return f"{low}–{high if isfinite(found.high) else '∞'} across {found.members} compatible cohort{'s' * (found.members != 1)}{undefined}{searched}"


def span(lower: float, upper: float, decimals: int = 2) -> str:
    """Two limits joined by an en dash."""
    return f"{number(lower, decimals)}–{number(upper, decimals)}"


def share(met: Sampled, n: Sampled, value: Sampled) -> str:
    """A count of a total with its percentage: ``12/17 (70.6%)``; where cohorts differ, the range of the percentage first."""
    told = f"{met.reference:g}/{n.reference:g} ({number(value.reference, 1)}%)"
    wide = across(value, "{:.1f}".format)
    return f"{wide.replace(' across', '% across', 1)} (reference cohort {told})" if wide else told


def significance_across(found: Sampled, significance: float) -> str:
    """What P over cohorts says of significance, in words to follow its subject; empty without a range."""
    if not found.ranged:
        return ""
    if found.high < significance:
        return f"P < {significance:g} in every compatible cohort"
    if found.low >= significance:
        return f"P ≥ {significance:g} in every compatible cohort"
    return f"significance undetermined, as P ranges from {p_cell(found.low)} to {p_cell(found.high)} across compatible cohorts"


def results_told(found: Iterable[tuple[str, str]]) -> str:
    """How printed results fared, what is reproduced divided by what it rests on.

    Parameters
    ----------
    found : iterable of (verdict, basis)
        Of each result; context is left out.
    """
    results = [one for one in found if one[0] != verdicts.CONTEXT]
    counts = Counter(verdict for verdict, _ in results)
    parts = []
    for verdict, words in WORDS.items():
        if not counts[verdict]:
            continue
        rests = Counter(basis for one, basis in results if one == verdict)
        bases = [f"{rests[basis]} {told}" for basis, told in _BASES.items() if rests[basis]]
        apart = f" ({', '.join(bases)})" if verdict == verdicts.REPRODUCED else ""
        parts.append(f"{counts[verdict]} {'is' if counts[verdict] == 1 else 'are'} {words}{apart}")
    if not parts:
        return ""
    if len(counts) == 1 and len(results) > 1:
        return f"All {len(results)} printed results {parts[0].partition(' ')[2]}."
    several = f"Of {len(results)} printed results, " if len(results) > 1 else "Of one printed result, "
    return several + (parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}") + "."


def _percent(level: float) -> str:
    return f"{100 * level:g}%"

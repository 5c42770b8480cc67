"""What a standard error of 0 is worth: nothing. A group without events has one, and it is no certainty.

Estimates that rest on a standard error (Greenwood's of a curve or of a restricted mean, Wald's of a hazard ratio) have
neither limits nor P where a group has no event. The result then says why, in a field of its own, and what stays
are the tests and limits that do not need the standard error: the log-rank test, exact limits of counts, profile
likelihood (plain or after Firth), whose limit on the one side is infinite.
"""

from collections.abc import Iterable, Sequence

from analysis.estimators.numerics import checks

#: What the two groups of a comparison are called.
GROUPS = ("the first group", "the reference group")


def missing_events(events: Iterable[float], groups: Sequence[str] = GROUPS, until: str = "") -> str:
    """Say which groups have no event, and that limits and P of a standard error do not exist for it.

    Parameters
    ----------
    events : sequence of int
        Events of each group.
    groups : sequence of str
        What to call them.
    until : str
        By when, e.g. ``by 36 months``.

    Returns
    -------
    str
        Empty where every group has an event.
    """
    without = [group for group, count in zip(groups, events, strict=True) if not count]
    if not without:
        return ""
    return f"no event in {' and '.join(without)}{f' {until}' if until else ''}: a standard error of 0 gives neither limits nor P"


def lower_limit_without_events(at_risk: float, level: float = 0.95) -> float:
    """Return the exact one-sided lower limit of survival at a time by which nobody has had an event.

    Parameters
    ----------
    at_risk : float
        Patients under observation at that time, all of whom came so far without an event. Those censored before are
        not counted, so the limit errs on the safe side.
    level : float
        One-sided confidence level.

    Returns
    -------
    float
        (1 - level) ** (1 / at_risk), a proportion: the one-sided limit of Clopper and Pearson, Biometrika 1934, for
        `at_risk` of `at_risk`. 0 where nobody is at risk.
    """
    level = checks.confidence(level)
    return float((1 - level) ** (1 / at_risk)) if at_risk > 0 else 0.0

"""Survival curves as text: steps and numbers at risk of the reference cohort."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.ledger.rows.rounding import exact
from analysis.ledger.rows.row import Row
from analysis.ledger.session.study_session import Opened
from analysis.ledger.verdicts.recompute import CohortValues

HEADER = "time,at_risk,events,censored,survival,standard_error,lower,upper"
"""Columns: months, patients three times, then proportions (limits on the log scale, 95 %)."""

DECIMALS = 6
"""Digits of a proportion: far more than are printed, far fewer than machines differ in."""

_ESTIMATES = ("survival", "incidence")


def curves(opened: Opened) -> dict[str, str]:
    """Curves that the ledger prints estimates of, by ``<endpoint>-<population>``, sorted.

    Parameters
    ----------
    opened : Opened
        The first of its cohorts is drawn; without one there are no curves.

    Returns
    -------
    dict of str to str
        Texts with the columns of `HEADER`, one line a distinct time.
    """
    wanted = sorted({(row.arguments["endpoint"], row.population) for row in opened.ledger if _is_estimate(row)})
    found = {f"{endpoint}-{population}": _curve(opened, endpoint, population) for endpoint, population in wanted}
    return {name: text for name, text in found.items() if text}


def _is_estimate(row: Row) -> bool:
    """Whether a row prints a point of a curve, or its median."""
    family = row.statistic.split("_")[0]
    return family in _ESTIMATES and "endpoint" in row.arguments and not row.subset.clauses


def _curve(opened: Opened, endpoint: str, population: str) -> str:
    """Text of one curve; empty where nobody in the cohort has its times."""
    declared = opened.study.endpoints[endpoint]
    if opened.study.populations[population].table not in opened.reference:
        return ""
    frame = CohortValues(opened.study, opened.reference).population(population)
    time, event = frame[declared.time], frame[declared.event]
    known = (time.notna() & event.notna()).to_numpy()
    if not known.any():
        return ""
    steps = kaplan_meier(time[known].to_numpy(dtype=float), event[known].to_numpy(dtype=bool).astype(np.int64)).steps()
    lines = [
        ",".join(
            [
                _time(row.time),
                str(int(row.at_risk)),
                str(int(row.events)),
                str(int(row.censored)),
                *(format_fixed(value) for value in (row.survival, row.standard_error, row.lower, row.upper)),
            ]
        )
        for row in steps.itertuples()
    ]
    return "\n".join([HEADER, *lines]) + "\n"


def _time(months: float) -> str:
    text = f"{months:.4f}".rstrip("0").rstrip(".")
    return text or "0"


def format_fixed(value: float) -> str:
    """Proportion with fixed digits, the same on every machine; empty where it is undefined.

    The last bits of a float differ between machines, so it is cut to 13 significant
    digits before it is rounded: what is a tie on one machine is a tie on all.
    """
    if not math.isfinite(value):
        return ""
    return str(exact(value).quantize(Decimal(1).scaleb(-DECIMALS), rounding=ROUND_HALF_EVEN))

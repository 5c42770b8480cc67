"""What a printed curve says roughly of a large group: events and other ends between its horizons.

Of a large group too many risk-set sequences give the printed digits to list them all, and
nearly every split of events and censoring that has the right size can be brought to the
digits by small moves.  What must be right beforehand is the size.  From one horizon to the next
the survival falls by a factor r while Greenwood's sum grows by g.  If events and censoring have
constant rates λ and μ in between, with n at risk at its start and the stretch as unit of time,

    r = exp(-λ),  g = λ/n · (exp(λ + μ) - 1)/(λ + μ),

which fixes both, and n λ (1 - exp(-λ - μ))/(λ + μ) events are expected.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from scipy.optimize import brentq

from analysis.reconstruction.constraints.risk_sets import Horizon

#: Greatest rate of censoring: hardly anybody is left at the end of a stretch.
_FASTEST = 8.0


class Stretch(NamedTuple):
    """From one horizon of a curve to the next.

    Attributes
    ----------
    first, last : float
        Months; events at `first` belong to the stretch before.
    events, others : float or None
        Expected number of events, and of rows that leave without one; None where nothing is said of it.
    at_risk : float
        Expected number at its start.
    """

    first: float
    last: float
    events: float | None
    others: float | None
    at_risk: float


def stretches(size: int, horizons: Sequence[Horizon]) -> list[Stretch]:
    """Expected numbers between the horizons of a curve, and after the last one.

    Parameters
    ----------
    size : int
        Rows of the group.
    horizons : sequence of Horizon
        In order of time.  Where a curve is printed without errors, nobody is expected to be
        censored before an event.

    Returns
    -------
    list of Stretch
        One more than there are horizons; of the last, which never ends, nothing is known but who is at risk.
    """
    found: list[Stretch] = []
    first, at_risk, survival, greenwood = -1.0, float(size), 1.0, 0.0
    for horizon in horizons:
        estimate = (horizon.lowest + horizon.highest) / 200
        ratio = min(1.0, estimate / survival) if survival > 0 else 1.0
        total = _greenwood(horizon, estimate)
        if ratio == 1 or at_risk < 1:  # no event, so that nothing is said of the censored
            found.append(Stretch(first, horizon.time, 0.0, None, at_risk))
        elif total is None or estimate <= 0:
            found.append(Stretch(first, horizon.time, at_risk * (1 - ratio), 0.0, at_risk))
        else:
            found.append(Stretch(first, horizon.time, *_divide(at_risk, ratio, total - greenwood), at_risk))
        done = found[-1]
        first, survival, greenwood = horizon.time, estimate, greenwood if total is None else total
        at_risk = max(0.0, at_risk - (done.events or 0.0) - (done.others or 0.0))
    return [*found, Stretch(first, math.inf, None, None, at_risk)]


def _greenwood(horizon: Horizon, estimate: float) -> float | None:
    """Greenwood's sum behind the standard error that is printed or likely; None where there is none."""
    error = sum(horizon.error) / 2 if horizon.likely is None else horizon.likely
    return (error / 100 / estimate) ** 2 if estimate > 0 and math.isfinite(error) else None


def _divide(at_risk: float, ratio: float, growth: float) -> tuple[float, float]:
    """Events and other ends of a stretch under constant rates."""
    hazard = -math.log(ratio)

    def excess(censoring: float) -> float:
        return hazard / at_risk * math.expm1(hazard + censoring) / (hazard + censoring) - growth

    censoring = 0.0 if excess(0.0) >= 0 else float(brentq(excess, 0.0, _FASTEST)) if excess(_FASTEST) > 0 else _FASTEST
    gone = -at_risk * math.expm1(-hazard - censoring)
    events = gone * hazard / (hazard + censoring)
    return events, max(0.0, gone - events)


def ways(size: int, horizons: Sequence[Horizon]) -> float:
    """Logarithm (base 10) of the orders in which events and other ends of a curve can follow each other, roughly."""
    return sum(_orders(part.events or 0.0, part.others or 0.0) for part in stretches(size, horizons)[:-1])


def _orders(events: float, others: float) -> float:
    return (math.lgamma(events + others + 1) - math.lgamma(events + 1) - math.lgamma(others + 1)) / math.log(10)

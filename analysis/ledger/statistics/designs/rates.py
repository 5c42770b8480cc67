"""Time under observation, limits of an event rate, and events over what was expected (SMR, SIR)."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from analysis.errors import Undefined
from analysis.estimators.group_tests import rates
from analysis.ledger.statistics.designs.limits import NAN, Parts, evaluate, register_with_limits
from analysis.ledger.statistics.registry import Cells, Range, Sample, Values, register

_FAMILY = "rates"
_ENDPOINT: dict[str, Any] = dict(family=_FAMILY, required=("endpoint",))


@register("person_time", kind="number", optional=("per",), **_ENDPOINT)
def person_time(sample: Sample) -> Values:
    """Time under observation of all patients, in the endpoint's unit of time, or in so many as `per` says: 12 for years in months."""
    time, _, _ = sample.times()
    return {"": float(time.sum() / float(sample.arguments.get("per", 1)))}


def _observe(sample: Sample) -> tuple[int, float]:
    """Events, and time under observation in units of the rate."""
    time, event, _ = sample.times()
    if not time.sum() > 0:
        raise Undefined("a rate needs time under observation")
    return int(event.sum()), float(time.sum() / float(sample.arguments.get("per", 100)))


def _rate(observed: tuple[int, float], method: str, level: float) -> Parts:
    events, time = observed
    return events / time, *(limit / time for limit in rates.count_limits(events, method, level))


register_with_limits(
    "event_rate", "event rate", rates.LIMITS, _rate, _observe, kind="number", estimate=False, optional=("per",), **_ENDPOINT
)  # fmt: skip

_EXPECTED: dict[str, Any] = dict(
    family=_FAMILY, required=("endpoint", "expected"), needs="events ; expected events", fits=lambda r, c: (r, c) == (1, 2)
)


def _observe_and_expect(sample: Sample) -> tuple[int, float]:
    """Events, and the sum of what was expected of each patient; those without a time are left out."""
    _, event, frame = sample.times()
    return int(event.sum()), float(frame[sample.arguments["expected"]].to_numpy(dtype=float, na_value=0).sum())


def _ratio(events: int, expected: float, part: int, level: float, method: str) -> float:
    if not expected > 0:
        return NAN
    return (float(events), *rates.count_limits(events, method or "exact", level))[part] / expected


def _register(ending: str, part: int, meaning: str) -> None:
    names = rates.LIMITS if part else ("",)

    def from_cohort(sample: Sample) -> Values:
        events, expected = _observe_and_expect(sample)
        return evaluate(names, partial(_ratio, events, expected, part, sample.level))

    def from_printed(cells: Cells) -> Values:
        """Of an expected number that was rounded, the range of what it allows."""
        events, expected = cells.rows[0]
        ends = [evaluate(names, partial(_ratio, int(events.value), float(end), part, cells.level)) for end in (expected.high, expected.low)]
        return {name: Range(ends[0][name], ends[1][name]) for name in names}

    from_cohort.__doc__ = meaning
    register(f"smr{ending}", kind="ratio", default="exact" if part else "", from_printed=from_printed, **_EXPECTED)(from_cohort)


_register("", 0, "Standardised ratio (SMR, SIR): events over those expected, the sum of the variable `expected` over the patients.")
_register("_lower", 1, "Lower confidence limit of a standardised ratio.")
_register("_upper", 2, "Upper confidence limit of a standardised ratio.")


def _p_of_printed(cells: Cells) -> Values:
    events, expected = cells.rows[0]
    found = [_p(int(events.value), float(end)) for end in np.linspace(float(expected.low), float(expected.high), 9)]
    return {"": Range(min(found), max(found))}


def _p(events: int, expected: float) -> float:
    return rates.expected_p(events, expected) if expected > 0 else NAN


@register("smr_p", kind="p", from_printed=_p_of_printed, **_EXPECTED)
def smr_p(sample: Sample) -> Values:
    """P of events against those expected (exact, Poisson)."""
    return {"": _p(*_observe_and_expect(sample))}

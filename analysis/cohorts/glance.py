"""A cohort at a glance: for each endpoint patients, events, missing outcomes and follow-up.

What was read inverted or in another unit shows here at once: twenty deaths of twenty, a follow-up of a month.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from analysis.cohorts.reading import ABSENT, LEFT_OUT
from analysis.cohorts.study import Study


class Glance(NamedTuple):
    """What a cohort holds of one endpoint.

    Attributes
    ----------
    label, unit : str
    patients, events, missing : int
        With a time and an event known; of those, with the event; without one of the two.
    follow_up : float
        Median time of patients without the event, in `unit`; NaN where there are none.
    longest : float
        Of all times, in `unit`; NaN where there are none.
    """

    label: str
    unit: str
    patients: int
    events: int
    missing: int
    follow_up: float
    longest: float


def glances(study: Study, frame: pd.DataFrame, table: str = "cohort") -> list[Glance]:
    """Every endpoint of a table whose columns the cohort has, in the order of the declaration.

    An endpoint within a declared population is counted there alone.
    """
    absent = set(frame.attrs.get(ABSENT, ()))
    found = []
    for endpoint in study.endpoints.values():
        if endpoint.table != table or {endpoint.time, endpoint.event} & absent:
            continue
        rows = frame
        if endpoint.within and not absent & set(study.populations[endpoint.within].condition.variables):
            rows = frame[study.populations[endpoint.within].condition.mask(frame)]
        known = rows[endpoint.time].notna() & rows[endpoint.event].notna()
        time, event = endpoint.observed(rows.loc[known, endpoint.time].astype(float), rows.loc[known, endpoint.event].astype(bool))
        follow_up = float(time[~event].median()) if (~event).any() else float("nan")
        longest = float(time.max()) if len(time) else float("nan")
        found.append(Glance(endpoint.label, endpoint.unit, int(known.sum()), int(event.sum()), int((~known).sum()), follow_up, longest))
    return found


def sentence(glance: Glance) -> str:
    """One endpoint in words."""
    counts = f"{glance.patients} patients, {glance.events} events, {glance.missing} missing"
    unknown = glance.follow_up != glance.follow_up
    follow_up = "" if unknown else f"; median follow-up of patients without the event {glance.follow_up:.1f} {glance.unit}"
    longest = f"; longest time {glance.longest:.1f} {glance.unit}" if glance.patients else ""
    return f"{glance.label}: {counts}{follow_up}{longest}"


def describe_left_out(frame: pd.DataFrame) -> str:
    """How many rows of somebody's own file were left out for want of an outcome, in words; empty if none."""
    if LEFT_OUT not in frame.attrs:
        return ""
    count, names = frame.attrs[LEFT_OUT]
    return f"{count} {'row' if count == 1 else 'rows'} of the file left out, without a value of {' or '.join(names)}"

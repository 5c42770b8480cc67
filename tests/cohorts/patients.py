"""Made-up patients for tests of what is told of real ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from analysis.cohorts.study import Study

STUDY = Study.model_validate({
    "study": "made_up", "label": "Made up", "title": "A made-up study", "citation": {},
    "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "id"}},
    "variables": {"cohort": {
        "id": {"type": "id"}, "arm": {"type": "category", "levels": ["A", "B"], "missing": True}, "stage": {"type": "category", "levels": ["I", "II", "III"], "missing": True},
        "age": {"type": "integer", "unit": "years", "missing": True}, "marker": {"type": "number", "unit": "g/L", "missing": True}, "courses": {"type": "integer"},
        "months": {"type": "number", "unit": "months"}, "died": {"type": "boolean"},
        "graft": {"type": "boolean", "known": "later", "time": "graft_months"}, "graft_months": {"type": "number", "unit": "months", "missing": True},
    }},
    "endpoints": {"os": {"time": "months", "event": "died", "label": "Overall survival"}},
    "populations": {"all": {"label": "Everybody"}, "a": {"where": "arm=A", "label": "Arm A"}, "young": {"where": "age<10", "label": "Under 10 years"}},
})  # fmt: skip


def patients(count: int, seed: int = 0, *, whole: bool = False, events: float = 0.6) -> pd.DataFrame:
    """A cohort of `STUDY`; with `whole`, times are whole months, and so tied with each other and with ends of intervals."""
    draw = np.random.default_rng(seed)
    months = draw.exponential(24, count)
    months = np.round(months) if whole else np.round(months, 4)
    graft = draw.random(count) < 0.4
    return pd.DataFrame({
        "id": [f"P{number}" for number in range(count)], "arm": draw.choice(["A", "B"], count), "stage": draw.choice(["I", "II", "III"], count, p=[0.6, 0.3, 0.1]),
        "age": pd.array(draw.integers(0, 19, count), "Int64"), "marker": np.round(draw.lognormal(1, 1, count), 3), "courses": draw.integers(1, 4, count),
        "months": months, "died": draw.random(count) < events, "graft": graft, "graft_months": np.where(graft, np.round(months * 0.3, 4), np.nan),
    })  # fmt: skip


def with_few_events(events: int) -> pd.DataFrame:
    """Two groups of thirty, of which one has so many events and the other thirty."""
    return pd.DataFrame({
        "id": range(60), "arm": ["A"] * 30 + ["B"] * 30, "months": np.tile(np.linspace(2, 40, 30), 2),
        "died": [True] * events + [False] * (30 - events) + [True] * 30,
    })  # fmt: skip


COHORTS = st.builds(
    patients, st.integers(1, 90), st.integers(0, 10**6), whole=st.booleans(), events=st.sampled_from([0.05, 0.3, 0.6, 0.95])
)
"""Cohorts small and large, with few and many events."""

"""Coarse rows: every value is shared, no key survives, groups keep their sides."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.cohorts.protection import Protection, edges, protect
from analysis.cohorts.study import read_study


def made(count=80):
    study = read_study("dac_clag")
    draw = np.random.default_rng(3)
    frame = pd.DataFrame({name: [None] * count for name in study.variables["cohort"]})
    frame["enrolment"] = frame["patient"] = [f"K{n}" for n in range(count)]
    frame["os_months"], frame["efs_months"] = draw.uniform(0, 90, count), draw.uniform(0, 50, count)
    frame["age_months"] = pd.Series(draw.integers(0, 215, count), dtype="Int64")
    return study, frame


@given(st.lists(st.floats(0, 200), min_size=1, max_size=80), st.integers(2, 9), st.sampled_from([1.0, 3.0, 12.0]))
def test_every_interval_without_cuts_holds_enough_or_is_the_only_one(values, threshold, step):
    column = pd.Series(values)
    ends = edges(column, step, threshold)
    counts, _ = np.histogram(np.clip(column, ends[0], ends[-1]), ends)
    assert counts.sum() == len(values)
    assert len(counts) == 1 or (counts >= threshold).all()


def test_every_time_is_shared_by_enough_patients():
    study, frame = made()
    coarse = protect(study, frame, Protection(threshold=6, step=3))
    for name in ("os_months", "efs_months"):
        assert coarse[name].value_counts().min() >= 6
        assert not set(coarse[name]) & set(frame[name])


def test_keys_are_numbered_anew_and_rows_shuffled():
    study, frame = made()
    coarse = protect(study, frame, Protection())
    assert not set(coarse["enrolment"]) & set(frame["enrolment"])
    assert coarse["enrolment"].is_unique


def test_a_declared_group_keeps_its_patients():
    study, frame = made()
    coarse = protect(study, frame, Protection())
    assert (coarse["age_months"] < 120).sum() == (frame["age_months"] < 120).sum()
    assert coarse["age_months"].nunique() < frame["age_months"].nunique() / 2


@given(st.lists(st.floats(10, 90), min_size=12, max_size=60), st.integers(2, 6), st.floats(91, 900), st.sampled_from([(), (50.0,), (50.0, 90.5), (5.0, 9.5)]))
def test_how_far_an_extreme_value_lies_changes_nothing(values, threshold, far, cuts):
    """Neither the smallest nor the largest value can be told from the intervals, even where a cut sets it apart."""
    usual = edges(pd.Series([4.0, *values, 91.0]), 3.0, threshold, cuts)
    assert edges(pd.Series([4.0, *values, far]), 3.0, threshold, cuts).tolist() == usual.tolist()
    assert edges(pd.Series([4.0 - far / 300, *values, 91.0]), 3.0, threshold, cuts).tolist() == usual.tolist()


def test_a_cut_that_leaves_one_patient_beyond_keeps_the_group_and_hides_the_value():
    study, frame = made()
    frame["age_months"] = pd.Series([30 + n % 60 for n in range(79)] + [207], dtype="Int64")
    coarse = protect(study, frame, Protection())
    assert (coarse["age_months"] >= 120).sum() == 1
    frame.loc[79, "age_months"] = 121
    assert coarse["age_months"].max() == protect(study, frame, Protection())["age_months"].max()

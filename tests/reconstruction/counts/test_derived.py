"""Columns that follow from others in other units: age at diagnosis and months to relapse give the age at relapse."""

import pandas as pd
import pytest

from analysis.cohorts.study_parts import Variable
from analysis.reconstruction.checks.plausibility import _not_derived
from analysis.reconstruction.counts.derived import add_other_keys, derive_column

FRAME = pd.DataFrame({"age": [3, 9, 12], "months": pd.array([12, 18, None], dtype="Int64")})
PARTS = {"age": 1.0, "months": 0.0833333}


def test_a_plain_sum_is_one_of_whole_numbers():
    assert derive_column(FRAME, ("age", "months"), Variable(type="integer")).tolist() == [15, 27, pd.NA]


@pytest.mark.parametrize(
    ("variable", "expected"),
    [(Variable(type="integer"), [4, 10]), (Variable(type="number"), [4.0, 10.5]), (Variable(type="number", grain=0.1), [4.0, 10.5])],
)
def test_units_are_converted_and_completed_years_are_whole(variable, expected):
    found = derive_column(FRAME, PARTS, variable)
    assert found.tolist()[:2] == pytest.approx(expected, abs=1e-5) and found.isna().tolist() == [False, False, True]
    assert _not_derived(FRAME.assign(relapse=found), "relapse", PARTS, variable) == 0


@pytest.mark.parametrize("wrong", [3, 5])
def test_an_age_that_is_a_year_off_is_noticed(wrong):
    frame = FRAME.assign(relapse=pd.array([wrong, 10, None], dtype="Int64"))
    assert _not_derived(frame, "relapse", PARTS, Variable(type="integer")) == 1


def test_a_value_where_a_part_is_missing_is_noticed():
    frame = FRAME.assign(relapse=pd.array([4, 10, 12], dtype="Int64"))
    assert _not_derived(frame, "relapse", PARTS, Variable(type="integer")) == 1


def test_a_further_key_is_left_empty_and_the_rows_own_key_kept():
    table = add_other_keys(
        pd.DataFrame({"patient": ["P1", "P2"]}),
        {"patient": Variable(type="id"), "pair": Variable(type="id", missing=True), "age": Variable(type="integer")},
    )
    assert table.to_dict("list") == {"patient": ["P1", "P2"], "pair": ["", ""]}

import pandas as pd
import pytest

from analysis.cohorts import conditions

FRAME = pd.DataFrame(
    {
        "arm": ["A", "B", None],
        "age": pd.array([5, None, 12], dtype="Int64"),
        "died": pd.array([True, False, None], dtype="boolean"),
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [True, True, True]),
        ("arm=A", [True, False, False]),
        ("arm=A|B", [True, True, False]),
        ("arm!=A", [False, True, False]),
        ("arm=?", [False, False, True]),
        ("arm!=?", [True, True, False]),
        ("arm=B|?", [False, True, True]),
        ("age>=10", [False, False, True]),
        ("age<12", [True, False, False]),
        ("age=5", [True, False, False]),
        ("died=1", [True, False, False]),
        ("died=0", [False, True, False]),
        ("arm=A & age<=5", [True, False, False]),
    ],
)
def test_a_condition_selects_the_patients_it_describes(text, expected):
    assert conditions.parse(text).mask(FRAME).tolist() == expected


def test_a_patient_of_unknown_value_meets_neither_a_level_nor_its_negation():
    assert not conditions.parse("arm=A").mask(FRAME)[2]
    assert not conditions.parse("arm!=A").mask(FRAME)[2]


@pytest.mark.parametrize("text", ["arm", "arm=", "=A", "age<old", "arm=A=B", "arm~A", "arm=A &"])
def test_a_clause_of_another_form_is_refused_and_shown(text):
    with pytest.raises(ValueError):
        conditions.parse(text)


@pytest.mark.parametrize("text", ["arm=A|B & age>=10", "died=1", "arm!=?"])
def test_a_condition_prints_as_it_is_written(text):
    assert str(conditions.parse(text)) == text

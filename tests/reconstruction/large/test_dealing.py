"""Labels of a finished cohort are found among the intervals that conditions tell apart."""

import pandas as pd
import pytest

from analysis.cohorts.conditions import parse
from analysis.cohorts.study_parts import Variable
from analysis.reconstruction.large.dealing import codes
from analysis.reconstruction.problem.blocks import blocks_of


@pytest.mark.parametrize("grain", [1, 0.1])
def test_each_value_of_a_number_lies_in_one_interval_whatever_its_grain(grain):
    age = Variable.model_validate({"type": "number", "range": [0, 18], "grain": grain, "missing": True})
    blocks = {"age": blocks_of(age, [parse("age<10"), parse("age>=10"), parse("age=?")], "age")}
    values = [0.0, 9.0, 10.0, 18.0, None] + [9.9, 10.1] * (grain < 1)
    found = codes(pd.DataFrame({"age": pd.Series(values, dtype=object)}), ["age"], blocks)[0]
    below, above, unknown = found[0], found[2], found[4]
    assert len({below, above, unknown}) == 3
    assert list(found) == [below, below, above, above, unknown] + [below, above] * (grain < 1)

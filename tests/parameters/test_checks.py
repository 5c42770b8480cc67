"""Assignments of a command line have a name, one value and an equals sign between them."""

import pytest

from analysis.errors import InputError
from analysis.parameters import checks


@pytest.mark.parametrize("text", ["horizon", "=24"])
def test_assignment_without_name_or_value_is_refused(text):
    with pytest.raises(InputError, match="name=value"):
        checks.parse_assignments([text])


def test_parameter_given_twice_is_refused():
    with pytest.raises(InputError, match="expected one value; found two"):
        checks.parse_assignments(["horizon=1", "horizon=2"])


def test_equals_sign_in_a_value_is_kept():
    assert checks.parse_assignments(["cohort=a=b.csv"]) == {"cohort": "a=b.csv"}

import numpy as np
import pytest

from analysis.errors import Undefined
from analysis.estimators import ensemble_range
from analysis.estimators.ensemble_range import of, over


def value(cohorts, function):
    return over(cohorts, function)["value"]


def test_the_range_runs_over_reference_and_members():
    found = value([3.0, 1.0, 7.0], float)
    assert (found.reference, found.low, found.high, found.members) == (3.0, 1.0, 7.0, 2)


def test_a_member_that_does_not_define_the_value_is_counted_and_left_out():
    def inverse(number):
        if number == 0:
            raise Undefined("nothing to divide by")
        return 1 / number

    found = value([2, 0, 4], inverse)
    assert (found.low, found.high, found.undefined) == (0.25, 0.5, 1) and found.defined


def test_an_undefined_reference_says_why():
    def refuse(number):
        raise Undefined("one arm only")

    found = value([1, 2], refuse)
    assert not found.defined and not found.ranged and found.why == "one arm only"


@pytest.mark.parametrize("fault", [ValueError("operands could not be broadcast"), KeyError("time"), ZeroDivisionError()])
def test_a_fault_is_no_undefined_value(fault):
    def broken(number):
        raise fault

    with pytest.raises(type(fault)):
        over([1, 2], broken)


def test_without_an_ensemble_there_is_no_range():
    found = value([5.0], float)
    assert found.defined and not found.ranged and np.isnan(found.low)


def test_several_numbers_come_back_by_name():
    found = over([2, 3], lambda number: {"double": 2 * number, "square": number**2})
    assert (found["double"].high, found["square"].low) == (6, 4)


def test_a_value_that_all_cohorts_share_is_fixed():
    assert value([1, 1, 1], float).fixed and not value([1, 1, 2], float).fixed


def test_no_cohort_is_refused():
    with pytest.raises(ValueError, match="cohorts"):
        over([], float)


def test_values_known_already_range_like_those_evaluated():
    assert of([3.0, 1.0, float("nan")]) == value([3.0, 1.0, None], lambda number: float("nan") if number is None else number)
    assert of([float("nan"), 2.0], "one arm only").why == "one arm only"


def test_many_cohorts_at_once_are_those_one_by_one():
    def half(number):
        if number == 3:
            raise Undefined("three is none")
        return {"half": number / 2, "why": "so"}

    asked = []

    def together(some):
        asked.append(list(some))
        return ensemble_range.each(half, some)

    assert ensemble_range.over_many([4, 1, 3, 9], together) == ensemble_range.over([4, 1, 3, 9], half)
    assert asked == [[4], [1, 3, 9]]


def test_each_leaves_what_is_undefined_in_its_place():
    none = Undefined("none")
    found = ensemble_range.each(lambda number: 1 / number if number > 0 else _refuse(), [2, none, -1])
    assert found[0] == 0.5 and found[1] is none and str(found[2]) == "refused"


def _refuse():
    raise Undefined("refused")

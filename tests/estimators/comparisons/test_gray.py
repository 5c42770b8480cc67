import numpy as np
import pytest

from analysis.estimators.comparisons.gray import gray_test


@pytest.mark.parametrize("of", [1, 2])
def test_statistic_and_p_are_those_of_cmprsk(golden, close, incidence_case, of):
    case, expected = golden("cases")[incidence_case], golden("competing")[incidence_case]
    found = gray_test(case["time"], case["cause"], case["group"], of)
    close(found, [expected[key][of - 1] for key in ("gray", "freedom", "p")])


@pytest.mark.parametrize("of", [1, 2])
def test_weighted_statistic_is_that_of_cmprsk(golden, close, incidence_case, of):
    case = golden("cases")[incidence_case]
    found = gray_test(case["time"], case["cause"], case["group"], of, rho=1)
    close([found.chi_square], [golden("competing")[incidence_case]["weighted"][of - 1]])


def test_order_of_groups_does_not_matter(golden, close):
    case = golden("cases")["mgus_years"]
    arguments = case["time"], case["cause"], case["group"]
    close(gray_test(*arguments, groups=["old", "young", "middle"]), gray_test(*arguments))


def test_a_cause_that_does_not_occur_leaves_p_undefined():
    assert np.isnan(gray_test([1, 2, 3, 4], [2, 0, 2, 0], ["a", "b", "a", "b"]).p)
    assert np.isnan(gray_test([1, 2, 3, 4], [0, 0, 0, 0], ["a", "b", "a", "b"]).p)


def test_one_group_is_refused():
    with pytest.raises(ValueError, match="group"):
        gray_test([1, 2], [1, 2], ["a", "a"])

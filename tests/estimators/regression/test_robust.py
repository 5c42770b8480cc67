import numpy as np
import pandas as pd
import pytest

from analysis.estimators.regression import cox, robust

NAMES = {"aml": ["first"], "ovarian": ["age", "rx"], "colon_months": ["node4", "sex"]}


def frame_of(golden, name):
    frame = pd.DataFrame(golden("cases")[name])
    return frame.assign(first=(frame.group == frame.group.min()).astype(float), pair=(np.arange(len(frame)) + 2) // 2)


@pytest.mark.parametrize("entry", ["aml.efron", "aml.breslow", "ovarian.efron", "colon_months.efron", "colon_months.breslow"])
def test_standard_errors_of_pairs_are_those_of_r(golden, close, entry):
    name, ties = entry.split(".")
    frame, expected = frame_of(golden, name), golden("sensitivity")["robust"][entry]
    found = robust.cox(frame, "time", "event", NAMES[name], frame.pair, ties)
    assert list(found) == expected["names"]
    close([np.log(one.hr) for one in found.values()], expected["coefficient"], 1e-8)
    close([one.standard_error for one in found.values()], expected["robust"], 1e-7)


def test_limits_and_p_follow_from_the_robust_error(golden):
    frame = frame_of(golden, "aml")
    found = robust.cox(frame, "time", "event", ["first"], frame.pair)["first"]
    assert found.upper / found.hr == pytest.approx(np.exp(1.959963984540054 * found.standard_error), rel=1e-12)
    assert found.clusters == 12
    # P falls below 0.05 exactly when the limits leave out 1
    assert (found.p < 0.05) == (found.lower > 1 or found.upper < 1)


def test_every_row_twice_doubles_the_plain_information_but_not_the_robust_one(golden):
    frame = frame_of(golden, "aml").assign(child=lambda f: np.arange(len(f)))
    twice = pd.concat([frame, frame])
    once, again = (robust.cox(rows, "time", "event", ["first"], rows.child, "breslow")["first"] for rows in (frame, twice))
    assert again.standard_error == pytest.approx(once.standard_error, rel=1e-9)
    plain = [cox.fit(rows, "time", "event", ["first"], "breslow").of("first")["standard_error"] for rows in (frame, twice)]
    assert plain[1] == pytest.approx(plain[0] / np.sqrt(2), rel=1e-9)


def test_a_group_without_events_has_no_robust_error_either(golden):
    frame = frame_of(golden, "zero_event_arm")
    with pytest.raises(ValueError, match="first: no finite estimate"):
        robust.cox(frame, "time", "event", ["first"], frame.pair)


def test_rank_difference_with_clusters_is_that_of_the_sandwich_in_r(golden, close):
    case = golden("sensitivity")["courses"]
    found = robust.ranks(case["values"], case["first"], case["cluster"], groups=(1, 0))
    close([found.difference, found.standard_error, found.p], [case["expected"][key] for key in ("difference", "error", "p")], 1e-9)
    assert found.clusters == 24


def test_groups_that_do_not_vary_have_no_rank_p():
    assert np.isnan(robust.ranks([1, 1, 2, 2], ["a", "a", "b", "b"], [1, 2, 3, 4]).p)


def test_a_third_group_is_refused():
    with pytest.raises(ValueError, match="two groups"):
        robust.ranks([1, 2, 3], ["a", "b", "c"], [1, 2, 3])

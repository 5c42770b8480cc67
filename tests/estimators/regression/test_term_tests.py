import numpy as np
import pandas as pd
import pytest

from analysis.estimators.regression import cox
from analysis.estimators.regression.term_tests import term_tests

MODELS = {"ovarian": ["age", "rx", "residual"], "veteran": ["karno", "age", "trt"], "colon_months": ["node4", "sex"]}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_values_are_those_of_the_whole_fit(golden, close, name, ties):
    frame, names = pd.DataFrame(golden("cases")[name]), MODELS[name]
    expected = cox.fit(frame, "time", "event", names, ties=ties).summary
    found = term_tests(frame, "time", "event", names, names[:2], ties)
    for column in ("wald_p", "likelihood_ratio_p", "score_p"):
        close(found[column], expected.loc[names[:2], column], rtol=1e-7)


def test_without_events_in_one_group_only_the_wald_test_does_not_exist(golden):
    found = term_tests(pd.DataFrame(golden("beyond")["firth_cases"]["zero_event_arm"]), "time", "event", ["first"], ["first"])
    assert np.isnan(found.loc["first", "wald_p"]) and 0 < found.loc["first", "likelihood_ratio_p"] < 1


def test_a_term_outside_the_model_is_refused(golden):
    with pytest.raises(ValueError, match="terms"):
        term_tests(pd.DataFrame(golden("cases")["ovarian"]), "time", "event", ["age"], ["rx"])


def test_beside_a_group_without_events_values_are_those_of_the_other_groups(golden, close):
    frame = pd.DataFrame(golden("separated")["data"])
    others = frame[frame[["smallcell", "adeno", "large"]].any(axis=1)]
    beside = term_tests(frame, "time", "event", ["karno", "smallcell", "adeno", "large"], ["karno"])
    close(beside.loc["karno"], term_tests(others, "time", "event", ["karno", "smallcell", "adeno"], ["karno"]).loc["karno"], rtol=1e-6)
    close([beside.loc["karno", "wald_p"]], [golden("separated")["breslow"]["p"]], rtol=1e-5)

import numpy as np
import pandas as pd
import pytest

from analysis.estimators.regression import cox
from analysis.estimators.time_dependent.counting_process import start_stop

FRAME = pd.DataFrame(
    {"time": [10.0, 8, 6, 9, 5], "event": [1, 1, 0, 1, 1], "remission": [4, np.nan, 6, 0, 8]}, index=["p", "q", "r", "s", "t"]
)


def rows_of(patient, **options):
    rows = start_stop(FRAME, "time", "event", "remission", **options).loc[[patient]]
    return rows[["start", "stop", "event", "switched"]].values.tolist()


def test_follow_up_is_split_where_the_covariate_switches():
    assert rows_of("p") == [[0, 4, 0, 0], [4, 10, 1, 1]]


def test_no_switch_keeps_one_row():
    assert rows_of("q") == [[0, 8, 1, 0]]


def test_a_switch_at_the_end_or_after_it_changes_nothing():
    assert rows_of("r") == [[0, 6, 0, 0]]
    assert rows_of("t") == [[0, 5, 1, 0]]


def test_a_switch_at_time_zero_was_never_off():
    assert rows_of("s") == [[0, 9, 1, 1]]


def test_from_counts_the_new_value_at_the_switch_time_itself():
    assert rows_of("r", at_switch="from")[-1][1:] == [6, 0, 1]
    assert rows_of("s", at_switch="from") == [[0, 9, 1, 1]]


def by_definition(frame, beta, new_at_switch):
    """Breslow's log partial likelihood with the covariate evaluated at each event time."""
    total = 0.0
    for t in frame.time[frame.event == 1].unique():
        at_risk = frame[frame.time >= t]
        on = (at_risk.remission <= t) if new_at_switch else (at_risk.remission < t) | (at_risk.remission == 0)
        dead = ((at_risk.time == t) & (at_risk.event == 1)).to_numpy()
        total += beta * on[dead].sum() - dead.sum() * np.log(np.exp(beta * on).sum())
    return total


@pytest.mark.parametrize("at_switch", ["after", "from"])
@pytest.mark.parametrize("first_time", [0, 1])
def test_the_fit_maximises_the_likelihood_by_definition(at_switch, first_time):
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(
        {
            "time": rng.integers(first_time, 9, 50),
            "event": rng.random(50) < 0.7,
            "remission": np.where(rng.random(50) < 0.6, rng.integers(0, 8, 50), np.nan),
        }
    )
    frame.loc[0, "time"] = first_time
    rows = start_stop(frame, "time", "event", "remission", at_switch=at_switch)
    found = cox.fit(rows, "stop", "event", ["switched"], "breslow", entry="start")
    beta = found.summary.coefficient["switched"]
    value = by_definition(frame, beta, at_switch == "from")
    assert found.log_likelihood == pytest.approx(value, rel=1e-10)
    assert value > max(by_definition(frame, beta + h, at_switch == "from") for h in (-1e-3, 1e-3))


def test_each_patient_keeps_one_event_and_the_whole_follow_up():
    rows = start_stop(FRAME, "time", "event", "remission")
    per_patient = rows.groupby(level=0)
    assert (per_patient["event"].sum() == FRAME.event).all()
    assert ((rows["stop"] - rows["start"]).groupby(level=0).sum() == FRAME.time).all()


def test_a_switch_flagged_without_a_time_is_refused():
    with pytest.raises(ValueError, match="remission: expected a time where reached is 1"):
        start_stop(FRAME.assign(reached=1), "time", "event", "remission", "reached")


def test_a_flag_of_zero_overrules_a_recorded_time():
    rows = start_stop(FRAME.assign(reached=0), "time", "event", "remission", "reached")
    assert (rows["switched"] == 0).all() and len(rows) == len(FRAME)

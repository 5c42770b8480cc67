"""Cohorts of large groups differ in what the printed numbers leave open: when between printed times patients die or are censored."""

import numpy as np
import pandas as pd
import pytest

from analysis.reconstruction.large import encoding
from analysis.reconstruction.large.arrays import no_pull
from analysis.reconstruction.large.cohort import PULL, pull_of
from analysis.reconstruction.large.dealing import LEAN, lean_of

pytestmark = pytest.mark.slow


@pytest.fixture
def found(trial):
    return encoding.encode(trial(150)[1])


def test_between_two_printed_times_a_pull_is_straight_and_on_average_none(found):
    pull = pull_of(found, 1)
    assert pull.shape == no_pull(found).shape
    for first, end in ((0, 13), (13, 25), (25, pull.shape[2])):  # survival is printed at 12 and 24 months
        assert np.allclose(np.diff(pull[0, :, first:end], 2), 0) and np.allclose(pull[0, :, first:end].mean(axis=1), 0)
        assert (np.ptp(pull[0, :, first:end], axis=1) <= PULL).all()


def test_each_cohort_has_a_pull_of_its_own(found):
    assert np.array_equal(pull_of(found, 1), pull_of(found, 1)) and not np.allclose(pull_of(found, 1), pull_of(found, 2))
    falls = [np.diff(pull_of(found, seed)[0, 1, :13])[0] < 0 for seed in range(40)]
    assert 8 <= sum(falls) <= 32, "to earlier events in some, to later ones in others"


def test_labels_lean_on_the_outcome_where_it_is_known(trial):
    rows, problem = trial(150)
    outcome = pd.DataFrame({"os_months": rows["os_months"], "died": rows["died"].astype(int)})
    assert lean_of(problem, outcome[["os_months"]], 1) is None and lean_of(problem, pd.DataFrame(index=rows.index), 1) is None
    lean = lean_of(problem, outcome, 1)
    order = np.argsort(lean)
    worst, best = outcome.iloc[order[[0, -1]]].itertuples(index=False)
    assert {(row.died, row.os_months) for row in (worst, best)} >= {(0, outcome.loc[outcome["died"] == 0, "os_months"].max())}
    strengths = [lean_of(problem, outcome, seed).std(ddof=0) for seed in range(20)]
    assert max(strengths) <= 1.01 * LEAN and len({round(one, 6) for one in strengths}) == 20

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import rankdata

from analysis.estimators.group_tests.cluster_permutation import compare

VALUES = [3, 4, 8, 9, 1, 2, 2, 7]
GROUP = ["a", "a", "a", "a", "b", "b", "b", "b"]
CLUSTER = [1, 1, 2, 2, 3, 3, 3, 4]


def test_p_tends_to_the_share_of_all_reassignments_of_clusters():
    ranks, member = rankdata(VALUES), np.array(CLUSTER) - 1
    gaps = []
    for chosen in combinations(range(4), 2):
        first = np.isin(member, chosen)
        gaps.append(abs(ranks[first].mean() - ranks[~first].mean()))
    exact = np.mean(np.array(gaps) >= gaps[0] - 1e-9)
    assert compare(VALUES, GROUP, CLUSTER, permutations=20000).p == pytest.approx(exact, abs=0.015)


def test_one_row_a_cluster_gives_the_ordinary_permutation_test():
    found = compare([0, 0, 0, 0, 1, 1, 1, 1], GROUP, range(8), permutations=20000)
    assert found.p == pytest.approx(2 / 70, abs=0.005) and found.clusters == 8


def test_clusters_that_agree_within_themselves_weaken_the_evidence():
    values, group, cluster = [0] * 6 + [1] * 6, ["a"] * 6 + ["b"] * 6, [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3
    assert compare(values, group, cluster).p > 10 * compare(values, group, range(12)).p


def test_same_seed_same_value():
    assert compare(VALUES, GROUP, CLUSTER, seed=3) == compare(VALUES, GROUP, CLUSTER, seed=3)


def test_a_cluster_in_both_groups_is_refused():
    with pytest.raises(ValueError, match="cluster"):
        compare(VALUES, GROUP, [1, 1, 2, 2, 2, 3, 3, 4])

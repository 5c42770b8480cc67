"""A permutation test whose units are clusters: courses of one child are not independent."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from analysis.arrays import Bools, Floats, Ints
from analysis.errors import Undefined
from analysis.estimators.numerics import checks


class Permutation(NamedTuple):
    """Difference (first group less reference) in mean value, in mean rank, P by clusters, clusters, permutations."""

    difference: float
    rank_difference: float
    p: float
    clusters: int
    permutations: int


def compare(
    values: npt.ArrayLike,
    group: npt.ArrayLike,
    cluster: npt.ArrayLike,
    groups: Sequence[Any] | None = None,
    permutations: int = 9999,
    seed: int = 0,
) -> Permutation:
    """Compare two groups, whole clusters changing their group.

    Parameters
    ----------
    values : array_like, shape (n,)
        One a row; 0/1 or any number.
    group, cluster : array_like, shape (n,)
        A cluster lies within one group.
    groups : (first, reference), optional
        Default: the two labels, sorted.
    permutations, seed : int
        Random permutations of the groups over the clusters.

    Returns
    -------
    Permutation
        P is (1 + permutations whose mean ranks are at least as far apart) / (1 + permutations).

    Raises
    ------
    ValueError
        For faulty data, other than two groups, or a cluster in both.

    Notes
    -----
    Under the null hypothesis that the groups do not matter, what happens within a cluster stays together (Good,
    Permutation, Parametric and Bootstrap Tests, 3rd ed. 2005, section 3). The mean ranks make it a clustered
    Mann-Whitney test, and of 0/1 values a clustered comparison of shares.
    """
    values = checks.numbers(values, "values")
    names, codes = checks.labels(group, "group", groups)
    _, member = checks.labels(cluster, "cluster")
    checks.same_length(values=values, group=codes, cluster=member)
    if len(names) != 2:
        raise Undefined(f"group: expected two groups, found {list(names)}")
    kept = codes >= 0
    values, codes, member = values[kept], codes[kept], np.unique(member[kept], return_inverse=True)[1]
    frame = pd.DataFrame({"code": codes, "member": member})
    if (frame.groupby("member")["code"].nunique() > 1).any():
        raise ValueError("cluster: expected each within one group")
    first = (frame.groupby("member")["code"].first() == 0).to_numpy()
    sums, sizes = np.bincount(member, rankdata(values)).astype(float, copy=False), np.bincount(member)
    gap = _gap(sums, sizes, first)
    drawn = np.random.default_rng(seed).permuted(np.tile(first, (permutations, 1)), axis=1)
    further = int((np.abs(_gap(sums, sizes, drawn)) >= abs(gap) - 1e-9).sum())
    mean = values[codes == 0].mean() - values[codes == 1].mean()
    return Permutation(float(mean), float(gap), (1 + further) / (1 + permutations), len(first), permutations)


def _gap(sums: Floats, sizes: Ints, first: Bools) -> Any:
    """Return the difference in mean rank; `first` flags clusters along its last axis, one division a row."""
    inside, number = first @ sums, first @ sizes
    return inside / number - (sums.sum() - inside) / (sizes.sum() - number)

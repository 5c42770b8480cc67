"""Gray's test: cumulative incidence of one cause compared between groups.

No library has Gray's test; the reference is R's ``cmprsk``.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats, Ints
from analysis.errors import Undefined
from analysis.estimators.curves.competing_risks import binomial_share, check_causes
from analysis.estimators.numerics import checks, distributions


class GrayTest(NamedTuple):
    """Statistic, degrees of freedom and P value."""

    chi_square: float
    degrees_of_freedom: int
    p: float


def gray_test(
    time: npt.ArrayLike, cause: npt.ArrayLike, group: npt.ArrayLike, of: int = 1, groups: Sequence[Any] | None = None, rho: float = 0.0
) -> GrayTest:
    """Test the equality of the cumulative incidence of a cause over k groups.

    Parameters
    ----------
    time, cause : array_like, shape (n,)
        As in `competing.cumulative_incidence`.
    group : array_like, shape (n,)
        Label of each patient.
    of : int
        The cause compared.
    groups : sequence, optional
        Labels to compare; patients of other groups are left out. Default: all.
    rho : float
        Weight (1 - F(t-))**rho; 0 in Gray's paper's main case and in ``cmprsk``.

    Returns
    -------
    GrayTest
        NaN if the cause does not occur.

    Raises
    ------
    ValueError
        For faulty data or fewer than two groups.

    Notes
    -----
    Gray, Ann Stat 1988;16:1141-1154. With n_i at risk, S_i and F_i of group i just before t: h_i = n_i / S_i,
    R_i = h_i (1 - F_i); the score is Σ w (d_i - d R_i / ΣR). The variance is that of `_variance`.
    Same values as ``cmprsk::cuminc(...)$Tests``.
    """
    time, codes = checks.numbers(time, "time", minimum=0), check_causes(cause, of)
    names, member = checks.labels(group, "group", groups)
    checks.same_length(time=time, cause=codes, group=member)
    if len(names) < 2:
        raise Undefined(f"group: expected at least two groups, found {list(names)}")
    kept = member >= 0
    state = _state(time[kept], codes[kept], member[kept], len(names), of)
    freedom = len(names) - 1
    if not state["own"].any():
        return GrayTest(float("nan"), freedom, float("nan"))
    score, variance = _score(state, rho), _variance(state, rho)
    if np.linalg.matrix_rank(variance[:-1, :-1], hermitian=True) < freedom:
        return GrayTest(float("nan"), freedom, float("nan"))
    statistic = float(score[:-1] @ np.linalg.solve(variance[:-1, :-1], score[:-1]))
    return GrayTest(statistic, freedom, float(distributions.chi_square_tail(statistic, freedom)))


def _state(time: Floats, cause: Ints, member: Ints, k: int, of: int) -> dict[str, Floats]:
    """Return what is known at each failure time: arrays of shape (times, k), or (times,) for the pooled ones."""
    grid, place = checks.distinct_times(time)
    cell, size = place * k + member, grid.size * k
    leaving, own, failed = (
        np.bincount(cell, weights=w, minlength=size).reshape(-1, k) for w in (np.ones(len(cell)), cause == of, cause != 0)
    )
    at_risk = leaving[::-1].cumsum(axis=0)[::-1]
    rows = failed.sum(axis=1) > 0
    n, own, other = at_risk[rows], own[rows], (failed - own)[rows]
    with np.errstate(divide="ignore", invalid="ignore"):
        after = np.cumprod(np.where(n > 0, 1 - (own + other) / n, 1.0), axis=0)
        before = np.vstack((np.ones(k), after[:-1]))
        jump = np.where(n > 0, before * own / n, 0.0)
        hazard_share = np.where(n > 0, n / before, 0.0)
    incidence = np.cumsum(jump, axis=0) - jump
    d, total = own.sum(axis=1), hazard_share.sum(axis=1)
    pooled = np.cumsum(d / total)
    return {
        "n": n,
        "own": own,
        "other": other,
        "before": before,
        "after": after,
        "h": hazard_share,
        "d": d,
        "total": total,
        "incidence": incidence,
        "pooled": pooled,
        "pooled_before": np.concatenate(([0.0], pooled[:-1])),
    }


def _score(s: dict[str, Floats], rho: float) -> Floats:
    weight = (1 - s["pooled_before"]) ** rho
    r = s["h"] * (1 - s["incidence"])
    return (weight[:, None] * (s["own"] - s["d"][:, None] * r / r.sum(axis=1, keepdims=True))).sum(axis=0)


def _variance(s: dict[str, Floats], rho: float) -> Floats:
    """Return the covariance of the score.

    Group k's failures of either kind enter as independent increments: with a_ik = w h_i (δ_ik - h_k / Σh) and c its
    integral over the pooled hazard of the subdistribution, an own failure at t moves score i by
    a_ik + u (C_ik - c_ik(t)), u = 1 - (1 - F(t)) / S_k(t), and another by u (C_ik - c_ik(t)), u = (1 - F(t)) / S_k(t),
    C being the final value of c. Own failures take the pooled estimate of their rate, others their group's.
    """
    h, d, total = s["h"], s["d"], s["total"]
    k = h.shape[1]
    weight = (1 - s["pooled_before"]) ** rho
    a = weight[:, None, None] * (h[:, :, None] * np.eye(k) - h[:, :, None] * h[:, None, :] / total[:, None, None])
    c = np.cumsum(a * (d / (total * (1 - s["pooled_before"])))[:, None, None], axis=0)
    rest = c[-1] - c
    with np.errstate(divide="ignore", invalid="ignore"):
        alive = np.where(s["after"] > 0, (1 - s["pooled"])[:, None] / s["after"], 0.0)
        ties = np.where(d[:, None] > 1, 1 - (d[:, None] - 1) / (total[:, None] * s["before"] - 1), 1.0)
        own_rate = np.where(s["n"] > 0, ties * s["before"] * d[:, None] / (total[:, None] * s["n"]), 0.0)
        other_rate = np.where((s["n"] > 0) & (s["after"] > 0), s["before"] ** 2 * binomial_share(s["n"], s["other"]), 0.0)
    own_move = a + (1 - alive)[:, None, :] * rest
    other_move = alive[:, None, :] * rest
    return np.einsum("tk,tik,tjk->ij", own_rate, own_move, own_move) + np.einsum("tk,tik,tjk->ij", other_rate, other_move, other_move)

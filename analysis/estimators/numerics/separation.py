"""Does a likelihood attain its maximum, or does it rise for ever along some direction?"""

from functools import lru_cache

import numpy as np
from scipy.optimize import linprog

from analysis.arrays import Bools, Floats, Ints

#: Share of the greatest information below which that along a direction has vanished: an iteration ends when the likelihood rises
#: by no more than its rounding error, and leaves about as much.
VANISHED = 1e-10
#: A coefficient that a direction moves by more runs to infinity.
APART = 1e-6


def infinite_coefficients(differences: Floats) -> Ints:
    """Return, per coefficient, the sign of infinity it runs to (0 if its estimate is finite).

    A conditional likelihood built of terms exp(x_i'β) / Σ exp(x_j'β) never decreases along δ exactly if
    (x_i - x_j)'δ >= 0 for every pair of a chosen i and a competitor j; it rises if one pair is strict
    (Bryson and Johnson, Technometrics 1981, for Cox; Albert and Anderson, Biometrika 1984, and Konis 2007
    for logistic regression, where the rows are ±x_i). Linear programming finds these δ. The caller makes sure that
    no direction leaves every term unchanged.

    Parameters
    ----------
    differences : ndarray, shape (m, p)
        The rows x_i - x_j; duplicates allowed.

    Returns
    -------
    ndarray of int, shape (p,)
        +1, -1 or 0.
    """
    if differences.shape[1] == 1:  # a line has two directions: no linear program is needed
        return np.array([int(differences.min() >= 0) - int(differences.max() <= 0)]) * int(differences.any())
    rows = np.unique(differences, axis=0)
    return np.array(_signs(rows.tobytes(), rows.shape[1]))


def covariance_of_finite(information: Floats, signs: Ints) -> Floats:
    """Return the covariance of the finite coefficients, the limit as the others run off.

    Combinations of infinite coefficients, such as the contrast of two groups beside a third without events, may be finite: they are
    estimated, too, so that the information on the finite coefficients alone would claim too much.  Along the directions that
    run off the information vanishes, and nothing else of it does.

    Parameters
    ----------
    information : ndarray, shape (p, p)
        Minus the Hessian where the iteration ended, of covariates of about one standard deviation.
    signs : ndarray of int, shape (p,)
        As `infinite_coefficients` gives them.

    Returns
    -------
    ndarray, shape (p, p)
        NaN in the rows and columns of infinite coefficients.
    """
    finite = signs == 0
    covariance = np.full(information.shape, np.nan)
    if finite.all():
        return np.linalg.inv(information)
    if finite.any():
        covariance[np.ix_(finite, finite)] = np.linalg.pinv(information, rcond=VANISHED, hermitian=True)[np.ix_(finite, finite)]
    return covariance


@lru_cache(maxsize=4096)
def _signs(rows: bytes, p: int) -> tuple[int, ...]:
    """Return the signs as a tuple; `rows` are the bytes of the distinct rows.

    Covariates of a few levels leave few sets of rows: models that differ in the handling of ties, and cohorts that
    differ in times, ask for the same one again and again.
    """
    rows = np.frombuffer(rows).reshape(-1, p)
    rows = rows[np.any(rows != 0, axis=1)]
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    found = np.zeros(p)
    while (more := _direction(found == 0, rows)) is not None:
        found = np.where(found == 0, more, found)
    # a direction can run either way only together with others; upwards counts first
    for k in np.flatnonzero(found < 0):
        if _furthest(np.eye(p)[k], rows)[k] > 0:
            found[k] = 1.0
    return tuple(np.sign(found).astype(int).tolist())


def _direction(along: Bools, rows: Floats) -> Floats | None:
    """A direction in which no row falls, and which moves some of the coefficients marked; None if all of these stay in every one.

    Directions form a convex cone, and some weighted sum of these coefficients rises or falls along a direction that moves any of
    them, unless the weights cancel, as drawn ones do not: two programs are enough for all coefficients.
    """
    if not along.any():
        return None
    weights = np.where(along, np.random.default_rng(0).uniform(0.5, 1, len(along)), 0.0)
    for sign in (1, -1):
        found = _furthest(sign * weights, rows)
        if found[along].any():
            return found
    return None


def _furthest(towards: Floats, rows: Floats) -> Floats:
    """The direction that reaches furthest towards another one, of those in which no row falls, coordinates within ±1; what hardly moves is 0."""
    best = linprog(-towards, A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=[(-1, 1)] * len(towards), method="highs")
    return np.where(np.abs(best.x) > APART, best.x, 0.0) if best.status == 0 else np.zeros(len(towards))


def pairs_of_risk_sets(
    design: Floats, time: Floats, event: Floats, entry: Floats | None = None, tied_deaths_compete: bool = True
) -> Floats:
    """Return the rows x_i - x_j over events i and the patients j at risk at i's time, duplicates removed.

    Parameters
    ----------
    design : ndarray, shape (n, p)
    time, event, entry : ndarray, shape (n,)
        `entry` may be None.
    tied_deaths_compete : bool
        True for Breslow's and Efron's likelihood, False for the exact one, which only sets deaths against survivors.
    """
    found = []
    for t in np.unique(time[event == 1]):
        at_risk = time >= t if entry is None else (time >= t) & (entry < t)
        dead = (time == t) & (event == 1)
        rivals = at_risk if tied_deaths_compete else at_risk & ~dead
        cases, others = _distinct(design[dead]), _distinct(design[rivals])
        found.append(_distinct((cases[:, None, :] - others[None, :, :]).reshape(-1, design.shape[1])))
    return _distinct(np.concatenate(found))


def _distinct(rows: Floats) -> Floats:
    """Return the distinct rows in ascending order; a single column is sorted as numbers, which is much faster."""
    return np.unique(rows, axis=0) if rows.shape[1] > 1 else np.unique(rows)[:, None]

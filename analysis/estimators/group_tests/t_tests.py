"""Comparing the centres of two samples: t tests, and the Mann-Whitney test beside them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.stats import t as student_t

from analysis.arrays import Floats
from analysis.errors import Undefined
from analysis.estimators.engines.shown import take
from analysis.estimators.group_tests.mann_whitney import MannWhitney, mann_whitney
from analysis.estimators.numerics import checks

__all__ = ["MannWhitney", "TTest", "mann_whitney", "t_test", "t_test_from_summaries", "t_test_range"]

TESTS = ("student", "welch")


class TTest(NamedTuple):
    """Statistic, degrees of freedom and two-sided P value."""

    t: float
    degrees_of_freedom: float
    p: float


def t_test(x: npt.ArrayLike, y: npt.ArrayLike, test: str = "student") -> TTest:
    """Compare two means; see `t_test_from_summaries`.

    Parameters
    ----------
    x, y : array_like
        Samples of at least two values each (``student``: one of them may be single), none missing.
    test : {"student", "welch"}
    """
    x, y = checks.numbers(x, "x"), checks.numbers(y, "y")
    for name, sample in (("x", x), ("y", y)):
        if not sample.size:
            raise Undefined(f"{name}: expected at least one value, found none")
    spread = [float(s.std(ddof=1)) if s.size > 1 else 0.0 for s in (x, y)]
    return t_test_from_summaries(float(x.mean()), spread[0], x.size, float(y.mean()), spread[1], y.size, test)


def t_test_from_summaries(mean1: float, sd1: float, n1: int, mean2: float, sd2: float, n2: int, test: str = "student") -> TTest:
    """Compare two means given as mean, standard deviation and number.

    Parameters
    ----------
    mean1, mean2, sd1, sd2 : float
        Sample means and standard deviations (divisor n - 1).
    n1, n2 : int
        Sample sizes.
    test : {"student", "welch"}
        Pooled variance on n1 + n2 - 2 degrees of freedom; or separate variances on Satterthwaite's
        (v1 + v2)² / (v1² / (n1 - 1) + v2² / (n2 - 1)), v = sd² / n.

    Returns
    -------
    TTest
        NaN if both standard deviations and the difference are 0; P = 0 if only the standard deviations are.

    Raises
    ------
    ValueError
        For negative standard deviations or samples too small.
    """
    checks.one_of(test, TESTS, "test")
    means, sds, n = _summaries(mean1, sd1, n1, mean2, sd2, n2, test)
    variance, freedom = _error(sds**2 / n, n, test)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = float(np.divide(means[0] - means[1], np.sqrt(variance)))
    p = float(2 * student_t.sf(abs(statistic), freedom))
    if not variance > 0:
        return TTest(statistic, float(freedom), p)
    found = take("t test", test, {"t": statistic, "p": p}, mean1, sd1, n1, mean2, sd2, n2)
    return TTest(float(found["t"]), float(freedom), float(found["p"]))


def _summaries(mean1: float, sd1: float, n1: int, mean2: float, sd2: float, n2: int, test: str) -> tuple[Floats, Floats, Floats]:
    means, sds = checks.numbers([mean1, mean2], "mean"), checks.numbers([sd1, sd2], "sd", minimum=0)
    n = checks.numbers([n1, n2], "n", minimum=2 if test == "welch" else 1)
    if n.sum() < 3:
        raise Undefined(f"n: expected at least three values in all, found {n.sum():g}")
    return means, sds, n


def _error(v: Floats, n: Floats, test: str) -> tuple[float, float]:
    """Return (squared standard error of the difference, degrees of freedom) from the squared errors v of the means."""
    if test == "student":
        freedom = n.sum() - 2
        return (v * n) @ (n - 1) / freedom * (1 / n).sum(), freedom
    total = v.sum()
    # in shares, so that a variance near 0 neither overflows nor divides by zero
    share = v / total if total > 0 else np.array([0.5, 0.5])
    return total, 1 / (share**2 / (n - 1)).sum()


def t_test_range(
    mean1: float, sd1: float, n1: int, mean2: float, sd2: float, n2: int, half_widths: npt.ArrayLike, test: str = "student"
) -> tuple[float, float]:
    """Return the lowest and highest P value that printed means and standard deviations allow.

    Parameters
    ----------
    mean1, sd1, n1, mean2, sd2, n2 : float, float, int, ...
        As printed.
    half_widths : float or (float, float, float, float)
        Half a unit of the last printed place, of all four or of mean1, sd1, mean2, sd2.
    test : {"student", "welch"}

    Returns
    -------
    low, high : float
        Over the closed rectangle of values that round to the printed ones (standard deviations not below 0).

    Notes
    -----
    Given the standard deviations, P falls as |mean1 - mean2| grows, so only the smallest and the largest attainable
    difference matter. Student: the degrees of freedom are fixed and P rises with each standard deviation, so the
    extremes are corners. Welch: the degrees of freedom depend on sd1 / sd2 only; along a ray of constant ratio P
    rises with the scale, so the lowest P lies on the rectangle's two lower edges and the highest on its two upper
    edges. There P need not be monotone (a larger variance may bring degrees of freedom), so each edge is searched.
    """
    checks.one_of(test, TESTS, "test")
    means, sds, n = _summaries(mean1, sd1, n1, mean2, sd2, n2, test)
    widths = np.broadcast_to(np.asarray(half_widths, float), (4,))
    if not (np.isfinite(widths).all() and (widths >= 0).all()):
        raise ValueError(f"half_widths: expected numbers of at least 0, found {half_widths!r}")
    slack = widths[0] + widths[2]
    centre = abs(means[0] - means[1])
    near, far = max(0.0, centre - slack), centre + slack
    floor = np.maximum(sds - widths[[1, 3]], 0)
    ceiling = sds + widths[[1, 3]]
    if test == "student":
        return _student_p(far, floor, n), _student_p(near, ceiling, n)
    low = min(_edge(far, floor, ceiling, which, floor, n, 1) for which in (0, 1))
    high = max(_edge(near, floor, ceiling, which, ceiling, n, -1) for which in (0, 1))
    return low, high


def _student_p(difference: float, sds: Floats, n: Floats) -> float:
    """Return Student's P for a difference of means; with no spread 1 if there is no difference either, else 0."""
    variance, freedom = _error(sds**2 / n, n, "student")
    if difference == 0:
        return 1.0
    return float(2 * student_t.sf(difference / np.sqrt(variance), freedom)) if variance > 0 else 0.0


def _edge(difference: float, floor: Floats, ceiling: Floats, which: int, fixed: Floats, n: Floats, sign: int, points: int = 129) -> float:
    """Return the extreme of Welch's P along the edge on which the standard deviation `which` is that of `fixed`.

    `sign` 1 asks for the minimum, -1 for the maximum: a grid finds the valley, a bounded search its bottom.
    """
    other = 1 - which

    def value(s: npt.ArrayLike) -> Floats:
        v = np.square(s) / n[other], fixed[which] ** 2 / n[which]
        total = v[0] + v[1]
        if difference == 0:
            return np.full_like(total, sign)
        with np.errstate(divide="ignore", invalid="ignore"):
            freedom = 1 / ((v[0] / total) ** 2 / (n[other] - 1) + (v[1] / total) ** 2 / (n[which] - 1))
            # without any spread a difference is certain
            return sign * np.where(total > 0, 2 * student_t.sf(difference / np.sqrt(total), freedom), 0.0)

    grid = np.linspace(floor[other], ceiling[other], points)
    values = value(grid)
    k = int(np.argmin(values))
    best = values[k]
    lo, hi = grid[max(k - 1, 0)], grid[min(k + 1, points - 1)]
    if hi > lo:
        best = min(best, minimize_scalar(value, bounds=(lo, hi), method="bounded", options={"xatol": 1e-12}).fun)
    return sign * float(best)

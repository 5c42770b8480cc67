"""How well a test tells who has a disease, and how well two raters agree."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.errors import Undefined
from analysis.estimators.numerics import checks, distributions


class Estimate(NamedTuple):
    """A value with its limits."""

    value: float
    lower: float
    upper: float


AREAS = ("delong", "hanley-mcneil")


def likelihood_ratio(positive: tuple[int, int], patients: tuple[int, int], of: str = "positive", level: float = 0.95) -> Estimate:
    """Likelihood ratio of a test result.

    Parameters
    ----------
    positive : (int, int)
        Positive tests of those with the disease, and of those without.
    patients : (int, int)
        All with the disease, and without.
    of : {"positive", "negative"}
        Which result.
    level : float

    Raises
    ------
    Undefined
        If nobody has the disease or nobody is free of it, or the ratio is 0 or infinite.

    Notes
    -----
    Limits are normal on the log scale (Simel, Samsa and Matchar, J Clin Epidemiol 1991;44:763-770).
    """
    checks.one_of(of, ("positive", "negative"), "of")
    found = positive if of == "positive" else (patients[0] - positive[0], patients[1] - positive[1])
    if not all(patients) or not all(found):
        raise Undefined(f"a {of} likelihood ratio needs a {of} test with and without the disease")
    ratio = (found[0] / patients[0]) / (found[1] / patients[1])
    error = np.sqrt(sum(1 / k - 1 / n for k, n in zip(found, patients, strict=True)))
    reach = float(np.exp(distributions.reach(level) * error))
    return Estimate(ratio, ratio / reach, ratio * reach)


def area_under_curve(values: npt.ArrayLike, diseased: npt.ArrayLike, method: str = "delong", level: float = 0.95) -> Estimate:
    """Area under the receiver operating characteristic curve: how often a patient with the disease has the higher value.

    Parameters
    ----------
    values : array_like, shape (n,)
    diseased : array_like of 0/1, shape (n,)
    method : {"delong", "hanley-mcneil"}
        Error of the limits: of the placements (DeLong, DeLong and Clarke-Pearson, Biometrics 1988;44:837-845), or of an
        exponential model (Hanley and McNeil, Radiology 1982;143:29-36). Limits are cut at 0 and 1.
    level : float

    Raises
    ------
    Undefined
        With fewer than two patients with or without the disease.
    """
    checks.one_of(method, AREAS, "method")
    values, truth = checks.numbers(values, "values"), checks.zeros_and_ones(diseased, "diseased")
    checks.same_length(values=values, diseased=truth)
    ill, well = values[truth == 1], values[truth == 0]
    if min(len(ill), len(well)) < 2:
        raise Undefined("an area under a curve needs two patients with the disease and two without")
    ranks = stats.rankdata(values)
    of_ill = (ranks[truth == 1] - stats.rankdata(ill)) / len(well)
    of_well = 1 - (ranks[truth == 0] - stats.rankdata(well)) / len(ill)
    area = float(of_ill.mean())
    if method == "delong":
        variance = of_ill.var(ddof=1) / len(ill) + of_well.var(ddof=1) / len(well)
    else:
        one, two = area / (2 - area), 2 * area**2 / (1 + area)
        variance = area * (1 - area) + (len(ill) - 1) * (one - area**2) + (len(well) - 1) * (two - area**2)
        variance /= len(ill) * len(well)
    reach = distributions.reach(level) * float(np.sqrt(max(variance, 0)))
    return Estimate(area, max(area - reach, 0.0), min(area + reach, 1.0))


def kappa(table: npt.ArrayLike, level: float = 0.95) -> Estimate:
    """Cohen's kappa of two raters, unweighted.

    Parameters
    ----------
    table : array_like of int, shape (k, k)
        Patients by what the first and the second rater say, in one order.
    level : float

    Raises
    ------
    Undefined
        If there is nobody, or chance alone would make them agree.

    Notes
    -----
    Error after Fleiss, Cohen and Everitt (Psychol Bull 1969;72:323-327).
    """
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"table: expected as many rows as columns, found the shape {counts.shape}")
    if not counts.sum():
        raise Undefined("kappa needs a patient")
    p = counts / counts.sum()
    rows, columns, agreed = p.sum(axis=1), p.sum(axis=0), float(np.trace(p))
    chance = float(rows @ columns)
    if chance == 1:
        raise Undefined("kappa needs findings that differ between patients")
    value = (agreed - chance) / (1 - chance)
    sums = columns[:, None] + rows[None, :]
    # what each cell adds: column total of its row's level, and row total of its column's level
    off = (p * sums**2).sum() - (np.diag(p) * np.diag(sums) ** 2).sum()
    variance = (np.diag(p) * (1 - np.diag(sums) * (1 - value)) ** 2).sum() + (1 - value) ** 2 * off
    variance -= (value - chance * (1 - value)) ** 2
    error = np.sqrt(max(variance, 0) / counts.sum()) / (1 - chance)
    reach = distributions.reach(level) * float(error)
    return Estimate(value, value - reach, value + reach)

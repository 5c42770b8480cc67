"""The reference among the cohorts of an ensemble: the medoid over quantities declared beforehand.

The medoid is the member with the least mean distance to the others, a distance being the
mean, over quantities that the paper does not print, of the difference in units of the
ensemble's own range.  No P value and no result has a say in it.

Notes
-----
Kaufman and Rousseeuw, Finding Groups in Data, Wiley 1990, chapter 2; range-scaled as in
Gower, Biometrics 1971;27:857-871.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError, suggestion
from analysis.paths import shorten_path
from analysis.reconstruction.problem.aims import FILE, Aim, read_aims


class Central(NamedTuple):
    """The medoid of an ensemble.

    Attributes
    ----------
    member : int
        Position, from 0.
    distances : ndarray of float, shape (members,)
        Mean distance of each member to the others, 0 to 1.
    quantities : tuple of str
        Ids of the quantities compared.
    """

    member: int
    distances: np.ndarray
    quantities: tuple[str, ...]


def find_central(study: Study, members: Sequence[Mapping[str, pd.DataFrame]]) -> Central:
    """The medoid of members over the quantities that ``study.yml`` declares as `central`; the first where none is declared.

    Parameters
    ----------
    study : Study
    members : sequence of dict of str to DataFrame
        Typed tables.

    Raises
    ------
    InputError
        If `central` names a quantity that ``ranges.yml`` does not describe.
    """
    aims = declared_aims(study)
    values = np.array([[aim.value(study, tables) for aim in aims] for tables in members], float).reshape(len(members), len(aims))
    distances = mean_distances(values)
    # sums in another order differ in the last bits: equals stay equal
    return Central(int(np.argmin(np.round(distances, 9))), distances, tuple(aim.id for aim in aims))


def declared_aims(study: Study) -> list[Aim]:
    """Quantities over which the reference is chosen, in the order of ``study.yml``."""
    known = {aim.id: aim for aim in read_aims(study)}
    unknown = [id for id in study.central if id not in known]
    if unknown:
        raise InputError(
            [
                Fault(shorten_path(study.folder / "study.yml"), "key central", f"an id of {FILE}", repr(id) + suggestion(id, known))
                for id in unknown
            ]
        )
    return [known[id] for id in study.central]


def mean_distances(values: np.ndarray) -> np.ndarray:
    """Mean range-scaled distance of each member to the others.

    Parameters
    ----------
    values : ndarray of float, shape (members, quantities)
        NaN where a quantity is undefined, infinite where it is not reached: such a member is at
        the full distance from those that have a finite value, and at none from its likes.

    Returns
    -------
    ndarray of float, shape (members,)
        0 to 1; zeros where there is one member, or no quantity that differs.
    """
    size = len(values)
    total = np.zeros((size, size))
    for column in values.T:
        finite = np.isfinite(column)
        span = np.ptp(column[finite]) if finite.any() else 0.0
        kind = np.where(finite, 0.0, np.where(np.isnan(column), 1.0, np.where(column > 0, 2.0, 3.0)))
        plain = np.where(finite, column, 0.0) / (span or 1.0)
        apart = np.abs(plain[:, None] - plain[None, :]) if span else np.zeros((size, size))
        total += np.where(kind[:, None] != kind[None, :], 1.0, np.where(finite[:, None], apart, 0.0))
    if size < 2 or not values.shape[1]:
        return np.zeros(size)
    return total.sum(axis=1) / (size - 1) / values.shape[1]

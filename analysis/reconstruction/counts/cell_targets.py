"""Random tables that counts are asked to be near to."""

from __future__ import annotations

import numpy as np

from analysis.cohorts.conditions import MISSING
from analysis.reconstruction.problem.blocks import Block


def random_weights(combinations, rng: np.random.Generator) -> np.ndarray:
    """Shares of the combinations: columns independent, levels drawn at random, few of them missing.

    Parameters
    ----------
    combinations : sequence of dict of str to Block
    rng : Generator

    Returns
    -------
    ndarray, shape (combinations,)
        Sum 1.
    """
    weights = np.ones(len(combinations))
    for name in combinations[0]:
        share: dict[Block, float] = {}
        for combination in combinations:
            share.setdefault(combination[name], 0.05 if combination[name].level == MISSING else rng.gamma(2.0))
        weights *= [share[combination[name]] for combination in combinations]
    return weights / weights.sum()


def rake(targets: dict, sums, members, sweeps: int = 40) -> dict:
    """Targets scaled again and again until sums of them keep their bounds (iterative proportional fitting).

    Parameters
    ----------
    targets : dict of (class, combination) to float
    sums : sequence of (keys, low, high)
    members : sequence of list
        Rows of each class: their numbers are sums, too.
    sweeps : int

    Returns
    -------
    dict
        With the same keys.

    Notes
    -----
    Deming and Stephan, Ann Math Stat 1940;11:427-444.
    """
    keys = list(targets)
    place = {key: number for number, key in enumerate(keys)}
    values = np.array([targets[key] for key in keys])
    parts = [(np.array([place[key] for key in inside], int), low, high) for inside, low, high in sums if inside]
    for number, rows in enumerate(members):
        parts.append((np.array([place[key] for key in keys if key[0] == number], int), len(rows), len(rows)))
    for _ in range(sweeps):
        for inside, low, high in parts:
            total = values[inside].sum()
            if total > 0 and not low <= total <= high:
                values[inside] *= (low if total < low else high) / total
    return dict(zip(keys, values))

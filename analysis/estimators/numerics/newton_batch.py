"""Newton-Raphson of many concave log-likelihoods of few coefficients at once, as arrays."""

from typing import NamedTuple, Protocol

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.estimators.numerics.newton import DECREMENT, FAR, HALVINGS, ITERATIONS, LIMIT, NOISE, SLACK


class Likelihoods(Protocol):
    """Log-likelihoods with as many coefficients each."""

    def evaluate(self, beta: Floats, chosen: Ints) -> tuple[Floats, Floats, Floats]:
        """Values, shape (b,), gradients, (b, p), and information matrices, (b, p, p), of those numbered `chosen` at `beta`, (b, p)."""


class Maxima(NamedTuple):
    """Where each iteration ended, as `newton.Maximum` of one."""

    beta: Floats
    value: Floats
    gradient: Floats
    information: Floats
    converged: Bools

    def take(self, chosen: Ints) -> "Maxima":
        """Those numbered `chosen`."""
        floats = (self.beta[chosen], self.value[chosen], self.gradient[chosen], self.information[chosen])
        return Maxima(*floats, self.converged[chosen])


def maximise(likelihoods: Likelihoods, start: Floats) -> Maxima:
    """Maximise concave functions, each by the rules of `newton.maximise`, which is the reference.

    Parameters
    ----------
    likelihoods : Likelihoods
    start : ndarray, shape (b, p)
    """
    beta = start.astype(float)
    active = np.arange(len(beta))
    value, gradient, information = likelihoods.evaluate(beta, active)
    converged = np.zeros(len(beta), bool)
    for _ in range(ITERATIONS):
        step = solve(information[active], gradient[active])
        gain = np.einsum("bp,bp->b", gradient[active], step)
        rising = np.isfinite(gain) & (gain >= 0)
        active, step, gain = active[rising], step[rising], gain[rising]
        if not len(active):
            break
        before, moved = value[active], np.zeros(len(active), bool)
        waiting = np.arange(len(active))
        for _ in range(HALVINGS):
            asked = active[waiting]
            there = beta[asked] + step[waiting]
            found = likelihoods.evaluate(there, asked)
            fine = np.isfinite(found[0]) & np.isfinite(found[1]).all(axis=1)
            fine &= found[0] >= before[waiting] - SLACK * (1 + np.abs(before[waiting]))
            chosen = asked[fine]
            beta[chosen], value[chosen], gradient[chosen], information[chosen] = (array[fine] for array in (there, *found))
            moved[waiting[fine]] = True
            waiting = waiting[~fine]
            if not len(waiting):
                break
            step[waiting] /= 2
        # where no further ascent is representable: converged if the predicted gain is rounding noise
        far = np.abs(beta[active]).max(axis=1) > FAR
        at_its_limit = moved & far & (value[active] - before <= LIMIT * (1 + np.abs(before)))
        converged[active] = np.where(moved, gain < DECREMENT, gain < NOISE) & ~at_its_limit
        active = active[moved & ~converged[active] & ~at_its_limit]
    return Maxima(beta, value, gradient, information, converged)


def solve(matrices: Floats, vectors: Floats) -> Floats:
    """Solutions of linear systems, shape (b, p); NaN where a matrix is singular."""
    try:
        return np.linalg.solve(matrices, vectors[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        found = np.full(vectors.shape, np.nan)
    for place, (matrix, vector) in enumerate(zip(matrices, vectors, strict=True)):
        try:
            found[place] = np.linalg.solve(matrix, vector)
        except np.linalg.LinAlgError:
            continue
    return found

"""Newton-Raphson to machine precision, for concave log-likelihoods of few coefficients."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats

#: Value, gradient and Hessian at coefficients.
Evaluate: TypeAlias = Callable[[Floats], tuple[float, Floats, Floats]]
#: Stop when gradient' (-Hessian)⁻¹ gradient, twice the gain still to be had, is below this; convergence being quadratic, the
#: coefficients are then exact to rounding. Programs stop earlier (R's ``coxph``: relative change of the log-likelihood below 1e-9).
DECREMENT = 1e-20
ITERATIONS, HALVINGS = 100, 30
#: A predicted gain below this is rounding noise; a value may fall by so much, or rise by no more at its limit, relative to 1 + |value|.
NOISE, SLACK, LIMIT = 1e-12, 1e-13, 1e-15
#: Standard deviations of a covariate beyond which no coefficient of a real study lies: it runs to infinity.
FAR = 10.0
#: Share of the information at the start below which a coefficient may be on its way to infinity, however near it still is:
#: one of a rare covariate, whose standard deviation is small, converges numerically before it gets far.
FAINT = 1e-6


class Maximum(NamedTuple):
    """Where the iteration ended: coefficients, value, gradient, Hessian, and whether it converged."""

    beta: Floats
    value: float
    gradient: Floats
    hessian: Floats
    converged: bool


def maximise(evaluate: Evaluate, start: Maximum | npt.ArrayLike) -> Maximum:
    """Maximise a concave function.

    Parameters
    ----------
    evaluate : callable
        beta -> (value, gradient, Hessian).
    start : ndarray, shape (p,), or Maximum
        Where to begin, or what `at` found there.

    Returns
    -------
    Maximum
        `converged` is False if the information matrix became singular, the iterations ran out, or a coefficient runs
        off while the function has reached its limit.
    """
    now = start if isinstance(start, Maximum) else at(evaluate, start)
    for _ in range(ITERATIONS):
        try:
            step = _solve(-now.hessian, now.gradient)
        except np.linalg.LinAlgError:
            return now
        gain = float(now.gradient @ step)
        if not np.isfinite(gain) or gain < 0:
            return now
        following = _uphill(evaluate, now, step)
        if following is None:
            # no further ascent is representable: converged if the predicted gain is rounding noise
            return now._replace(converged=gain < NOISE)
        at_its_limit = following.value - now.value <= LIMIT * (1 + abs(now.value)) and np.abs(following.beta).max() > FAR
        now = following
        if at_its_limit:
            return now
        if gain < DECREMENT:
            return now._replace(converged=True)
    return now


def may_run_off(top: Maximum, start: Maximum | float) -> bool:
    """Whether a maximum may lie at infinity, which `separation.infinite_coefficients` then decides.

    Parameters
    ----------
    top : Maximum
        Where the iteration ended.
    start : Maximum or float
        Where it began, or the least eigenvalue of the information there.
    """
    if not top.converged or np.abs(top.beta).max() > FAR:
        return True
    least = np.linalg.eigvalsh(-start.hessian)[0] if isinstance(start, Maximum) else start
    return bool(np.linalg.eigvalsh(-top.hessian)[0] < FAINT * least)


def attained(top: Maximum) -> bool:
    """Whether the iteration ended at a maximum: nothing more than rounding noise is to be gained, however large a coefficient is."""
    if top.converged:
        return True
    try:
        gain = float(top.gradient @ _solve(-top.hessian, top.gradient))
    except np.linalg.LinAlgError:
        return False
    return bool(0 <= gain < NOISE)


def at(evaluate: Evaluate, beta: npt.ArrayLike) -> Maximum:
    """Return the evaluation at `beta` as where an iteration starts."""
    beta = np.asarray(beta, float)
    value, gradient, hessian = evaluate(beta)
    return Maximum(beta, value, gradient, hessian, converged=False)


def _solve(matrix: Floats, vector: Floats) -> Floats:
    """Return the solution of a linear system; a single equation needs no factorisation."""
    if len(vector) > 1:
        return np.linalg.solve(matrix, vector)
    if matrix[0, 0] == 0:
        raise np.linalg.LinAlgError("Singular matrix")
    return vector / matrix[0]


def _uphill(evaluate: Evaluate, now: Maximum, step: Floats) -> Maximum | None:
    """Return the evaluation after `step`, halved until the value does not fall; None if it always does."""
    slack = SLACK * (1 + abs(now.value))
    for _ in range(HALVINGS):
        beta = now.beta + step
        value, gradient, hessian = evaluate(beta)
        if np.isfinite(value) and np.isfinite(gradient).all() and value >= now.value - slack:
            return Maximum(beta, value, gradient, hessian, converged=False)
        step = step / 2
    return None

"""The exact (discrete) partial likelihood of tied event times: a conditional logistic likelihood."""

import numpy as np
from scipy.special import gammaln

from analysis.errors import Undefined

# beyond these the recursion overflows, or takes longer than a reader waits
_LARGEST_LOG_COUNT = 650.0
_LARGEST_WORK = 4e9
#: Patients added one by one, in all, before compiled code is loaded: loading it takes as long.
_PLAIN = 30_000
#: Numbers that array operations work on at a time without being much slower than compiled code.
_SMALL = 2_000
_steps = 0


class ExactLikelihood:
    """Partial log-likelihood in which the d tied events are a draw of d of the n patients at risk.

    With θ_j = exp(x_j'β), each event time contributes the log of Π_{deaths} θ / e_d(θ over the risk set), e_d the
    elementary symmetric polynomial. This is R's ``coxph(ties = "exact")`` and SAS's ``ties=discrete`` (Cox 1972,
    section 6; Gail, Lubin and Rubinstein, Biometrika 1981;68:703-707), not the continuous-time average over
    orderings that SAS calls ``ties=exact``.

    Parameters
    ----------
    design : ndarray, shape (n, p)
        Covariates, centred and of unit scale.
    time, event : ndarray, shape (n,)
    entry : ndarray, shape (n,) or None
        A patient is at risk at t if entry < t <= time.

    Raises
    ------
    ValueError
        If an event time has so many ties that the sum over subsets cannot be formed.
    """

    def __init__(self, design, time, event, entry=None):
        self.design = design
        rows = []
        for t in np.unique(time[event == 1]):
            at_risk = time >= t if entry is None else (time >= t) & (entry < t)
            rows.append((at_risk, (time == t) & (event == 1)))
        self.at_risk = np.array([r for r, _ in rows])
        self.deaths = np.array([d for _, d in rows])
        n, d = self.at_risk.sum(axis=1), self.deaths.sum(axis=1)
        # choosing the d who die and choosing the n - d who live is the same draw: take the smaller
        self.flip = d > n - d
        self.size = np.where(self.flip, n - d, d)
        self._refuse_if_infeasible(n, d)

    def _refuse_if_infeasible(self, n, d):
        log_count = gammaln(n + 1) - gammaln(d + 1) - gammaln(n - d + 1)
        p = self.design.shape[1]
        work = float(self.design.shape[0]) * len(n) * (self.size.max() + 1) * (1 + p + p * p)
        worst = int(np.argmax(log_count))
        if log_count[worst] > _LARGEST_LOG_COUNT or work > _LARGEST_WORK:
            raise Undefined(
                f"ties: the exact method is not feasible here (up to {d[worst]} events tied among {n[worst]} at risk, "
                f"{len(n)} event times, {self.design.shape[0]} rows); use efron or breslow"
            )

    def evaluate(self, beta):
        """Return (log-likelihood, gradient, Hessian) at `beta`."""
        eta = self.design @ beta
        centred = eta - eta.max() if eta.size else eta
        sign = np.where(self.flip, -1.0, 1.0)
        with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
            total, first, second, scale = self._polynomials(centred, sign)
            value = (self.deaths @ eta).sum()
            gradient = (self.deaths @ self.design).sum(axis=0)
            # e_d(θ) = Π θ · e_{n-d}(1/θ), hence the extra terms of the flipped times
            flipped = self.at_risk[self.flip]
            value -= (np.log(total) + scale).sum() + (flipped @ eta).sum()
            # undo the centring of η: d · max for a plain time, -(n - d) · max for a flipped one
            value -= (sign * self.size).sum() * (eta.max() if eta.size else 0.0)
            mean = first / total[:, None]
            gradient = gradient - (sign[:, None] * mean).sum(axis=0) - (flipped @ self.design).sum(axis=0)
            spread = second / total[:, None, None] - mean[:, :, None] * mean[:, None, :]
        return float(value), gradient, -spread.sum(axis=0)

    def _polynomials(self, eta, sign):
        """Return e, Σ e·x, Σ e·xx' of each event time at its own degree, and the log of a common factor.

        The sums run over the subsets of that size, x being a subset's total. Patients are added one by one
        (e_k <- e_k + θ e_{k-1}), a patient not at risk having θ = 0.
        """
        # per event time, θ is divided by its mean in the risk set: e_d then stays below its number of subsets
        signed = np.where(self.at_risk, sign[:, None] * eta[None, :], -np.inf)
        top = signed.max(axis=1)
        log_mean = top + np.log(np.exp(signed - top[:, None]).sum(axis=1) / self.at_risk.sum(axis=1))
        theta = np.exp(signed - log_mean[:, None])
        return (*_polynomials(theta, np.ascontiguousarray(self.design, dtype=float), self.size), self.size * log_mean)


def _polynomials(theta, design, size):
    """e, Σ e·x, Σ e·xx' of each event time (row of theta) at its own degree."""
    global _steps
    _steps += design.shape[0]
    if _steps <= _PLAIN and theta.shape[0] * (size.max(initial=0) + 1) * design.shape[1] ** 2 <= _SMALL:
        return plain(theta, design, size)
    from .exact_ties_compiled import polynomials  # costly to import

    return polynomials(theta, design, size)


def plain(theta, design, size):
    """The sums of `exact_ties_compiled.polynomials`, to the last bit, by array operations over event times and degrees."""
    times, p, degrees = len(theta), design.shape[1], size.max(initial=0) + 1
    value, first, second = np.zeros((times, degrees)), np.zeros((times, degrees, p)), np.zeros((times, degrees, p, p))
    value[:, 0] = 1.0
    v, f, s = value[:, :-1], first[:, :-1], second[:, :-1]  # what stands one degree lower, still without the patient
    for weight, x in zip(theta.T, design):
        w = weight[:, None]
        own = v[:, :, None, None] * x[:, None] * x
        second[:, 1:] += w[:, :, None, None] * (s + f[:, :, :, None] * x + f[:, :, None, :] * x[:, None] + own)
        first[:, 1:] += w[:, :, None] * (f + v[:, :, None] * x)
        value[:, 1:] += w * v
    at = np.arange(times)
    return value[at, size], first[at, size], second[at, size]


def prepare():
    """Load what is compiled, or compile it; who is about to start many processes does so before."""
    global _steps
    from .exact_ties_compiled import polynomials

    polynomials(np.ones((1, 1)), np.ones((1, 1)), np.ones(1, dtype=np.int64))
    _steps = _PLAIN

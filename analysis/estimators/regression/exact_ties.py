"""The exact (discrete) partial likelihood of tied event times: a conditional logistic likelihood.

No library has it: lifelines offers Efron's handling of ties, statsmodels Efron's and Breslow's.
"""

import numpy as np
from scipy.special import gammaln

from analysis.arrays import Floats, Ints
from analysis.compiled import njit
from analysis.errors import Undefined

# beyond these the recursion overflows, or takes longer than a reader waits
_LARGEST_LOG_COUNT = 650.0
_LARGEST_WORK = 4e9


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

    def __init__(self, design: Floats, time: Floats, event: Floats, entry: Floats | None = None) -> None:
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

    def _refuse_if_infeasible(self, n: Ints, d: Ints) -> None:
        log_count = gammaln(n + 1) - gammaln(d + 1) - gammaln(n - d + 1)
        p = self.design.shape[1]
        work = float(self.design.shape[0]) * len(n) * (self.size.max() + 1) * (1 + p + p * p)
        worst = int(np.argmax(log_count))
        if log_count[worst] > _LARGEST_LOG_COUNT or work > _LARGEST_WORK:
            raise Undefined(
                f"ties: the exact method is not feasible here (up to {d[worst]} events tied among {n[worst]} at risk, "
                f"{len(n)} event times, {self.design.shape[0]} rows); use efron or breslow"
            )

    def value(self, beta: Floats) -> float:
        """The first of `evaluate`, alone."""
        return self.evaluate(beta)[0]

    def evaluate(self, beta: Floats) -> tuple[float, Floats, Floats]:
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

    def _polynomials(self, eta: Floats, sign: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return e, Σ e·x, Σ e·xx' of each event time at its own degree, and the log of a common factor.

        The sums run over the subsets of that size, x being a subset's total. Patients are added one by one
        (e_k <- e_k + θ e_{k-1}), a patient not at risk having θ = 0.
        """
        # per event time, θ is divided by its mean in the risk set: e_d then stays below its number of subsets
        signed = np.where(self.at_risk, sign[:, None] * eta[None, :], -np.inf)
        top = signed.max(axis=1)
        log_mean = top + np.log(np.exp(signed - top[:, None]).sum(axis=1) / self.at_risk.sum(axis=1))
        theta = np.exp(signed - log_mean[:, None])
        return (*polynomials(theta, np.ascontiguousarray(self.design, dtype=float), self.size), self.size * log_mean)


def polynomials(theta: Floats, design: Floats, size: Ints) -> tuple[Floats, Floats, Floats]:
    """e, Σ e·x, Σ e·xx' of each event time (row of theta) at its own degree."""
    times, p, largest = len(theta), design.shape[1], size.max(initial=0) + 1
    value, first, second = np.empty(times), np.empty((times, p)), np.empty((times, p, p))
    # room is made here: compiling the making of arrays takes ten times as long as all that follows
    _recursion(theta, design, size, np.empty(largest), np.empty((largest, p)), np.empty((largest, p, p)), value, first, second)
    return value, first, second


@njit(cache=True)
def _recursion(
    theta: Floats, design: Floats, size: Ints, v: Floats, f: Floats, s: Floats, value: Floats, first: Floats, second: Floats
) -> None:
    """Write the sums of each event time into `value`, `first` and `second`; `v`, `f` and `s` are room for one, by degree."""
    p = design.shape[1]
    for i in range(theta.shape[0]):
        for k in range(size[i] + 1):
            v[k] = 1.0 if k == 0 else 0.0
            for q in range(p):
                f[k, q] = 0.0
                for r in range(p):
                    s[k, q, r] = 0.0
        for j in range(theta.shape[1]):
            w = theta[i, j]
            if w == 0.0:
                continue
            for k in range(size[i], 0, -1):  # downwards: what stands one degree lower is still without this patient
                for q in range(p):
                    for r in range(p):
                        own = v[k - 1] * design[j, q] * design[j, r]
                        s[k, q, r] += w * (s[k - 1, q, r] + f[k - 1, q] * design[j, r] + f[k - 1, r] * design[j, q] + own)
                for q in range(p):
                    f[k, q] += w * (f[k - 1, q] + v[k - 1] * design[j, q])
                v[k] += w * v[k - 1]
        value[i] = v[size[i]]
        for q in range(p):
            first[i, q] = f[size[i], q]
            for r in range(p):
                second[i, q, r] = s[size[i], q, r]


def prepare() -> None:
    """Load what is compiled, or compile it; who is about to start many processes does so before."""
    polynomials(np.ones((1, 1)), np.ones((1, 1)), np.ones(1, dtype=np.int64))

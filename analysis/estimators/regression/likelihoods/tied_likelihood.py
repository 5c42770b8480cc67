"""Cox's partial likelihood with Breslow's or Efron's method for ties, in sums over sorted arrays."""

from collections.abc import Callable

import numpy as np

from analysis.arrays import Floats, Ints


class TiedLikelihood:
    """Value, gradient and Hessian of the partial likelihood, without a loop over patients or event times.

    With θ = exp(xβ), S(t) the sum of θ over those at risk and D(t) over those who fail at t, each failure k has the
    denominator φ_k = S(t_k) - f_k D(t_k): f = 0 (Breslow), or 0, 1/d, …, (d - 1)/d for the d failures of one time
    (Efron). The second moments are summed over patients, each weighted by what 1/φ accumulates while it is at risk,
    so that memory stays n x p.

    Parameters
    ----------
    design : ndarray, shape (n, p)
    time, event : ndarray, shape (n,)
        Ties exactly equal; event 0 or 1.
    entry : ndarray, shape (n,), or None
        At risk at t means entry < t <= time.
    ties : {"breslow", "efron"}

    Notes
    -----
    Breslow, Biometrics 1974;30:89-99; Efron, J Am Stat Assoc 1977;72:557-565. No kept library serves both methods
    at registry scale: lifelines has Efron's only, statsmodels walks over the event times in Python.
    """

    def __init__(self, design: Floats, time: Floats, event: Floats, entry: Floats | None, ties: str) -> None:
        self.design, self.failed = design, event == 1
        grid, self.at = np.unique(time[self.failed], return_inverse=True)
        self.size = len(grid)
        # at risk at the event times numbered first … last - 1
        self.last = np.searchsorted(grid, time, side="right")
        self.first = None if entry is None else np.searchsorted(grid, entry, side="right")
        deaths = np.bincount(self.at, minlength=self.size)
        if ties == "efron":
            self.row = np.repeat(np.arange(self.size), deaths)
            self.weight = np.ones(len(self.row))
            self.share = (np.arange(len(self.row)) - np.repeat(np.cumsum(deaths) - deaths, deaths)) / deaths[self.row]
        else:
            self.row, self.weight, self.share = np.arange(self.size), deaths.astype(float), np.zeros(self.size)
        self.failures = design[self.failed].sum(axis=0)

    def evaluate(self, beta: Floats) -> tuple[float, Floats, Floats]:
        """Return (value, gradient, Hessian) at `beta`; not finite where an exponential overflows."""
        with np.errstate(all="ignore"):
            linear = self.design @ beta
            linear = linear - linear.max()
            theta = np.exp(linear)
            weighted = self.design * theta[:, None]
            own, own_first = self._failing(theta), self._failing(weighted)
            share = self.share[:, None]
            denominator = self._at_risk(theta)[self.row] - self.share * own[self.row]
            mean = (self._at_risk(weighted)[self.row] - share * own_first[self.row]) / denominator[:, None]
            value = linear[self.failed].sum() - self.weight @ np.log(denominator)
            gradient = self.failures - self.weight @ mean
            return (
                float(value),
                gradient,
                (mean.T * self.weight) @ mean - (self.design.T * self._exposure(theta, denominator)) @ self.design,
            )

    def value(self, beta: Floats) -> float:
        """The first of `evaluate`, alone."""
        return self.evaluate(beta)[0]

    def _exposure(self, theta: Floats, denominator: Floats) -> Floats:
        """Return what each patient's second moment weighs: θ times the sum of 1/φ while at risk, own failure's share less."""
        jumps = self.weight / denominator
        hazard = np.concatenate(([0.0], np.cumsum(np.bincount(self.row, jumps, self.size))))
        exposure = hazard[self.last] if self.first is None else hazard[self.last] - hazard[self.first]
        exposure[self.failed] -= np.bincount(self.row, self.share * jumps, self.size)[self.at]
        return theta * exposure

    def _at_risk(self, values: Floats) -> Floats:
        """Sums of `values`, shape (n,) or (n, p), over those at risk at each event time."""
        if values.ndim == 2:
            return _by_column(self._at_risk, values)
        sums = self._from(self.last, values)
        return sums if self.first is None else sums - self._from(self.first, values)

    def _from(self, number: Ints, values: Floats) -> Floats:
        """Sums over the patients whose `number` exceeds each event time's position."""
        return np.bincount(number, values, self.size + 1)[::-1].cumsum()[::-1][1:]

    def _failing(self, values: Floats) -> Floats:
        """Sums over those who fail at each event time."""
        if values.ndim == 2:
            return _by_column(self._failing, values)
        return np.bincount(self.at, values[self.failed], self.size).astype(float, copy=False)


def _by_column(sums: Callable[[Floats], Floats], values: Floats) -> Floats:
    """Return sums of each column of `values`, side by side."""
    if values.shape[1] == 1:  # most models of a small cohort: nothing to put together
        return sums(values[:, 0])[:, None]
    return np.column_stack([sums(column) for column in values.T])

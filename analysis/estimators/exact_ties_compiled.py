"""The recursion of the exact partial likelihood, compiled: for large samples, and for small ones without end."""

import numpy as np

from analysis.compiled import njit


def polynomials(theta, design, size):
    """e, Σ e·x, Σ e·xx' of each event time (row of theta) at its own degree."""
    times, p, largest = len(theta), design.shape[1], size.max(initial=0) + 1
    value, first, second = np.empty(times), np.empty((times, p)), np.empty((times, p, p))
    # room is made here: compiling the making of arrays takes ten times as long as all that follows
    _recursion(theta, design, size, np.empty(largest), np.empty((largest, p)), np.empty((largest, p, p)), value, first, second)
    return value, first, second


@njit(cache=True)
def _recursion(theta, design, size, v, f, s, value, first, second):
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

"""Compiled parts of the search for the cells of logistic models: the estimate, its misses, tabu moves."""

from __future__ import annotations

import math

import numpy as np

from analysis.compiled import njit
from analysis.reconstruction.date_kernels import Z


@njit(cache=True)
def estimate(design, total, cases):
    """Coefficients and standard errors of a logistic model on grouped data (Newton's method)."""
    number = design.shape[1]
    beta = np.zeros(number)
    beta[0] = math.log(cases.sum() / max(total.sum() - cases.sum(), 1e-9))
    information = np.zeros((number, number))
    for _ in range(30):
        p = 1 / (1 + np.exp(-(design @ beta)))
        gradient = design.T @ (cases - total * p)
        information = design.T @ (design * (total * p * (1 - p)).reshape(-1, 1))
        for k in range(number):
            information[k, k] += 1e-9
        step = np.linalg.solve(information, gradient)
        beta += np.minimum(np.maximum(step, -2), 2)
        if np.abs(step).max() < 1e-10:
            break
    return beta, np.sqrt(np.diag(np.linalg.inv(information)))


@njit(cache=True)
def misses(designs, widths, asked, total, cases, out):
    """How far each printed statistic is missed, in half-widths; returns the sum of squares.

    Parameters
    ----------
    designs : ndarray, shape (models, cells, widest)
        Intercept and covariates of each model.
    widths : ndarray of int, shape (models,)
        Columns of each design in use.
    asked : ndarray, shape (statistics, 5)
        As in `logistic_core.Core`, sorted by model.
    total, cases : ndarray of float, shape (cells,)
    out : ndarray, shape (statistics,)
        Filled.
    """
    model, squares = -1, 0.0
    beta, error = np.zeros(1), np.zeros(1)
    for k in range(asked.shape[0]):
        if int(asked[k, 0]) != model:
            model = int(asked[k, 0])
            beta, error = estimate(np.ascontiguousarray(designs[model][:, : widths[model]]), total, cases)
        place, kind = int(asked[k, 1]), int(asked[k, 2])
        value = beta[place]
        if kind == 1:
            value -= Z * error[place]
        elif kind == 2:
            value += Z * error[place]
        elif kind == 3:
            value = abs(value) / error[place]
        half = max((asked[k, 4] - asked[k, 3]) / 2, 1e-9)
        out[k] = max(asked[k, 3] - value, value - asked[k, 4], 0.0) / half
        squares += out[k] ** 2
    return squares


@njit(cache=True)
def beyond(margins, cells, low, high):
    """How many children the margins (whole, then each covariate) lie outside their bounds."""
    wrong = 0.0
    total = margins.sum()
    wrong += max(low[0] - total, total - high[0], 0.0)
    for k in range(cells.shape[1]):
        number = (margins * cells[:, k]).sum()
        wrong += max(low[k + 1] - number, number - high[k + 1], 0.0)
    return wrong


@njit(cache=True)
def repair(designs, widths, asked, cells, cases, counts, low, high, seed, rounds):
    """Tabu search over moves of one child from a cell to another; returns the best counts and their miss."""
    np.random.seed(seed)
    number = len(counts)
    out = np.zeros(asked.shape[0])
    until = np.zeros((number, number), np.int64)
    now = counts.copy()
    best, least = counts.copy(), misses(designs, widths, asked, counts + cases, cases, out) + 4 * beyond(counts, cells, low, high)
    for step in range(rounds):
        if least == 0:
            break
        chosen, value, away, to = False, 1e300, 0, 0
        for i in range(number):
            for j in range(number):
                if i == j or now[i] < 1:
                    continue
                now[i] -= 1
                now[j] += 1
                miss = misses(designs, widths, asked, now + cases, cases, out) + 4 * beyond(now, cells, low, high)
                now[i] += 1
                now[j] -= 1
                if miss < value and (until[i, j] <= step or miss < least):
                    chosen, value, away, to = True, miss, i, j
        if not chosen:
            continue
        now[away] -= 1
        now[to] += 1
        until[to, away] = step + 8 + np.random.randint(8)
        if value < least:
            least, best = value, now.copy()
    return best, least

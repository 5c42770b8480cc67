"""Compiled estimates of logistic models on grouped data."""

from __future__ import annotations

import math

import numpy as np

from analysis.compiled import njit
from analysis.reconstruction.kernels.date_kernels import Z


@njit(cache=True)
def estimate(design, total, cases):
    """Coefficients and standard errors of a logistic model on grouped data (Newton's method).

    Parameters
    ----------
    design : array, shape (cells, covariates)
        The intercept first.
    total, cases : array of float, shape (cells,)
        Patients in each cell, and those of them with the outcome.

    Returns
    -------
    beta, error : array, shape (covariates,)
        Logarithms of odds ratios, and standard errors from the expected information.
    """
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
def statistics(designs, widths, asked, total, cases):
    """Coefficients, their limits and test statistics of several models on the same cells.

    Parameters
    ----------
    designs : ndarray, shape (models, cells, widest)
        Intercept and covariates of each model.
    widths : ndarray of int, shape (models,)
        Columns of each design in use.
    asked : ndarray, shape (statistics, 5)
        As in `logistic_core.Core`, sorted by model.
    total, cases : ndarray of float, shape (cells,)

    Returns
    -------
    ndarray, shape (statistics,)
        Logarithms of odds ratios and limits, absolute values of z.
    """
    model, found = -1, np.zeros(asked.shape[0])
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
        found[k] = value
    return found

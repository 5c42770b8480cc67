"""Cells behind printed logistic models: the compiled estimate, and models made up and found again."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.estimators.regression import logistic
from analysis.ledger.rows.printed import parse
from analysis.reconstruction.counts import logistic_core
from analysis.reconstruction.kernels.logistic_kernels import estimate, statistics
from analysis.reconstruction.solver.timeline import NoSolution

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

CASES = np.array([12, 9, 2, 3, 10, 11, 1, 2])
OTHERS = np.array([210, 60, 150, 31, 90, 44, 80, 23])
CELLS = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)])


def people(cases, others, names=("a", "b", "c")):
    counts = [(cell, y, n) for cells, y in ((cases, 1), (others, 0)) for cell, n in zip(CELLS, cells)]
    return pd.DataFrame([(*cell, y) for cell, y, n in counts for _ in range(n)], columns=[*names, "y"])


def row(id, statistic, covariates, term, printed):
    return SimpleNamespace(id=id, statistic=statistic, arguments={"covariates": covariates, "term": term}, value=parse(printed))


def printed_rows():
    rows = []
    for covariates in ("a,b", "a,b,c"):
        summary = logistic.fit(people(CASES, OTHERS), "y", covariates.split(",")).summary
        for term in covariates.split(","):
            for statistic, column in (
                ("logistic_or", "odds_ratio"),
                ("logistic_lower", "lower"),
                ("logistic_upper", "upper"),
                ("logistic_p", "wald_p"),
            ):
                decimals = 2 if statistic == "logistic_p" else 1
                rows.append(
                    row(f"{covariates}.{term}.{statistic}", statistic, covariates, term, f"{summary.loc[term, column]:.{decimals}f}")
                )
    return rows


def test_estimate_is_the_estimators_own():
    design = np.column_stack([np.ones(8), CELLS]).astype(float)
    beta, error = estimate(design, (CASES + OTHERS).astype(float), CASES.astype(float))
    result = logistic.fit(people(CASES, OTHERS), "y", ["a", "b", "c"])
    np.testing.assert_allclose(beta[1:], result.summary["coefficient"], atol=1e-6)
    np.testing.assert_allclose(error[1:], result.summary["standard_error"], atol=1e-6)


#: Numbers and margins of cases and of others.
MARGINS = np.array([[group.sum(), *(group @ CELLS)] for group in (CASES, OTHERS)])


@pytest.mark.parametrize("seed", [1, 2])
def test_cells_of_cases_and_others_that_give_two_models_are_found(seed):
    rows = printed_rows()
    core = logistic_core.read_core(rows)
    room = np.array([0, 2, 2, 2])
    found = logistic_core.solve(core, MARGINS - room, MARGINS + room, seed)
    assert (found.sum(axis=1) == [CASES.sum(), OTHERS.sum()]).all()
    assert (np.abs(found @ CELLS - MARGINS[:, 1:]) <= 2).all()
    frame = people(*found)
    for asked in rows:
        column = {"logistic_or": "odds_ratio", "logistic_lower": "lower", "logistic_upper": "upper", "logistic_p": "wald_p"}[
            asked.statistic
        ]
        value = logistic.fit(frame, "y", asked.arguments["covariates"].split(",")).summary.loc[asked.arguments["term"], column]
        assert f"{value:.{asked.value.decimals}f}" == str(asked.value.value), asked.id


def test_what_no_cells_give_is_not_reached():
    core = logistic_core.read_core([row("or", "logistic_or", "a,b,c", "a", "2.00"), row("upper", "logistic_upper", "a,b,c", "a", "1.00")])
    with pytest.raises(NoSolution) as caught:
        logistic_core.solve(core, MARGINS, MARGINS, seed=1, starts=2)
    assert not caught.value.proven


def test_statistics_are_those_of_the_fitted_model():
    rows = printed_rows()
    core = logistic_core.read_core(rows)
    order = np.argsort(core.asked[:, 0], kind="stable")
    designs = logistic_core._pad(core.designs)
    found = statistics(*designs, core.asked[order], (CASES + OTHERS).astype(float), CASES.astype(float))
    for number, value in zip(order, found):
        fitted = logistic.fit(people(CASES, OTHERS), "y", rows[number].arguments["covariates"].split(",")).summary.loc[
            rows[number].arguments["term"]
        ]
        kind = rows[number].statistic
        expected = {
            "logistic_or": np.log(fitted["odds_ratio"]),
            "logistic_lower": np.log(fitted["lower"]),
            "logistic_upper": np.log(fitted["upper"]),
        }
        assert value == pytest.approx(expected.get(kind, abs(fitted["coefficient"] / fitted["standard_error"])), abs=1e-6), rows[number].id

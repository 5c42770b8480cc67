"""Digitised curves in the model of times: the truth is a solution, and a solution is near the curve."""

import pandas as pd
import pytest
from lifelines import CoxPHFitter
from ortools.sat.python import cp_model

from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.reconstruction.checks.digitised_checks import read_off
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.solver import timeline
from analysis.reconstruction.solver.time_model import FREE, ILL
from analysis.reconstruction.validation.known import known
from analysis.reconstruction.validation.papers import publish

LEUKAEMIA = next(one for one in known() if one.figure)


@pytest.fixture
def leukaemia(tmp_path):
    """Freireich's trial as published by its curves alone: of the printed numbers the sizes of the arms are kept."""
    folder = publish(LEUKAEMIA, tmp_path / "leukaemia")
    ledger = pd.read_csv(folder / "printed.csv", dtype=str, keep_default_na=False)
    ledger[ledger["id"].str.startswith("n.")].to_csv(folder / "printed.csv", index=False)
    return read_problem(folder)


def rows(problem, seed):
    model = timeline.build(problem, seed)
    found = timeline.rows_of(model, timeline.solve(model, seed), seed)
    found["arm"] = [next(iter(model.cells[cell].blocks["arm"])).level for cell in found["cell"]]
    return found.astype({endpoint.event: bool for endpoint in problem.study.endpoints.values()})


def test_the_true_times_are_a_solution(leukaemia):
    model = timeline.build(leukaemia, 1, every_month=True)
    for (cell, kind, month), number in model.number.items():
        arm = next(iter(model.cells[cell].blocks["arm"])).level
        truth = LEUKAEMIA.rows[(LEUKAEMIA.rows["arm"] == arm) & (LEUKAEMIA.rows["os_months"] == month)]["died"]
        if kind in (FREE, ILL):
            model.solver.Add(number == int((truth == (kind == ILL)).sum()))
    assert cp_model.CpSolver().Solve(model.solver) in (cp_model.OPTIMAL, cp_model.FEASIBLE)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_cohort_from_curves_alone_gives_the_published_analysis(leukaemia, seed):
    """Medians of 23 and 8 weeks (Gehan 1965; R, survfit on MASS::gehan), hazard ratio exp(1.572) (R, coxph, Efron)."""
    found = rows(leukaemia, seed)
    assert all(read_off(leukaemia, {"cohort": found}).values())
    medians = {arm: kaplan_meier(part["os_months"].to_numpy(float), part["died"].to_numpy()).median() for arm, part in found.groupby("arm")}
    assert medians == {"A": 23, "B": 8}
    model = CoxPHFitter().fit(found.assign(b=found["arm"] == "B")[["os_months", "died", "b"]].astype(float), "os_months", "died")
    assert model.params_["b"] == pytest.approx(1.572, abs=0.15)

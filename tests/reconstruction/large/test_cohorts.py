"""Cohorts of large groups give every printed number back, whatever kinds of numbers are printed."""

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.estimators.comparisons.two_curve_hazard_ratio import hazard_ratio
from analysis.estimators.curves.follow_up import reverse_kaplan_meier
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.reconstruction.checks.verify import check_tables
from analysis.reconstruction.cohort import make_cohort
from analysis.reconstruction.io.saved import as_saved
from analysis.reconstruction.large import cohort as search_of_large
from analysis.reconstruction.large.reach import large
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.temperatures import Scaled
from analysis.reconstruction.validation.known import Figure
from tests.reconstruction.large.conftest import declared, dying, simulated

# compiled from nothing in a fresh clone, so in the worker that has the other kernels
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


def made(problem, seed=1):
    assert large(problem)
    said = []
    cohort = make_cohort(problem, seed, said.append)
    return as_saved(problem, cohort.tables), said


def complete(problem, seed=1):
    tables, said = made(problem, seed)
    report = check_tables(problem, tables)
    assert (report.missed, report.broken, report.astray) == ((), (), ()), said
    return tables["cohort"]


def test_numbers_alone(trial):
    size = 1_000
    rows, problem = trial(size)
    cohort = complete(problem)
    assert len(cohort) == size
    for arm in "AB":
        true, found = (
            kaplan_meier(part["os_months"].astype(float), part["died"].astype(bool))
            for part in (rows[rows["arm"] == arm], cohort[cohort["arm"] == arm])
        )
        between = [6, 18]
        assert np.abs(true.survival_at(between) - found.survival_at(between)).max() < 0.08


@pytest.mark.parametrize(("size", "seed"), [(137, 1), *(pytest.param(*one, marks=pytest.mark.thorough) for one in ((137, 2), (400, 1)))])
def test_numbers_of_medium_groups(trial, size, seed):
    complete(trial(size)[1], seed)


def test_ten_thousand_patients(trial):
    complete(trial(10_000)[1])


@pytest.mark.parametrize("size", [*(pytest.param(size, marks=pytest.mark.thorough) for size in (137, 400, 4_000)), 10_000])
def test_with_curves_read_off_a_figure(trial, size):
    rows, problem = trial(size, Figure(1.0, 6))
    cohort = complete(problem)
    for arm in "AB":
        true, found = (
            kaplan_meier(part["os_months"].astype(float), part["died"].astype(bool))
            for part in (rows[rows["arm"] == arm], cohort[cohort["arm"] == arm])
        )
        assert np.abs(true.survival_at(np.arange(40)) - found.survival_at(np.arange(40))).max() < 0.021


def test_cox_ratios_medians_and_numbers_at_risk(trial):
    rows = []
    true, _ = trial(600)
    for arm in "AB":
        part = true[true["arm"] == arm]
        curve = kaplan_meier(part["os_months"], part["died"])
        rows.append(
            {
                "id": f"median.{arm.lower()}",
                "population": arm.lower(),
                "statistic": "survival_median",
                "arguments": "endpoint=os",
                "printed": f"{curve.median():g}",
            }
        )
        rows += [
            {
                "id": f"risk.{arm.lower()}.{at}",
                "population": arm.lower(),
                "subset": f"os_months>={at}",
                "statistic": "count",
                "printed": str(curve.at_risk_at(at)),
            }
            for at in (12, 24, 36)
        ]
    named = dict.fromkeys(("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper"), "cox-efron")
    problem = with_ratio(trial(600, rows=rows, named=named)[1], true)
    cohort = complete(problem)
    fitted = hazard_ratio(
        cohort["os_months"].astype(float), cohort["died"].astype(bool), cohort["arm"], method="cox-efron", groups=("A", "B")
    )
    expected = hazard_ratio(true["os_months"], true["died"], true["arm"], method="cox-efron", groups=("A", "B"))
    assert [f"{value:.2f}" for value in tuple(fitted)[:3]] == [f"{value:.2f}" for value in tuple(expected)[:3]]
    for arm in "AB":
        part, known = cohort[cohort["arm"] == arm], true[true["arm"] == arm]
        for rule in ("left", "right", "midpoint"):  # no plateau at one half: every program says the same
            assert (
                kaplan_meier(part["os_months"].astype(float), part["died"].astype(bool)).median(rule)
                == kaplan_meier(known["os_months"], known["died"]).median()
            )


def test_medians_with_limits_where_nearly_everybody_dies(trial):
    true, rows = dying(300), []
    for name in ("all", "a", "b"):
        part = true if name == "all" else true[true["arm"] == name.upper()]
        curve = kaplan_meier(part["os_months"], part["died"])
        for end, value in zip(("", "_lower", "_upper"), (curve.median(), *curve.median_interval("log-log"))):
            id = f"median.{name}{end.replace('_', '.')}"
            rows.append(
                {
                    "id": id,
                    "population": name,
                    "statistic": f"survival_median{end}",
                    "arguments": "endpoint=os",
                    "printed": f"{value:g}",
                }
            )
        for at in (6, 12):
            rows.append(
                {
                    "id": f"risk.{name}.{at}",
                    "population": name,
                    "statistic": "at_risk",
                    "arguments": f"endpoint=os; time={at}",
                    "printed": str(curve.at_risk_at(at)),
                }
            )
    named = dict.fromkeys(("survival_median_lower", "survival_median_upper"), "log-log")
    complete(trial(300, made=dying, horizons=(6, 12), rows=rows, named=named)[1])


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.thorough)])
def test_follow_up_by_the_reverse_method(trial, seed):
    """With limits, which only the reverse curve has; and a quartile of the survival."""
    true, _ = trial(180)
    curve = reverse_kaplan_meier(true["os_months"], true["died"])
    printed = dict(zip(("", "_lower", "_upper"), (curve.median(), *curve.median_interval("log-log"))))
    rows = [
        {
            "id": f"follow.up{end}",
            "statistic": f"follow_up_median{end}",
            "arguments": "endpoint=os",
            "printed": f"{value:g}",
            "result": "follow.up",
        }
        for end, value in printed.items()
    ]
    quartile = kaplan_meier(true["os_months"], true["died"]).quantile(0.25)
    rows += [{"id": "quartile", "statistic": "survival_quantile", "arguments": "endpoint=os; share=25", "printed": f"{quartile:g}"}]
    _, problem = trial(
        180, rows=rows, named=dict.fromkeys(("follow_up_median_lower", "follow_up_median_upper", "survival_lower"), "log-log")
    )
    cohort = complete(problem, seed)
    time, event = cohort["os_months"].astype(float), cohort["died"].astype(bool)
    found = reverse_kaplan_meier(time, event)
    assert (found.median(), *found.median_interval("log-log")) == tuple(printed.values())
    assert kaplan_meier(time, event).quantile(0.25) == quartile


def test_a_median_of_more_than_a_time_lies_beyond_it(trial):
    true = simulated(400)
    curve = kaplan_meier(true["os_months"], true["died"])
    row = {"id": "median.all", "statistic": "survival_median", "arguments": "endpoint=os", "printed": f">{curve.median() - 2:g}"}
    cohort = complete(trial(400, rows=[row])[1])
    assert kaplan_meier(cohort["os_months"].astype(float), cohort["died"].astype(bool)).median() > curve.median() - 2


def with_ratio(problem, true):
    """The paper prints Cox ratios with Efron's ties in place of those of the log-rank test."""
    path = problem.study.folder / "printed.csv"
    ledger = pd.read_csv(path, dtype=str, keep_default_na=False).set_index("id")
    ratio = hazard_ratio(true["os_months"], true["died"], true["arm"], method="cox-efron", groups=("A", "B"))
    for name, value in zip(("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper"), tuple(ratio)[:3]):
        ledger.loc[f"os.{name}", "printed"] = f"{value:.2f}"
    ledger = ledger[ledger["statistic"] != "survival_se"]  # a paper with numbers at risk seldom prints errors, too
    ledger.reset_index().to_csv(path, index=False)
    return read_problem(problem.study.folder)


def test_subgroups_by_labels_beside_the_arms(trial):
    true, _ = trial(800)
    rows = []
    for mark in (0, 1):
        part = true[true["mark"] == bool(mark)]
        curve = kaplan_meier(part["os_months"], part["died"])
        for what, value in (("survival", curve.survival_at(12)), ("survival_se", curve.standard_error_at(12))):
            rows.append(
                {
                    "id": f"mark{mark}.{what.replace('_', '.')}",
                    "subset": f"mark={mark}",
                    "statistic": what,
                    "arguments": "endpoint=os; time=12",
                    "printed": f"{100 * value:.1f}%",
                }
            )
        rows.append(
            {"id": f"mark{mark}.events", "subset": f"mark={mark} & died=1", "statistic": "count", "printed": str(int(part["died"].sum()))}
        )
    complete(trial(800, rows=rows)[1])


def test_medians_between_months_come_back_in_steps_of_tenths(trial):
    median = {"id": "median.a", "population": "a", "statistic": "survival_median", "arguments": "endpoint=os", "printed": "19.4"}
    _, problem = trial(300, rows=[median])
    kept = ("id,", "n.", "events.", "os.all.12,", "os.all.12.se,", "os.b.12,", "median.")
    path = problem.study.folder / "printed.csv"
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if line.startswith(kept)))
    assumptions = yaml.safe_load((problem.study.folder / "reconstruction.yml").read_text())
    assumptions["timeline"]["steps"] = 10
    (problem.study.folder / "reconstruction.yml").write_text(yaml.safe_dump(assumptions))
    cohort = complete(read_problem(problem.study.folder))
    assert (cohort["os_months"] % 1 != 0).any()


def test_the_same_seed_gives_the_same_cohort_and_another_one_another(trial, monkeypatch):
    _, problem = trial(1_000)
    monkeypatch.setattr(search_of_large, "schedules", lambda patients, figures: (Scaled(2_000, 0.1, 0.01, 0.1, 1.0),))
    first, again, other = (make_cohort(problem, seed).tables["cohort"] for seed in (1, 1, 2))
    assert first.equals(again) and not first.equals(other)


def test_what_was_asked_and_does_not_hold_is_said(trial, monkeypatch):
    monkeypatch.setattr(search_of_large, "schedules", lambda patients, figures: (Scaled(2_000, 0.1, 0.01, 0.1, 1.0),))
    _, problem = trial(400)
    path = problem.study.folder / "printed.csv"
    ledger = pd.read_csv(path, dtype=str, keep_default_na=False).set_index("id")
    ledger.loc["os.hazard_ratio", "printed"] = "0.05"
    ledger.reset_index().to_csv(path, index=False)
    _, said = made(read_problem(problem.study.folder))
    assert any("os.hazard_ratio" in line and "units" in line for line in said)


def test_a_summary_that_no_values_give_is_said(trial, monkeypatch):
    """A median above the maximum, which the proofs would refuse beforehand."""
    monkeypatch.setattr(search_of_large, "schedules", lambda patients, figures: (Scaled(2_000, 0.1, 0.01, 0.1, 1.0),))
    _, problem = trial(400)
    folder = problem.study.folder
    study = yaml.safe_load((folder / "study.yml").read_text())
    study["variables"]["cohort"]["age"] = {"type": "number", "unit": "years", "range": [20, 90], "meaning": "age"}
    (folder / "study.yml").write_text(yaml.safe_dump(study))
    rows = [
        {"id": f"age.{name}", "population": "all", "statistic": name, "arguments": "variable=age", "printed": printed}
        for name, printed in (("median", "60"), ("maximum", "50"))
    ]
    _, said = made(declared(folder, rows=rows))
    assert any(line.startswith("start 1: misses") and "age.median" in line for line in said), said

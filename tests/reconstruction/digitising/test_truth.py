"""Curves of R's `survival` data sets, read with errors and rebuilt: events, survival, medians and hazard ratios against R's."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import cli
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.regression import cox

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

KNOWN = json.loads((Path(__file__).parents[2] / "golden" / "digitised.json").read_text())
#: Greatest error of a height (points), and of a time as a share of the axis.
ERROR, TIME_ERROR = 0.3, 0.001


def published(folder, arms, first_number=0, seed=1):
    """Files of a figure, and the command's arguments."""
    chance, files = np.random.default_rng(seed), []
    for number, arm in enumerate(arms, 1):
        time, height = np.array(arm["time"]), np.array(arm["height"], float)
        time = np.clip(time + chance.uniform(-1, 1, len(time)) * TIME_ERROR * time.max(), 0, None)
        height = np.clip(height + chance.uniform(-ERROR, ERROR, len(height)), 0, 100)
        pd.DataFrame({"x": time, "y": height}).to_csv(folder / f"arm{number}.csv", header=False, index=False, float_format="%.4f")
        marks = pd.DataFrame({"trisk": arm["at"], "nrisk": arm["at_risk"]}).iloc[first_number:]
        marks.to_csv(folder / f"risk{number}.csv", index=False)
        files.append((str(folder / f"arm{number}.csv"), str(folder / f"risk{number}.csv")))
    curves, numbers = zip(*files)
    return [
        "digitise", *curves, "--at-risk", *numbers, "--patients", *(str(arm["n"]) for arm in arms), "--events", *(str(arm["events"]) for arm in arms),
        "-o", str(folder / "study"), "--cohorts", "1",
    ]  # fmt: skip


def rebuilt(folder):
    return pd.read_csv(folder / "study" / "cohort.csv", comment="#")


def hold_against(rows, arm):
    """Events exactly; survival within a point and a half and the height of one step; medians within a month or a thirtieth."""
    curve = kaplan_meier(rows["months"].to_numpy(float), rows["event"].to_numpy(bool))
    assert (len(rows), int(rows["event"].sum())) == (arm["n"], arm["events"])
    for at, survival in zip(arm["horizons"], arm["survival"]):
        # a step beside the horizon may come a little sooner or later
        left = 1 / max(1, int((rows["months"] >= at).sum()))
        assert float(curve.survival_at(at)) == pytest.approx(survival, abs=0.015 + survival * left)
    (median,) = arm["median"]
    if median is None:
        assert not math.isfinite(curve.median())
    else:
        assert curve.median() == pytest.approx(median, abs=max(1.0, median / 30))


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("ovarian", 0),
        *(pytest.param(*one, marks=pytest.mark.thorough) for one in [("veteran", 0), ("veteran", 1), ("pbc", 0), ("rotterdam", 1)]),
    ],
)
def test_one_curve_gives_back_its_patients(tmp_path, capsys, name, first):
    arm = KNOWN[name]["all"]
    assert cli.main(published(tmp_path, [arm], first)) == 0
    told = capsys.readouterr().out
    assert "no solution" not in told
    hold_against(rebuilt(tmp_path), arm)


@pytest.mark.parametrize("name", ["aml", pytest.param("lung", marks=pytest.mark.thorough)])
def test_two_curves_give_back_the_hazard_ratio(tmp_path, capsys, name):
    arms = KNOWN[name]["arms"]
    assert cli.main(published(tmp_path, arms)) == 0
    rows = rebuilt(tmp_path)
    for (_, part), arm in zip(rows.groupby("arm"), arms):
        hold_against(part, arm)
    model = cox.fit(rows.assign(second=(rows["arm"] == "arm2").astype(float)), "months", "event", ["second"], ties="efron")
    # of few patients the place of one event changes it by about one in so many
    assert model.of("second")["coefficient"] == pytest.approx(KNOWN[name]["log_hr"], abs=0.05 + 1 / rows["event"].sum())


def test_marks_of_censoring_put_the_censored_where_they_are(tmp_path, capsys):
    arm = KNOWN["ovarian"]["all"]
    pd.Series(arm["censored"], name="time").to_csv(tmp_path / "ticks.csv", index=False)
    assert cli.main([*published(tmp_path, [arm]), "--ticks", str(tmp_path / "ticks.csv")]) == 0
    rows = rebuilt(tmp_path)
    hold_against(rows, arm)
    censored = np.sort(rows.loc[rows["event"] == 0, "months"].to_numpy(float))
    assert len(censored) == len(arm["censored"]) and censored == pytest.approx(np.array(arm["censored"]), abs=0.3)

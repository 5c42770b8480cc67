"""Simulates a randomised trial of three arms under a seed, and prints what a paper would print of it: ``python simulate.py``.

Nobody's patients: 180 invented ones, in three arms of 60, with relapse, death without relapse and death after relapse.
The numbers are those of lifelines, and of a formula written out, not of the package under test.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import median_survival_times

ARMS = ("A", "B", "Standard")
HEADER = [
    "id",
    "source",
    "quantity",
    "population",
    "subset",
    "statistic",
    "arguments",
    "printed",
    "role",
    "from",
    "copy_of",
    "result",
    "note",
]


def patients(seed: int = 20) -> pd.DataFrame:
    """180 patients, times in whole months from 1 after randomisation; the first event is a relapse or a death."""
    draw = np.random.default_rng(seed)
    arm = np.repeat(ARMS, 60)
    relapse = draw.exponential(pd.Series(arm).map({"A": 55, "B": 40, "Standard": 25}).to_numpy())
    early = draw.exponential(pd.Series(arm).map({"A": 110, "B": 130, "Standard": 120}).to_numpy())
    after = draw.exponential(14, len(arm))
    closed = draw.uniform(18, 60, len(arm))
    death = np.where(relapse < early, relapse + after, early)
    month = lambda time: np.ceil(time).astype(int)  # noqa: E731
    first = np.minimum(relapse, early)
    return pd.DataFrame(
        {
            "arm": arm,
            "female": draw.random(len(arm)) < 0.45,
            "age": np.clip(np.round(draw.normal(58, 11, len(arm))), 20, 85).astype(int),
            "efs_time": month(np.minimum(first, closed)),
            "efs_event": first <= closed,
            "relapse_event": (first <= closed) & (relapse < early),
            "relapse_competing": (first <= closed) & (relapse >= early),
            "os_time": month(np.minimum(death, closed)),
            "os_event": death <= closed,
        }
    )


def aalen_johansen(rows: pd.DataFrame, month: int) -> float:
    """Cumulative incidence of relapse by a month: event-free survival before each time, times the share of those at risk who relapse then."""
    free, incidence = 1.0, 0.0
    for time in range(1, month + 1):
        at_risk, now = (rows["efs_time"] >= time).sum(), rows[rows["efs_time"] == time]
        incidence += free * now["relapse_event"].sum() / at_risk
        free *= 1 - now["efs_event"].sum() / at_risk
    return incidence


def printed(rows: pd.DataFrame) -> list[dict[str, str]]:
    """What the paper prints, one number a row."""
    found: list[dict[str, str]] = []

    def add(id, source, quantity, population, statistic, value, *, subset="", arguments="", follows="", result="", role="imposed", note=""):
        cells = (id, source, quantity, population, subset, statistic, arguments, value, role, follows, "", result, note)
        found.append(dict(zip(HEADER, cells)))

    add("t1.n.all.n", "Table 1", "patients", "all", "count", str(len(rows)))
    for arm, name in zip(ARMS, ("a", "b", "standard")):
        group = rows[rows["arm"] == arm]
        who = f"arm_{name}"
        add(f"t1.n.{name}.n", "Table 1", f"patients, {arm}", who, "count", str(len(group)))
        count = int(group["female"].sum())
        add(f"t1.female.{name}.n", "Table 1", f"women, {arm}", who, "count", str(count), subset="female=1")
        add(
            f"t1.female.{name}.pct", "Table 1", f"share of women, {arm}", who, "percent", f"{100 * count / len(group):.0f}%",
            subset="female=1", follows=f"t1.female.{name}.n ; t1.n.{name}.n", result=f"t1.female.{name}.n",
        )  # fmt: skip
        add(
            f"t1.age.{name}.median",
            "Table 1",
            f"median age, years, {arm}",
            who,
            "median",
            f"{group['age'].median():g}",
            arguments="variable=age",
        )
        for statistic in ("minimum", "maximum"):
            value = group["age"].min() if statistic == "minimum" else group["age"].max()
            add(
                f"t1.age.{name}.{statistic}", "Table 1", f"{statistic} age, years, {arm}", who, statistic, str(value),
                arguments="variable=age", result=f"t1.age.{name}.median",
            )  # fmt: skip
        for endpoint, label in (("efs", "event-free survival"), ("os", "overall survival")):
            curve = KaplanMeierFitter().fit(group[f"{endpoint}_time"], group[f"{endpoint}_event"])
            limits = curve.confidence_interval_survival_function_
            low, high = limits[limits.index <= 24].iloc[-1]
            stem, at = f"res.{endpoint}.{name}.m24", f"endpoint={endpoint}; time=24"
            add(f"{stem}.est", "Results", f"{label} at 24 months, {arm}", who, "survival", f"{100 * curve.predict(24):.0f}%", arguments=at)
            for end, value in (("lower", low), ("upper", high)):
                add(
                    f"{stem}.{end}",
                    "Results",
                    f"{end} limit of it",
                    who,
                    f"survival_{end}",
                    f"{100 * value:.0f}%",
                    arguments=at,
                    result=f"{stem}.est",
                )
            events = int(group[f"{endpoint}_event"].sum())
            add(
                f"res.{endpoint}.{name}.events",
                "Results",
                f"events of {label}, {arm}",
                who,
                "events",
                str(events),
                arguments=f"endpoint={endpoint}",
            )
            median, stem = curve.median_survival_time_, f"res.{endpoint}.{name}.median"
            if np.isfinite(median):
                low, high = median_survival_times(limits).iloc[0]
                add(
                    f"{stem}.est",
                    "Results",
                    f"median {label}, months, {arm}",
                    who,
                    "survival_median",
                    f"{median:g}",
                    arguments=f"endpoint={endpoint}",
                )
                for end, value in (("lower", low), ("upper", high)):
                    if np.isfinite(value):
                        add(
                            f"{stem}.{end}",
                            "Results",
                            f"{end} limit of it",
                            who,
                            f"survival_median_{end}",
                            f"{value:g}",
                            arguments=f"endpoint={endpoint}",
                            result=f"{stem}.est",
                        )
        incidence = aalen_johansen(group, 24)
        add(
            f"res.relapse.{name}.m24", "Results", f"cumulative incidence of relapse at 24 months, {arm}", who, "cumulative_incidence",
            f"{100 * incidence:.0f}%", arguments="endpoint=relapse; time=24; competing=relapse_competing",
        )  # fmt: skip
        add(
            f"res.relapse.{name}.n",
            "Results",
            f"relapses, {arm}",
            who,
            "count",
            str(int(group["relapse_event"].sum())),
            subset="relapse_event=1",
        )
        add(
            f"res.nrm.{name}.n",
            "Results",
            f"deaths without relapse, {arm}",
            who,
            "count",
            str(int(group["relapse_competing"].sum())),
            subset="relapse_competing=1",
        )
    for endpoint in ("efs", "os"):
        p = multivariate_logrank_test(rows[f"{endpoint}_time"], rows["arm"], rows[f"{endpoint}_event"]).p_value
        add(f"res.{endpoint}.p", "Results", f"log-rank P of three arms, {endpoint}", "all", "logrank_p", f"{p:.3f}", arguments=f"endpoint={endpoint}; by=arm",
            role="held-out", note="whether the test has two or three groups is not said")  # fmt: skip
        for arm, name in zip(ARMS[:2], ("a", "b")):
            two = rows[rows["arm"].isin([arm, "Standard"])]
            model = CoxPHFitter().fit(
                pd.DataFrame({"time": two[f"{endpoint}_time"], "event": two[f"{endpoint}_event"], "first": (two["arm"] == arm).astype(int)}),
                "time", "event",
            ).summary.loc["first"]  # fmt: skip
            stem, arguments = f"res.{endpoint}.{name}.hr", f"endpoint={endpoint}; by=arm; groups={arm},Standard"
            for part, column, statistic in (
                ("est", "exp(coef)", ""),
                ("lower", "exp(coef) lower 95%", "_lower"),
                ("upper", "exp(coef) upper 95%", "_upper"),
            ):
                add(f"{stem}.{part}", "Results", f"hazard ratio, {arm} against Standard, {part}", "all", f"hazard_ratio{statistic}", f"{model[column]:.2f}",
                    arguments=arguments, result="" if part == "est" else f"{stem}.est")  # fmt: skip
    reverse = KaplanMeierFitter().fit(rows["os_time"], ~rows["os_event"]).median_survival_time_
    add("res.fu.median", "Results", "median follow-up, months", "all", "follow_up_median", f"{reverse:g}", arguments="endpoint=os")
    return found


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    with open(folder / "printed.csv", "w", newline="", encoding="utf-8") as sink:
        writer = csv.DictWriter(sink, HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(printed(patients()))

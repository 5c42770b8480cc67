"""Statistics at registry scale against R's survival and lifelines, in one run on the same data.

Times in months to two decimals (so that there are ties), 60 % events, two groups, one further covariate. R runs in its own
process and times itself, without reading the data. Every result is compared with R's; the note says how far it is.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import harness
import numpy as np
import pandas as pd

sys.path.insert(0, str(harness.ROOT))

from analysis.estimators.comparisons import log_rank
from analysis.estimators.comparisons.two_curve_hazard_ratio import hazard_ratio
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.regression import cox
from analysis.estimators.time_dependent import landmark

PACKAGES = ("numpy", "scipy", "pandas", "lifelines")
OURS, LIFELINES, R = "this project", "lifelines", "R survival"
AGREEMENT = 1e-8


def patients(n: int) -> pd.DataFrame:
    """A made-up registry of `n` patients."""
    rng = np.random.default_rng(n)
    group, x = rng.integers(0, 2, n), rng.normal(size=n)
    time = np.round(rng.exponential(40 * np.exp(0.3 * group - 0.2 * x)), 2) + 0.01
    return pd.DataFrame({"time": time, "event": (rng.random(n) < 0.6).astype(int), "group": group, "x": x})


def by_r(frame: pd.DataFrame, rounds: int) -> dict[str, tuple[float, np.ndarray]]:
    """Seconds and results of R, by analysis."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "patients.csv"
        frame.to_csv(file, index=False)
        script = Path(__file__).with_name("survival_reference.R")
        done = subprocess.run(["Rscript", "--vanilla", str(script), str(file), str(rounds)], check=True, capture_output=True, text=True)
    found = {}
    for line in done.stdout.splitlines():
        name, seconds, values = line.split(",")
        found[name] = float(seconds), np.array([float(value) for value in values.split(";")])
    return found


def candidates(frame: pd.DataFrame) -> dict[str, dict]:
    """What is run, by analysis and then by program."""
    from lifelines import CoxPHFitter, KaplanMeierFitter
    from lifelines.statistics import logrank_test

    t, e, g = (frame[name].to_numpy() for name in ("time", "event", "group"))
    covariates = ["group", "x"]

    def limits():
        curve = kaplan_meier(t, e)
        return np.array([curve.survival_at(60), *curve.interval_at(60, kind="log")])

    def comparison():
        found = log_rank.compare(t, e, g)
        return np.array([found.chi_square, *found.expected])

    def model(ties):
        found = cox.fit(frame, "time", "event", covariates, ties=ties).summary
        return np.array([*found["coefficient"], *found["standard_error"]])

    fitted = lambda: KaplanMeierFitter().fit(t, e)  # noqa: E731
    curve = kaplan_meier(t, e)
    own = {
        "curve steps with log limits": lambda: kaplan_meier(t, e).steps(),
        "risk table": lambda: kaplan_meier(t, e).at_risk_at(np.arange(0, 121, 12)),
        "log limits of a known curve": lambda: curve.interval_at(60, kind="log"),
        "hazard ratio, log-rank form": lambda: hazard_ratio(t, e, g, "logrank-oe"),
        "hazard ratio, Mantel-Haenszel form": lambda: hazard_ratio(t, e, g, "mantel-haenszel"),
        "landmark": lambda: landmark.landmark(t, e, 12),
    }
    return {
        "Kaplan-Meier": {OURS: limits, LIFELINES: fitted},
        **{name: {OURS: run, LIFELINES + ", Kaplan-Meier fit": fitted} for name, run in own.items()},
        "log-rank": {OURS: comparison, LIFELINES: lambda: logrank_test(t[g == 0], t[g == 1], e[g == 0], e[g == 1])},
        "Cox breslow": {OURS: lambda: model("breslow")},
        "Cox efron": {OURS: lambda: model("efron"), LIFELINES: lambda: CoxPHFitter().fit(frame, "time", "event")},
    }


def figures(n: int, rounds: int) -> list[harness.Line]:
    """Figures of one size."""
    frame = patients(n)
    reference = by_r(frame, rounds) if shutil.which("Rscript") else {}
    lines = []
    for case, runs in candidates(frame).items():
        seconds = harness.interleaved(runs, rounds)
        notes = {}
        if case in reference:
            seconds[R], values = reference[case]
            apart = float(np.max(np.abs(runs[OURS]() - values) / np.abs(values)))
            notes[OURS] = f"differs from R by {apart:.1e} relative" + ("" if apart <= AGREEMENT else f": more than {AGREEMENT:g}")
        baseline = next((name for name in seconds if name.startswith(LIFELINES)), R if R in seconds else OURS)
        lines += harness.lines("statistics", case, n, seconds, baseline, notes)
    lines.append(
        harness.Line(
            "statistics",
            "peak memory",
            str(n),
            OURS,
            "",
            harness.peak_megabytes(),
            harness.peak_megabytes() * 1e6 / n,
            "MB in place of seconds; bytes a patient in place of a ratio, all programs in this process together",
        )
    )
    return lines


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    warnings.filterwarnings("ignore", module="lifelines")
    found = []
    for n in chosen.sizes:
        found += figures(n, chosen.rounds if n < 1_000_000 else min(chosen.rounds, 2))
        harness.write("statistics", found, PACKAGES)  # after each size: the last takes longest


if __name__ == "__main__":
    main()

"""A known cohort as a paper would print it: declaration, ledger and assumptions of a study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis import atomic_files
from analysis.estimators.comparisons.log_rank import compare
from analysis.estimators.comparisons.two_curve_hazard_ratio import hazard_ratio
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.ledger.rows.row import COLUMNS
from analysis.reconstruction.validation.digitised import digitise
from analysis.reconstruction.validation.known import Known

GROUPS = {"all": "", "a": "arm=A", "b": "arm=B"}


def publish(known: Known, folder: Path) -> Path:
    """Write the files of a study that prints the known cohort; its rows are not among them."""
    folder.mkdir(parents=True, exist_ok=True)
    last = int(known.rows["os_months"].max())
    study = {
        "study": folder.name, "title": f"The cohort {known.name}, published", "label": known.name, "citation": {},
        "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "patient"}},
        "variables": {"cohort": {
            "patient": {"type": "id", "meaning": "a patient"},
            "arm": {"type": "category", "levels": ["A", "B"], "meaning": "arm"},
            "mark": {"type": "boolean", "meaning": "a mark"},
            "os_months": {"type": "number", "unit": "units", "range": [0, last], "meaning": "time"},
            "died": {"type": "boolean", "meaning": "event"},
        }},
        "endpoints": {"os": {"time": "os_months", "event": "died", "label": "Survival"}},
        "populations": {name: {"where": where, "label": name} for name, where in GROUPS.items()},
    }  # fmt: skip
    months = {f"1-{last}": last} if last <= 40 else {"1-12": 12, f"13-{last}": 28}
    assumptions: dict[str, Any] = {
        "timeline": {"chain": ["os"], "last": last, "strata": {"arm": "each"}, "months": months, "tallies": _tallies(known)}
    }
    if known.figure:
        assumptions["digitised"] = digitise(known.rows, folder, *known.figure)
    atomic_files.write(folder / "study.yml", yaml.safe_dump(study, sort_keys=False))
    atomic_files.write(folder / "reconstruction.yml", yaml.safe_dump(assumptions, sort_keys=False))
    atomic_files.write(folder / "printed.csv", ledger(known).to_csv(index=False, lineterminator="\n"))
    return folder


def _tallies(known: Known) -> list[dict]:
    """The printed events by arm, for the stage that decides times."""
    events = known.rows.groupby("arm")["died"].sum()
    return [
        {
            "terms": [{"where": f"arm={arm}", "endpoint": "os", "what": "event"}],
            "at_least": int(number),
            "at_most": int(number),
            "why": f"printed as events.{arm.lower()}",
        }
        for arm, number in events.items()
    ]


def ledger(known: Known) -> pd.DataFrame:
    """The printed numbers: counts, survival with its error, events, follow-up, log-rank P and hazard ratio.

    Kaplan-Meier estimates with two decimals, P with three, hazard ratios with two, as the
    papers of this book print them.  What is not printed is asked for afterwards (`validation`).
    """
    rows = known.rows
    found: list[dict] = []

    def add(id, population, statistic, printed, subset="", arguments=""):
        found.append({"id": id, "source": "Text", "quantity": id, "population": population, "subset": subset, "statistic": statistic, "arguments": arguments,
                      "printed": printed, "role": "imposed"})  # fmt: skip

    for name in GROUPS:
        part = rows if name == "all" else rows[rows["arm"] == name.upper()]
        curve = kaplan_meier(part["os_months"], part["died"])
        add(f"n.{name}", name, "count", str(len(part)))
        add(f"events.{name}", name, "count", str(int(part["died"].sum())), "died=1")
        for time in known.horizons:
            at = f"endpoint=os; time={time}"
            add(f"os.{name}.{time}", name, "survival", f"{100 * float(curve.survival_at(time)):.2f}%", arguments=at)
            add(f"os.{name}.{time}.se", name, "survival_se", f"{100 * float(curve.standard_error_at(time)):.2f}%", arguments=at)
    add("mark.all", "all", "count", str(int(rows["mark"].sum())), "mark=1")
    add("mark.a", "a", "percent", f"{100 * rows.loc[rows['arm'] == 'A', 'mark'].mean():.1f}%", "mark=1")
    add("follow.max", "all", "follow_up_maximum", str(int(rows["os_months"].max())), arguments="endpoint=os")
    add("follow.min", "all", "follow_up_minimum", str(int(rows["os_months"].min())), arguments="endpoint=os")
    by = "endpoint=os; by=arm; groups=A,B"
    test = compare(rows["os_months"], rows["died"], rows["arm"])
    add("os.p", "all", "logrank_p", f"{float(test.p):.3f}" if test.p >= 0.001 else "<0.001", arguments=by)
    if rows.groupby("arm")["died"].sum().min() > 0:  # a ratio to an arm without events is not printed
        ratio = hazard_ratio(rows["os_months"], rows["died"], rows["arm"], groups=("A", "B"))
        for name, value in (("hazard_ratio", ratio.hr), ("hazard_ratio_lower", ratio.lower), ("hazard_ratio_upper", ratio.upper)):
            add(f"os.{name}", "all", name, f"{float(value):.2f}", arguments=by)
    return pd.DataFrame(found).reindex(columns=COLUMNS).fillna("")

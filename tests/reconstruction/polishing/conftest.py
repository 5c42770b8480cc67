"""A trial whose rows are known: a cohort that gives all its numbers, to begin with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.ledger.verdicts.recompute import CohortValues
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.validation.known import Known
from analysis.reconstruction.validation.papers import publish
from tests.reconstruction.large.conftest import declared, simulated


@pytest.fixture
def published(tmp_path):
    """Makes (problem, tables) of a made-up trial with ages: further rows are printed as its true patients give them, or as given."""

    def make(size, rows):
        true = simulated(size)
        true["age"] = np.random.default_rng(1).integers(30, 80, size)
        # deaths of the old come sooner, those of the marked later
        order = np.lexsort((np.random.default_rng(2).random(size) * 40 - true["age"] + 20 * true["mark"],))
        true.loc[order, "os_months"] = np.sort(true["os_months"].to_numpy())
        folder = publish(Known("simulated", "", "", true, (12, 24)), tmp_path / "known")
        study = yaml.safe_load((folder / "study.yml").read_text())
        study["variables"]["cohort"]["age"] = {"type": "integer", "unit": "years", "range": [18, 100], "meaning": "age"}
        (folder / "study.yml").write_text(yaml.safe_dump(study))
        true.insert(0, "patient", [f"P{number}" for number in range(size)])
        problem = declared(folder, rows=[{"printed": "1"} | {key: value for key, value in row.items() if key != "form"} for row in rows])
        values = CohortValues(problem.study, {"cohort": true})
        ledger = pd.read_csv(folder / "printed.csv", dtype=str, keep_default_na=False).set_index("id")
        for row in rows:
            if "printed" not in row:
                known = problem.ledger[row["id"]]
                ledger.loc[row["id"], "printed"] = row["form"].format(float(values.of(known)[known.registered.default]))
        ledger.reset_index().to_csv(folder / "printed.csv", index=False)
        return read_problem(folder), {"cohort": true}

    return make


COVARIATES = "endpoint=os; covariates=arm=A,mark,age; term="
COX = [
    {"id": f"cox.{term.replace('=', '')}.{what}", "statistic": f"cox_{what}", "arguments": COVARIATES + term, "form": form}
    for term, form in (("mark", "{:.2f}"), ("age", "{:.3f}"))
    for what in ("hr", "lower", "upper")
]
AGES = [
    {"id": f"age.{arm}.{share}", "population": arm, "statistic": "quantile", "arguments": f"variable=age; share={share}", "form": "{:g}"}
    for arm in "ab"
    for share in (25, 50, 75)
]

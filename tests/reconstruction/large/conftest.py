"""Made-up trials of any size, published as papers print them."""

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.validation.known import Known
from analysis.reconstruction.validation.papers import publish


def simulated(size):
    rng = np.random.default_rng(size)
    arm = np.where(np.arange(size) % 2, "B", "A")
    death, end = rng.exponential(np.where(arm == "A", 30, 20), size), rng.uniform(6, 48, size)
    return pd.DataFrame(
        {"arm": arm, "mark": rng.random(size) < 0.4, "os_months": np.ceil(np.minimum(death, end)).astype(int), "died": death <= end}
    )


def dying(size):
    """A group of whom nearly everybody dies soon."""
    rng = np.random.default_rng(size)
    arm = np.where(np.arange(size) % 2, "B", "A")
    death, died = rng.weibull(0.8, size) * np.where(arm == "A", 5, 4), rng.random(size) > 0.06
    time = np.where(died, death, death * rng.random(size))
    return pd.DataFrame({"arm": arm, "mark": rng.random(size) < 0.4, "os_months": np.ceil(time).astype(int).clip(1), "died": died})


def declared(folder, changes=None, rows=(), named=None):
    """Change a published study's assumptions, add printed numbers, name conventions."""
    path = folder / "reconstruction.yml"
    assumptions = yaml.safe_load(path.read_text())
    for key, value in (changes or {}).items():
        assumptions[key] = assumptions.get(key, {}) | value if isinstance(value, dict) else value
    path.write_text(yaml.safe_dump(assumptions))
    ledger = pd.read_csv(folder / "printed.csv", dtype=str, keep_default_na=False)
    more = pd.DataFrame([{"source": "Text", "quantity": row["id"], "population": "all", "role": "imposed"} | row for row in rows])
    pd.concat([ledger, more]).fillna("").to_csv(folder / "printed.csv", index=False)
    if named:
        study = yaml.safe_load((folder / "study.yml").read_text())
        (folder / "study.yml").write_text(yaml.safe_dump(study | {"named": named}))
    return read_problem(folder)


@pytest.fixture
def trial(tmp_path):
    """Publishes a made-up trial of a size; further printed numbers and assumptions may be given."""

    def make(size, figure=None, made=simulated, horizons=(12, 24), **more):
        rows = made(size)
        folder = publish(Known("simulated", "", "", rows, horizons, figure), tmp_path / "known")
        return rows, declared(folder, **more)

    return make

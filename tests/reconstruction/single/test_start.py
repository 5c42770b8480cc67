"""A start deals labels at random to rows that come in the order of their outcomes."""

import numpy as np
import pandas as pd
import pytest

from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.single.start import table_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

STUDY = """
study: dealt
title: A made-up study
label: Dealt
citation: {}
tables:
  cohort: {file: cohort.csv, unit: patient, key: patient}
variables:
  cohort:
    patient: {type: id, meaning: a patient}
    sex: {type: category, levels: [F, M], meaning: sex}
    os_months: {type: number, unit: months, range: [0, 60], meaning: time}
    died: {type: boolean, meaning: died}
endpoints:
  os: {time: os_months, event: died, label: Overall survival}
populations:
  all: {where: "", label: everybody}
"""

LEDGER = """id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,note
n.all,Text,patients,all,,count,,20,imposed,,,
n.girls,Text,girls,all,sex=F,count,,5,imposed,,,
"""

ASSUMPTIONS = """
timeline:
  chain: [os]
  last: 60
  strata: {}
  months: {"1-60": 60}
tables:
  cohort: {}
"""

#: Of the made-up cohort, and the members of one ensemble.
PATIENTS, GIRLS, DEATHS, MEMBERS = 20, 5, 8, 60


@pytest.fixture
def problem(tmp_path):
    place = tmp_path / "dealt"
    place.mkdir()
    for name, text in (("study.yml", STUDY), ("printed.csv", LEDGER), ("reconstruction.yml", ASSUMPTIONS)):
        (place / name).write_text(text.lstrip(), encoding="utf-8")
    return read_problem(place)


def outcomes():
    """Times as the model of times writes them: who is censored first, then who died."""
    died = [0] * (PATIENTS - DEATHS) + [1] * DEATHS
    months = [*range(30, 30 + PATIENTS - DEATHS), *range(1, 1 + DEATHS)]
    return pd.DataFrame({"os_months": months, "died": died}, dtype="Int64")


def test_a_covariate_that_no_outcome_is_printed_for_is_independent_of_it_in_the_mean(problem):
    members = [table_of(problem, "cohort", outcomes(), {}, seed).tables["cohort"] for seed in range(MEMBERS)]
    assert all((table["sex"] == "F").sum() == GIRLS and table["died"].sum() == DEATHS for table in members)
    dead_girls = [int(((table["sex"] == "F") & (table["died"] == 1)).sum()) for table in members]
    months_of_girls = [float(table.loc[table["sex"] == "F", "os_months"].mean()) for table in members]
    share = DEATHS / PATIENTS
    spread = np.sqrt(GIRLS * share * (1 - share) * (PATIENTS - GIRLS) / (PATIENTS - 1))  # hypergeometric
    assert abs(np.mean(dead_girls) - GIRLS * share) < 3 * spread / np.sqrt(MEMBERS)
    times = outcomes()["os_months"].astype(float)
    error = times.std(ddof=0) * np.sqrt((PATIENTS - GIRLS) / (PATIENTS - 1) / GIRLS / MEMBERS)  # of a mean drawn without replacement
    assert abs(np.mean(months_of_girls) - times.mean()) < 3 * error

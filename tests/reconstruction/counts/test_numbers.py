"""Numbers are filled in the grain in which a study measures them, so that printed fractions can be met."""

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.cohorts.study import read_study
from analysis.errors import InputError
from analysis.ledger.statistics.continuous import QUANTILES
from analysis.reconstruction.counts.number_starts import centre, draw
from analysis.reconstruction.counts.numbers import fill
from analysis.reconstruction.counts.summaries import summaries_of
from analysis.reconstruction.problem.problem import read_problem
from tests.conftest import DECLARED

HEADER = "id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,result,note\n"
PRINTED = {"median": "9.1", "minimum": "2.3", "maximum": "18.8", "mean": "9.74"}


def asked(name):
    """Statistic and arguments of a summary; of a quantile, its share stands behind the dot."""
    statistic, _, share = name.partition(".")
    return f"{statistic},variable=time" + f"; share={share}" * bool(share)


def problem_of(folder, grain, printed=PRINTED, size=15, range_=(0, 20)):
    declared = yaml.safe_load(yaml.safe_dump(DECLARED))
    declared["variables"]["cohort"]["time"] = {"type": "number", "unit": "months", "range": list(range_), "grain": grain}
    (folder / "study.yml").write_text(yaml.safe_dump(declared))
    rows = "".join(f"{name},T,{name},all,,{asked(name)},{text},imposed,,,,\n" for name, text in printed.items())
    (folder / "printed.csv").write_text(f"{HEADER}n,T,n,all,,count,,{size},imposed,,,,\n{rows}")
    (folder / "reconstruction.yml").write_text("")
    return read_problem(folder)


@pytest.mark.slow
@pytest.mark.parametrize(("grain", "missed"), [(0.1, []), (1, ["median", "minimum", "maximum"])])
def test_a_printed_fraction_is_met_where_the_grain_allows_it(study_folder, grain, missed):
    problem = problem_of(study_folder, grain)
    low, high = np.zeros(15, int), np.full(15, 20)
    values, found = fill(problem, "cohort", pd.DataFrame(index=range(15)), "time", low, high, seed=1)
    assert [id for id in found if id != "mean"] == missed
    if not missed:
        assert (np.median(values), values.min(), values.max()) == pytest.approx((9.1, 2.3, 18.8))
        assert np.allclose(values * 10, np.round(values * 10)) and round(values.mean(), 2) == 9.74


@pytest.mark.parametrize("range_", [(0.1, 0.4), (0.3, 1.2)])
def test_no_value_leaves_a_range_that_begins_or_ends_between_whole_numbers(study_folder, range_):
    problem = problem_of(study_folder, 0.1, {"median": "0.3"}, range_=range_)
    low, high = np.full(200, int(range_[0])), np.full(200, int(range_[1]))
    values, _ = fill(problem, "cohort", pd.DataFrame(index=range(200)), "time", low, high, seed=1)
    assert range_[0] - 1e-9 <= values.min() and values.max() <= range_[1] + 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "printed",
    [
        {"median": "16.5", "minimum": "2.3", "maximum": "18.8"},  # far from the middle of what is allowed
        {"mean": "5.21", "sd": "3.07", "maximum": "19.5"},
    ],
)
def test_summaries_of_hundreds_are_met(study_folder, printed, seed):
    """R's colon data had a median age of 62 between 26 and 81 in 304 patients, which came out as 60."""
    problem = problem_of(study_folder, 0.1, printed, 400)
    low, high = np.zeros(400, int), np.full(400, 20)
    values, missed = fill(problem, "cohort", pd.DataFrame(index=range(400)), "time", low, high, seed=seed, centred=True)
    assert not missed
    found = {"median": np.median(values), "minimum": values.min(), "maximum": values.max(), "mean": values.mean(), "sd": values.std(ddof=1)}
    for name, text in printed.items():
        assert found[name] == pytest.approx(float(text), abs=0.5 * 10 ** -len(text.partition(".")[2]) + 1e-9), name


@pytest.mark.parametrize("printed", [("quantile.25", "median", "quantile.75"), ("minimum", "median", "maximum")])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_spread_of_which_only_order_statistics_are_printed_is_about_that_of_people(study_folder, printed, seed):
    """Spread evenly up to the ends of its range, quartiles of ages gave a standard deviation of 16 where the truth was 12."""
    true = np.random.default_rng(seed).normal(10, 2.4, 300).clip(0, 20)
    shares = {"quantile.25": 0.25, "median": 0.5, "quantile.75": 0.75, "minimum": 0.0, "maximum": 1.0}
    problem = problem_of(study_folder, 0.1, {name: f"{np.quantile(true, shares[name]):.1f}" for name in printed}, 300)
    low, high = np.zeros(300, int), np.full(300, 200)
    asked = summaries_of(problem, "cohort", pd.DataFrame(index=range(300)), "time", 10, ties=False)
    chance = np.random.default_rng(seed)
    values = centre(draw(asked, low, high, chance), asked, low, high, chance) / 10
    assert values.std() == pytest.approx(true.std(), rel=0.25)


@pytest.mark.slow
@pytest.mark.parametrize(("size", "centred"), [(40, False), (400, True)])
def test_quartiles_are_met(study_folder, size, centred):
    printed = {"median": "8.4", "quantile.25": "5.15", "quantile.75": "13.2", "minimum": "0.4", "maximum": "19.8"}
    problem = problem_of(study_folder, 0.1, printed, size)
    low, high = np.zeros(size, int), np.full(size, 20)
    values, missed = fill(problem, "cohort", pd.DataFrame(index=range(size)), "time", low, high, seed=1, centred=centred)
    assert not missed
    found = {share: [np.quantile(values, share / 100, method=method) for method in QUANTILES.values()] for share in (25, 75)}
    assert any(abs(first - 5.15) < 0.00501 and abs(third - 13.2) < 0.0501 for first, third in zip(found[25], found[75]))


@pytest.mark.parametrize("grain", [0, 2, 0.3])
def test_a_grain_that_does_not_divide_the_unit_is_refused(study_folder, grain):
    with pytest.raises(InputError, match="grain"):
        problem_of(study_folder, grain)


def test_a_grain_belongs_to_numbers(study_folder):
    declared = yaml.safe_load(yaml.safe_dump(DECLARED))
    declared["variables"]["cohort"]["age"]["grain"] = 0.1
    (study_folder / "study.yml").write_text(yaml.safe_dump(declared))
    with pytest.raises(InputError, match="grain for a number"):
        read_study(study_folder)

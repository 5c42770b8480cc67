"""Groups too large for their risk sets to be listed: their curves are guided, approached, and come back."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from analysis.reconstruction.checks.verify import check_tables
from analysis.reconstruction.cohort import make_cohort
from analysis.reconstruction.constraints.curves import _errors, _errors_between, _likely, printed_curves
from analysis.reconstruction.io.saved import as_saved
from analysis.reconstruction.kernels.kernels import limit
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.single.start import make_start, times
from analysis.reconstruction.validation.known import Known
from analysis.reconstruction.validation.papers import publish
from tests.reconstruction.large.conftest import simulated

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


def with_limits(folder, rows):
    """Instead of standard errors, the paper prints 95 % limits as lifelines gives them (log-log)."""
    ledger = pd.read_csv(folder / "printed.csv", dtype=str, keep_default_na=False)
    found = []
    for row in ledger.to_dict("records"):
        if row["statistic"] != "survival_se":
            found.append(row)
            continue
        part = rows if row["population"] == "all" else rows[rows["arm"] == row["population"].upper()]
        month = int(row["arguments"].partition("time=")[2])
        table = KaplanMeierFitter().fit(part["os_months"], part["died"]).confidence_interval_
        low, high = table[table.index <= month].iloc[-1]
        for end, value in (("lower", low), ("upper", high)):
            found.append(
                row | {"id": row["id"].replace(".se", f".{end}"), "statistic": f"survival_{end}", "printed": f"{100 * value:.1f}%"}
            )
    pd.DataFrame(found).to_csv(folder / "printed.csv", index=False)


@pytest.mark.parametrize(("size", "limits"), [pytest.param(400, False, marks=pytest.mark.thorough), (400, True)])
def test_a_cohort_gives_every_printed_number(tmp_path, size, limits):
    rows = simulated(size)
    folder = publish(Known("simulated", "", "", rows, (12, 24)), tmp_path / "known")
    if limits:
        with_limits(folder, rows)
    problem = read_problem(folder)
    curves = printed_curves(problem, "cohort")
    assert curves[0].sequences(size) is None, "small enough for its risk sets to be listed"
    report = check_tables(problem, as_saved(problem, make_cohort(problem, 1).tables))
    assert report.missed == () and report.broken == ()


def test_a_start_is_near_the_printed_curves(tmp_path):
    rows = simulated(2_000)
    problem = read_problem(publish(Known("simulated", "", "", rows, (12, 24)), tmp_path / "known"))
    table = make_start(problem, 1, times(problem, 1)).tables["cohort"]
    for arm, part in table.groupby("arm"):
        curve = KaplanMeierFitter().fit(part["os_months"].astype(int), part["died"].astype(int))
        for month in (12, 24):
            assert 100 * curve.predict(month) == pytest.approx(float(problem.ledger[f"os.{arm.lower()}.{month}"].value.value), abs=3)


@settings(deadline=None)  # the first example compiles the kernel
@given(st.floats(2, 98), st.floats(0.1, 20), st.sampled_from([0, 1, 2]), st.booleans())
def test_errors_behind_a_limit_hold_the_true_one(estimate, error, method, upper):
    value = limit(estimate, error, method, upper)
    if 0.01 < value < 99.99:
        assert _errors(estimate, value)[method] == pytest.approx(error, rel=1e-6)
    low, high = _errors_between((estimate - 0.5, estimate + 0.5), (value - 0.5, value + 0.5))
    assert low - 0.06 <= error <= high + 0.06


def test_a_limit_that_prints_as_its_estimate_allows_no_error_at_all(tmp_path):
    rows = simulated(60)
    folder = publish(Known("simulated", "", "", rows, (12,)), tmp_path / "known")
    ledger = pd.read_csv(folder / "printed.csv", dtype=str, keep_default_na=False)
    ledger.loc[ledger["id"] == "os.all.12", "printed"] = "52%"
    ledger.loc[ledger["id"] == "os.all.12.se", ["statistic", "printed"]] = ["survival_lower", "51.7%"]
    ledger.to_csv(folder / "printed.csv", index=False)
    (horizon,) = printed_curves(read_problem(folder), "cohort")[0].horizons()
    assert horizon.error[0] <= 0 < horizon.error[1] < 1


@settings(deadline=None)
@given(st.floats(5, 95), st.floats(0.5, 4), st.sampled_from([0, 1, 2]))
def test_the_likely_error_is_that_of_the_transformation_that_fits_both_limits(estimate, error, method):
    limits = [(limit(estimate, error, method, upper),) * 2 for upper in (False, True)]
    found = _likely(estimate, limits)
    assert found is None or found == pytest.approx(error, rel=1e-6)

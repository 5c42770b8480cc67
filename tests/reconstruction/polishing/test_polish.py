"""Numbers that no search steers come back on finished cohorts, and everything else stays as it was."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.ledger.verdicts.recompute import CohortValues
from analysis.reconstruction.checks.verify import check_tables
from analysis.reconstruction.io.saved import as_saved
from analysis.reconstruction.large.cohort import polished
from analysis.reconstruction.large.reach import measured, unheard
from analysis.reconstruction.polishing.exchanges import Exchanges
from analysis.reconstruction.polishing.measures import Measures
from analysis.reconstruction.polishing.polish import _leapt, chosen, polish
from analysis.reconstruction.polishing.shifts import Shifts
from tests.reconstruction.polishing.conftest import AGES, COX


def shuffled(tables, names, seed=3):
    """Tables in which some columns are dealt anew within the arms."""
    table, chance = tables["cohort"].copy(), np.random.default_rng(seed)
    for arm in "AB":
        rows = np.flatnonzero(table["arm"] == arm)
        for name in names:
            table.iloc[rows, table.columns.get_loc(name)] = chance.permutation(table[name].to_numpy()[rows])
    return {"cohort": table}


def steered(problem):
    other = {row.id for row in measured(problem)}
    return [row for row in problem.imposed if row.id not in other]


def test_rows_of_models_are_measured_and_named_no_more(published):
    problem, _ = published(300, COX)
    assert [row.id for row in measured(problem)] == [row["id"] for row in COX]
    assert unheard(problem) == []


@pytest.mark.slow
def test_a_cox_model_with_covariates_comes_back(published):
    """Marks and ages dealt at random within the arms know nothing of times: the model's six numbers are those of chance."""
    problem, tables = published(300, [*COX, *AGES])
    begun = shuffled(tables, ["mark", "age"])
    before = check_tables(problem, as_saved(problem, begun))
    assert len(before.missed) >= 5 and set(before.missed) <= {row["id"] for row in COX}
    said = []
    after = check_tables(problem, as_saved(problem, polish(problem, begun, measured(problem), 1, say=said.append)))
    assert (after.missed, after.broken, said) == ((), (), [])


def by_age(table):
    """The marked of each arm are its oldest: what a model says of either is hardly known beside the other."""
    table = table.copy()
    for arm in "AB":
        rows = np.flatnonzero(table["arm"] == arm)
        oldest = rows[np.argsort(-table["age"].to_numpy()[rows], kind="stable")]
        table.iloc[oldest, table.columns.get_loc("mark")] = np.arange(len(rows)) < table["mark"].to_numpy()[rows].sum()
    return table


def test_covariates_that_nearly_determine_each_other_are_come_to_by_leaps(published):
    """Near no correlation the standard error has no slope, and rounds of small moves stayed there."""
    problem, tables = published(200, COX)
    values = CohortValues(problem.study, {"cohort": by_age(shuffled(tables, ["mark", "age"])["cohort"])})
    rows = [row | {"printed": row["form"].format(float(values.of(problem.ledger[row["id"]])["breslow"]))} for row in COX]
    problem, tables = published(200, rows)
    main = as_saved(problem, shuffled(tables, ["mark", "age"]))["cohort"]
    measures = Measures(problem, measured(problem), {"cohort": main})
    kinds = [Exchanges(problem, "mark", steered(problem), ["age"]).exchanged]
    before = measures.widths_missed(measures.of({"cohort": main}))
    found = _leapt(problem, {"cohort": main}, measures, kinds, np.random.default_rng(1))
    assert measures.widths_missed(measures.of({"cohort": found})) < before / 4
    assert abs(np.corrcoef(found["mark"].astype(float), found["age"].astype(float))[0, 1]) > 0.6


def test_a_cohort_that_gives_everything_stays_as_it_is(published):
    problem, tables = published(120, COX)
    assert polish(problem, tables, measured(problem), 1)["cohort"] is tables["cohort"]
    assert polish(problem, tables, [], 1)["cohort"] is tables["cohort"]


def test_what_does_not_come_back_is_said(published):
    problem, tables = published(120, [*COX[:1], {"id": "rate", "statistic": "event_rate", "arguments": "endpoint=os", "printed": "0.001"}])
    said = []
    polish(problem, tables, measured(problem), 1, say=said.append)  # no times can move
    assert len(said) == 1 and said[0].endswith("misses rate")


@pytest.mark.slow
@pytest.mark.xdist_group("compiled kernels")
def test_times_walk_to_a_rate_within_all_printed_digits(published):
    rate = {"id": "rate", "population": "a", "statistic": "event_rate", "arguments": "endpoint=os; per=1200", "form": "{:.1f}"}
    problem, tables = published(300, [rate])
    printed = f"{float(problem.ledger['rate'].printed) + 0.3:.1f}"
    problem, tables = published(300, [{**rate, "printed": printed}])
    problem = problem.only([row.id for row in problem.imposed if row.statistic != "survival_se"])  # which leaves next to no move
    assert check_tables(problem, as_saved(problem, tables)).missed == ("rate",)
    found = polished(problem, tables, 1)
    report = check_tables(problem, as_saved(problem, found))
    assert (report.missed, report.broken) == ((), ())
    for name in ("arm", "mark", "age"):
        assert found["cohort"][name].tolist() == as_saved(problem, tables)["cohort"][name].tolist()


def test_exchanges_change_no_printed_count(published):
    problem, tables = published(200, COX)
    table = as_saved(problem, tables)["cohort"]
    found = Exchanges(problem, "mark", steered(problem), ["os_months"]).exchanged(table, np.ones(200, bool), 40, np.random.default_rng(1))
    assert (found["mark"] != table["mark"]).sum() >= 20
    for arm in "AB":
        assert found.loc[found["arm"] == arm, "mark"].sum() == table.loc[table["arm"] == arm, "mark"].sum()


def test_half_of_the_exchanges_are_within_one_arm(published):
    problem, tables = published(200, COX)
    table, chance = as_saved(problem, tables)["cohort"], np.random.default_rng(1)
    exchanges = Exchanges(problem, "mark", steered(problem), ["os_months"])
    arms = []
    for _ in range(40):
        found = exchanges.exchanged(table, np.ones(200, bool), 8, chance)
        arms.append(table.loc[found["mark"] != table["mark"], "arm"].nunique())
    assert arms.count(1) >= 10 and arms.count(2) >= 10


def test_two_steps_are_made_together_where_neither_leads_nearer_alone(monkeypatch):
    """Each odd step makes up for what the even one before it changes of the second number; one such pair is needed."""
    asked = SimpleNamespace(misses=lambda values: np.maximum(0, np.abs(values - [3, 0]) - 1))
    steps = np.array([(3 * (number % 2 == 0), (-1) ** number * 7 * 2.0 ** (number // 2)) for number in range(16)])
    monkeypatch.setattr("analysis.reconstruction.polishing.polish.BEGINNINGS", 1)  # from no step at all
    assert asked.misses(steps).sum(axis=1).min() > asked.misses(np.zeros(2)).sum() > 0
    taken = chosen(asked, np.zeros(2), steps, np.random.default_rng(1), np.ones(16, bool))
    assert len(taken) == 2 and asked.misses(steps[taken].sum(axis=0)).sum() == 0


def test_a_column_of_whose_groups_times_are_printed_is_not_exchanged(published):
    problem, _ = published(200, COX)
    assert Exchanges(problem, "arm", steered(problem), []).idle
    assert not Exchanges(problem, "mark", steered(problem), []).idle


def test_who_may_not_move_does_not(published):
    problem, tables = published(200, COX)
    table, free = as_saved(problem, tables)["cohort"], np.arange(200) < 50
    chance = np.random.default_rng(1)
    for move in (
        Exchanges(problem, "mark", steered(problem), ["age"]).exchanged,
        Shifts(problem, "age", steered(problem), ["mark"]).shifted,
    ):
        found = move(table, free, 200, chance)
        assert not (found[["mark", "age"]] != table[["mark", "age"]]).any(axis=1)[~free].any()


def test_shifted_ages_keep_their_printed_quartiles(published):
    problem, tables = published(200, [*COX, *AGES])
    table = as_saved(problem, tables)["cohort"]
    shifts, chance = Shifts(problem, "age", steered(problem), ["os_months"]), np.random.default_rng(1)
    found = table
    for _ in range(30):
        found = shifts.shifted(found, np.ones(200, bool), 50, chance)
    assert (found["age"] != table["age"]).sum() > 100
    assert found["age"].between(18, 100).all()
    measures = Measures(problem, [row for row in problem.imposed if row.statistic == "quantile"], {"cohort": table})
    assert not measures.misses(measures.of({"cohort": found})).any()


@pytest.mark.parametrize(
    ("printed", "value", "missed"),
    [
        ("0.85", 0.8499, False),
        ("0.85", 0.8549, False),
        ("0.85", 0.8551, True),
        ("<0.85", 0.8499, False),
        ("<0.85", 0.85, True),
        (">0.85", 0.85, True),
        (">0.85", 0.8501, False),
    ],
)
def test_a_miss_begins_where_the_digits_end(published, printed, value, missed):
    problem, tables = published(60, [{**COX[0], "printed": printed}])
    measures = Measures(problem, measured(problem), as_saved(problem, tables))
    (scale,) = measures._scales
    assert bool(measures.misses(np.array([scale.of(value)]))[0] > 0) is missed

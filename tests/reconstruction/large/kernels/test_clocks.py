"""Endpoints of a part of the patients, counted from a start of their own, are searched with those of everybody."""

import math

import numpy as np
import pandas as pd
import pytest
import yaml
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test

from analysis.errors import InputError
from analysis.estimators.curves.competing_risks import cumulative_incidence
from analysis.reconstruction.explain import explain
from analysis.reconstruction.large import encoding
from analysis.reconstruction.large.arrays import arrays
from analysis.reconstruction.large.dealing import outcome_columns, patients_of
from analysis.reconstruction.large.kernels import annealing
from analysis.reconstruction.large.kernels.clocks import within
from analysis.reconstruction.large.kernels.counting import counted_of, tables_of
from analysis.reconstruction.large.kernels.misses import total_miss
from analysis.reconstruction.large.reach import check_reach, large, unheard
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.temperatures import FINE
from tests.reconstruction.large.test_cohorts import complete

# compiled from nothing in a fresh clone, so in the worker that has the other kernels
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

STUDY = {
    "study": "induction", "label": "Induction", "title": "Invented", "citation": {}, "origin": "randomisation",
    "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "patient"}},
    "variables": {"cohort": {
        "patient": {"type": "id"},
        "arm": {"type": "category", "levels": ["A", "B"]},
        "remission": {"type": "boolean", "known": "later"},
        "efs_time": {"type": "number", "range": [0, 70]}, "efs_event": {"type": "boolean"},
        "os_time": {"type": "number", "range": [0, 70]}, "os_event": {"type": "boolean"},
        "rfs_time": {"type": "number", "range": [0, 70], "missing": True}, "rfs_event": {"type": "boolean", "missing": True},
        "relapse": {"type": "boolean", "missing": True}, "death": {"type": "boolean", "missing": True},
        "sar_time": {"type": "number", "range": [0, 70], "missing": True}, "rfs_start": {"type": "number", "range": [0, 9], "missing": True},
    }},
    "endpoints": {
        "os": {"time": "os_time", "event": "os_event", "label": "Overall survival"},
        "efs": {"time": "efs_time", "event": "efs_event", "label": "Event-free survival", "includes": "os"},
        "rfs": {"time": "rfs_time", "event": "rfs_event", "label": "Relapse-free survival", "includes": "os", "within": "remission"},
        "relapse": {"time": "rfs_time", "event": "relapse", "competing": "death", "label": "Relapse", "within": "remission"},
        "sar": {"time": "sar_time", "event": "os_event", "label": "Survival after the first event", "within": "failed"},
    },
    "groupings": {"arm": {"label": "Arm", "reference": "B"}},
    "populations": {
        "all": {"label": "All"}, "a": {"where": "arm=A", "label": "A"}, "b": {"where": "arm=B", "label": "B"},
        "remission": {"where": "remission=1", "label": "Remission"}, "failed": {"where": "efs_event=1", "label": "After an event"},
    },
}  # fmt: skip


def simulate(size):
    """Patients in whole months: who comes into remission after one to three of them, relapses, dies, or is followed until the end."""
    rng = np.random.default_rng(size)
    arm, remission = np.where(np.arange(size) % 2, "B", "A"), rng.random(size) < 0.7
    start, fails = rng.integers(1, 4, size), rng.integers(1, 4, size)
    relapse = start + np.ceil(rng.exponential(np.where(arm == "A", 30, 18), size)).astype(int)
    quiet = start + np.ceil(rng.exponential(120, size)).astype(int)  # death in remission
    first = np.where(remission, np.minimum(relapse, quiet), fails)
    dies = np.where(remission & (quiet <= relapse), quiet, first + np.ceil(rng.exponential(9, size)).astype(int))
    until = rng.integers(12, 61, size)
    part = pd.DataFrame({"arm": arm, "remission": remission, "start": np.where(remission, start, 0)})
    part["efs_time"], part["efs_event"] = np.minimum(first, until), first <= until
    part["os_time"], part["os_event"] = np.minimum(dies, until), dies <= until
    rows = part.assign(
        rfs_time=(part["efs_time"] - part["start"]).where(remission), rfs_event=part["efs_event"].astype("boolean").where(remission)
    )
    return rows.assign(relapse=(rows["efs_event"] & (relapse < quiet)).astype("boolean").where(remission))


def row(id, statistic, printed, population="all", subset="", arguments="", result=""):
    return {
        "id": id.lower(), "source": "Text", "quantity": id, "population": population, "subset": subset, "statistic": statistic,
        "arguments": arguments, "printed": printed, "role": "imposed", "result": result,
    }  # fmt: skip


def numbers(rows, *, of=("os", "efs", "rfs")):
    """What a paper prints of these patients: numbers, estimates by arm, log-rank tests; estimates by lifelines."""
    yield row("n", "count", len(rows))
    yield row("cr", "count", int(rows["remission"].sum()), subset="remission=1")
    for name in of:
        part = rows[rows["remission"]] if name == "rfs" else rows
        subset, endpoint = "remission=1" if name == "rfs" else "", f"endpoint={name}"
        arms = {arm: part[part["arm"] == arm] for arm in "AB"}
        for arm, of_arm in arms.items():
            yield row(f"n.{name}.{arm}", "count", len(of_arm), arm.lower(), subset)
            yield row(f"events.{name}.{arm}", "events", int(of_arm[f"{name}_event"].sum()), arm.lower(), subset, endpoint)
            curve = KaplanMeierFitter().fit(of_arm[f"{name}_time"], of_arm[f"{name}_event"].astype(bool))
            for time in (12, 24):
                estimate = 100 * float(curve.survival_function_at_times(time).iloc[0])
                yield row(f"{name}.{arm}.{time}", "survival", f"{estimate:.0f}%", arm.lower(), subset, f"{endpoint}; time={time}")
        a, b = arms.values()
        p = logrank_test(a[f"{name}_time"], b[f"{name}_time"], a[f"{name}_event"].astype(bool), b[f"{name}_event"].astype(bool)).p_value
        yield row(f"p.{name}", "logrank_p", f"{max(p, 0.01):.2f}", subset=subset, arguments=f"{endpoint}; by=arm; groups=A,B")


@pytest.fixture
def published(tmp_path):
    def write(ledger, endpoints=None, **assumed):
        (tmp_path / "study.yml").write_text(yaml.safe_dump(STUDY | {"endpoints": STUDY["endpoints"] | (endpoints or {})}, sort_keys=False))
        pd.DataFrame(ledger).assign(**{"from": "", "copy_of": "", "note": ""}).to_csv(tmp_path / "printed.csv", index=False)
        (tmp_path / "reconstruction.yml").write_text(yaml.safe_dump(assumed))
        return read_problem(tmp_path)

    return write


def encoded(problem, rows):
    """The search's lists, and its state of the true patients, whose clocks start when they did."""
    found = encoding.encode(problem)
    patients = patients_of(found, rows)
    patients.start[:] = rows["start"].to_numpy(np.int64)
    return found, arrays(found, FINE), patients


def test_relapse_free_survival_from_remission_comes_back_beside_survival_of_everybody(published):
    problem = published(numbers(simulate(160)))
    assert large(problem) and unheard(problem) == []
    cohort = complete(problem)
    part = cohort["remission"].astype(bool)
    assert (cohort["rfs_time"].notna() == part).all() and (cohort["rfs_event"].notna() == part).all()
    assert (cohort.loc[part, "rfs_event"].astype(bool) == cohort.loc[part, "efs_event"].astype(bool)).all()
    assert (cohort.loc[part, "rfs_time"] <= cohort.loc[part, "efs_time"]).all()


def test_relapse_and_death_in_remission_and_survival_after_an_event_come_back(published):
    rows = simulate(200)
    problem = published([*numbers(rows, of=("os", "efs")), *incidences(rows), *after_events(rows)])
    assert {name for clock in problem.timeline.clocks for name in clock.endpoints} == {"relapse", "sar"}
    assert unheard(problem) == []
    cohort = complete(problem)
    failed = cohort["efs_event"].astype(bool)
    assert (cohort["sar_time"].notna() == failed).all()
    assert (cohort["sar_time"] == (cohort["os_time"] - cohort["efs_time"]).where(failed))[failed].all()
    assert not (cohort["relapse"].fillna(False).astype(bool) & cohort["death"].fillna(False).astype(bool)).any()


def test_true_patients_miss_nothing(published):
    rows = simulate(160)
    _, asked, patients = encoded(published(numbers(rows)), rows)
    assert len(asked.spells) == 1
    work, miss = annealing.work_of(asked, patients, False)
    assert miss == 0 and work.missed.items.sum() == 0


def test_times_from_a_start_are_those_to_the_event_less_those_to_the_start(published):
    rows = simulate(120)
    problem = published([*numbers(rows), *incidences(rows), *after_events(rows)])
    found, asked, patients = encoded(problem, rows)
    counted, names = counted_of(asked, patients), [*found.endpoints, *(spell.name for spell in found.spells)]
    rfs, relapse, sar = (names.index(name) for name in ("rfs", "relapse", "sar"))
    assert (counted.time[rfs] == rows["rfs_time"].fillna(-1)).all()
    assert (counted.event[rfs] == rows["rfs_event"].fillna(False)).all()
    assert (counted.time[relapse] == counted.time[rfs]).all()
    assert (counted.event[relapse] == rows["relapse"].fillna(False)).all()
    after = (rows["os_time"] - rows["efs_time"]).where(rows["efs_event"])
    assert (counted.time[sar] == after.fillna(-1)).all()
    columns = outcome_columns(found, patients)
    assert columns["rfs_time"].fillna(-1).tolist() == rows["rfs_time"].fillna(-1).tolist()
    assert columns["sar_time"].fillna(-1).tolist() == after.fillna(-1).tolist()


def incidences(rows):
    """Relapses within remission, with which deaths in remission compete."""
    part = rows[rows["remission"]]
    for arm in "AB":
        of_arm = part[part["arm"] == arm]
        cause = np.where(of_arm["relapse"].astype(bool), 1, np.where(of_arm["efs_event"], 2, 0))
        estimate = 100 * float(cumulative_incidence(of_arm["rfs_time"].to_numpy(float), cause).incidence_at(24.0))
        arguments = "endpoint=relapse; competing=death; time=24"
        yield row(f"relapse.{arm}", "cumulative_incidence", f"{estimate:.0f}%", arm.lower(), "remission=1", arguments)


def after_events(rows):
    part = rows[rows["efs_event"]]
    for arm in "AB":
        of_arm = part[part["arm"] == arm]
        curve = KaplanMeierFitter().fit(of_arm["os_time"] - of_arm["efs_time"], of_arm["os_event"])
        estimate = 100 * float(curve.survival_function_at_times(12).iloc[0])
        yield row(f"sar.{arm}", "survival", f"{estimate:.0f}%", arm.lower(), "efs_event=1", "endpoint=sar; time=12")


def test_moves_keep_memberships_and_tables_as_they_are_from_nothing_and_starts_before_ends(published):
    rows = simulate(120)
    _, asked, patients = encoded(published(numbers(rows)), rows)
    moved = asked._replace(point_ends=asked.point_ends + [1, 1, 0])
    before = patients.start.copy()
    annealing.anneal(moved, patients, 3, 20_000, 0.5, 0.1)
    again, _ = annealing.anneal(moved, patients, 3, 1, 1e-9, 1e-9)
    counted = counted_of(moved, patients)
    misses = np.zeros(len(again))
    total_miss(
        moved, tables_of(moved, patients, counted), counted.total, np.ones(len(moved.groups), bool), misses,
        np.zeros((len(moved.compared), 2)), np.empty((moved.reach[1] + 1, 4), np.int64), np.empty(9), math.inf,
    )  # fmt: skip
    assert misses.tolist() == pytest.approx(again.tolist())
    part = counted.member[moved.clocks[0, 0]]
    assert (patients.start != before).any()
    assert (counted.time[2][part] >= 1).all() and (counted.time[2][~part] == -1).all()
    assert (patients.start[0][part] + counted.time[2][part] == patients.time[0][part]).all()


@pytest.mark.parametrize(("start", "expected"), [(0, 2), (1, 1), (5, 5), (9, 9), (10, 8), (40, 1)])
def test_a_start_beyond_an_end_lies_as_far_inside(start, expected):
    assert within(start, 1, 9) == expected


def test_what_is_searched_from_which_start_is_explained(published):
    text, _ = explain(published(numbers(simulate(120))).study.folder)
    assert "Within remission=1, from a start of their own: rfs." in text


CLOCK = {"origin": "", "where": "remission=1", "ends": [], "events": ["rfs"], "why": "declared"}
TIMELINE = {"chain": ["efs", "os"], "last": 70, "strata": {"arm": "each"}, "months": {"1-70": 70}}


@pytest.mark.parametrize(("origin", "alone"), [("", True), ("efs_time", True), ("rfs_start", False)])
def test_a_start_that_no_variable_of_its_own_tells_is_left_to_the_search_that_knows_it_whatever_the_size(published, origin, alone):
    problem = published(numbers(simulate(60)), timeline=TIMELINE | {"clock": CLOCK | {"origin": origin}})
    assert large(problem) is alone


@pytest.mark.parametrize("early", ["", "arm=A"])
def test_first_events_before_a_start_are_refused_beyond_the_search_that_knows_them(published, early):
    timeline = TIMELINE | {"clock": CLOCK | ({"early": early} if early else {})}
    problem = published(numbers(simulate(402)), timeline=timeline)
    if not early:
        return check_reach(problem)
    with pytest.raises(InputError, match=r"timeline\.clock\.early"):
        check_reach(problem)

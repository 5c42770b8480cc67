"""A made-up registry and the cohort of its cases, published and reconstructed."""

import numpy as np
import pandas as pd
import pytest

from analysis.cohorts.reading import validate
from analysis.cohorts.study import read_study
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.verdicts.recompute import CohortValues
from analysis.reconstruction.checks import linked_checks
from analysis.reconstruction.checks.verify import check_tables
from analysis.reconstruction.linked import cases, dates, first_events, registry
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.solver.timeline import NoSolution
from analysis.reconstruction.temperatures import DATES

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

STUDY = """
study: toy
title: A made-up registry
label: Toy
citation: {}
tables:
  registry: {file: registry.csv, unit: child, key: child}
  cohort: {file: cohort.csv, unit: child, key: child}
variables:
  registry:
    child: {type: id, meaning: key}
    ill: {type: boolean, meaning: is a case}
    sex: {type: category, levels: [F, M], meaning: sex}
    old: {type: boolean, missing: true, meaning: covariate}
    marker: {type: boolean, meaning: covariate}
  cohort:
    child: {type: id, meaning: key}
    sex: {type: category, levels: [F, M], meaning: sex}
    cr: {type: boolean, meaning: remission}
    donor: {type: category, levels: [X, Y], meaning: donor}
    relapse: {type: boolean, meaning: relapse}
    months_to_cr: {type: number, unit: months, range: [0, 24], missing: true, meaning: time}
    os_months: {type: number, unit: months, range: [0, 120], meaning: time}
    os_years: {type: number, unit: years, range: [0, 10], meaning: time}
    died: {type: boolean, meaning: died}
    dfs_months: {type: number, unit: months, range: [0, 120], meaning: time}
    dfs_event: {type: boolean, meaning: first event}
endpoints:
  os: {time: os_months, event: died, label: Overall survival}
  os_years: {time: os_years, event: died, unit: years, label: Overall survival}
  dfs: {time: dfs_months, event: dfs_event, label: Disease-free survival}
populations:
  registry: {table: registry, where: "", label: everybody}
  ill: {table: registry, where: "ill=1", label: cases}
  well: {table: registry, where: "ill=0", label: others}
  known: {table: registry, where: "old!=?", label: complete}
  all: {where: "", label: cases}
  cr: {where: "cr=1", label: remission}
  no_cr: {where: "cr=0", label: no remission}
  x: {where: "donor=X", label: donor X}
  dead: {where: "died=1", label: deaths}
  alive: {where: "died=0", label: survivors}
named: {survival_lower: log, survival_upper: log, cox_td_hr: breslow, logistic_p: wald}
"""

ASKED = [
    ("registry", "", "count", ""), ("registry", "ill=1", "count", ""), ("ill", "sex=F", "count", ""), ("well", "sex=F", "count", ""),
    ("ill", "old=1", "count", ""), ("well", "old=1", "count", ""), ("ill", "old=?", "count", ""), ("well", "old=?", "count", ""),
    ("ill", "marker=1", "count", ""), ("well", "marker=1", "count", ""), ("well", "marker=1", "percent", ""),
    ("all", "", "count", ""), ("all", "cr=1", "count", ""), ("all", "died=1", "count", ""), ("cr", "died=1", "count", ""),
    ("all", "donor=X", "count", ""), ("all", "relapse=1", "count", ""), ("dead", "os_months<=12", "count", ""),
    *(("known", "", f"logistic_{kind}", "outcome=ill; covariates=old,marker; term=old") for kind in ("or", "lower", "upper", "p")),
    *((group, "", f"survival{kind}", "endpoint=os; time=24") for group in ("all", "cr", "no_cr", "x") for kind in ("", "_lower", "_upper")),
    ("all", "", "survival", "endpoint=dfs; time=24"),
    ("all", "", "logrank_p", "endpoint=os; by=donor; groups=X,Y"), ("all", "", "cox_td_hr", "endpoint=os; switch_time=months_to_cr"),
    ("dead", "", "median", "variable=os_months"), ("alive", "", "follow_up_minimum", "endpoint=os_years"), ("cr", "", "maximum", "variable=months_to_cr"),
]  # fmt: skip

COLUMNS = ["id", "source", "quantity", "population", "subset", "statistic", "arguments", "printed", "role", "from", "copy_of", "note"]

ASSUMPTIONS = """
linked:
  cases: cohort
  registry: registry
  where: "ill=1"
  key: child
  given: {ill: "1"}
  skeleton: [cr, died]
  stages: [[old, marker], [sex]]
  shuffled: [{variables: [sex], where: "", why: made up}]
  times:
    endpoint: os
    grain: 0.1
    variables: [os_months, months_to_cr]
    order: [{before: months_to_cr, after: os_months, gap: 0.3, why: remission comes first}]
    windows:
      - {where: "died=1", variable: os_months, first: 2, last: 60, why: made up}
      - {where: "died=0", variable: os_months, first: 12, last: 120, why: made up}
      - {where: "cr=1", variable: months_to_cr, first: 1, last: 6, why: made up}
    exchange: [{variables: [donor], where: "", why: made up}]
    first_event: {endpoint: dfs, later: [months_to_cr], reading: plain, why: made up}
    derived: {os_years: 12}
readings:
  plain: {of: made up, chosen: true, zero: "cr=0", text: never in remission, outcome: feasible}
tables:
  cohort:
    rules:
      - {when: "cr=0", then: "relapse=0", why: made up}
      - {when: "died=0", then: "relapse=0", why: made up}
  registry:
    rules: []
"""


def truth():
    """A registry of 120 children, 24 of them cases, with their courses."""
    rng = np.random.default_rng(8)
    ill = np.arange(120) < 24
    old = (rng.random(120) < np.where(ill, 0.65, 0.4)).astype(int).astype(str)
    old[[5, 60, 90]] = ""
    children = pd.DataFrame({"child": [f"T{k}" for k in range(120)], "ill": ill.astype(int).astype(str), "sex": rng.choice(["F", "M"], 120),
                             "old": old, "marker": (rng.random(120) < 0.3).astype(int).astype(str)})  # fmt: skip
    cr = np.arange(24) < 14
    died = rng.random(24) < np.where(cr, 0.35, 0.85)
    end = np.where(died, np.round(rng.uniform(7, 30, 24), 1), np.round(rng.uniform(26, 110, 24), 1))
    relapse = died & cr
    first = np.where(~cr, 0, np.where(relapse, end - 1, end))
    cohort = pd.DataFrame({
        "child": children["child"][:24], "sex": children["sex"][:24], "cr": cr.astype(int), "donor": rng.choice(["X", "Y"], 24), "relapse": relapse.astype(int),
        "months_to_cr": [f"{value:.1f}" if known else "" for value, known in zip(rng.uniform(1.5, 5, 24), cr)], "os_months": end, "os_years": end / 12,
        "died": died.astype(int), "dfs_months": np.round(first, 1), "dfs_event": (~cr | died).astype(int)}).astype(str)  # fmt: skip
    return {"registry": children, "cohort": cohort}


def shown(row, value):
    value = float(value)
    match row.statistic:
        case "count":
            return str(int(value))
        case "logistic_p" | "logrank_p":
            return f"{value:.2f}"
        case "median" | "maximum" | "follow_up_minimum" | "percent":
            return f"{value:.0f}"
    return f"{value:.0f}%" if row.statistic.startswith("survival") else f"{value:.1f}"


@pytest.fixture(scope="module")
def problem(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "toy"
    folder.mkdir()
    (folder / "study.yml").write_text(STUDY.lstrip())
    (folder / "reconstruction.yml").write_text(ASSUMPTIONS.lstrip())
    study = read_study(folder)
    tables = {name: validate(table, study, name, name) for name, table in truth().items()}
    lines = pd.DataFrame([(f"r.n{k}", "Text", "made up", *asked[:3], asked[3], "1", "imposed", "", "", "") for k, asked in enumerate(ASKED)],
                         columns=COLUMNS)  # fmt: skip
    lines.to_csv(folder / "printed.csv", index=False, lineterminator="\n")
    values = CohortValues(study, tables)
    lines["printed"] = [shown(row, next(iter(values.of(row).values()))) for row in read_ledger(study)]
    lines.to_csv(folder / "printed.csv", index=False, lineterminator="\n")
    return read_problem(folder)


@pytest.fixture(scope="module")
def made(problem):
    return registry.make_linked(problem, 1)


def typed(problem, tables):
    def text(value):
        return "" if value is None or value != value else f"{value:g}" if isinstance(value, float) else str(value)

    return {name: validate(table.map(text), problem.study, name, name) for name, table in tables.items()}


def test_every_printed_number_comes_back(problem, made):
    report = check_tables(problem, typed(problem, made.tables))
    assert report.missed == ()
    assert report.broken == ()
    assert len(report.satisfied) == len(ASKED)


def test_cases_are_the_registrys_own(made):
    both = made.tables["cohort"].merge(made.tables["registry"], on="child", suffixes=("", "_registry"))
    assert len(both) == 24
    assert set(both["ill"]) == {"1"}
    assert (both["sex"] == both["sex_registry"]).all()


def test_dates_keep_windows_and_order(made):
    table = made.tables["cohort"]
    end, remission = table["os_months"].astype(float), table["months_to_cr"].astype(float)
    assert (remission.dropna() + 0.3 <= end[remission.notna()] + 1e-9).all()
    assert remission.notna().equals(table["cr"] == "1")
    assert end[table["died"] == "1"].between(2, 60).all() and end[table["died"] == "0"].between(12, 120).all()
    np.testing.assert_allclose(table["os_years"].astype(float) * 12, end)


def test_first_events_follow_the_reading(made):
    table = made.tables["cohort"]
    first, end = table["dfs_months"].astype(float), table["os_months"].astype(float)
    assert (first[table["cr"] == "0"] == 0).all()
    relapsed = table["relapse"] == "1"
    assert (first[relapsed] < end[relapsed]).all() and (first[relapsed] > table.loc[relapsed, "months_to_cr"].astype(float)).all()


def test_same_seed_same_tables_and_other_seed_others(problem, made):
    again, other = registry.make_linked(problem, 1), registry.make_linked(problem, 2)
    assert all(made.tables[name].equals(again.tables[name]) for name in made.tables)
    assert not made.tables["cohort"].equals(other.tables["cohort"])


def test_a_number_the_search_cannot_reach_is_told(problem):
    labelled = cases.label(problem, 3)
    wrong = problem.only([row.id for row in problem.ledger if row.statistic != "survival"])
    table, miss, _ = dates.search(wrong, labelled, 3, DATES._replace(tries=4))
    assert miss == 0
    alive = table.assign(relapse="0", died="0")
    with pytest.raises(NoSolution, match="dfs"):
        first_events.add(problem, alive.assign(cr="1"), 1, attempts=3)


def changed(tables, name, column, row, value):
    table = tables[name].copy()
    table.loc[row, column] = value
    return {**tables, name: table}


def test_the_checks_find_nothing_in_a_sound_cohort(problem, made):
    assert linked_checks.find_broken(problem, typed(problem, made.tables)) == []


def test_the_checks_find_what_is_changed(problem, made):
    sound = typed(problem, made.tables)
    table = sound["cohort"]
    in_remission, never = table.index[table["cr"]][0], table.index[~table["cr"]][0]
    for column, row, value, words in (
        ("os_months", never, 130.0, "outside"),
        ("months_to_cr", in_remission, table.loc[in_remission, "os_months"], "before"),
        ("os_years", never, 0.1, "/ 12"),
        ("dfs_months", never, 3.0, "not 0"),
        ("dfs_months", table.index[table["relapse"]][0], 0.0, "relapse"),
        ("sex", never, "F" if table.loc[never, "sex"] == "M" else "M", "differs"),
        ("child", never, "C0120", "keys"),
    ):
        found = linked_checks.find_broken(problem, changed(sound, "cohort", column, row, value))
        assert any(words in sentence for sentence in found), (column, found)

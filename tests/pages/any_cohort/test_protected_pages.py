"""Whatever is called on a page of protected patients shows nothing that the threshold withholds, and nothing that is wrong.

Every public call of a page, found by reflection, is made on a cohort and on one that differs from it only in what is
withheld: rows in another order, keys with other names, times elsewhere in their intervals, a few patients of small
levels exchanged.  Both must give the same.  Ranges on pages are held against the exact values of the same pages in local use.
"""

from __future__ import annotations

import inspect
import re

import numpy as np
import pandas as pd
import pytest

from analysis.cohorts.protection.counts import Protection
from analysis.cohorts.study import read_study
from analysis.errors import InputError, Undefined
from analysis.ledger.session.study_session import audit_own
from analysis.pages import section
from analysis.pages.any_cohort.base import GeneralBase, GeneralSection
from analysis.pages.any_cohort.survival import GeneralSurvival
from analysis.pages.page import GeneralPage
from analysis.pages.paper.patient_flow import Group
from analysis.pages.survival.curves import Curves

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("calls of a protected page")]

SLUG, STEP = "dac_clag", 3.0
SCT = ("os", "sct=1", "sct_months", "SCT")
ARMS = ("DAC-CLAG", "CLAG")
CHOICES = {
    "rows": [{"X": ("os", "arm", ARMS)}, {"X": ("response_first=CR/CRi", "arm", ARMS)}, {"X": ["t1.sex.f.n", "t1.sex.f.n"]}, {"X": "res.os.arm.hr"}, [["a", "b"]]],
    "id": ["res.os.all.m12"], "ids": [["res.os.arm.p"]], "prefixes": ["res"], "parts": [{"X": ["res"]}], "source": ["Abstract"], "name": ["t1", None],
    "what": ["X"], "caption": ["X"], "title": ["X"], "root": [Group("All", parts=[Group("DAC-CLAG", "arm=DAC-CLAG"), Group("CLAG", "arm=CLAG")])], "label": ["X"], "endpoint": ["os"], "population": ["all"], "by": ["arm"], "groups": [ARMS, {"All": "all"}],
    "curves": [{"X": ("os", "all")}], "competing": ["died"], "causes": [{"Death": "died=1", "Relapse": "relapsed_after_sct=1"}], "at": [[12.0]], "switch": [SCT],
    "months": [[0.0, 3.0]], "where": ["response_first=CR/CRi"], "findings": [{"WT1": ("wt1=1", "mutation")}, {"WT1": "wt1=1"}], "divisions": [[{"CR": "response_first=CR/CRi"}]],
    "terms": [{"DAC": "arm=DAC-CLAG", "Age": "age_months>=120"}], "outcome": ["response_first=CR/CRi"], "term": ["arm=DAC-CLAG"], "optional": [{"sex=F": "sex"}],
    "printed": [{"arm=DAC-CLAG": ("res.multi.arm.p", "arm")}, ()], "always": [["arm=DAC-CLAG"]], "variables": [{"X": "neutrophil_days"}], "cluster": ["patient"],
    "first": ["enrolment_number=1"], "key": ["patient"], "number_of": ["enrolment_number"], "grouped": [False, True], "level": ["1"], "function": [len], "member": [0],
    "among": ["sct=1"], "endpoints": [list(read_study(SLUG).endpoints.values())], "penalised": [False, True], "frame": [pd.DataFrame({"arm": ["CLAG"]})],
}  # fmt: skip
"""Arguments by name, enough of each for every call to be made."""


@pytest.fixture(scope="module")
def table():
    """The reconstructed cohort several times over, with times of its own for each row."""
    study, draw = read_study(SLUG), np.random.default_rng(8)
    rows = pd.read_csv(study.folder / "cohort.csv", comment="#", keep_default_na=False, dtype=str)
    rows = pd.concat([rows] * 4, ignore_index=True)
    stretch = draw.uniform(0.4, 0.95, len(rows))
    for name, variable in study.variables["cohort"].items():
        if variable.type == "id":
            rows[name] = [f"{value}-{number}" for number, value in enumerate(rows[name])]
        elif variable.type == "number" and variable.unit == "months":
            rows[name] = (pd.to_numeric(rows[name]) * stretch).map(lambda value: "" if np.isnan(value) else f"{value:.4f}")
    return rows


def alike(rows, seed=3):
    """A cohort that differs only in what is withheld."""
    study, draw = read_study(SLUG), np.random.default_rng(seed)
    rows = rows.sample(frac=1, random_state=seed).reset_index(drop=True)
    for name, variable in study.variables["cohort"].items():
        if variable.type == "id":
            rows[name] = [f"other-{number}" for number in range(len(rows))]
        elif variable.type == "number" and variable.unit == "months":
            values = pd.to_numeric(rows[name])
            inside = np.ceil(values / STEP) - draw.uniform(0.05, 0.95, len(rows))
            rows[name] = (STEP * inside).where(values > 0, values).map(lambda value: "" if np.isnan(value) else f"{value:.4f}")
    return rows


@pytest.fixture(scope="module")
def files(table, tmp_path_factory):
    found = []
    for number, rows in enumerate((table, alike(table))):
        file = tmp_path_factory.mktemp("own") / f"cohort-{number}.csv"
        rows.to_csv(file, index=False)
        found.append(str(file))
    return found


def page(file, **values):
    return GeneralPage(SLUG, **({"cohort": file, "grouping": "arm", "compare": False} | values))


def public(owner):
    return [name for name in dir(owner) if not name.startswith("_")]


def calls():
    """Everything public: of a page itself, its figures, tables and sentences, and what else its sections can do or a study's page calls."""
    offered = {(call.section, call.name): f"{call.kind}.{call.name}" for call in section.calls(GeneralPage.sections)}
    others = [f"{one.__name__}.{name}" for one in GeneralPage.sections for name in public(one) if (one, name) not in offered]
    return [*public(GeneralPage), *offered.values(), *others]


def reached(shown, name):
    """An attribute of a page by the name that `calls` gives it."""
    owner, _, attribute = name.rpartition(".")
    sections = {one.__name__: one for one in GeneralPage.sections}
    return getattr(sections[owner](shown) if owner in sections else getattr(shown, owner) if owner else shown, attribute)


def arguments(function):
    """Arguments for a call, each parameter at its first choice, and once more at each other one."""
    named = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name == "self" or (parameter.default is not inspect.Parameter.empty and name not in CHOICES):
            continue
        named[name] = (CHOICES.get(name, ["X"]), parameter.kind)
    for at in range(max((len(choices) for choices, _ in named.values()), default=1)):
        chosen = {name: (choices[min(at, len(choices) - 1)], kind) for name, (choices, kind) in named.items()}
        starred = [value for value, kind in chosen.values() if kind is inspect.Parameter.VAR_POSITIONAL]
        plain = [value for value, kind in chosen.values() if kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
        yield (
            (*plain, *(starred[0] if starred and isinstance(starred[0], list) else starred)),
            {name: value for name, (value, kind) in chosen.items() if kind is inspect.Parameter.KEYWORD_ONLY},
        )


def written(result) -> str:
    """Everything that a result would show, downloads and pictures included."""
    return "\n".join(
        str(part)
        for part in (
            getattr(result, "_repr_html_", lambda: "")(),
            getattr(result, "data", ""),
            getattr(result, "frame", ""),
            repr(result) if " object at 0x" not in repr(result) else "",
        )
    )


def outcome(shown, name):
    """What one name of a page gives, as text."""
    try:
        value = reached(shown, name)
    except (Undefined, InputError) as reason:
        return str(reason)
    if name in ("released", "judged"):
        return str([(entry.row.id, entry.recomputed, entry.note) for entry in value]) if name == "judged" else str(value.count())
    if not callable(value):
        return written(value)
    texts = []
    for positional, named in arguments(value):
        try:
            texts.append(written(value(*positional, **named)))
        except (Undefined, InputError, KeyError, AttributeError, TypeError, ValueError) as reason:
            texts.append(f"{type(reason).__name__}: {reason}")
    return "\n".join(texts)


@pytest.fixture(scope="module")
def pages(files):
    return [page(file) for file in files]


@pytest.fixture(scope="module")
def outcomes(pages):
    """What each call gives on both cohorts; every call is made once."""
    return {name: [outcome(shown, name) for shown in pages] for name in calls()}


def test_every_call_shows_the_same_of_cohorts_that_differ_in_what_is_withheld(outcomes, pages):
    assert [name for name, (one, other) in outcomes.items() if one != other] == []
    assert {f"{kind}.{name}" for kind in section.KINDS for name in dir(getattr(pages[0], kind))} <= set(outcomes)
    assert {"Curves.survival", "TwoGroups.hazard_ratios"} <= set(outcomes)  # of a study's page, where a general page has its own
    assert len(outcomes) > 100


def test_no_call_hands_out_rows(outcomes, table):
    times = {value for column in ("os_months", "efs_months", "sct_months") for value in table[column] if value and float(value) > 1}
    assert len(times) > 100
    assert [name for name, (text, _) in outcomes.items() if times & set(re.findall(r"\d+\.\d{4}", text))] == []


GENERAL = sorted(
    {name for name in vars(GeneralBase) if not name.startswith("_")}
    | {f"{call.kind}.{call.name}" for call in section.calls(GeneralPage.sections) if issubclass(call.section, GeneralSection)}
)


def alike_from(rows, origin, seed=4):
    """A cohort that differs only in what is withheld where times are counted from a later one: each difference stays in its interval, too."""
    study, draw = read_study(SLUG), np.random.default_rng(seed)
    times = [name for name, variable in study.variables["cohort"].items() if variable.type == "number" and variable.unit == "months"]
    old = rows[times].apply(pd.to_numeric)

    def intervals(values):
        since = values.sub(values[origin], axis=0)
        return pd.concat([np.ceil(values / STEP), np.ceil(since / STEP).where(since >= 0, -1)], axis=1).fillna(-9).to_numpy()

    found, held = old.copy(), np.zeros(len(rows), bool)
    for _ in range(400):
        moved = (old + draw.uniform(-STEP, STEP, old.shape)).where(old > 0, old)
        right = (intervals(moved) == intervals(old)).all(axis=1) & ~held
        found[right], held = moved[right], held | right
    assert held.mean() > 0.3
    return rows.assign(**{name: found[name].map(lambda value: "" if np.isnan(value) else f"{value:.4f}") for name in times})


@pytest.fixture(scope="module")
def files_from_transplantation(table, tmp_path_factory):
    found = []
    for number, rows in enumerate((table, alike_from(table, "sct_months"))):
        file = tmp_path_factory.mktemp("from") / f"cohort-{number}.csv"
        rows.to_csv(file, index=False)
        found.append(str(file))
    return found


def test_every_call_of_a_general_page_shows_the_same_where_times_are_counted_from_a_later_one(files_from_transplantation):
    shown = [page(file, origin="sct_months") for file in files_from_transplantation]
    outcomes = {name: {outcome(one, name) for one in shown} for name in GENERAL}
    assert [name for name, texts in outcomes.items() if len(texts) > 1] == []
    plain = [page(file, origin="sct_months", disclosure="local") for file in files_from_transplantation]
    assert len({outcome(one, "table.survival_estimates") for one in plain}) == 2  # or the assertion above could not fail


@pytest.fixture(scope="module", params=[{"grouping": "sct"}, {"grouping": "arm", "where": "os_months>7"}], ids=str)
def other_pages(request, files):
    """Pages grouped by what comes later, and of some patients."""
    return [page(file, **request.param) for file in files]


def test_every_call_of_a_general_page_shows_the_same_under_other_parameters(other_pages):
    assert [name for name in GENERAL if len({outcome(shown, name) for shown in other_pages}) > 1] == []
    assert len(GENERAL) > 20


def test_calls_are_made_as_they_are_meant(outcomes):
    """Every call gives a result or says why there is none, but those whose rows or parts come from whoever calls."""
    failed = [name for name, (text, _) in outcomes.items() if re.match("(Key|Attribute|Type|Value)Error", text)]
    assert set(failed) <= {
        "FragileClaims.carried",
        "figure.literature",
        "label",
        "met",
        "months_of",
        "over_cohorts",
        "patients_table",
        "population_in",
        "positions",
        "results_table",
        "table.claims",
        "table.definitions",
        "table.follow_up",
        "table.gray_tests",
        "times",
        "together",
        "two_groups",
    }


def test_a_page_has_no_rows_to_hand_out(pages):
    assert pages[0].opened.reference == {} and pages[0].opened.cohorts == () and pages[0].values == ()


def test_the_comparison_of_two_cohorts_finds_what_is_not_protected(files):
    """The same calls on unprotected pages differ, or the test above could not fail."""
    one, other = (page(file, disclosure="local") for file in files)
    differing = [
        name
        for name in (
            "table.survival_estimates",
            "figure.survival",
            "everybody",
            "rows_of",
            "Curves.curve",
            "table.hazard_ratios",
            "table.restricted_means",
        )
        if outcome(one, name) != outcome(other, name)
    ]
    assert len(differing) == 7


@pytest.mark.parametrize(
    "draw",
    [
        lambda one: Curves(one).survival({"X": ("os", "all")}, title="X"),
        lambda one: one.figure.survival("X"),
        lambda one: one.figure.survival("X", grouped=True),
    ],
)
def test_a_curve_of_protected_patients_is_a_band(pages, draw):
    (columns,) = {tuple(frame.columns) for frame in draw(pages[0]).frames.values()}
    assert columns == ("group", "time", "followed_low", "followed_high", "events_low", "events_high", "survival_low", "survival_high")


def test_a_page_that_is_bound_to_a_paper_shows_no_printed_number_beside_protected_patients(pages):
    assert {row["Printed"] for _, row in pages[0].table.rows("res.os.all.m12", "abs.n.all").frame.iterrows()} == {""}


RANGE = re.compile(r"^(?:(\d+(?:\.\d+)?) to (\d+(?:\.\d+)?)%?|at least (\d+(?:\.\d+)?)|at most (\d+(?:\.\d+)?)|fewer than (\d+))$")


def holds(text, value) -> bool:
    """Whether a range on a page holds a value."""
    low, high, least, most, fewer = RANGE.match(text).groups()
    if low is not None:
        return float(low) - 1e-6 <= value <= float(high) + 1e-6
    return value >= float(least) - 1e-6 if least else value <= float(most) + 1e-6 if most else value < float(fewer)


@pytest.mark.parametrize("seed", range(4))
def test_every_range_of_the_ledger_holds_the_exact_value(table, tmp_path, seed):
    """A random part of the cohort, of any size, and another threshold each time."""
    draw = np.random.default_rng(seed)
    rows = table.sample(int(draw.integers(12, len(table))), random_state=seed)
    file = tmp_path / "own.csv"
    rows.to_csv(file, index=False)
    shown, exact = audit_own(SLUG, file, Protection(int(draw.integers(3, 9)))), audit_own(SLUG, file, None)
    checked = 0
    for entry in shown.judgements:
        other = exact[entry.row.id]
        value = other.values.get(other.convention) if other.values else None
        if not entry.recomputed or value is None or hasattr(value, "low") or not np.isfinite(float(value)):
            continue
        assert holds(entry.recomputed, float(value)), (entry.row.id, entry.recomputed, float(value))
        checked += 1
    assert checked > 200


def test_nothing_of_the_ledger_is_told_of_few_patients_or_of_one(table, tmp_path):
    """The leak search: values, counts below five in words or figures, minima and maxima, more digits than whole percents."""
    file = tmp_path / "own.csv"
    table.to_csv(file, index=False)
    shown, exact = audit_own(SLUG, file, Protection()), audit_own(SLUG, file, None)
    assert leaks(shown) == []
    assert len(leaks(exact)) > 46


def leaks(audit) -> list[str]:
    """Ids of rows whose value breaks a rule that pages of protected patients state."""
    told = [entry for entry in audit.judgements if entry.recomputed and entry.verdict == "not compared"]
    one_patient = [entry.row.id for entry in told if entry.row.statistic.endswith(("minimum", "maximum"))]
    exact = [entry.row.id for entry in told if not RANGE.match(entry.recomputed)]
    narrow = [
        entry.row.id
        for entry in told
        if entry.row.statistic == "count"
        and (found := re.fullmatch(r"(\d+) to (\d+)", entry.recomputed))
        and int(found[2]) - int(found[1]) != 4
    ]
    small = [entry.row.id for entry in told if entry.row.statistic == "count" and re.fullmatch(r"[0-4]", entry.recomputed)]
    return sorted({*one_patient, *exact, *narrow, *small})


@pytest.mark.parametrize("seed", range(6))
def test_every_range_of_a_general_page_holds_what_local_use_shows(table, tmp_path, seed):
    draw = np.random.default_rng(100 + seed)
    file = tmp_path / "own.csv"
    table.sample(int(draw.integers(40, len(table))), random_state=seed).to_csv(file, index=False)
    grouping = ["arm", "sex", "sct"][seed % 3]
    hidden, local = page(str(file), grouping=grouping), page(str(file), grouping=grouping, disclosure="local")
    counted, exact = hidden.table.baseline().frame.set_index("").T, local.table.baseline().frame.set_index("").T
    for name in counted.columns:
        if not name.endswith("median") and name in exact:
            assert all(holds(text, int(value.split(" (")[0])) for text, value in zip(counted[name], exact[name], strict=True)), name
    for label, curve in hidden.bounded_curves(grouped=True).items():
        other = GeneralSurvival(local).curves(0, True)[label]
        for month in (6, 12, 24):
            try:
                low, high = curve.survival_at(month)
            except Undefined:
                continue
            assert low - 1e-9 <= other.survival_at(month) <= high + 1e-9

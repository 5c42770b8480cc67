"""Every section for any survival cohort either works or says in a sentence why it does not apply."""

from __future__ import annotations

import copy
import re

import numpy as np
import pandas as pd
import pytest
import yaml
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import restricted_mean_survival_time

from analysis.cohorts.selection import Selection
from analysis.cohorts.study import Study
from analysis.pages.any_cohort.group_comparisons import GeneralComparisons
from analysis.pages.page import GeneralPage
from analysis.tables.sentences import p_text
from tests.pages.any_cohort.declared import declare

pytestmark = pytest.mark.slow

STUDY = declare(
    {
        "stage": {"type": "category", "levels": ["I", "II"], "missing": True},
        "age": {"type": "integer", "unit": "years", "missing": True},
        "months": {"type": "number", "unit": "months", "missing": True},
        "died": {"type": "boolean", "missing": True},
        "switch": {"type": "number", "unit": "months", "missing": True},
    },
    {"os": {"time": "months", "event": "died", "label": "Overall survival"}},
)


def patients(count=90, arms="ABC", events=0.6):
    draw = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "id": [f"P{n}" for n in range(count)],
            "arm": draw.choice(list(arms), count),
            "stage": draw.choice(["I", "II"], count),
            "age": draw.integers(0, 18, count),
            "months": np.round(draw.exponential(24, count), 2),
            "died": (draw.random(count) < events).astype(int),
            "switch": 3.0,
        }
    )


def with_gaps(frame):
    """Three in ten values gone, times and events included."""
    draw = np.random.default_rng(1)
    frame = frame.astype({"age": "Int64", "died": "Int64"})
    return frame.assign(**{name: frame[name].mask(draw.random(len(frame)) < 0.3) for name in frame.columns[1:]})


KINDS = {
    "one arm": patients(arms="A"),
    "two arms": patients(arms="AB"),
    "three arms": patients(),
    "no events": patients(events=0),
    "all events": patients(events=1),
    "one patient": patients(1),
    "a time of zero": patients().assign(months=0.0),
    "missing values": with_gaps(patients()),
    "no times at all": patients().assign(months=np.nan),
    "no groups known": patients().assign(arm=None),
    "one event": patients().assign(died=[1] + [0] * 89),
}
SECTIONS = {
    "who": lambda page: page.table.baseline(),
    "outcome": lambda page: page.table.baseline(later=True),
    "missing": lambda page: page.table.missing_values(),
    "curves": lambda page: page.figure.survival("X"),
    "curves by group": lambda page: page.figure.survival("X", grouped=True),
    "estimates": lambda page: page.table.survival_estimates("X"),
    "estimates by group": lambda page: page.table.survival_estimates("X", grouped=True),
    "follow-up": lambda page: page.sentence.follow_up("X"),
    "test": lambda page: page.sentence.log_rank("X"),
    "ratios": lambda page: page.table.hazard_ratios("X"),
    "means": lambda page: page.table.restricted_means("X"),
    "mean": lambda page: page.table.restricted_means("X", grouped=False),
    "beside": lambda page: page.figure.own_and_published("X"),
}


@pytest.fixture
def page(tmp_path):
    (tmp_path / "study.yml").write_text(yaml.safe_dump(STUDY))

    def make(frame, disclosure="local", **named):
        file = tmp_path / "cohort-of-mine.csv"
        frame.to_csv(file, index=False)
        return GeneralPage(str(tmp_path), cohort=str(file), **{"grouping": "arm", "disclosure": disclosure} | named)

    return make


def words(shown) -> str:
    return getattr(shown, "text", None) or getattr(shown, "alt", None) or getattr(shown, "data", None) or str(shown)


GROUPED = ("curves by group", "estimates by group", "test", "ratios", "means")
OF_TIMES = ("curves", "curves by group", "estimates", "estimates by group", "ratios", "means", "mean")
ALONE = "does not apply here (a comparison needs two groups, and only one of arm has patients)"
FEW = "not shown, to protect the patients (fewer than 5 patients are followed, and so not shown, to protect them)"
LEVELS = "not shown, to protect the patients (bounds of P are known for two groups only)"
LAST = "not shown, to protect the patients (too few patients in C, to which the others are compared)"
WITHOUT = {
    "one arm": dict.fromkeys(GROUPED, ALONE),
    "one patient": dict.fromkeys(GROUPED, ALONE),
    "no groups known": dict.fromkeys(GROUPED, ALONE.replace("only one", "none")),
    "no events": dict.fromkeys(("test", "ratios", "means"), "does not apply here (no patient has an event)"),
    "a time of zero": dict.fromkeys(("means", "mean"), "does not apply here (one group has no follow-up)"),
    "no times at all": dict.fromkeys((*OF_TIMES, "test"), "does not apply here (no patient has a time of this endpoint)"),
}
"""Sections that have no result in local use, and why, by kind of cohort."""
PROTECTED_WITHOUT = {
    **{kind: dict.fromkeys((*OF_TIMES, "follow-up"), FEW) for kind in ("one patient", "a time of zero", "no times at all")},
    "no groups known": dict.fromkeys((name for name in GROUPED if name != "test"), FEW),
    "one arm": {"ratios": LAST},
    "two arms": {"ratios": LAST},
}
"""The same of patients who need protection, in groups of three declared levels."""


def with_percentage(count, of):
    return f"{count} ({100 * count / of:.0f}%)"


def every_section(shown):
    """Results of all sections, and the reasons of those that have none; nothing of either is empty or no number."""
    results, reasons = {}, {}
    for name, section in SECTIONS.items():
        result = section(shown)
        text = words(result)
        assert text.strip() and not re.search(r"\bnan\b|\binf\b|Traceback", text, re.IGNORECASE), name
        reason = re.fullmatch(
            r'<p class="not-shown">X: (.*?)\.(?:; -p disclosure=local shows it\.)?</p>', text.replace("; -p disclosure", ".; -p disclosure")
        )
        (reasons if reason else results)[name] = reason[1] if reason else result
    return results, reasons


@pytest.mark.parametrize("kind", KINDS)
def test_each_section_gives_the_estimates_of_lifelines_or_the_reason_why_it_has_none(page, kind):
    frame = KINDS[kind]
    results, reasons = every_section(page(frame))
    assert reasons == {"beside": "not shown, as the parameter compare is not set"} | WITHOUT.get(kind, {})
    told = results["who"].frame.set_index("")["All patients"]
    assert (
        told["Patients"] == str(len(frame))
        and told["Stage: I"] == with_percentage((frame["stage"] == "I").sum(), len(frame))
        and not [name for name in told.index if name.startswith(("Died", "Arm"))]
    )
    later = results["outcome"].frame.set_index("")["All patients"]
    assert set(later.index) == {"Patients", "Months (months), median (quartiles)", "Died", "Died: unknown"}
    assert (later["Died"], later["Died: unknown"]) == tuple(
        with_percentage(count, len(frame)) for count in ((frame["died"] == 1).sum(), frame["died"].isna().sum())
    )
    assert set(results["missing"].frame["Column"].str.lower()) == set(frame.columns[frame.isna().any()]) or not frame.isna().any().any()
    known = frame.dropna(subset=["months", "died"]).astype({"months": float, "died": int})
    if "estimates" in results:
        row = results["estimates"].frame.iloc[0]
        curve = KaplanMeierFitter().fit(known["months"], known["died"])
        assert (row["Patients"], row["Events"]) == (str(len(known)), str(known["died"].sum()))
        if known["months"].max() < 12:
            assert row["At 12 months"] == "beyond follow-up"
        else:
            assert row["At 12 months"].startswith(f"{100 * curve.predict(12):.1f}%")
        median = curve.median_survival_time_
        if np.isclose(curve.predict(median), 0.5):  # as R: the middle of a plateau at one half
            median = (median + known.loc[known["died"].astype(bool) & (known["months"] > median), "months"].min()) / 2
        assert row["Median, months"].split(" (")[0] == (f"{median:.1f}" if np.isfinite(median) else "not reached")
    if "mean" in results:
        until = min(36.0, known["months"].max())
        assert results["mean"].frame["Value"][0] == f"{restricted_mean_survival_time(curve, until):.1f} months"
    grouped = known.dropna(subset=["arm"])
    if "test" in results:
        assert p_text(multivariate_logrank_test(grouped["months"], grouped["arm"], grouped["died"]).p_value) in words(results["test"])
    if "estimates by group" in results:
        assert dict(results["estimates by group"].frame.set_index("")["Patients"]) == {
            arm: str(count) for arm, count in grouped["arm"].value_counts().items()
        }


@pytest.mark.parametrize("kind", KINDS)
def test_of_protected_patients_each_section_gives_ranges_that_hold_the_local_counts_or_its_reason(page, kind):
    results, reasons = every_section(page(KINDS[kind], "protected"))
    assert reasons == {"beside": "not shown, as the parameter compare is not set", "test": LEVELS} | PROTECTED_WITHOUT.get(kind, {})
    shown, exact = (made["who"].frame.set_index("")["All patients"] for made in (results, every_section(page(KINDS[kind]))[0]))
    for name in shown.index[~shown.index.str.endswith("median")]:
        low, high = (0, 4) if shown[name] == "fewer than 5" else map(int, shown[name].split(" to "))
        assert low <= int(exact[name].split(" (")[0]) <= high == low + 4, name


def test_a_column_that_the_cohort_lacks_is_named(page, tmp_path):
    frame = patients().drop(columns="arm")
    assert "no column arm" in words(page(frame).sentence.log_rank("X"))
    assert "no such column" in words(page(frame).table.missing_values())


def test_without_a_grouping_the_page_says_how_to_ask_for_one(page):
    assert "set the parameter grouping" in words(page(patients(), grouping=None).table.hazard_ratios("X"))


def test_time_can_be_counted_from_a_later_origin(page):
    frame = patients()
    later = page(frame, origin="switch").observed()
    kept = frame["months"] >= 3
    np.testing.assert_allclose(np.sort(later["time"]), np.sort(frame["months"][kept] - 3), atol=1e-9)


def test_levels_choose_and_order_the_groups(page):
    assert page(patients(), levels=["C", "A"]).divided()[1] == ["C", "A"]


def test_ties_change_the_ratio_of_tied_times(page):
    frame = patients().assign(months=lambda rows: np.ceil(rows["months"] / 12) * 12)
    found = {ties: GeneralComparisons(page(frame, ties=ties)).ratio(0, "A", "C")["value"] for ties in ("breslow", "efron")}
    assert found["breslow"] != found["efron"]


AML = pd.DataFrame(
    {
        "id": range(23),
        "months": [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45],
        "died": [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1],
        "arm": ["A"] * 11 + ["B"] * 12,
        "stage": "I",
        "age": 5,
        "switch": 0.0,
    }
)


@pytest.mark.parametrize(
    ("months", "events", "p", "ratio", "lower", "upper"),
    [  # tests/golden/censored.R
        (12, 6, 0.07481441, 0.18089571, 0.00942964, 1.12654420),
        (22.9, 8, 0.34978531, 0.51449446, 0.10518155, 2.10591066),
        (23, 10, 0.37307081, 0.57191529, 0.14585263, 2.00831947),
        (23.1, 10, 0.37307081, 0.57191529, 0.14585263, 2.00831947),
        (48, 18, 0.06533932, 0.40485766, 0.13830881, 1.07371233),
    ],
)
def test_analyses_censored_at_a_time_are_those_of_r(page, months, events, p, ratio, lower, upper):
    one = page(AML, censor_at=months)
    assert one.observed()["event"].sum() == events
    assert p_text(p) in words(one.sentence.log_rank("X"))
    found = GeneralComparisons(one).ratio(0, "A", "B")
    assert (found["value"], found["lower"], found["upper"]) == pytest.approx((ratio, lower, upper), rel=1e-5)


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years"])
def test_follow_up_is_censored_in_months_whatever_a_file_counts_in(unit):
    from analysis.cohorts.study_parts import PER_MONTH

    times = np.array([11.9, 12.0, 12.1]) * PER_MONTH[unit]
    endpoint = Selection(censor_at=12.0).read(declared(unit)).endpoints["os"]
    time, event = endpoint.observed(times, np.array([True, True, True]))
    np.testing.assert_allclose(time, np.array([11.9, 12.0, 12.0]) * PER_MONTH[unit])
    assert event.tolist() == [True, True, False]


def declared(unit):
    content = copy.deepcopy(STUDY)
    content["endpoints"]["os"]["unit"] = unit
    return Study.model_validate(content)


def test_a_condition_chooses_patients_and_an_own_cohort_is_never_called_reconstructed(page):
    shown = page(patients(), where="stage=I")
    assert len(shown.everybody()) == (patients()["stage"] == "I").sum()
    assert "stage=I" in shown.notice().data
    assert "reconstructed" not in words(shown.figure.survival("X"))


def test_protected_tables_show_no_small_count(page):
    frame = patients(40, arms="AB")
    frame.loc[:2, "stage"] = "I"
    frame.loc[3:, "stage"] = "II"
    shown = page(frame, "protected").table.baseline()
    row = shown.frame[shown.frame.iloc[:, 0].str.startswith("Stage: I")]
    assert row.iloc[0, 1] == "fewer than 5"
    assert (
        shown.frame.iloc[:, 1:]
        .map(lambda text: " to " in text or "fewer than" in text or text.startswith("at ") or text == "not shown")
        .to_numpy()
        .all()
    )


@pytest.mark.parametrize("name", ["landscape", "findings_by_group"])
def test_a_result_that_asks_for_rows_has_none_to_show(page, name):
    shown = getattr(page(patients(), "protected").figure, name)({"I": ("stage=I", "stage")}, by="arm", title="Findings")
    assert "disclosure=local" in words(shown)


def test_a_group_without_events_gets_one_limit_after_firth_and_no_interval_of_a_standard_error(page):
    nobody = AML.assign(died=AML["died"].where(AML["arm"] == "B", 0))
    ratios = page(nobody).table.hazard_ratios("X").frame
    assert (
        ratios["Value"][0] == "0.00"
        and ratios["95% CI"][0].startswith("upper 95% limit")
        and "Firth’s penalised likelihood" in ratios["Remark"][0]
    )
    means = page(nobody).table.restricted_means("X").frame
    assert means["95% CI"][0] == "none" and "no event in the group" in means["Remark"][0] and "–" in means["95% CI"][1]


def test_where_nobody_has_died_yet_survival_has_an_exact_lower_limit(page):
    table = page(AML, horizon=30.0).table.survival_estimates("X", grouped=False).frame
    nobody = page(AML.assign(died=0), horizon=30.0).table.survival_estimates("X").frame
    # as many successes in as many trials: Clopper and Pearson, one-sided
    at_twelve = 100 * 0.05 ** (1 / int((AML["months"] >= 12).sum()))
    assert nobody["At 12 months"][0] == f"100.0% (no event; lower 95% limit {at_twelve:.1f})"
    assert "lower" not in table["At 12 months"][0]

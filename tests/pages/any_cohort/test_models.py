"""Models and competing risks of a general page: told by values where they exist, else by a sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.errors import InputError
from analysis.estimators import frames as estimators
from analysis.pages.page import GeneralPage, Page
from analysis.parameters import validation
from tests.pages.any_cohort.declared import declare

pytestmark = pytest.mark.slow

STUDY = declare(
    {
        "age": {"type": "integer", "unit": "years", "missing": True},
        "months": {"type": "number", "unit": "months", "missing": True},
        "relapsed": {"type": "boolean", "missing": True},
        "died": {"type": "boolean", "missing": True, "label": "Death"},
        "same": {"type": "boolean", "missing": True},
    },
    {"relapse": {"time": "months", "event": "relapsed", "label": "Relapse"}},
)


def patients(count=150):
    draw = np.random.default_rng(7)
    relapsed = (draw.random(count) < 0.5).astype(int)
    return pd.DataFrame(
        {
            "id": [f"P{n}" for n in range(count)], "arm": draw.choice(list("ABC"), count), "age": draw.integers(0, 18, count),
            "months": np.round(draw.exponential(24, count) + 0.1, 1), "relapsed": relapsed, "died": np.where(relapsed == 1, 0, draw.random(count) < 0.5).astype(int), "same": 1,
        }
    )  # fmt: skip


@pytest.fixture
def page(tmp_path):
    (tmp_path / "study.yml").write_text(yaml.safe_dump(STUDY))

    def make(frame, **named):
        file = tmp_path / "cohort-of-mine.csv"
        frame.to_csv(file, index=False)
        return GeneralPage(str(tmp_path), cohort=str(file), **{"disclosure": "local", "ties": "efron"} | named)

    return make


def cells(html):
    """Rows of all tables of a result, by what heads them."""
    import io

    tables = pd.read_html(io.StringIO(html))
    return pd.concat(tables).astype(str).set_index("Result")


def test_a_category_is_compared_with_its_last_level_and_a_measurement_per_unit(page):
    frame = patients()
    shown = page(frame, covariates=["arm", "age", "age>=10", "same"]).table.covariate_model("X").data
    expected = estimators.cox(
        pd.get_dummies(frame[["months", "relapsed", "age", "arm"]], columns=["arm"], dtype=float).assign(old=frame["age"] >= 10).drop(columns="arm_C"),
        "months", "relapsed", interval="profile",
    )  # fmt: skip
    found = cells(shown)
    for label, name in {"arm: A vs C": "arm_A", "arm: B vs C": "arm_B", "age, per year": "age", "age>=10": "old"}.items():
        assert found.loc[label, "Value"] == f"{expected.loc[name, 'exp(coef)']:.2f}"
    assert "not in the model: the same in all patients" in found.loc["same", "Remark"]
    assert (
        f"{len(frame)} patients, {frame['relapsed'].sum()} events, {frame['relapsed'].sum() / 4:.1f} events for each of 4 covariates"
        in shown
    )


def test_few_events_and_separation_are_told_in_sentences_with_firths_fit(page):
    frame = patients()
    frame["relapsed"] = ((frame["arm"] == "C") & (frame["age"] > 12)).astype(int)
    shown = page(frame, covariates=["arm"]).table.covariate_model("X").data
    assert "No finite estimate of arm: A vs C, arm: B vs C" in shown
    assert "penalised" in shown
    frame = patients()
    frame.loc[12:, "relapsed"] = 0
    shown = page(frame, covariates=["arm", "age"]).table.covariate_model("X").data
    assert "events for each of 3 covariates, fewer than 10: estimates tend away from 1" in shown


def test_competing_risks_are_those_of_cmprsk_on_the_whole_way_to_the_page(page):
    frame = patients()
    made = page(frame, competing="died", grouping="arm")
    cause = np.where(frame["relapsed"] == 1, 1, 2 * frame["died"])
    found = cells(made.table.incidence_estimates("X").html)
    for of, name in ((1, "Relapse"), (2, "Death (competing event)")):
        curve = estimators.cumulative_incidence(frame["months"], cause, of)
        at = curve.loc[curve.index <= 24].iloc[-1]
        assert found.loc[f"{name}, at 24 months", "Value"] == f"{100 * at[f'CIF_{of}']:.1f}%"
        assert (
            found.loc[f"{name}, at 24 months", "95% CI"] == f"{100 * at[f'CIF_{of}_lower_0.95']:.1f}–{100 * at[f'CIF_{of}_upper_0.95']:.1f}"
        )
    grouped = cells(made.table.incidence_estimates("X", grouped=True).html)
    gray = estimators.gray_test(frame["months"], cause, frame["arm"])["p"][0]
    assert float(grouped.loc["Relapse: Gray’s P", "Value"]) == pytest.approx(gray, abs=0.01)
    model = cells(made.table.cause_specific_models("X").data)
    expected = estimators.cause_specific_cox(
        pd.get_dummies(frame[["months", "arm"]], columns=["arm"], dtype=float).drop(columns="arm_C").assign(cause=cause), "months", "cause"
    )
    assert model.loc["arm: A vs C", "Value"].iloc[0] == f"{expected.loc['arm_A', 'exp(coef)']:.2f}"
    assert "Relapse" in made.figure.incidence_by_cause("X", grouped=True).alt


def test_without_a_competing_event_or_covariates_a_sentence_says_so(page):
    made = page(patients())
    assert "and none was requested: set the parameter competing" in made.table.incidence_estimates("X").data
    assert "No covariates have been requested" in made.table.covariate_model("X").data
    assert "neither covariates nor a grouping" in page(patients(), competing="died").table.cause_specific_models("X").data
    assert "no patient has an event" in page(patients().assign(relapsed=0), covariates=["age"]).table.covariate_model("X").data
    assert "no column same" in page(patients().drop(columns="same"), covariates=["same"]).table.covariate_model("X").data


def test_protected_patients_have_neither(page):
    made = page(patients(), disclosure="protected", competing="died", covariates=["age"], grouping="arm")
    for shown in (
        made.table.covariate_model("X"), made.table.incidence_estimates("X"), made.table.cause_specific_models("X"), made.figure.incidence_by_cause("X"),
    ):  # fmt: skip
        assert "not shown, to protect the patients" in shown.data


def test_a_study_page_fits_what_it_is_given():
    shown = Page("dac_clag", covariates=["arm", "sct=1"]).table.covariate_model("X", endpoint="os").data
    assert "39 patients, 12 events, 6.0 events for each of 2 covariates" in shown
    assert "reinduction regimen: DAC-CLAG vs CLAG" in shown


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"covariates": ["sx"]}, "'sx': unknown variable 'sx' of table 'cohort' (did you mean 'sex'?)"),
        ({"covariates": ["patient"]}, "'patient' is an id"),
        ({"covariates": ["arm=XYZ"]}, "'arm=XYZ'"),
        ({"competing": "arm"}, "'arm' is a category: write a condition"),
        ({"competing": "nobody"}, "unknown variable 'nobody'"),
    ],
)
def test_names_are_checked_before_anything_runs(values, told):
    with pytest.raises(InputError) as caught:
        validation.check({"study": "dac_clag", **values})
    (fault,) = caught.value.faults
    assert fault.place == f"parameter {next(iter(values))}"
    assert told in fault.found


def test_names_that_are_declared_pass():
    validation.check({"study": "dac_clag", "covariates": ["arm", "age_months>=120", "sct"], "competing": "died"})

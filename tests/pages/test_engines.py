"""Pages show values of libraries: a difference fails a study's page and is a remark on own patients."""

from __future__ import annotations

import pytest

from analysis import paths
from analysis.errors import EnginesDiffer
from analysis.estimators.engines import registry
from analysis.pages.page import GeneralPage

pytestmark = pytest.mark.slow


@pytest.fixture
def break_engine(monkeypatch):
    """break_engine(statistic, convention, evaluate): an engine that gives something else."""

    def put(statistic, convention, evaluate):
        wrong = registry.Engine(**vars(registry.ENGINES[statistic, convention]) | {"evaluate": evaluate})
        monkeypatch.setitem(registry.ENGINES, (statistic, convention), wrong)

    return put


def own(tmp_path, **values):
    """The reconstructed rows as if they were somebody's own patients, in local use."""
    lines = [line for line in (paths.study_folder("dac_clag") / "cohort.csv").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    file = tmp_path / "mine.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return GeneralPage("dac_clag", cohort=str(file), disclosure="local", grouping="arm", **values)


def told(shown) -> str:
    return getattr(shown, "data", "") or shown._repr_html_()


def test_a_study_fails_where_engines_differ(break_engine):
    break_engine("log-rank test", "logrank", lambda *data: {"chi_square": 9.0, "p": 0.003})
    with pytest.raises(EnginesDiffer, match=r"log-rank test \(logrank\): lifelines"):
        GeneralPage("dac_clag", grouping="arm").sentence.log_rank("X")


@pytest.mark.parametrize(
    ("evaluate", "why"),
    [
        (lambda *data: {"chi_square": 9.0, "p": 0.003}, "differs from this project’s kernel"),
        (lambda *data: 1 / 0, "gives no value (ZeroDivisionError)"),
    ],
)
def test_own_patients_keep_the_kernels_value_with_a_remark(tmp_path, break_engine, evaluate, why):
    plain = told(own(tmp_path).sentence.log_rank("X"))
    assert "kernel" not in plain
    break_engine("log-rank test", "logrank", evaluate)
    shown = told(own(tmp_path).sentence.log_rank("X"))
    assert plain in shown
    assert why in shown and "the kernel’s value is shown" in shown


def test_the_value_shown_is_the_librarys(tmp_path, monkeypatch):
    """What an engine gives within its bound comes through as it is."""
    exact = own(tmp_path).table.restricted_means("X", grouped=False).frame["Value"][0]
    one = registry.ENGINES["restricted mean", ""]
    moved = registry.Engine(**vars(one) | {"bound": 1.0, "evaluate": lambda *data: {"mean": one.evaluate(*data)["mean"] + 0.9}})
    monkeypatch.setitem(registry.ENGINES, ("restricted mean", ""), moved)
    shown = own(tmp_path).table.restricted_means("X", grouped=False).frame["Value"][0]
    assert float(shown.split()[0]) == pytest.approx(float(exact.split()[0]) + 0.9, abs=0.11)


def test_members_of_an_ensemble_ask_no_engine(break_engine):
    asked = []
    original = registry.ENGINES["log-rank test", "logrank"].evaluate
    break_engine("log-rank test", "logrank", lambda *data: asked.append(1) or original(*data))
    page = GeneralPage("dac_clag", grouping="arm")
    page.sentence.log_rank("X")
    assert len(page.cohort_numbers()) > 2
    assert len(asked) == 1


def test_a_model_on_request_fails_no_page(break_engine):
    break_engine("Cox regression", "breslow", lambda *data: 1 / 0)
    shown = GeneralPage("dac_clag", covariates=["arm"]).table.covariate_model("X").data
    assert "Cox regression (breslow): statsmodels" in shown and "gives no value" in shown
    with pytest.raises(EnginesDiffer):
        GeneralPage("dac_clag", grouping="arm").table.hazard_ratios("X")


def test_patients_who_were_chosen_are_no_published_cohort(break_engine):
    break_engine("log-rank test", "logrank", lambda *data: 1 / 0)
    assert "gives no value" in told(GeneralPage("dac_clag", grouping="arm", where="age_months>=24").sentence.log_rank("X"))

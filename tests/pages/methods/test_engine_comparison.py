import pandas as pd
import pytest

from analysis.errors import EnginesDiffer
from analysis.estimators.engines import registry
from analysis.pages.methods import engine_comparison
from analysis.pages.methods.guide import Guide

AML = pd.DataFrame(
    {
        "time": [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45],
        "event": [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1],
        "group": ["Maintained"] * 11 + ["Nonmaintained"] * 12,
        "stratum": ["a", "b"] * 11 + ["a"],
        "age": [float(31 + 7 * number % 40) for number in range(23)],
        "x": [1.0] * 11 + [0.0] * 12,
    }
)


def test_every_engine_is_asked_on_a_data_set():
    assert set(engine_comparison.evaluate_data(AML, ["age", "x"])) == set(registry.ENGINES)


def test_an_engine_that_differs_fails_the_page(monkeypatch):
    key = ("log-rank test", "logrank")
    wrong = registry.Engine(**vars(registry.ENGINES[key]) | {"evaluate": lambda *data: {"chi_square": 1.0, "p": 0.5}})
    monkeypatch.setitem(registry.ENGINES, key, wrong)
    with pytest.raises(EnginesDiffer, match="log-rank test"):
        engine_comparison.evaluate_data(AML, ["age", "x"])


@pytest.mark.parametrize(
    ("difference", "told"),
    [(None, "—"), (0.0, "<1e-12"), (9.9e-13, "<1e-12"), (1e-12, "<1e-9"), (9.9e-8, "<1e-7"), (1e-7, "≥1e-7")],
)
def test_differences_are_told_in_classes(difference, told):
    assert engine_comparison.spell(difference) == told


@pytest.mark.slow
def test_the_guide_names_engine_bound_and_differences_of_each_statistic():
    guide = Guide()
    named, found = guide.table.engines(caption="Engines").frame, guide.table.engine_differences(caption="Differences").frame
    assert len(named) == len(found) == len(registry.ENGINES)
    assert named.set_index("Statistic, convention").loc["Log-rank test, unweighted", "Engine"].startswith("lifelines ")
    found = found.set_index("Statistic, convention")
    assert found.loc["Log-rank test, unweighted", list(found.columns[1:])].tolist() == ["<1e-12"] * 3
    assert found.loc["Nelson–Aalen estimate"].iloc[2] == "—"


def test_faults_and_methods_without_an_engine_are_listed():
    guide = Guide()
    faults = guide.table.engine_faults(caption="Faults")
    assert "lifelines #1682" in faults.text
    assert '<a href="https://github.com/CamDavidsonPilon/lifelines/issues/1682">lifelines #1682</a>' in faults.html
    assert "Simon–Makuch" in guide.table.methods_without_engine(caption="Methods").text

"""The references list every key and every statistic, each with what it means."""

import pytest

from analysis.ledger.statistics import REGISTRY
from analysis.pages.methods.declared_reference import _values
from analysis.pages.methods.guide import Guide
from analysis.reconstruction.study_files import FILES


@pytest.fixture(scope="module")
def guide():
    return Guide()


@pytest.mark.parametrize("name", [file.name for file in FILES])
def test_every_key_of_a_file_says_what_it_holds(guide, name):
    frame = guide.table.keys(name).frame
    assert len(frame) > 3 and frame["What it holds"].str.len().gt(3).all()
    assert frame["Example"].ne("").sum() >= len(frame) / 4


def test_keys_have_examples_from_the_studies(guide):
    frame = guide.table.keys("study.yml").frame.set_index("Key")
    assert frame.loc["endpoints.*.time", "Example"] and frame.loc["populations.*.where", "Example"]
    assert frame.loc["significance", "Kind"] == "number; 0.05 if left out" and frame.loc["label", "Kind"] == "text; needed"


def test_every_statistic_is_listed_with_arguments_and_conventions(guide):
    frame = guide.table.statistics().frame.set_index("Statistic")
    assert set(frame.index) == set(REGISTRY)
    assert frame.loc["survival_lower"].tolist()[:4] == [
        "Lower confidence limit of the Kaplan-Meier estimate, in percent.",
        "endpoint; time; [level]",
        "log, log-log, plain",
        "",
    ]
    assert frame.loc["percent", "from"] == "numerator ; denominator"


def test_values_are_found_below_names_and_entries():
    content = {"a": {"x": [{"n": 1}, {"n": 2}], "y": [{"m": 3}]}}
    assert list(_values(content, "a.*[].n")) == [1, 2]
    assert list(_values(content, "a.z")) == []

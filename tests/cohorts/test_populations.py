"""A population is named as it is declared, or narrowed by a condition where it is named."""

import pickle

import pytest

from analysis.cohorts.reading import read_table
from analysis.ledger.verdicts.recompute import CohortValues


def test_a_condition_narrows_a_declared_population(study):
    narrowed = study.populations["a & stage!=?"]
    assert narrowed.condition.canonical == "arm=A & stage!=?" and narrowed.label == "Arm A, stage!=?"
    assert study.populations["all & age>=42"].condition.canonical == "age>=42"
    assert len(CohortValues(study, {"cohort": read_table(study)}).population("a & stage!=?")) == 3  # stages of arm A: I, II, unknown, III


@pytest.mark.parametrize("name", ["c", "c & stage=I", "a & stage", "a&stage=I", "a & "])
def test_what_is_neither_declared_nor_narrowed_is_no_population(study, name):
    assert name not in study.populations and study.populations.get(name) is None
    with pytest.raises(KeyError):
        study.populations[name]


def test_only_declared_populations_are_listed_and_copies_keep_the_way(study):
    assert "a & stage=I" in study.populations and list(study.populations) == ["all", "a", "b"]
    assert "a & stage=I" in pickle.loads(pickle.dumps(study)).populations

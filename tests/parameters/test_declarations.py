"""Parameters are refused before a kernel starts, one clear line each."""

from __future__ import annotations

import math

import pytest

from analysis import paths
from analysis.book.sources import notebooks
from analysis.errors import InputError
from analysis.parameters import checks, declarations


@pytest.fixture(autouse=True)
def studies(monkeypatch):
    """The declarations offer the studies of ``data``; here one."""
    monkeypatch.setattr(paths, "studies", lambda: ["demo"])


def faults(**values):
    with pytest.raises(InputError) as caught:
        checks.check(values)
    return caught.value.faults


def test_strings_of_a_command_line_become_typed():
    values = checks.check({"horizon": "24", "level": ".9", "seed": "7", "cohort": "none"})
    assert values == {"horizon": 24.0, "level": 0.9, "seed": 7, "cohort": None}
    assert type(values["seed"]) is int
    assert type(values["horizon"]) is float


def test_misspelled_parameter_suggests_the_right_one():
    (fault,) = faults(horizn=24)
    assert fault.place == "parameter horizn"
    assert fault.found == "'horizn' (did you mean 'horizon'?)"
    assert "horizon" in fault.expected


def test_unknown_parameter_lists_the_known_ones():
    (fault,) = faults(colour="red")
    assert fault.expected == "one of " + ", ".join(declarations.list_parameters())


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("horizon", "two years", "a number of months from 1 to 600"),
        ("horizon", True, "a number of months from 1 to 600"),
        ("horizon", 0, "a number of months from 1 to 600"),
        ("horizon", math.nan, "a number of months from 1 to 600"),
        ("horizon", "inf", "a number of months from 1 to 600"),
        ("level", 95, "a number from 0.5 to 0.999"),
        ("level", None, "a number from 0.5 to 0.999"),
        ("seed", 1.5, "a whole number from 0 to 4294967295"),
        ("seed", "-1", "a whole number from 0 to 4294967295"),
        ("interval", "loglog", "one of log, log-log, plain or none"),
        ("interval", 3, "one of log, log-log, plain or none"),
        ("study", "dmeo", "one of demo, or a folder with a study.yml"),
        ("cohort", "nowhere/cohort.csv", "an existing file, 'member N' of the ensemble, or none"),
    ],
)
def test_ill_typed_or_out_of_range_value_is_one_fault(name, value, expected):
    (fault,) = faults(**{name: value})
    assert fault.place == f"parameter {name}"
    assert fault.expected == expected
    assert str(value) in fault.found


def test_all_faults_are_reported_together():
    assert len(faults(horizn=1, level=2, interval="log ")) == 3


def test_cohort_is_found_from_where_the_person_stands(tmp_path, monkeypatch):
    (tmp_path / "own.csv").write_text("id\n1\n")
    monkeypatch.chdir(tmp_path)
    assert checks.check({"cohort": "own.csv"})["cohort"] == str(tmp_path / "own.csv")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("level = 0.9", "parameter level: expected the declared default 0.95; found 0.9"),
        ("horizn = 36", "did you mean 'horizon'"),
        ("horizon = 12 * 3", "expected name = literal value; found horizon = 12 * 3"),
        ("import os", "expected name = literal value; found import os"),
        ("horizon =", "Python assignments"),
        ("interval = 'exact'", "one of log, log-log, plain or none"),
    ],
)
def test_parameters_cell_must_agree_with_the_declarations(code, message):
    with pytest.raises(InputError) as caught:
        notebooks.cell_values(code, "page.md")
    assert message in str(caught.value)
    assert str(caught.value).startswith("page.md: ")


def test_each_notebook_sets_its_own_horizon():
    assert notebooks.cell_values("horizon = 60.0\ncohort = None", "page.md") == {
        "horizon": 60.0,
        "cohort": None,
    }


@pytest.mark.parametrize(
    ("name", "spelled", "value"),
    [
        ("first_enrolments", "yes", True),
        ("first_enrolments", False, False),
        ("levels", "B, A", ["B", "A"]),
        ("levels", ["B"], ["B"]),
        ("levels", "none", None),
        ("cohort", "member 017", "member 17"),
        ("reading", None, None),
        ("ties", "exact", "exact"),
        ("where", "a=b & c<3", "a=b & c<3"),
    ],
)
def test_truth_values_lists_members_and_nothing_are_understood(name, spelled, value):
    assert checks.check({name: spelled})[name] == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("first_enrolments", "perhaps"),
        ("levels", "a,,b"),
        ("levels", "a,a"),
        ("levels", [1]),
        ("ties", "efronn"),
        ("where", "a=b\nimport os"),
        ("threshold", 1),
        ("cohort", "member x"),
    ],
)
def test_what_is_no_truth_value_list_or_member_is_refused(name, value):
    (fault,) = faults(**{name: value})
    assert fault.place == f"parameter {name}"


def test_the_reference_table_holds_every_declared_parameter():
    from analysis.tables.parameters_table import parameters_table

    view = parameters_table(list(declarations.list_parameters().values()), "Parameters")
    assert list(view.frame["Parameter"]) == list(declarations.list_parameters())

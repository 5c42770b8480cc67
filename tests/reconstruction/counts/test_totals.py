"""How many values of a number are known, as its means and standard deviations say."""

import pandas as pd
import pytest
import yaml

from analysis.cohorts.conditions import parse
from analysis.reconstruction.counts.cell_counts import Counts, Linear
from analysis.reconstruction.counts.totals import known_lines, ordered_lines
from analysis.reconstruction.problem.problem import read_problem

STUDY = {
    "study": "doses", "label": "Doses", "title": "Invented", "citation": {},
    "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "patient"}},
    "variables": {"cohort": {
        "patient": {"type": "id"},
        "dose": {"type": "category", "levels": ["low", "high"]},
        "level": {"type": "integer", "range": [0, 60], "missing": True},
        "months": {"type": "number", "range": [0, 60]}, "died": {"type": "boolean"},
    }},
    "endpoints": {"os": {"time": "months", "event": "died", "label": "Survival"}},
    "populations": {"all": {"label": "All"}, "low": {"where": "dose=low", "label": "Low"}, "high": {"where": "dose=high", "label": "High"}},
}  # fmt: skip
HEADER = "id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,result,note\n"
COUNTED = "n,R,q,all,,count,,20,imposed,,,,\nlow,R,q,low,,count,,10,imposed,,,,\nhigh,R,q,high,,count,,10,imposed,,,,\n"


@pytest.fixture
def problem(tmp_path):
    def write(*printed):
        rows = [
            f"{who}.{what},R,q,{who},,{what},variable=level,{number},imposed,,,,\n" for who, *numbers in printed for what, number in numbers
        ]
        (tmp_path / "study.yml").write_text(yaml.safe_dump(STUDY, sort_keys=False))
        (tmp_path / "printed.csv").write_text(HEADER + COUNTED + "".join(rows))
        (tmp_path / "reconstruction.yml").write_text("")
        return read_problem(tmp_path)

    return write


def known(problem):
    """Least and greatest number of patients of each dose whose level can be known."""
    table = pd.DataFrame({"dose": ["low"] * 10 + ["high"] * 10})
    lines = known_lines(problem, "cohort")
    return [
        Counts(problem.study.variables["cohort"], table, ["level"], lines, ()).range(parse(f"dose={dose} & level!=?"))
        for dose in ("low", "high")
    ]


def test_a_mean_needs_one_value_and_a_deviation_two(problem):
    assert known(problem(("low", ("mean", "10.0")), ("high", ("mean", "30.0"), ("sd", "5.0")))) == [(1, 10), (2, 10)]


def test_the_mean_of_all_says_how_the_known_ones_are_shared_out(problem):
    """Fifteen divides from ten to thirty as one to three: three known values to one, six to two or nine to three."""
    assert known(problem(("all", ("mean", "15.0")), ("low", ("mean", "10.0")), ("high", ("mean", "30.0")))) == [(3, 9), (1, 3)]


def test_the_deviation_of_all_says_how_many_values_there_are(problem):
    """Of n values each, (2n − 1) S² = 2 (n − 1) s² + 2 n 10²: 12.05 for four, 11.96 for five, 11.91 for six."""
    printed = ("low", ("mean", "10.00"), ("sd", "6.00")), ("high", ("mean", "30.00"), ("sd", "6.00"))
    assert known(problem(("all", ("mean", "20.00"), ("sd", "11.96")), *printed)) == [(5, 5), (5, 5)]
    assert known(problem(("all", ("mean", "20.00")), *printed)) == [(2, 10), (2, 10)]


def beyond(problem, limit=20):
    """Greatest numbers of patients below and from the limit on, of whom the level of everybody is known."""
    declared = problem.study.variables["cohort"] | {
        "level": problem.study.variables["cohort"]["level"].model_copy(update={"missing": False})
    }
    parts = [parse(f"level<{limit}"), parse(f"level>={limit}")]
    lines = [*ordered_lines(problem, "cohort", parts), *(Linear(((part, 1),), 0, 20, "") for part in parts)]
    table = pd.DataFrame({"dose": ["low"] * 10 + ["high"] * 10})
    return [Counts(declared, table, ["level"], lines, ()).range(part)[1] for part in parts]


@pytest.mark.parametrize(("printed", "most"), [
    (("median", "19"), [20, 11]),  # half lie below 20, and one more as definitions differ
    (("median", "21"), [11, 20]),
    (("median", "20"), [20, 20]),  # may be on either side
])  # fmt: skip
def test_a_median_says_how_many_may_lie_beyond_a_limit(problem, printed, most):
    assert beyond(problem(("all", printed))) == most

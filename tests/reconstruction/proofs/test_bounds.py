"""Proven bounds hold for every saved cohort, and are tight where counting by hand says so."""

import numpy as np
import pytest

from analysis import paths
from analysis.cohorts import conditions
from analysis.ledger.session.study_session import open_study
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.proofs.bounds import Unbounded, bounds

pytestmark = pytest.mark.slow


def imposed(problem):
    return [row.id for row in problem.imposed]


def test_an_unprinted_number_has_the_ends_that_counting_gives(toy):
    # 12 patients, 7 in A; 5 women, 3 of them in A: so 2 women and 3 men in B
    assert bounds(toy, "cohort", conditions.parse("arm=B & sex=F"), imposed(toy)) == (2, 2)
    assert bounds(toy, "cohort", conditions.parse("arm=B & sex=M"), imposed(toy)) == (3, 3)


def test_fewer_printed_numbers_never_narrow_a_range(toy):
    asked = conditions.parse("arm=A & response=good")
    low, high = bounds(toy, "cohort", asked, imposed(toy))
    for id in imposed(toy):
        loose = bounds(toy, "cohort", asked, [other for other in imposed(toy) if other != id])
        assert loose[0] <= low and high <= loose[1]


def test_numbers_that_exclude_each_other_have_no_range(folder):
    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace("n.a,Text,in A,a,,count,,7", "n.a,Text,in A,a,,count,,13"))
    problem = read_problem(folder)
    with pytest.raises(Unbounded):
        bounds(problem, "cohort", conditions.parse("arm=A & sex=F"), imposed(problem))


@pytest.mark.parametrize("slug", [slug for slug in paths.studies() if (paths.study_folder(slug) / "cohort.csv").is_file()])
def test_every_saved_cohort_lies_inside(slug):
    opened, problem = open_study(slug), read_problem(slug)
    for name, variables in opened.study.variables.items():
        if name != "cohort":
            continue
        pair = [name for name, variable in variables.items() if variable.type == "boolean"][:2]
        text = " & ".join(f"{name}=1" for name in pair)
        low, high = bounds(problem, "cohort", conditions.parse(text), imposed(problem))
        for tables in opened.cohorts:
            assert low <= int(np.sum(conditions.parse(text).mask(tables["cohort"]))) <= high

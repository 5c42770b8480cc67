"""Every declared reading has the outcome expected of it, and conflict sets are minimal."""

import pytest

from analysis import paths
from analysis.cohorts.declarations import load_yaml
from analysis.errors import InputError
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.proofs import record
from analysis.reconstruction.proofs.judging import combinations, judge
from analysis.reconstruction.proofs.readings import INFEASIBLE, read_readings

pytestmark = pytest.mark.slow

STUDIES = [slug for slug in paths.studies() if (paths.study_folder(slug) / "readings.yml").is_file()]

#: Studies whose readings take a minute to solve.
LONG = {"dac_clag": [pytest.mark.thorough]}

READINGS = """
questions:
  - id: women
    of: There are five women, three of seven in A.
    beside: [arm]
    readings:
      - {id: plain, text: The three are old., plain: true, expected: infeasible, rows: {sex.f: "sex=F & arm=B & sex!=F"}}
      - {id: other, text: The five are everybody., chosen: true, expected: feasible}
"""


#: Tests of one study go to one worker, which solves its readings once.
@pytest.fixture(
    scope="module",
    params=[pytest.param(slug, marks=[pytest.mark.xdist_group(f"readings of {slug}"), *LONG.get(slug, ())]) for slug in STUDIES],
)
def solved(request):
    return request.param, record.solve(request.param)


@pytest.mark.thorough
def test_each_reading_has_the_expected_outcome(solved):
    _, outcomes = solved
    assert {(o.question.id, o.reading.id): o.verdict for o in outcomes} == {
        (o.question.id, o.reading.id): o.reading.expected for o in outcomes
    }


@pytest.mark.thorough
def test_conflict_sets_are_infeasible_and_without_any_member_feasible(solved):
    slug, outcomes = solved
    problem = read_problem(slug)
    for outcome in outcomes:
        if outcome.verdict == INFEASIBLE and not outcome.reading.later:  # whose orders are enumerated, and whose set is not called smallest
            model = combinations(problem, outcome.question, outcome.reading)
            assert model.holds_together(outcome.conflict) is False
            assert all(model.holds_together([id for id in outcome.conflict if id != left_out]) for left_out in outcome.conflict)


@pytest.mark.thorough
def test_what_is_saved_is_what_comes_out(solved):
    slug, outcomes = solved
    saved = load_yaml(paths.study_folder(slug) / "solved.yml")["readings"]
    assert [(s["question"], s["reading"], s["verdict"], tuple(s["conflict"])) for s in saved] == [
        (o.question.id, o.reading.id, o.verdict, o.conflict) for o in outcomes
    ]


def test_a_plain_reading_that_counts_forbid_names_the_rows(folder):
    (folder / "readings.yml").write_text(READINGS)
    problem = read_problem(folder)
    [question] = read_readings(problem.study, problem.ledger)
    plain, other = judge(problem, question, [])
    assert (plain.verdict, plain.conflict) == (INFEASIBLE, ("sex.f",)) and plain.how.endswith("without any one of them some do")
    assert other.verdict == "given by no saved cohort", "no cohort was saved that would show it"


@pytest.mark.thorough
def test_only_a_set_of_counts_is_called_minimal(solved):
    """Disease-free survival of 35% needs 15 deaths among 37 in remission or fewer; 57% with upper limit 75% need 16: the lower limit says no more."""
    slug, outcomes = solved
    problem = read_problem(slug)
    sets = {outcome.conflict: outcome.how for outcome in outcomes if outcome.verdict == INFEASIBLE and not outcome.reading.later}
    for conflict, how in sets.items():
        counts = {problem.ledger[id].statistic for id in conflict} <= {"count", "percent"}
        assert ("without any one of them some do" in how) == counts, conflict
        assert ("might need fewer" in how) != counts, conflict


def test_a_set_with_an_estimate_is_as_small_as_the_bounds_that_curves_leave(folder):
    (folder / "readings.yml").write_text(
        READINGS.replace("beside: [arm]", "beside: [arm, died, os_months]").replace(
            'rows: {sex.f: "sex=F & arm=B & sex!=F"}', 'rules: [{when: "arm=A", then: "died=1 & os_months<=12", why: in words}]'
        )
    )
    problem = read_problem(folder)
    plain, _ = judge(problem, *read_readings(problem.study, problem.ledger), [])
    assert plain.verdict == INFEASIBLE and "os.a.12" in plain.conflict
    assert "might need fewer" in plain.how and "some do" not in plain.how


@pytest.mark.parametrize(
    "before, after, told",
    [
        ("sex.f:", "sex.x:", "sex.x"),
        ("arm=B", "arms=B", "arms"),
        ("plain: true, ", "", "one plain reading"),
        ("beside: [arm]", "table: people", "people"),
    ],
)
def test_faulty_readings_are_named(folder, before, after, told):
    (folder / "readings.yml").write_text(READINGS.replace(before, after))
    problem = read_problem(folder)
    with pytest.raises(InputError) as caught:
        read_readings(problem.study, problem.ledger)
    assert told in str(caught.value) and "readings.yml" in str(caught.value)


def test_every_entry_quotes_the_ledger(solved):
    slug, outcomes = solved
    problem = read_problem(slug)
    for entry in record.conflicting(problem, outcomes):
        assert entry["row"] in problem.ledger and entry["set"]
        assert all(problem.ledger[id].printed == value for id, value in entry["set"].items())


def test_where_one_member_is_arithmetic_of_the_others_it_alone_is_contradicted(solved):
    slug, outcomes = solved
    problem = read_problem(slug)
    entries = list(record.conflicting(problem, outcomes))
    for entry in entries:
        row = problem.ledger[entry["row"]]
        if row.sources is not None:
            members = {other["row"] for other in entries if other["question"] == entry["question"]}
            assert members & set(entry["set"]) == {row.id}

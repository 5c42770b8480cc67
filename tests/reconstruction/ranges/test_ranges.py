"""Directed searches for the ends of ranges: the cohorts found hold, lie further out, and come again."""

import json

import numpy as np
import pytest

from analysis.cohorts.ensemble import read_ensemble
from analysis.errors import InputError
from analysis.reconstruction.checks.verify import check_tables
from analysis.reconstruction.io import stamp
from analysis.reconstruction.problem.aims import read_aims
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.ranges import record, walks
from analysis.reconstruction.ranges.climbing import BEGINNINGS, climb, first_of_each
from analysis.reconstruction.ranges.record import find
from tests.reconstruction.ranges.conftest import quiet

#: One worker makes the cohorts and searches once.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


def values(folder, which):
    problem = read_problem(folder)
    aim = read_aims(problem.study)[which]
    return problem, aim, [aim.value(problem.study, tables) for tables in read_ensemble(problem.study)]


def test_ends_lie_at_least_as_far_out_as_the_ensemble_and_their_cohorts_hold(asked, searched):
    _, _, before = values(asked, 0)
    problem, aim, _ = values(searched, 0)
    content, stale = record.read_saved(problem)
    assert not stale
    entry = content["ranges"][0]
    assert (entry["sampled"]["low"], entry["sampled"]["high"]) == pytest.approx((min(before), max(before)), abs=1e-6)
    members = read_ensemble(problem.study)
    for end in ("least", "greatest"):
        assert aim.value(problem.study, members[entry[end]["member"] - 1]) == pytest.approx(entry[end]["value"], abs=1e-6)
    assert entry["least"]["value"] <= entry["sampled"]["low"] and entry["greatest"]["value"] >= entry["sampled"]["high"]
    assert len(members) > len(before), "no walk led beyond three cohorts"
    for tables in members[len(before) :]:
        report = check_tables(problem, tables)
        assert report.missed == () and report.broken == ()


def test_proven_bounds_hold_the_searched_ends(searched):
    entry = record.read_saved(read_problem(searched))[0]["ranges"][1]
    low, high = entry["proven"]
    assert low <= entry["least"]["value"] <= entry["greatest"]["value"] <= high


@pytest.mark.parametrize(
    ("least", "greatest", "proven", "searched"),
    [
        ((12, 4), (12, 5), None, True),
        ((11, 4), (12, 5), None, False),
        ((13, 4), (0, 5), None, False),
        ((13, 4), (0, 5), [0, 5], True),
        ((13, 4), (0, 5), [0, 6], False),
        ((0, 4), (0, 5), [4, 5], True),
        ((12, 4.0), (0, float("inf")), None, True),
    ],
)
def test_an_end_was_searched_for_by_walks_over_times_or_nothing_lies_beyond_it(least, greatest, proven, searched):
    entry = {"walks": {"least": least[0], "greatest": greatest[0]}, "least": {"value": least[1]}, "greatest": {"value": greatest[1]}}
    assert record.searched_over_times(entry | ({"proven": proven} if proven else {})) == searched


def test_a_range_of_which_no_walks_are_recorded_was_not_searched():
    entry = {"searched": True, "least": {"value": 1.0}, "greatest": {"value": 2.0}}
    assert not record.searched_over_times(entry)


def test_the_runs_that_made_a_record_can_be_made_again(searched):
    content, _ = record.read_saved(read_problem(searched))
    assert content["runs"] == [{"seed": 1, "walks": 2, "quantities": ["ratio", "women-died"]}]
    assert content["walks"] == sum(number for entry in content["ranges"] for number in entry["walks"].values())


NAMES = ("cohort.json", "ensemble_cohort.csv.gz", "ensemble_visits.csv.gz", "ranges_found.yml")


def test_the_solver_chooses_labels_for_a_number_that_times_leave_open(asked):
    problem, aim, before = values(asked, 1)
    members = read_ensemble(problem.study)
    ends = [climb(problem, aim, upwards, members, before, [0, 1, 2], frozenset(), 1) for upwards in (False, True)]
    deaths = {int(member["cohort"]["died"].sum()) for member in members}
    # five women of twelve, and labels are free of the deaths; walks over times lead further, where other numbers of deaths lie
    assert ends[0].value <= max(0, min(deaths) - 7) and ends[1].value >= min(5, max(deaths))
    for end in ends:
        if end.tables:
            assert check_tables(problem, end.tables).missed == ()
    assert any(end.tables for end in ends)
    assert all(end.walks >= BEGINNINGS for end in ends), "labels chosen at the times of members say nothing of other times"


def test_a_search_finds_the_same_with_more_workers(asked, searched):
    find(asked, 1, 2, quiet, 2)
    first = [(searched / name).read_bytes() for name in NAMES]
    assert [(asked / name).read_bytes() for name in NAMES] == first
    companion = json.loads(first[0])
    assert companion["members"] == 3 + len(companion["directed"])
    assert companion["made"] == 3


def test_a_further_search_goes_on_from_the_ends_found_before(searched):
    problem = read_problem(searched)
    first, _ = record.read_saved(problem)
    find(searched, 2, 1, quiet, 1)
    second, stale = record.read_saved(problem)
    assert not stale and second["walks"] > first["walks"]
    members, companion = read_ensemble(problem.study), json.loads((searched / "cohort.json").read_text())
    assert len(members) == companion["members"] == 3 + len(companion["directed"])
    assert [entry["member"] for entry in companion["directed"]] == list(range(4, len(members) + 1))
    for aim, old, new in zip(read_aims(problem.study), first["ranges"], second["ranges"]):
        assert new["sampled"] == old["sampled"]
        assert new["least"]["value"] <= old["least"]["value"] and new["greatest"]["value"] >= old["greatest"]["value"]
        for end in ("least", "greatest"):
            assert aim.value(problem.study, members[new[end]["member"] - 1]) == pytest.approx(new[end]["value"], abs=1e-6)


def test_a_walk_leads_elsewhere_and_keeps_what_is_printed(asked):
    problem = read_problem(asked)
    member = read_ensemble(problem.study)[0]
    there = walks.step(problem, walks.begin(problem, member), 3, 2_000)
    main = problem.main
    assert (there.tables[main]["os_months"].astype(int).to_numpy() != member[main]["os_months"].to_numpy()).any()


NEVER = 'never,Text,arm,all,,logrank_p,"endpoint=os; by=arm; groups=A,B",<0.0000001,imposed,,,\n'


def test_walks_do_not_ask_for_what_every_member_misses(asked):
    ledger, companion = asked / "printed.csv", asked / "cohort.json"
    ledger.write_text(ledger.read_text() + NEVER)
    stamped = json.loads(companion.read_text()) | {
        "ledger_digest": stamp.digest(read_problem(asked)),
        "missed": ["never"],
        "members_missing_row": {"never": 3},
    }
    companion.write_text(json.dumps(stamped))
    find(asked, 1, 1, quiet, 2)
    members = read_ensemble(read_problem(asked).study)
    assert len(members) > 3, "no walk led beyond three cohorts"
    for tables in members[3:]:
        assert check_tables(read_problem(asked), tables).missed == ("never",)


@pytest.mark.parametrize(("missing", "given_up"), [(0, frozenset()), (2, frozenset()), (3, frozenset({"row"}))])
def test_a_row_is_given_up_where_every_member_misses_it(missing, given_up):
    assert record.rows_given_up({"members": 3, "members_missing_row": {"row": missing}}) == given_up


def test_nothing_lies_beyond_an_infinite_end(asked):
    problem, aim, _ = values(asked, 0)
    found = climb(problem, aim, True, read_ensemble(problem.study), [2.0, np.inf, np.nan], [0, 1, 2], frozenset(), 1)
    assert (found.value, found.walks, found.tables) == (np.inf, 0, {})


def test_the_nearest_member_of_every_start_comes_before_a_second_of_any():
    assert first_of_each([4, 0, 2, 3, 1], [7, 9, 7, 8, 7]) == [4, 3, 1, 0, 2]
    assert first_of_each([2, 1, 0], [5, 6, 7]) == [2, 1, 0]
    assert first_of_each([], [5]) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {id: a, quantity: x, statistic: hazard_ration}", "a registered statistic; found 'hazard_ration'"),
        ("- {id: a, quantity: x, statistic: count, subset: sex=X}", "a, subset"),
        ("- {id: a, quantity: x, statistic: count}\n- {id: a, quantity: x, statistic: count}", "id a: expected an id used once"),
        ("- {id: a, quantity: x, statistic: count, where: sex=F}", "where"),
        (
            "- {id: a, quantity: x, statistic: survival_median, subset: died=0, arguments: {endpoint: os}}",
            "id a: expected a value on some saved cohort; found none",
        ),
        ("", "at least one quantity"),
    ],
)
def test_faults_of_the_quantities_are_told(asked, text, told):
    (asked / "ranges.yml").write_text(text)
    with pytest.raises(InputError, match=told):
        find(asked, 1, 1, quiet, 2)


def test_cohorts_of_another_ledger_are_refused(asked):
    ledger = asked / "printed.csv"
    ledger.write_text(ledger.read_text().replace("fever=1,count,,6", "fever=1,count,,7"))
    with pytest.raises(InputError, match="older ones"):
        find(asked, 1, 1, quiet, 2)


def test_an_unknown_quantity_is_refused_with_the_nearest_known_one(asked):
    with pytest.raises(InputError, match="an id of ranges.yml; found 'rato'.*ratio"):
        find(asked, 1, 1, quiet, 2, only=["rato"])

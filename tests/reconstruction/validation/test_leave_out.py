"""Left-out counts come with the range that the others prove, and the printed value lies inside."""

import pytest

from analysis import paths
from analysis.errors import InputError
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.validation.families import families
from analysis.reconstruction.validation.leave_out import leave_out, orders_resting_on, proven, saved, stale_trials

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


def outdated(folder):
    problem = read_problem(folder)
    return stale_trials(problem, saved(problem)[0])


def test_a_left_out_count_has_the_range_that_the_others_leave(folder):
    problem = read_problem(folder)
    found = {entry["id"]: entry for family in families(problem) for entry in proven(problem, family)}
    assert all(entry["low"] <= entry["value"] <= entry["high"] for entry in found.values())
    assert (found["sex.f"]["low"], found["sex.f"]["high"]) == (2, 11), "two of the three young are women, one is a man"


def test_what_is_finished_is_kept_and_told_to_be_stale_when_the_ledger_changes(folder):
    said = []
    path = leave_out(folder, 1, 1, said.append, search=False)
    entries, stale = saved(read_problem(folder))
    assert path.is_file() and entries and not stale and said == []
    before = path.read_bytes()
    leave_out(folder, 1, 1, said.append, search=False)
    assert path.read_bytes() == before
    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace("age<40,count,,3", "age<40,count,,4"))
    assert saved(read_problem(folder))[1]


def test_a_family_made_anew_leaves_earlier_trials_of_others_in_place(folder):
    leave_out(folder, 1, 1, print, search=False)
    before, _ = saved(read_problem(folder))
    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace("held-out", "imposed"))
    name = next(iter(families(read_problem(folder)))).name
    leave_out(folder, 1, 1, print, search=False, only=[name])
    after, _ = saved(read_problem(folder))
    assert set(before) <= set(after) and len({entry["digest"] for entry in after.values()}) == 2
    assert {other for other in before if after[other] == before[other]} == set(before) - {name}


def test_proofs_made_anew_are_fresh_and_the_trials_kept_beside_them_stale(folder):
    names = [family.name for family in families(read_problem(folder)) if family.counted][:1]
    leave_out(folder, 1, 1, print, only=names)
    assert not saved(read_problem(folder))[1] and not outdated(folder)
    trial = saved(read_problem(folder))[0][names[0]]["rebuilt"]
    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace("held-out", "imposed"))
    leave_out(folder, 1, 1, print, search=False)
    assert not saved(read_problem(folder))[1] and outdated(folder) == set(names)
    assert saved(read_problem(folder))[0][names[0]]["rebuilt"] == trial
    leave_out(folder, 1, 1, print, only=names)
    assert not outdated(folder)


def test_an_order_of_events_is_followed_unless_a_withheld_number_helped_to_find_it():
    problem = read_problem("dac_clag")
    resting = {family.name: orders_resting_on(problem, family.hidden) for family in families(problem)}
    assert resting["survival estimates"] == {"deaths", "events", "events_by_sct"}
    assert resting["hazard ratios"] == {"deaths", "events"}, "no ratio is printed of event-free survival by SCT"
    assert resting["medians and follow-up"] == resting["continuous summaries"] == set()
    assert set(problem.following(0, resting["hazard ratios"]).patterns) == {"events_by_sct"}


def test_an_unknown_family_is_named(folder):
    with pytest.raises(InputError, match="--family"):
        leave_out(folder, 1, 1, print, search=False, only=["nothing"])


def test_cohorts_made_apart_say_what_those_made_here_say(folder):
    names = [family.name for family in families(read_problem(folder))][:2]
    said = []
    path = leave_out(folder, 1, 1, said.append, only=names, workers=2)
    assert sorted(said) == sorted(f"without {name}: 1 of 1 cohorts" for name in names)
    entries, _ = saved(read_problem(folder))
    assert list(entries) == names and all(entry["rebuilt"]["rows"] for entry in entries.values())
    before = path.read_bytes()
    path.unlink()
    leave_out(folder, 1, 1, said.append, only=names)
    assert path.read_bytes() == before


@pytest.mark.parametrize("slug", [slug for slug in paths.studies() if (paths.study_folder(slug) / "leave_out.yml").is_file()])
def test_every_saved_range_holds_the_printed_value(slug):
    entries, _ = saved(read_problem(slug))
    ranges = [row for entry in entries.values() for row in entry.get("proven", [])]
    assert ranges and all(row["low"] <= row["value"] <= row["high"] for row in ranges)

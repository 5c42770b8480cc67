"""Shuffled cohorts keep every frequency and lose every association."""

import gzip

import numpy as np
import pandas as pd
import pytest

from analysis.cohorts.declarations import load_yaml
from analysis.errors import InputError
from analysis.reconstruction.validation.chance import blocks, changes, record, shuffled

HEADER = "member,patient,arm,sex,response,visits,age,os_months,died"


@pytest.fixture
def cohort():
    rows = [
        (number, "A" if number <= 8 else "B", "F", "good" if number <= 8 else "bad", 1, 20 + number, float(number), number % 2 == 1)
        for number in range(1, 13)
    ]
    return pd.DataFrame(rows, columns=HEADER.split(",")[1:])


def test_times_and_events_of_all_endpoints_are_one_block(toy):
    assert blocks(toy.study, "cohort")[0] == ("os_months", "died")
    assert ("arm",) in blocks(toy.study, "cohort") and ("fever",) in blocks(toy.study, "visits")


def test_shuffling_keeps_frequencies_and_each_time_with_its_event(toy, cohort):
    mixed = shuffled(toy.study, {"cohort": cohort}, np.random.default_rng(1))["cohort"]
    for column in cohort:
        assert sorted(mixed[column]) == sorted(cohort[column])
    assert (mixed["died"] == (mixed["os_months"] % 2 == 1)).all()


def test_shuffling_breaks_associations(toy, cohort):
    rng = np.random.default_rng(1)
    good = [
        int(((mixed := shuffled(toy.study, {"cohort": cohort}, rng)["cohort"])["response"].eq("good") & mixed["arm"].eq("A")).sum())
        for _ in range(200)
    ]
    assert set(good) <= set(range(4, 9)), "of eight with either, at least four have both"
    assert np.mean(good) == pytest.approx(8 * 8 / 12, abs=0.2)  # hypergeometric mean; the cohort has eight


@pytest.mark.parametrize(
    ("id", "changed"),
    [("n.a", False), ("sex.f", False), ("sex.f.a", True), ("resp.b", True), ("os.all.12", False), ("os.a.12", True), ("age.mean", False)],
)
def test_only_what_rests_on_two_blocks_can_change(toy, id, changed):
    assert changes(toy.study, toy.ledger[id]) is changed


def ensemble(folder, cohort):
    with gzip.open(folder / "ensemble_cohort.csv.gz", "wt") as file:
        file.write(cohort.assign(died=cohort["died"].astype(int)).assign(member=1)[HEADER.split(",")].to_csv(index=False))


def test_the_record_has_the_share_of_each_number_that_can_change(folder, cohort):
    ensemble(folder, cohort)
    content = load_yaml(record(folder, 40, 1))
    rows = {row["id"]: row for row in content["rows"]}
    assert content["shuffled"] == 40 and {"resp.b", "os.a.12"} <= rows.keys() and "age.mean" not in rows
    # one response in B is printed; B has four of twelve, good are eight: hypergeometric share C(8,1)C(4,3)/C(12,4) = 0.0646
    assert rows["resp.b"]["made"] == 40
    assert rows["resp.b"]["hits"]["only"] / 40 == pytest.approx(0.0646, abs=0.1)


def test_the_same_seed_gives_the_same_record(folder, cohort):
    ensemble(folder, cohort)
    first = record(folder, 10, 3).read_bytes()
    assert record(folder, 10, 3).read_bytes() == first


def test_a_study_without_an_ensemble_is_refused(folder):
    with pytest.raises(InputError, match="expected a saved ensemble"):
        record(folder, 1, 1)

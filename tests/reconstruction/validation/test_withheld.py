"""Numbers that an ensemble was made without are asked of its members, and the answers outlive the ensemble."""

import gzip
from decimal import Decimal

import pytest

from analysis.cohorts.declarations import load_yaml
from analysis.errors import InputError
from analysis.ledger.rows.printed import parse
from analysis.reconstruction.validation.withheld import hits, record

HEADER = "member,patient,arm,sex,response,visits,age,os_months,died"


def ensemble(folder, *good):
    """Members of two patients in arm B each, of whom `good` responded."""
    lines = [
        f"{number},{patient},B,F,{'good' if patient <= many else 'bad'},1,50,9,0"
        for number, many in enumerate(good, 1)
        for patient in (1, 2)
    ]
    (folder / "ensemble_cohort.csv.gz").unlink(missing_ok=True)
    with gzip.open(folder / "ensemble_cohort.csv.gz", "wt") as file:
        file.write("\n".join([HEADER, *lines]) + "\n")


def test_every_held_out_number_is_asked_of_every_member(folder):
    ensemble(folder, 1, 0, 1, 2)  # responses in B: 1 is printed, and held out
    (entry,) = load_yaml(record(folder))["ensembles"]
    assert entry["made"] == 4
    assert entry["rows"] == [{"id": "resp.b", "printed": "1", "made": 4, "hits": {"only": 2}}]


def test_the_answers_of_an_earlier_ensemble_are_kept_when_a_role_changes(folder):
    ensemble(folder, 1, 0, 1, 2)
    record(folder)
    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace("count,,1,held-out", "count,,1,imposed"))
    ensemble(folder, 1, 1)
    entries = load_yaml(record(folder))["ensembles"]
    assert [(entry["made"], len(entry["rows"])) for entry in entries] == [(4, 1), (2, 0)]
    assert entries[0]["rows"][0]["hits"] == {"only": 2}


def test_an_ensemble_asked_twice_is_recorded_once(folder):
    ensemble(folder, 1, 0)
    first = record(folder).read_bytes()
    assert record(folder).read_bytes() == first


def test_a_study_without_an_ensemble_is_refused(folder):
    with pytest.raises(InputError, match="expected a saved ensemble"):
        record(folder)


@pytest.mark.parametrize(("value", "hit"), [("0.5944", 0), ("0.5945", 1), ("0.5954", 1), ("0.5955", 0), ("NaN", 0)])
def test_a_value_hits_where_it_rounds_to_the_printed_digits_and_not_beside(value, hit):
    assert hits(parse("0.595"), [(Decimal(value), Decimal(value))]) == hit


def test_a_member_that_leaves_a_value_open_hits_only_where_both_ends_do():
    assert hits(parse("0.6"), [(Decimal("0.56"), Decimal("0.64")), (Decimal("0.56"), Decimal("0.66"))]) == 1

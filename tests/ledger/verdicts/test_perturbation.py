from decimal import Decimal

import pytest

from analysis.cohorts.reading import read_table
from analysis.ledger.rows.printed import parse
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.verdicts import perturbation
from analysis.ledger.verdicts.audit import audit


def test_a_number_is_moved_by_units_of_its_last_digit():
    values = {printed.value for printed in perturbation.move_last_digit(parse("0.44"), steps=(1, 2))}
    assert values == {Decimal("0.42"), Decimal("0.43"), Decimal("0.45"), Decimal("0.46")}


@pytest.mark.parametrize("text", ["<0.001", "almost 40%", "more than half"])
def test_bounds_and_loose_statements_are_not_moved(text):
    assert perturbation.move_last_digit(parse(text)) == []


def test_nothing_is_moved_below_zero():
    assert all(printed.value >= 0 for printed in perturbation.move_last_digit(parse("1")))


def test_the_rate_counts_wrong_numbers_that_would_still_be_reproduced(study, study_folder):
    path = study_folder / "printed.csv"
    # Fisher and Pearson give 1.000 and 0.465: a number one unit off is reproduced by neither
    path.write_text(path.read_text() + "t1.p,Table 1,P of arm,all,,contingency_p,variable=died; by=arm,0.465,imposed,,,\n")
    found = perturbation.trials(audit(study, read_ledger(study), [{"cohort": read_table(study)}]))
    assert set(found["id"]) >= {"t1.p", "t1.a.pct"}
    rates = perturbation.rates(found)
    assert rates.loc["tests", "any"] == 0
    assert (rates["any"] >= rates["plain"]).all()


def test_a_number_that_did_not_come_back_is_not_moved(study, study_folder):
    path = study_folder / "printed.csv"
    path.write_text(path.read_text().replace("50%", "51%"))
    found = perturbation.trials(audit(study, read_ledger(study), [{"cohort": read_table(study)}]))
    assert "t1.a.pct" not in set(found["id"])


def test_a_rate_is_above_zero_where_two_conventions_lie_close(study, study_folder):
    path = study_folder / "printed.csv"
    # n − 1 and n give 1.29 and 1.12 for the ages of arm B, printed here to whole years: both 1
    path.write_text(path.read_text() + "t1.sd,Table 1,SD of age,b,,sd,variable=age,1.3,imposed,,,\n")
    found = perturbation.trials(audit(study, read_ledger(study), [{"cohort": read_table(study)}]))
    row = found[found["id"] == "t1.sd"]
    assert row["any"].sum() == 1 and row["plain"].sum() == 0

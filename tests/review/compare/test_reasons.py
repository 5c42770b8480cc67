"""Each changed verdict has one reason, derived by rule."""

from dataclasses import replace

import pytest

from analysis.ledger.session.study_session import open_study
from analysis.review.compare.reasons import as_csv, find_changed
from analysis.review.compare.states import Record


@pytest.fixture
def row(study_folder):
    return open_study(study_folder).audit["t1.a"]


def told(row, before, **after):
    """The one line of a number that was `before` = (verdict, convention, evidence, recomputed)."""
    verdict, convention, evidence, recomputed = before
    old = Record("t1.a", "4", recomputed, verdict, convention, evidence, "")
    role = after.pop("role", "imposed")
    new = replace(row, row=replace(row.row, role=role, note="the model is not declared."), **after)
    return find_changed({"t1.a": old}, {"t1.a": new})


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (("contradicted", "", "imposed", "4"), {"verdict": "in conflict", "note": "t1.a, t1.b"}, "member of a proven conflict set: t1.a, t1.b"),
        (("contradicted", "", "counts", "8"), {"verdict": "reproduced under convention", "convention": "reading: B left out"}, "holds under the declared reading, excluded under the plain one alone"),
        (("reproduced", "", "imposed", "4"), {"verdict": "reproduced under convention", "convention": "reading: B left out"}, "proven to hold under the declared reading alone"),
        (("reproduced", "", "imposed", "4"), {"verdict": "reproduced under convention", "convention": "loose wording"}, "a loose statement is not reproduced without qualification"),
        (("not identified", "", "held-out", "1 to 4"), {"evidence": "counts"}, "a count printed with its percentage rests on counts"),
        (("not identified", "", "held-out", "1 to 4"), {}, "role now imposed, and holds"),
        (("not identified", "", "held-out", "1 to 4"), {"verdict": "not reached"}, "role now imposed, and searched for without success"),
        (("reproduced", "", "imposed", "4"), {"verdict": "not identified", "role": "held-out"}, "role now held-out: the model is not declared"),
        (("not reached", "", "held-out", "5 to 6"), {"verdict": "not identified", "role": "held-out"}, "it was not searched for"),
        (("reproduced", "cox-breslow", "imposed", "4"), {"verdict": "reproduced under convention", "convention": "logrank-oe", "profile": "Prism"}, "judged with its result under the profile “Prism”"),
        (("not reached", "", "imposed", "5"), {}, "recomputed 5 before, 4 on the cohorts made since"),
        (("not reached", "", "imposed", "5"), {"verdict": "reproduced under convention", "convention": "logrank-oe", "profile": "Prism"}, "recomputed 5 before, 4 on the cohorts made since"),
    ],
)  # fmt: skip
def test_the_reason_follows_from_what_changed(row, before, after, reason):
    (line,) = told(row, before, **after)
    assert line[0] == "t1.a" and line[4] == reason


def test_a_number_judged_as_before_is_not_listed(row):
    assert told(row, ("reproduced", "", "imposed", "4")) == []


def test_a_number_that_is_new_is_listed(row):
    assert find_changed({}, {"t1.a": row}) == [("t1.a", "4", "–", "reproduced", "new in the ledger")]


def test_the_table_is_csv_with_its_columns(row):
    assert as_csv(find_changed({}, {"t1.a": row})) == "id,printed,before,after,reason\nt1.a,4,–,reproduced,new in the ledger\n"

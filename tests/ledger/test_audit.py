import pandas as pd
import pytest

from analysis.cohorts.reading import read_table
from analysis.ledger.audit import COLUMNS, audit
from analysis.ledger.opening import open_study
from analysis.ledger.rows import read_ledger


def with_row(folder, line):
    path = folder / "printed.csv"
    path.write_text(path.read_text() + line + "\n")


def judged(study, id, cohorts=None, **kwargs):
    cohorts = [{"cohort": read_table(study)}] if cohorts is None else cohorts
    return audit(study, read_ledger(study), cohorts, **kwargs)[id]


def test_every_row_is_judged_in_the_order_of_the_ledger(study):
    found = audit(study, read_ledger(study), [{"cohort": read_table(study)}])
    assert tuple(found.table.columns) == COLUMNS
    assert list(found.table["id"]) == [row.id for row in read_ledger(study)]
    assert int(found.scoreboard().to_numpy().sum()) == 7


def test_what_follows_from_printed_counts_rests_on_counts(study):
    found = judged(study, "t1.a.pct")
    assert (found.verdict, found.evidence, found.recomputed) == ("reproduced", "counts", "50")


def test_a_count_that_nothing_implies_is_recomputed_on_the_cohort(study):
    found = judged(study, "t1.a")
    assert (found.verdict, found.evidence) == ("reproduced", "imposed")


def test_without_a_cohort_what_needs_one_is_not_reached(study):
    assert judged(study, "res.os", cohorts=[]).verdict == "not reached"
    assert judged(study, "t1.a.pct", cohorts=[]).verdict == "reproduced"


def test_a_sum_that_does_not_add_up_is_contradicted_and_names_its_sources(study, study_folder):
    with_row(study_folder, "res.n,Results,patients,all,,count,,9,imposed,t1.a + t1.b,,")
    found = judged(study, "res.n")
    assert (found.verdict, found.recomputed) == ("contradicted", "8")
    assert "t1.a" in found.note and "t1.b" in found.note


def test_a_percentage_no_rounding_gives_is_contradicted(study, study_folder):
    with_row(study_folder, "res.pct,Results,share,all,arm=A,percent,,51%,imposed,t1.a ; t1.n,,")
    assert judged(study, "res.pct").verdict == "contradicted"


def test_a_copy_that_differs_from_its_original_alone_carries_the_verdict(study, study_folder):
    with_row(study_folder, "dis.os,Discussion,survival of arm A,a,,survival,endpoint=os; time=6,70%,held-out,,res.os,")
    found = judged(study, "dis.os")
    assert (found.verdict, found.evidence) == ("contradicted", "counts")
    assert "res.os prints 75%" in found.note
    assert judged(study, "res.os").verdict != "contradicted"


def test_a_copy_with_fewer_digits_agrees_with_its_original(study, study_folder):
    with_row(study_folder, "dis.os,Discussion,survival of arm A,a,,survival,endpoint=os; time=6,about 80%,held-out,,res.os,")
    assert judged(study, "dis.os").verdict != "contradicted"


def test_a_copy_of_what_follows_from_counts_rests_on_counts_too(study, study_folder):
    with_row(study_folder, "dis.a.pct,Discussion,share of arm A,all,arm=A,percent,,50%,imposed,,t1.a.pct,")
    found = judged(study, "dis.a.pct", cohorts=[])
    assert (found.verdict, found.evidence) == ("reproduced", "counts")


def test_another_convention_than_the_named_one_is_named_beside_the_verdict(study, study_folder):
    with_row(study_folder, "t1.p,Table 1,P of arm,all,,contingency_p,variable=died; by=arm,0.465,imposed,,,")
    found = judged(study, "t1.p")  # R: fisher.test 1, chisq.test(correct = FALSE) 0.4652088
    assert (found.verdict, found.convention) == ("reproduced under convention", "pearson")


def member(study, months):
    frame = read_table(study)
    frame.loc[0, "months"] = months
    return {"cohort": frame}


def test_a_held_out_number_on_which_cohorts_differ_is_not_identified_and_shows_the_range(study):
    found = judged(study, "res.os", [member(study, 2.0), member(study, 30.0)])
    assert (found.verdict, found.recomputed) == ("not identified", "75 to 100")


def test_a_held_out_number_that_every_cohort_gives_is_reproduced(study):
    found = judged(study, "res.os", [member(study, 2.0), member(study, 3.0)])
    assert (found.verdict, found.evidence) == ("reproduced", "held-out")


def test_a_held_out_number_outside_every_cohort_is_not_reached(study):
    found = judged(study, "res.os", [member(study, 30.0), member(study, 40.0)])
    assert found.verdict == "not reached"
    assert "outside" in found.note


def test_a_single_cohort_identifies_nothing_that_was_held_out(study):
    assert judged(study, "res.os", [member(study, 2.0)]).verdict == "not identified"


def test_a_member_of_a_proven_conflict_set_is_contradicted(study):
    found = judged(study, "t1.a", conflicts={"t1.a": "set t1.a, t1.b under the plain reading"})
    assert found.verdict == "contradicted"
    assert "plain reading" in found.note


def test_a_changed_printed_number_changes_its_verdict(study, study_folder):
    path = study_folder / "printed.csv"
    path.write_text(path.read_text().replace("50%", "51%"))
    assert judged(study, "t1.a.pct").verdict == "contradicted"


def test_opening_a_study_judges_its_saved_cohort(study_folder):
    opened = open_study(study_folder)
    assert len(opened.cohorts) == 1
    assert opened.audit["t1.a"].verdict == "reproduced"


def test_opening_a_study_on_another_cohort_judges_that_one(study_folder, tmp_path):
    other = tmp_path / "mine.csv"
    other.write_text((study_folder / "cohort.csv").read_text().replace("4,A,III", "4,B,III"))
    assert open_study(study_folder, other).audit["t1.a"].verdict == "not reached"


@pytest.mark.parametrize("id", ["t1.n", "t1.a", "res.os", "met.dose"])
def test_the_audit_is_text_throughout(study, id):
    table = audit(study, read_ledger(study), [{"cohort": read_table(study)}]).table
    assert isinstance(table, pd.DataFrame)
    assert all(isinstance(value, str) for value in table.set_index("id").loc[id])

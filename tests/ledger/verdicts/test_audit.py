from dataclasses import replace

import pandas as pd
import pytest

from analysis.cohorts.reading import read_table
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.session.study_session import open_study
from analysis.ledger.verdicts.audit import COLUMNS, audit, record
from analysis.ledger.verdicts.judgement import Known
from analysis.ledger.verdicts.withheld import Trial, Withheld


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


def test_a_saved_judgement_holds_what_came_of_withholding_it_and_the_chance_of_a_match(study):
    saved = dict(zip(COLUMNS, record(replace(judged(study, "t1.a"), withheld=Trial(2, 10), chance=0.125)), strict=True))
    assert (saved["withheld_hits"], saved["withheld_made"], saved["chance"]) == ("2", "10", "0.125")


def test_an_audit_holds_the_rows_of_the_ledger_alone(study):
    found = audit(study, read_ledger(study), [{"cohort": read_table(study)}])
    assert "t1.a" in found and "t1.z" not in found


def test_a_number_whose_variable_the_cohort_lacks_is_not_reached_and_says_which(study):
    frame = read_table(study)
    frame.attrs["absent"] = ("months",)
    found = judged(study, "res.os", cohorts=[{"cohort": frame}])
    assert found.verdict == "not reached" and "the cohort has no column months" in found.note


def test_a_number_inside_what_printed_numbers_allow_is_not_identified(study, study_folder):
    with_row(study_folder, "t2.m.a,Table 2,mean age of arm A,a,,mean,variable=age,60,imposed,,,")
    with_row(study_folder, "t2.s.a,Table 2,its SD,a,,sd,variable=age,8,imposed,,,")
    with_row(study_folder, "t2.m.b,Table 2,mean age of arm B,b,,mean,variable=age,41,imposed,,,")
    with_row(study_folder, "t2.s.b,Table 2,its SD,b,,sd,variable=age,1,imposed,,,")
    with_row(
        study_folder, "t2.p,Table 2,P,all,,t_test_p,variable=age; by=arm,0.003,imposed,t2.m.a ; t2.s.a ; t1.a | t2.m.b ; t2.s.b ; t1.b,,"
    )
    found = judged(study, "t2.p")
    assert (found.verdict, found.evidence) == ("not identified", "counts")
    assert "the printed value lies inside" in found.note


def test_a_held_out_number_that_no_way_of_its_profile_prints_is_not_identified(study, study_folder):
    with_row(study_folder, "res.p,Results,P,all,,logrank_p,endpoint=os; by=arm,0.9,held-out,,,")
    assert judged(study, "res.p").verdict == "not identified"


@pytest.mark.parametrize(("printed", "differs"), [("<0.05", False), ("<0.01", True)])
def test_copies_of_a_bound_agree_if_they_state_the_same_bound(study, study_folder, printed, differs):
    with_row(study_folder, "res.p,Results,P,all,,logrank_p,endpoint=os; by=arm,<0.05,imposed,,,")
    with_row(study_folder, f"dis.p,Discussion,P,all,,logrank_p,endpoint=os; by=arm,{printed},imposed,,res.p,")
    assert (judged(study, "dis.p").verdict == "contradicted") is differs


def test_what_follows_from_printed_counts_rests_on_counts(study):
    found = judged(study, "t1.a.pct")
    assert (found.verdict, found.evidence, found.recomputed) == ("reproduced", "counts", "50")


def test_a_count_that_nothing_implies_is_recomputed_on_the_cohort(study):
    found = judged(study, "t1.a")
    assert (found.verdict, found.evidence) == ("reproduced", "cohort")


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
    assert (found.verdict, found.evidence) == ("reproduced", "cohort")


def test_a_held_out_number_outside_every_cohort_is_not_identified_as_nobody_searched_for_it(study):
    found = judged(study, "res.os", [member(study, 30.0), member(study, 40.0)])
    assert found.verdict == "not identified"
    assert "no search for it is recorded; the printed value lies outside" in found.note


def test_a_held_out_number_says_how_many_cohorts_attain_it(study):
    found = judged(study, "res.os", [member(study, 30.0), member(study, 40.0), member(study, 2.0)])
    assert (found.verdict, found.recomputed) == ("not identified", "75 to 100")
    assert "attainable in 1 of 2" in found.note


def test_an_imposed_number_that_the_reference_misses_was_searched_for_and_is_not_reached(study, study_folder):
    path = study_folder / "printed.csv"
    path.write_text(path.read_text().replace("75%,held-out,,,", "80%,imposed,,,").replace("75%,held-out", "80%,imposed"))
    found = judged(study, "res.os")
    assert (found.verdict, "searched for" in found.note) == ("not reached", True)


@pytest.mark.parametrize("reference", [0, 1, 2])
def test_the_verdict_is_the_same_whichever_member_is_the_reference(study, study_folder, reference):
    path = study_folder / "printed.csv"
    path.write_text(path.read_text().replace("75%,held-out", "75%,imposed"))
    members = [member(study, months) for months in (2.0, 3.0, 30.0)]  # the last has 100 %
    found = judged(study, "res.os", [members[reference], *members])
    assert (found.verdict, found.note) == ("reproduced", "in 2 of 3 cohorts")
    assert found.recomputed == ("75 to 100" if reference == 2 else "75")


def test_a_number_that_no_member_gives_is_not_reached(study, study_folder):
    path = study_folder / "printed.csv"
    path.write_text(path.read_text().replace("75%,held-out", "75%,imposed"))
    found = judged(study, "res.os", [member(study, 30.0), member(study, 30.0), member(study, 40.0)])
    assert (found.verdict, "tried on 2 cohorts" in found.note) == ("not reached", True)


def test_a_single_cohort_identifies_nothing_that_was_held_out(study):
    assert judged(study, "res.os", [member(study, 2.0)]).verdict == "not identified"


def test_a_member_of_a_proven_conflict_set_is_in_conflict_whatever_it_follows_from(study):
    known = Known(conflicts={"t1.a": "set t1.a, t1.b under the declared reading", "t1.a.pct": "set"})
    found = judged(study, "t1.a", known=known)
    assert (found.verdict, found.recomputed, found.evidence) == ("in conflict", "4", "cohort")
    assert "declared reading" in found.note
    assert judged(study, "t1.a.pct", known=known).verdict == "in conflict"


def test_a_number_that_other_numbers_exclude_under_the_plain_reading_is_judged_under_the_declared_one(study, study_folder):
    with_row(study_folder, "dis.b,Discussion,patients of arm B,b,,count,,4,imposed,t1.n,,")  # read plainly all eight
    assert judged(study, "dis.b").verdict == "contradicted"
    found = judged(study, "dis.b", known=Known(lifted={"dis.b": "Arm A is left out."}))
    assert (found.verdict, found.convention, found.evidence) == ("reproduced under convention", "reading: Arm A is left out", "cohort")


def test_a_declared_reading_under_which_the_digits_still_differ_earns_nothing(study, study_folder):
    with_row(study_folder, "dis.b,Discussion,patients of arm B,b,,count,,5,imposed,t1.n,,")
    assert judged(study, "dis.b", known=Known(lifted={"dis.b": "Arm A is left out."})).verdict == "not reached"


@pytest.mark.parametrize("text", ["almost 80%", "about 80%"])
def test_a_loose_statement_never_carries_a_tick(study, study_folder, text):
    with_row(study_folder, f"dis.os,Discussion,survival of arm A,a,,survival,endpoint=os; time=6,{text},imposed,,,")
    found = judged(study, "dis.os")  # 75%, to tens 80
    assert (found.verdict, found.convention) == ("reproduced under convention", "loose wording")


def test_a_number_of_a_statement_that_is_not_supported_never_carries_a_tick(study):
    found = judged(study, "t1.a.pct", known=Known(denied={"t1.a.pct": "all-are-cured"}))
    assert (found.verdict, found.convention) == ("reproduced under convention", "the number alone")
    assert "all-are-cured" in found.note


SHARE = "res.a,Results,arm A,all,arm=A,count,,{count},held-out,,,,res.a\nres.a.pct,Results,share of arm A,all,arm=A,percent,,{share},held-out,res.a ; t1.n,,,res.a"


def with_result(folder, lines):
    path = folder / "printed.csv"
    header, *rows = path.read_text().splitlines()
    path.write_text("\n".join([header + ",result", *(row + "," for row in rows), lines]) + "\n")


def test_a_count_printed_with_its_percentage_rests_on_counts(study, study_folder):
    with_result(study_folder, SHARE.format(count=5, share="62.5%"))
    found = judged(study, "res.a", cohorts=[])  # no cohort has anything to say of it
    assert (found.verdict, found.evidence, found.recomputed) == ("reproduced", "counts", "5")


def test_a_coarse_percentage_says_which_counts_it_allows(study, study_folder):
    path = study_folder / "printed.csv"
    path.write_text(path.read_text().replace("patients,all,,count,,8,imposed,t1.a + t1.b", "patients,all,,count,,200,imposed,"))
    with_result(study_folder, SHARE.format(count=101, share="50%"))
    found = judged(study, "res.a", cohorts=[])
    assert (found.verdict, found.recomputed) == ("reproduced", "99 to 101")  # 98.5 to 50.5% of 200, half-up and half-even
    assert "99 to 101" in found.note


def test_a_count_that_its_percentage_denies_is_asked_of_the_cohort(study, study_folder):
    with_result(study_folder, SHARE.format(count=4, share="62.5%"))
    assert judged(study, "res.a").evidence == "cohort"
    assert judged(study, "res.a.pct").verdict == "contradicted"


def test_a_result_is_as_good_as_its_worst_number(study, study_folder):
    with_result(study_folder, SHARE.format(count=4, share="62.5%"))
    found = audit(study, read_ledger(study), [{"cohort": read_table(study)}])
    result = found.results.set_index("result").loc["res.a"]
    assert (result["numbers"], result["verdict"], result["evidence"]) == (2, "contradicted", "cohort")
    assert int(found.scoreboard().to_numpy().sum()) == 8  # seven numbers alone, and this result


@pytest.mark.parametrize(("trial", "basis"), [((3, 3), "withheld"), ((2, 3), "cohort"), ((0, 0), "cohort")])
def test_a_result_was_predicted_only_if_every_cohort_made_without_it_gives_it(study, trial, basis):
    made = Withheld({"t1.a": [(trial[1], {"only": trial[0]})]})
    found = audit(study, read_ledger(study), [{"cohort": read_table(study)}], Known(withheld=made))
    assert found.results.set_index("result").loc["t1.a", "evidence"] == basis
    row = found.table.set_index("id").loc["t1.a"]
    assert (row["withheld_hits"], row["withheld_made"]) == tuple(map(str, trial))


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

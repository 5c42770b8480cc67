"""Which rows are patients: keys, rows chosen, rows left out for want of an outcome."""

import pytest

from analysis.cohorts import glance
from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file, read_cohort

HEADER = "patient,arm,months,died\n"
VISITS = "patient,Visit,arm,months,died\n" + "".join(f"p{at},{visit},A,{at},{at % 2}\n" for at in range(1, 11) for visit in (1, 2, 3))


@pytest.fixture
def told(study, put):
    def check(content, mapping=""):
        put("own.mapping.yml", mapping)
        checked = check_file(study, put("own.csv", content))
        return checked, report.as_text(checked)

    return check


def test_a_file_without_a_key_is_told_how_to_number_its_rows_and_the_mapping_does(told):
    content = "arm,months,died\nA,2,1\nB,3,0\n"
    checked, text = told(content)
    assert checked.frame is None and "'columns: {patient: {number: rows}}' in the mapping numbers the rows" in text
    checked, text = told(content, "columns: {patient: {number: rows}}\n")
    assert checked.frame["patient"].tolist() == ["1", "2"]
    assert "patient: rows numbered, by the mapping" in text
    assert "'number' only for a key" in told(content, "columns: {patient: {number: rows}, arm: {number: rows}}\n")[1]


def test_blank_outcomes_are_left_out_and_counted_where_the_mapping_says_so_and_faults_else(told):
    content = HEADER + "1,A,2,0\n2,A,,\n3,A,3,1\n4,A,4,\n5,B,NA,0\n6,B,5,1\n"
    checked, text = told(content)
    assert checked.frame is None and "'without: [months, died]' in the mapping, which leaves such rows out and counts them" in text
    checked, text = told(content, "missing: NA\nwithout: [months, died]\n")
    assert checked.frame["patient"].tolist() == ["1", "3", "6"]
    assert "lines 3, 5 and 6 left out by 'without' in the mapping (3 in all): no value of months or died" in text
    assert glance.describe_left_out(checked.frame) == "3 rows of the file left out, without a value of months or died"


def test_a_faulty_outcome_is_never_left_out(told):
    checked, text = told(HEADER + "1,A,2,0\n2,A,x,\n", "without: [months, died]\n")
    assert checked.frame is None and "found 'x'" in text


def test_rows_that_are_all_without_an_outcome_are_a_fault(told):
    assert "every row is left out by 'without'" in told(HEADER + "1,A,,0\n", "without: [months]\n")[1]
    assert "(did you mean 'months'?)" in told(HEADER + "1,A,2,0\n", "without: [month]\n")[1]


def test_several_rows_a_patient_are_one_sentence_that_proposes_where(told):
    checked, text = told(VISITS)
    assert len(checked.problems) == 1
    assert "20 further rows of 10 keys that occur in an earlier row" in text and "e.g. where: {Visit: 1}" in text


@pytest.mark.parametrize(
    "where", ["{Visit: 2}", "{visit: ['2']}", "'Visit=2'", "'Visit>1 & Visit<3'", "'Visit!=1|3'", "'Visit = 2 & arm = A'"]
)
def test_where_chooses_rows_by_the_file_s_own_columns_and_the_report_counts_them(told, where):
    checked, text = told(VISITS, f"where: {where}\n")
    assert checked.frame["patient"].tolist() == [f"p{at}" for at in range(1, 11)]
    assert "10 of 30 lines chosen by 'where' in the mapping" in text


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("{Visits: 1}", "did you mean 'Visit'"),
        ("{Visit: 9}", "a value that occurs in Visit; found '9'"),
        ("'Visit'", "a condition such as"),
        ("'arm>1'", "numbers in arm"),
        ("'Visit>3'", "a condition that some row meets"),
        ("{Visit: {a: b}}", "where"),
    ],
)
def test_a_where_that_cannot_be_followed_is_a_fault_and_chooses_nothing(told, where, said):
    checked, text = told(VISITS, f"where: {where}\n")
    assert checked.frame is None and said in text


def test_where_chooses_by_labels_and_by_missing_cells(told, put, study, reference):
    import pyreadstat

    path = put("own.sav", b"")
    put("own.mapping.yml", "where: {visit: first}\n")
    frame = reference.assign(
        died=reference["died"].astype(float), age=reference["age"].astype(float), stage=reference["stage"].fillna(""), visit=[1.0, 2.0] * 4
    )
    pyreadstat.write_sav(frame, str(path), variable_value_labels={"visit": {1.0: "first", 2.0: "second"}})
    assert read_cohort(study, path)["patient"].tolist() == ["1", "3", "5", "7"]
    checked, _ = told("patient,arm,months,died,dropped\n1,A,2,0,\n2,A,3,1,yes\n", "where: 'dropped=?'\n")
    assert checked.frame["patient"].tolist() == ["1"]


@pytest.mark.parametrize(
    ("mapping", "name"), [("Üb_Monate", "U\u0308b_Monate"), ("u\u0308b_monate", "Üb_Monate"), ("Üb  Monate ", "üb monate")]
)
def test_names_are_found_whatever_their_case_blanks_and_encoding_of_accents(told, mapping, name):
    checked, text = told(f"patient,arm,{name},died\n1,A,2,1\n", f"columns: {{months: '{mapping}'}}\n")
    assert checked.frame["months"].tolist() == [2]
    assert "months from " in text


def test_declared_names_are_found_in_other_case_and_the_report_says_from_where(told):
    checked, text = told("PATIENT,Arm,months,DIED\n1,A,2,1\n")
    assert checked.frame is not None
    for line in ("patient from PATIENT", "arm from Arm", "died from DIED"):
        assert line in text


def test_two_columns_that_differ_in_case_alone_are_asked_about_unless_one_is_spelled_exactly(told):
    assert "'Arm' and 'ARM', which differ in case or blanks alone" in told("patient,Arm,ARM,months,died\n1,A,B,2,1\n")[1]
    assert told("patient,arm,ARM,months,died\n1,A,B,2,1\n")[0].frame["arm"].tolist() == ["A"]


def test_accents_in_cells_and_codes_are_the_same_however_encoded(told):
    checked, _ = told("patient,arm,months,died\n1,u\u0308ber,2,1\n", "columns: {arm: {column: arm, codes: {über: A}}}\n")
    assert checked.frame["arm"].tolist() == ["A"]

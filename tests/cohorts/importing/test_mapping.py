"""What a mapping may say, and what is said of one that is wrong."""

import pytest
import yaml

from analysis.cohorts.importing.checking import check_file, read_cohort
from analysis.cohorts.study import read_study
from analysis.errors import InputError

BASE = "nr;gruppe;beginn;ende;tod;alter_jahre;status\n"
ROWS = "p1;neu;01.03.2019;01.03.2020;;12,5;lebt\np2;alt;28.02.2019;;31.08.2019;8;tot\np3;alt;2019-05-01;2019-05-01;;7;lebt\n"
MAPPING = """columns:
  patient: nr
  arm: {column: gruppe, codes: {neu: A, alt: B}}
  months: {from: beginn, to: [tod, ende]}
  died: {known: tod}
  age: {from: beginn, to: 2021-02-27}
"""


@pytest.fixture
def dated(put):
    def write(mapping=MAPPING, rows=ROWS):
        put("own.mapping.yml", mapping)
        return put("own.csv", BASE + rows)

    return write


def faults_of(study, path):
    with pytest.raises(InputError) as caught:
        read_cohort(study, path)
    return [str(fault) for fault in caught.value.faults]


def test_dates_become_durations_to_the_first_date_that_is_there(study, dated):
    frame = read_cohort(study, dated())
    assert frame["months"].tolist() == pytest.approx([366 / 30.4375, 184 / 30.4375, 0])
    assert frame["died"].tolist() == [False, True, False]


def test_a_whole_number_between_dates_counts_completed_units_up_to_a_fixed_day(study, dated):
    assert read_cohort(study, dated())["age"].tolist() == [1, 1, 1]
    assert read_cohort(study, dated(MAPPING.replace("2021-02-27", "2021-02-28")))["age"].tolist() == [1, 2, 1]


@pytest.mark.parametrize(("unit", "months"), [("days", 12 / 30.4375), ("weeks", 84 / 30.4375), ("months", 12), ("years", 144)])
def test_a_length_of_time_is_converted_from_any_unit(study, put, unit, months):
    put("own.mapping.yml", f"columns: {{months: {{column: zeit, unit: {unit}}}}}\n")
    assert read_cohort(study, put("own.csv", "patient,arm,zeit,died\n1,A,12,1\n"))["months"].tolist() == pytest.approx([months])


def test_a_constant_a_missing_code_and_a_wider_range_hold_where_they_are_said(study, put):
    put(
        "own.mapping.yml",
        "columns:\n  arm: {constant: B}\n  age: {column: age, missing: ['99', unbekannt]}\n  months: {column: months, range: [0, 700]}\n",
    )
    frame = read_cohort(study, put("own.csv", "patient,age,months,died\n1,99,650,1\n2,unbekannt,99,0\n3,30,1,0\n"))
    assert frame["arm"].tolist() == ["B", "B", "B"]
    assert frame["age"].isna().tolist() == [True, True, False]
    assert frame["months"].tolist() == [650, 99, 1]


def test_words_of_yaml_stay_words(study, put):
    put("own.mapping.yml", "columns:\n  died: {column: tot, codes: {yes: 1, no: 0, 01: 1}}\n")
    assert read_cohort(study, put("own.csv", "patient,arm,months,tot\n1,A,1,no\n2,A,1,yes\n3,A,2,01\n"))["died"].tolist() == [
        False,
        True,
        True,
    ]


def test_beside_codes_a_declared_level_speaks_for_itself(study, put):
    put("own.mapping.yml", "columns: {arm: {column: arm, codes: {alt: B}}}\n")
    path = put("own.csv", "patient,arm,months,died\n1,A,1,0\n2,alt,1,0\n")
    assert read_cohort(study, path)["arm"].tolist() == ["A", "B"]


def test_with_codes_of_truth_only_codes_are_understood(study, put):
    put("own.mapping.yml", "columns:\n  died: {column: tot, codes: {'1': 0, '2': 1}}\n")
    assert any(
        "line 3" in fault and "found '0'" in fault
        for fault in faults_of(study, put("own.csv", "patient,arm,months,tot\n1,A,1,1\n2,A,1,0\n"))
    )


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("column: {arm: gruppe}", "did you mean 'columns'?"),
        ("columns: {arm: {colunm: gruppe}}", "columns.arm: expected one of decimal, dates, century, true_dates, column, constant, from"),
        ("columns: {arm: {colunm: gruppe}}", "(did you mean 'column'?)"),
        ("columns: {armm: gruppe}", "expected a declared variable; found 'armm' (did you mean 'arm'?)"),
        ("columns: {arm: grupe}", "expected a column of the file; found 'grupe' (did you mean 'gruppe'?)"),
        ("columns: {arm: {column: gruppe, codes: {neu: C}}}", "expected one of A, B, or ? for missing; found 'C'"),
        ("columns: {died: {column: status, codes: {tot: ja}}}", "expected 0 or 1, or ? for missing; found 'ja'"),
        ("columns: {arm: {column: gruppe, constant: A}}", "exactly one of column, constant, from (with to), known"),
        ("columns: {months: {from: beginn}}", "'from' and 'to' together"),
        ("columns: {arm: {column: gruppe, unit: days}}", "a unit or dates only for a time"),
        ("columns: {months: {column: alter_jahre, unit: fortnights}}", "'days', 'weeks', 'months', 'years'"),
        ("columns: {months: {from: beginn, to: 2021-02-30}}", "a date of the calendar; found '2021-02-30'"),
        ("columns: {arm: gruppe, arm: status}", "key 'arm' a second time"),
        ("columns: {arm: &x gruppe, stage: *x}", "an alias"),
        ("columns: {? [arm] : gruppe}", "a key that is no single word"),
        ("columns: [arm", "expected valid YAML"),
        ("- arm", "expected keys and values"),
        ("study: other", "study: expected made_up; found 'other'"),
        ("file: {dates: soon}", "an order of dates"),
        ("file: {decimal: ';'}", "file.decimal"),
        ("file: {sheet: x}", "'sheet' only for Excel; found it is given for CSV"),
        ("file: {encoding: klingon}", "a known encoding"),
        ("absent: [patient]", "the key in every cohort"),
        ("absent: [stge]", "did you mean 'stage'?"),
        ("absent: [died]", "at least one endpoint that everybody has"),
    ],
)
def test_a_fault_of_the_mapping_is_named_with_its_key_and_a_suggestion(study, dated, mapping, said):
    assert any(said in fault for fault in faults_of(study, dated(mapping + "\n")))


def test_faults_of_mapping_and_cells_are_told_together(study, dated):
    found = faults_of(
        study,
        dated(
            MAPPING.replace("neu: A", "neu: C").replace("patient: nr", "patient: nr\n  stage: {colum: x}"),
            ROWS.replace("01.03.2020", "31.02.2020"),
        ),
    )
    assert len([fault for fault in found if "own.mapping.yml" in fault]) == 2
    assert any("line 2, column ende: expected a date of the calendar; found '31.02.2020'" in fault for fault in found)


def test_a_needed_column_that_a_site_has_not_can_be_waived_and_is_told(study, put):
    content = "patient,months,died\n1,2,1\n"
    assert any(
        "column arm: expected this column (a population needs it; if the site has none: 'absent' in the mapping)" in fault
        for fault in faults_of(study, put("own.csv", content))
    )
    put("own.mapping.yml", "absent: [arm]\n")
    checked = check_file(study, put("own.csv", content))
    assert checked.frame["arm"].isna().all()
    assert checked.frame.attrs["absent"] == ("arm", "stage", "age")


def test_gaps_in_a_needed_column_are_faults_unless_the_mapping_says_so(study, put):
    content = "patient,arm,months,died\n1,A,2,1\n2,,2,1\n3,?,1,0\n"
    assert any("line 3, column arm: expected a value; found an empty cell" in fault for fault in faults_of(study, put("own.csv", content)))
    put("own.mapping.yml", "columns: {arm: {column: arm, missing: '?'}}\n")
    assert check_file(study, put("own.csv", content)).frame["arm"].isna().tolist() == [False, True, True]
    put("own.mapping.yml", "columns: {died: {column: died, missing: '0'}, arm: {constant: A}}\n")
    assert any("column died: expected a value" in fault for fault in faults_of(study, put("own.csv", content)))


def test_a_study_may_declare_a_column_optional_that_populations_speak_of(study_folder, put):
    from analysis.cohorts.study import read_study

    path = study_folder / "study.yml"
    path.write_text(path.read_text().replace("    arm:\n      type: category", "    arm:\n      optional: true\n      type: category"))
    assert check_file(read_study(study_folder), put("own.csv", "patient,months,died\n1,2,1\n")).problems == []


def test_a_needed_column_that_another_entry_reads_is_told_and_read_for_both_where_the_mapping_says_so(study_folder, put):
    declared = yaml.safe_load((study_folder / "study.yml").read_text())
    declared["variables"]["cohort"]["event"] = {"type": "boolean"}
    declared["endpoints"]["efs"] = {"time": "months", "event": "event", "label": "Event-free survival"}
    (study_folder / "study.yml").write_text(yaml.safe_dump(declared, sort_keys=False))
    file = put("own.csv", "patient,arm,months,died\n1,A,3,1\n2,B,4,0\n")
    put("own.mapping.yml", "columns: {event: died}\nabsent: stage\n")
    checked = check_file(read_study(study_folder), file)
    assert checked.frame is None and "died: died" in next(problem.found for problem in checked.problems if problem.variable == "died")
    put("own.mapping.yml", "columns: {event: died, died: died}\nabsent: stage\n")
    assert check_file(read_study(study_folder), file).frame["died"].tolist() == [True, False]

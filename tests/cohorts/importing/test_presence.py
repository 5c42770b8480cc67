"""An event known by its date: a date, or nothing; any other cell is asked about."""

import pytest

from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file, read_cohort
from analysis.errors import InputError

HEADER = "patient,arm,months,death_date\n"
ROWS = "1,B,2.5,{0}\n2,A,5.0,\n3,B,7.5,2020-03-03\n4,A,10.0,31.12.2020\n5,A,11.0,03/04/2020\n"
KNOWN = "columns:\n  died: {{known: death_date{0}}}\n"


@pytest.fixture
def dated(study, put):
    def check(cell, more="", top=""):
        put("own.mapping.yml", top + KNOWN.format(more))
        return check_file(study, put("own.csv", HEADER + ROWS.format(cell)))

    return check


@pytest.mark.parametrize("cell", ["NA", "na", "-", ".", "NaT", "n/a", "alive", "unknown", "?", "lebt"])
def test_a_word_where_a_date_should_stand_is_a_fault_that_proposes_the_line_for_missing(dated, cell):
    checked = dated(cell)
    assert checked.frame is None
    told = report.as_text(checked)
    proposal = f"missing: [{cell}]" if cell[0].isalpha() else f"missing: ['{cell}']"
    assert f"'{proposal}' in the mapping; found '{cell}'" in told
    followed = dated(cell, top=proposal + "\n")
    assert followed.frame["died"].tolist() == [False, False, True, True, True]
    assert "3 with a date: 1; 1 empty and 1 with a code for missing: 0" in report.as_text(followed)


@pytest.mark.parametrize("cell", ["2020", "1", "0", "2020-13-01", "31.02.2020", "9999-12-31", "43831", "03/2020"])
def test_what_resembles_a_date_and_is_none_is_a_fault_and_never_taken_for_missing_or_for_an_event(dated, cell):
    checked = dated(cell)
    assert checked.frame is None
    assert f"found '{cell}'" in report.as_text(checked)
    assert "missing: [" not in report.as_text(checked)


@pytest.mark.parametrize("cell", ["2020-05-01", "1.5.2020", "5/31/2020", "31/5/2020", "2020-05-01 13:45", "1.5.20"])
def test_a_date_in_any_order_means_the_event(dated, cell):
    assert dated(cell).frame["died"].tolist() == [True, False, True, True, True]


def test_serial_numbers_are_dates_where_the_mapping_says_so(dated):
    assert dated("43831", more=", dates: serial").frame is None  # 03/04/2020 has no order then
    checked = dated("43831", more=", dates: serial-1900")
    assert "line 6" in report.as_text(checked)


def test_typed_cells_of_a_workbook_are_events_where_they_are_dates_and_faults_where_they_are_numbers(study, put, reference):
    import datetime

    path = put("own.xlsx", b"")
    put("own.mapping.yml", KNOWN.format(""))
    frame = reference.drop(columns="died")
    frame.assign(death_date=[datetime.date(2020, 1, 2), None] * 4).to_excel(path, index=False)
    assert read_cohort(study, path)["died"].tolist() == [True, False] * 4
    frame.assign(death_date=[43832, None] * 4).to_excel(path, index=False)
    with pytest.raises(InputError, match="'file: {dates: serial}' in the mapping"):
        read_cohort(study, path)
    put("own.mapping.yml", KNOWN.format(", dates: serial"))
    assert read_cohort(study, path)["died"].tolist() == [True, False] * 4


def test_codes_for_missing_that_stand_in_a_number_a_category_or_a_date_are_proposed_as_well(study, put):
    told = report.as_text(check_file(study, put("own.csv", "patient,arm,months,died\n1,NA,2,1\n2,A,n/a,1\n3,A,2,.\n")))
    for cell, proposal in (("NA", "[NA]"), ("n/a", "[n/a]"), (".", "['.']")):
        assert f"(or 'missing: {proposal}' in the mapping); found '{cell}'" in told
    put("own.mapping.yml", "columns: {months: {from: a, to: b}}\n")
    assert "(or 'missing: [NA]' in the mapping); found 'NA'" in report.as_text(
        check_file(study, put("own.csv", "patient,arm,a,b,died\n1,A,2020-01-01,NA,1\n"))
    )


@pytest.mark.parametrize(
    ("dates", "cell", "months"),
    [
        ("serial", "43861", 30),
        ("serial-1904", "42399", 30),
        ("serial-1960", "21945", 30),
        ("serial-1970", "18292", 30),
        ("serial", "43861.75", 30),
    ],
)
def test_dates_as_serial_numbers_count_from_the_day_that_the_mapping_names(study, put, dates, cell, months):
    put("own.mapping.yml", f"columns: {{months: {{from: a, to: b, dates: {dates}}}}}\n")
    frame = read_cohort(study, put("own.csv", f"patient,arm,a,b,died\n1,A,2020-01-01,{cell},1\n"))
    assert frame["months"].tolist() == pytest.approx([months / 30.4375])


def test_serial_numbers_that_nobody_declared_are_faults_that_propose_to(study, put):
    put("own.mapping.yml", "columns: {months: {from: a, to: b}}\n")
    with pytest.raises(InputError, match="'file: {dates: serial}' in the mapping"):
        read_cohort(study, put("own.csv", "patient,arm,a,b,died\n1,A,43831,43861,1\n"))
    put("own.mapping.yml", "columns: {months: {from: a, to: b, dates: serial}}\n")
    with pytest.raises(InputError, match=r"found '43\.861'"):  # thousands, or the 43rd day of 1900
        read_cohort(study, put("own.csv", "patient,arm,a,b,died\n1,A,43831,43.861,1\n"))

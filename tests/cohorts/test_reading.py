import pytest

from analysis.cohorts.reading import read_table
from analysis.errors import InputError


def replaced(folder, old, new):
    path = folder / "cohort.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_table_comes_back_typed_as_declared(study):
    frame = read_table(study)
    assert list(frame.columns) == list(study.variables["cohort"])
    assert frame["died"].sum() == 5
    assert frame["age"].isna().sum() == 1
    assert frame["stage"].isna().sum() == 1


def test_remarks_above_the_header_are_left_out_and_line_numbers_stay_true(study, study_folder):
    path = study_folder / "cohort.csv"
    path.write_text("# synthetic\n# not patients\n" + path.read_text().replace("1,A,I,50,2,1", "1,A,I,50,2,7"))
    with pytest.raises(InputError, match="row 4, column died: expected 0 or 1; found '7'"):
        read_table(study)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1,A,I,50,2,1", "1,C,I,50,2,1", "row 2, column arm: expected one of A, B; found 'C'"),
        ("1,A,I,50,2,1", "1,A,I,50.5,2,1", "row 2, column age: expected a whole number from 0 to 120"),
        ("1,A,I,50,2,1", "1,A,I,50,-2,1", "row 2, column months"),
        ("1,A,I,50,2,1", "1,A,I,50,,1", "row 2, column months: expected a value; found an empty cell"),
        ("2,A,II,60", "1,A,II,60", "row 3, column patient: expected a key used once"),
        ("stage", "stag", "did you mean 'stage'"),
        ("1,A,I,50,2,1", "1,A,I,50,nan,1", "row 2, column months"),
    ],
)
def test_a_fault_is_named_with_file_row_column_expected_and_found(study, study_folder, old, new, said):
    replaced(study_folder, old, new)
    with pytest.raises(InputError) as caught:
        read_table(study)
    assert said in str(caught.value)
    assert "cohort.csv" in str(caught.value)


def test_all_faults_of_a_file_are_reported_at_once(study, study_folder):
    replaced(study_folder, "1,A,I,50,2,1", "1,C,I,50,x,9")
    with pytest.raises(InputError) as caught:
        read_table(study)
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize("content", [None, "", "patient,arm,stage,age,months,died\n"])
def test_a_missing_or_empty_file_is_one_clear_error(study, study_folder, content):
    path = study_folder / "cohort.csv"
    path.unlink()
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError):
        read_table(study)

"""What a form was sent with is refused as an execution would refuse it."""

import pytest

from analysis import paths
from analysis.errors import InputError
from analysis.live.forms import fields, runnable_pages, submitted_values
from analysis.parameters.declarations import list_parameters


def form(**asked):
    page = "notebooks/general/survival"
    return fields.make_form(page, runnable_pages.find_source(page), **asked)


def test_only_what_differs_from_the_published_page_is_given():
    made = form()
    same = {field.name: field.published for field in made.fields}
    assert submitted_values.check_values(made, same) == {}
    assert submitted_values.check_values(made, same | {"horizon": "24", "interval": "plain"}) == {"horizon": 24.0, "interval": "plain"}
    other = next(study for study in paths.studies() if study != same["study"])
    assert submitted_values.check_values(form(study=other), same | {"study": other})["study"] == other


@pytest.mark.parametrize(
    ("name", "text"), [("horizon", "0"), ("horizon", "0.99"), ("horizon", "601"), ("horizon", "x"), ("interval", "cubic")]
)
def test_a_wrong_value_is_told_at_its_field_in_the_words_of_an_execution(name, text):
    with pytest.raises(InputError) as caught:
        submitted_values.check_values(form(), {name: text})
    told = submitted_values.group_by_field(caught.value.faults)
    assert list(told) == [name]
    assert told[name] == f"Expected {list_parameters()[name].expected}; found {text!r}."


def test_values_at_the_limits_are_taken():
    assert submitted_values.check_values(form(), {"horizon": "1"}) == {"horizon": 1.0}
    assert submitted_values.check_values(form(), {"horizon": "600"}) == {"horizon": 600.0}


def test_what_the_study_does_not_declare_is_refused_before_anything_runs():
    with pytest.raises(InputError) as caught:
        submitted_values.check_values(form(), {"levels": "A,B"})
    assert list(submitted_values.group_by_field(caught.value.faults)) == ["levels"]


def test_no_path_gets_into_a_run(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("a\n1\n")
    for text in (str(file), "../data/x.csv", "cohort.csv", "own", "/etc/passwd"):
        with pytest.raises(InputError) as caught:
            submitted_values.check_values(form(), {"cohort": text})
        assert list(submitted_values.group_by_field(caught.value.faults)) == ["cohort"]
    assert submitted_values.read_values(form(own=True), {"cohort": "own"}, file) == {"cohort": str(file)}
    assert submitted_values.check_values(form(), {"cohort": "member 2"}) == {"cohort": "member 2"}


def test_a_folder_is_no_study_of_a_form(tmp_path):
    (tmp_path / "study.yml").write_text("study: mine\n")
    for text in (str(tmp_path), "../../etc", "/"):
        with pytest.raises(InputError) as caught:
            submitted_values.read_values(form(), {"study": text})
        assert list(submitted_values.group_by_field(caught.value.faults)) == ["study"]
    for study in paths.studies():
        assert submitted_values.read_values(form(), {"study": study}).get("study", study) == study


def test_a_field_of_another_page_is_refused():
    with pytest.raises(InputError) as caught:
        submitted_values.check_values(form(), {"landmark": "6"})
    assert list(submitted_values.group_by_field(caught.value.faults)) == ["landmark"]

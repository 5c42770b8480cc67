"""Fields of a form: what the page takes, refused as an execution would refuse it."""

import pytest

from analysis import paths
from analysis.errors import InputError
from analysis.live.forms import fields
from analysis.parameters.declarations import declared

STUDY = paths.studies()[0]
GENERAL = "notebooks/general/survival"


def form(page=GENERAL, **asked):
    return fields.form(page, fields.source_of(page), **asked)


def test_a_form_offers_the_parameters_that_the_page_takes_with_unit_range_and_published_value():
    found = {field.name: field for field in form().fields}
    assert {"study", "cohort", "horizon", "interval", "grouping"} <= set(found) and "ties" not in found
    horizon = found["horizon"]
    assert (horizon.unit, horizon.low, horizon.high, horizon.kind) == ("months", "1", "600", "number")
    assert horizon.published == "36" and horizon.meaning == declared()["horizon"].meaning
    assert [value for value, _ in found["interval"].choices] == ["", "log", "log-log", "plain"]
    assert ("true", "yes") in found["first_enrolments"].choices


def test_what_speaks_of_own_patients_is_offered_with_such_alone():
    assert not {field.name for field in form().fields} & set(fields.ABOUT_OWN)
    own = form(own=True).fields
    assert {"disclosure", "threshold", "coarsening"} <= {field.name for field in own if field.own}
    cohort = next(field for field in own if field.name == "cohort")
    assert cohort.choices[1] == ("own", "my own patients") and cohort.choices[2][0] == "member 1"


def test_the_study_chosen_decides_what_can_be_named_of_it():
    for study in paths.studies():
        found = {field.name: [value for value, _ in field.choices] for field in form(study=study).fields}
        from analysis.cohorts.study import read_study

        assert found["endpoint"] == ["", *read_study(study).endpoints]
    with pytest.raises(InputError, match="parameter study"):
        form(study="../elsewhere")


def test_only_pages_of_the_table_of_contents_are_found():
    for name in ("notebooks/general/nothing", "../x", "book/guide/reading.md", "", "/etc/passwd", "notebooks/general/survival.md"):
        assert fields.source_of(name) is None


def test_only_what_differs_from_the_published_page_is_given():
    made = form()
    same = {field.name: field.published for field in made.fields}
    assert fields.typed(made, same) == {}
    assert fields.typed(made, same | {"horizon": "24", "interval": "plain"}) == {"horizon": 24.0, "interval": "plain"}
    other = paths.studies()[1]
    assert fields.typed(form(study=other), same | {"study": other})["study"] == other


@pytest.mark.parametrize(
    ("name", "text"), [("horizon", "0"), ("horizon", "0.99"), ("horizon", "601"), ("horizon", "x"), ("interval", "cubic")]
)
def test_a_wrong_value_is_told_at_its_field_in_the_words_of_an_execution(name, text):
    with pytest.raises(InputError) as caught:
        fields.typed(form(), {name: text})
    told = fields.by_field(caught.value.faults)
    assert list(told) == [name]
    assert told[name] == f"Expected {declared()[name].expected}; found {text!r}."


def test_values_at_the_limits_are_taken():
    assert fields.typed(form(), {"horizon": "1"}) == {"horizon": 1.0}
    assert fields.typed(form(), {"horizon": "600"}) == {"horizon": 600.0}


def test_what_the_study_does_not_declare_is_refused_before_anything_runs():
    with pytest.raises(InputError) as caught:
        fields.typed(form(), {"levels": "A,B"})
    assert list(fields.by_field(caught.value.faults)) == ["levels"]


def test_no_path_gets_into_a_run(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("a\n1\n")
    for text in (str(file), "../data/x.csv", "cohort.csv", "own", "/etc/passwd"):
        with pytest.raises(InputError) as caught:
            fields.typed(form(), {"cohort": text})
        assert list(fields.by_field(caught.value.faults)) == ["cohort"]
    assert fields.differing(form(own=True), {"cohort": "own"}, file) == {"cohort": str(file)}
    assert fields.typed(form(), {"cohort": "member 2"}) == {"cohort": "member 2"}


def test_a_folder_is_no_study_of_a_form(tmp_path):
    (tmp_path / "study.yml").write_text("study: mine\n")
    for text in (str(tmp_path), "../../etc", "/"):
        with pytest.raises(InputError) as caught:
            fields.differing(form(), {"study": text})
        assert list(fields.by_field(caught.value.faults)) == ["study"]
    for study in paths.studies():
        assert fields.differing(form(), {"study": study}).get("study", study) == study


def test_a_field_of_another_page_is_refused():
    with pytest.raises(InputError) as caught:
        fields.typed(form(), {"landmark": "6"})
    assert list(fields.by_field(caught.value.faults)) == ["landmark"]

"""Fields of a form: what the page takes."""

import pytest

from analysis import paths
from analysis.errors import InputError
from analysis.live.forms import fields, runnable_pages
from analysis.parameters.declarations import list_parameters

STUDY = paths.studies()[0]
GENERAL = "notebooks/general/survival"


def form(page=GENERAL, **asked):
    return fields.make_form(page, runnable_pages.find_source(page), **asked)


def test_a_form_offers_the_parameters_that_the_page_takes_with_unit_range_and_published_value():
    found = {field.name: field for field in form().fields}
    assert {"study", "cohort", "horizon", "interval", "grouping"} <= set(found) and "ties" not in found
    horizon = found["horizon"]
    assert (horizon.unit, horizon.low, horizon.high, horizon.kind) == ("months", "1", "600", "number")
    assert horizon.published == "36" and horizon.meaning == list_parameters()["horizon"].meaning
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

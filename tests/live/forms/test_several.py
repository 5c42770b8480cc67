"""Several values of a form: lists and ranges become the grid of a sweep."""

import pytest

from analysis.errors import InputError
from analysis.live.forms import fields, runnable_pages, several, submitted_values

PAGE = "notebooks/general/survival"
FORM = fields.make_form(PAGE, runnable_pages.find_source(PAGE))
FIELD = {field.name: field for field in FORM.fields}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("horizon", "12; 24;36", ["12", "24", "36"]),
        ("horizon", "12, 24", ["12", "24"]),
        ("horizon", "12 to 60 by 24", ["12", "36", "60"]),
        ("horizon", "12 to 50 by 24", ["12", "36"]),
        ("level", "0.8 to 0.9 by 0.05", ["0.8", "0.85", "0.9"]),
        ("horizon", "24", ["24"]),
        ("horizon", "24; 24", ["24"]),
        ("censor_at", "none; 24", ["", "24"]),
        ("where", "arm=A & sex=F; arm=B", ["arm=A & sex=F", "arm=B"]),
        ("levels", "A,B", ["A,B"]),
        ("where", "", [""]),
    ],
)
def test_what_a_field_holds(name, text, expected):
    assert several.expand(FIELD[name], text) == expected


@pytest.mark.parametrize("text", ["12 to 6 by 2", "1 to 2 by 0", "1 to 600 by 1", "1.2.3 to 4 by 1"])
def test_a_range_that_leads_nowhere_or_too_far_is_refused_at_its_field(text):
    with pytest.raises(InputError) as caught:
        several.expand(FIELD["horizon"], text)
    assert list(submitted_values.group_by_field(caught.value.faults)) == ["horizon"]


def test_fields_with_several_values_make_the_grid_and_the_others_hold_for_all():
    made = several.content(FORM, {"horizon": "36; 24", "interval": "plain", "where": ""}, ["survival"])
    assert made["grid"] == {"horizon": [36.0, 24.0]} and made["parameters"] == {"interval": "plain"}
    assert made["notebooks"] == [f"{PAGE}.md"] and made["statistics"] == ["survival"]


def test_no_more_scenarios_than_may_be():
    hundred = {"horizon": "; ".join(map(str, range(1, 51))), "first_enrolments": "true; false"}
    assert len(several.content(FORM, hundred, ["median"])["grid"]["horizon"]) == 50
    with pytest.raises(InputError, match="at most 100 combinations"):
        several.content(FORM, hundred | {"interval": "log; plain"}, ["median"])


def test_a_sweep_compares_something_and_varies_something():
    with pytest.raises(InputError, match="several values"):
        several.content(FORM, {"horizon": "24"}, ["survival"])
    with pytest.raises(InputError, match="statistics"):
        several.content(FORM, {"horizon": "24; 36"}, [])


def test_each_wrong_value_is_told():
    with pytest.raises(InputError) as caught:
        several.content(FORM, {"horizon": "0; 24; x"}, ["survival"])
    told = submitted_values.group_by_field(caught.value.faults)["horizon"]
    assert "'0'" in told and "'x'" in told
    with pytest.raises(InputError, match="one that the form offers"):
        several.content(FORM, {"cohort": "member 1; /etc/passwd"}, ["survival"])

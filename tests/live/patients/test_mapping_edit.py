"""A mapping changed from a form: what the form says replaces what stood there, and all else is kept."""

import pytest
import yaml

from analysis.cohorts.importing.mapping import read_mapping
from analysis.errors import InputError
from analysis.live.patients.mapping_edit import content_of, edit, entries_of, source_of


def entry(source, **said):
    return {"source": source, "codes": {}} | said


def made(text="", options=None, **entries):
    return yaml.load(edit(text, "made_up", entries, options or {}), Loader=yaml.BaseLoader)


def test_each_origin_becomes_its_entry():
    found = made(
        patient=entry("rows"),
        arm=entry("column", column="Schema", codes={"alt": "A", "neu": "B", "x": ""}),
        months=entry("column", column="Tage", unit="days", missing="99; 999"),
        age=entry("dates", **{"from": "Geburt", "to": "Beginn"}),
        died=entry("known", known="Todestag"),
        stage=entry("constant", constant="II"),
        other=entry("absent"),
        same=entry(""),
    )
    assert found["columns"] == {
        "patient": {"number": "rows"},
        "arm": {"column": "Schema", "codes": {"alt": "A", "neu": "B"}},
        "months": {"column": "Tage", "unit": "days", "missing": ["99", "999"]},
        "age": {"from": "Geburt", "to": "Beginn"},
        "died": {"known": "Todestag"},
        "stage": {"constant": "II"},
    }
    assert found["absent"] == ["other"] and found["study"] == "made_up"


def test_what_the_form_does_not_show_is_kept():
    text = "where: {Besuch: 1}\nwithout: [months]\nfile: {header: 3, decimal: point}\ncolumns:\n  months: {column: T, range: [0, 9]}\n  x: Y\nabsent: [z]\n"
    found = made(text, {"decimal": "comma"}, months=entry("column", column="U"))
    assert found["where"] == {"Besuch": "1"} and found["without"] == ["months"] and found["absent"] == ["z"]
    assert found["file"] == {"header": "3", "decimal": "comma"}
    assert found["columns"] == {"x": {"column": "Y"}, "months": {"column": "U", "range": ["0", "9"]}}


def test_texts_stay_texts(tmp_path):
    file = tmp_path / "m.yml"
    file.write_text(edit("", "s", {"arm": entry("column", column="no", codes={"01": "yes", "1": "no"})}, {"missing": "NA; ~; null"}))
    mapping, problems = read_mapping(file)
    assert problems == [] and mapping.columns["arm"].codes == {"01": "yes", "1": "no"} and mapping.missing == ("NA", "~", "null")


def test_a_mapping_that_cannot_be_read_is_begun_anew_by_the_form():
    assert content_of("a: [") == {} and content_of("- x") == {} and content_of("") == {}
    assert entries_of({"columns": "text"}) == {}


def test_where_a_variable_comes_from_is_read_from_its_entry():
    assert [source_of(one, False) for one in ({"column": "a"}, {"from": "a"}, {"known": "a"}, {"constant": "a"}, {"number": "rows"}, None)] == [
        "column", "dates", "known", "constant", "rows", "",
    ]  # fmt: skip
    assert source_of({"column": "a"}, True) == "absent"


@pytest.mark.parametrize(
    "said", [{"codes": {}}, {"source": 3, "codes": {}}, {"source": "column", "codes": {"a": 1}}, {"source": "x" * 600, "codes": {}}, "text"]
)
def test_what_no_form_sends_is_refused(said):
    with pytest.raises(InputError):
        edit("", "s", {"arm": said}, {})

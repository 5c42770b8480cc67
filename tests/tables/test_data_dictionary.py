import pytest

from analysis import paths
from analysis.cohorts.study import read_study
from analysis.tables.data_dictionary import data_dictionary


def test_a_dictionary_holds_every_declared_name_with_what_it_may_hold(study):
    view = data_dictionary(study)
    assert view.frame["Variable"].tolist() == list(study.variables["cohort"])
    assert view.frame.set_index("Variable").loc["months", "May hold"] == "a number from 0 to 600 (months)"
    for shown in (view.html, view.text):
        for word in ("patient", "one of A, B", "Overall survival", "arm=A", "Arm A", "everybody"):
            assert word in shown


def test_a_dictionary_says_what_an_own_cohort_needs(study):
    needed = data_dictionary(study).frame.set_index("Variable")["Own cohort"]
    assert needed.to_dict() == {
        "patient": "needed (key)", "arm": "needed (populations)", "stage": "may be left out", "age": "may be left out",
        "months": "needed (endpoint)", "died": "needed (endpoint)",
    }  # fmt: skip


def test_a_dictionary_escapes_what_a_declaration_says(study_folder):
    path = study_folder / "study.yml"
    path.write_text(
        path.read_text().replace(
            "    died:\n      type: boolean", "    died:\n      meaning: <script>alert(1)</script>\n      type: boolean"
        )
    )
    html = data_dictionary(read_study(study_folder)).html
    assert "&lt;script&gt;" in html and "<script" not in html


@pytest.mark.parametrize("name", paths.studies())
def test_every_study_has_a_dictionary(name):
    study = read_study(name)
    view = data_dictionary(study)
    assert len(view.frame) == sum(map(len, study.variables.values()))
    assert all(population.label.replace("&", "&amp;").split("<")[0] in view.html for population in study.populations.values())

"""README, citation files and title follow the studies that are there."""

import json

import pytest
import yaml
from pybtex.database import parse_file
from pybtex.richtext import Text

from analysis.book.new_study import front_matter
from analysis.cohorts.study import read_study
from analysis.errors import InputError
from tests.conftest import DECLARED


@pytest.fixture
def project(tmp_path):
    (tmp_path / "book").mkdir()
    for name in ("README.md", "book/index.md"):
        (tmp_path / name).write_text(f"# Old title\n\n{front_matter.BEGIN}\n- One: a study.\n{front_matter.END}\n")
    (tmp_path / "_config.yml").write_text("title: Old title\nsphinx:\n  config:\n    html_title: Old title\n")
    (tmp_path / "CITATION.cff").write_text("title: Old title\nreferences:\n  - type: article\n    title: A study\n")
    (tmp_path / ".zenodo.json").write_text('{"title": "Old title"}\n')
    return tmp_path


@pytest.fixture
def study(study_folder):
    path = study_folder / "study.yml"
    citation = {"journal": "A journal", "year": 2020, "doi": "10.1000/x"}
    path.write_text(yaml.safe_dump(DECLARED | {"citation": citation}, sort_keys=False))
    return read_study(study_folder)


def test_a_study_is_named_once_in_each_file(project, study):
    assert sorted(front_matter.list_study(project, study)) == [".zenodo.json", "CITATION.cff", "README.md"]
    assert front_matter.list_study(project, study) == []
    assert "- Made up: *A journal* 2020, doi [10.1000/x](https://doi.org/10.1000/x)." in (project / "README.md").read_text()
    references = yaml.safe_load((project / "CITATION.cff").read_text())["references"]
    assert [(one["title"], one.get("doi")) for one in references] == [("A study", None), ("A made-up study", "10.1000/x")]
    assert json.loads((project / ".zenodo.json").read_text())["related_identifiers"][0]["identifier"] == "10.1000/x"


def test_a_study_is_listed_once_among_the_references_as_the_bibliography_reads_them(project, study):
    path = project / "book" / "references.bib"
    path.write_text("@misc{other2000,\n  title = {Another study}, howpublished = {B}, year = {2000}, key = {Other},\n}\n")
    study = study.model_copy(update={"title": "Drugs A & B, 50% of the dose"})
    assert "book/references.bib" in front_matter.list_study(project, study)
    assert front_matter.list_study(project, study) == []
    entries = parse_file(str(path)).entries
    assert list(entries) == ["other2000", "madeup2020"]
    found = {name: str(Text.from_latex(entries["madeup2020"].fields[name])) for name in ("title", "howpublished", "year", "doi")}
    assert found == {"title": "Drugs A & B, 50% of the dose", "howpublished": "A journal", "year": "2020", "doi": "10.1000/x"}


def test_another_title_is_said_everywhere_or_is_a_fault(project):
    assert sorted(front_matter.entitle(project, "Three studies, re-executed")) == [".zenodo.json", "CITATION.cff", "README.md", "_config.yml", "book/index.md"]  # fmt: skip
    assert yaml.safe_load((project / "_config.yml").read_text())["sphinx"]["config"]["html_title"] == "Three studies, re-executed"
    assert front_matter.faults(project) == []
    (project / "README.md").write_text("# Old title\n")
    assert [fault.file for fault in front_matter.faults(project)] == ["README.md"]


@pytest.mark.parametrize("title", ["", 'a "title"', "one: two", "# x", "a\nb"])
def test_a_title_that_would_need_escaping_is_refused(project, title):
    with pytest.raises(InputError, match="--book-title"):
        front_matter.entitle(project, title)

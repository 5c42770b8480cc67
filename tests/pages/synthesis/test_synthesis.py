"""A page over several studies keeps them apart and leads to each one's audit."""

import shutil

import pytest
import yaml

from analysis import paths
from analysis.pages.synthesis.synthesis import Synthesis

CLAIM = {
    "id": "a-claim",
    "claim": "Arm A is better.",
    "source": "Abstract",
    "rests_on": ["t1.n"],
    "pattern": "numbers",
    "holds": ["t1.a > t1.b"],
    "reason": "Nothing was compared.",
}


@pytest.fixture
def both(study_folder, monkeypatch):
    monkeypatch.setattr(paths, "DATA", study_folder.parent)
    (study_folder / "findings.yml").write_text("[]")
    (study_folder / "claims.yml").write_text(yaml.safe_dump([CLAIM]))
    other = study_folder.parent / "other"
    shutil.copytree(study_folder, other)
    declared = yaml.safe_load((other / "study.yml").read_text()) | {"study": "other", "label": "Another"}
    (other / "study.yml").write_text(yaml.safe_dump(declared, sort_keys=False))
    (other / "printed.csv").write_text((other / "printed.csv").read_text().replace("a dose,,,quoted,,20", "a dose,,,quoted,,35"))
    (other / "claims.yml").write_text(yaml.safe_dump([CLAIM | {"holds": ["t1.a = t1.b"]}]))
    return Synthesis("made_up", "other")


def test_cells_of_one_table_hold_numbers_of_both_studies_and_lead_to_their_audits(both):
    view = both.table.definitions([("Dose", "{made_up.met.dose} mg", "{other.met.dose} mg")], heads=("", "One", "Other"), caption="Doses")
    assert view.frame.iloc[0].tolist() == ["Dose", "20 mg", "35 mg"]
    assert "../made_up/audit.html#met.dose" in view.html and "../other/audit.html#met.dose" in view.html


def test_a_study_that_is_not_on_the_page_is_named(both):
    with pytest.raises(KeyError, match="no study 'third'"):
        both.table.definitions([("Dose", "{third.met.dose}")], heads=("", ""), caption="Doses")


def test_reports_of_several_studies_stand_in_one_forest_plot(both):
    html = both.figure.literature(
        {"First": ("made_up", "count", "t1.a", "t1.n"), "Second": ("other", "cited", "met.dose")}, title="Shares"
    ).data
    assert "First" in html and "Made up: this study" in html and "Another" in html


def test_the_sentence_on_reports_follows_from_their_numbers(both):
    first = ("ours", ("made_up", "count", "t1.a", "t1.n"))
    assert "within it: dose · dose elsewhere." in str(
        both.sentence.literature_interval(
            first, {"dose": ("made_up", "cited", "met.dose"), "dose elsewhere": ("other", "cited", "met.dose")}, what="Share"
        )
    )


def test_claims_are_counted_by_judgement_and_study(both):
    rows = both.table.judgements().frame
    assert rows.values.tolist() == [["supported", "0", "1"], ["not supported", "1", "0"]]

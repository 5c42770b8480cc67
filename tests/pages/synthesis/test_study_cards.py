"""A card a study: in the study's words where it declares them, and sensible where it declares nothing."""

import re

import pytest
import yaml
from bs4 import BeautifulSoup

from analysis import paths
from analysis.pages.synthesis.scoreboards import Overview
from tests.ledger.registers.test_briefs import BRIEFS, CLAIM
from tests.pages.paper.test_summary import FINDING


@pytest.fixture
def folder(study_folder, monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "DATA", study_folder.parent)
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path / "notebooks")
    (study_folder / "findings.yml").write_text("[]")
    return study_folder


def register(folder, claims=(CLAIM,), ranks=(), briefs=True):
    (folder / "claims.yml").write_text(yaml.safe_dump(list(claims)))
    findings = [FINDING | {"id": f"n{rank}", "rank": rank, "matters": "So."} for rank in ranks]
    (folder / "findings.yml").write_text(yaml.safe_dump(findings))
    if briefs:
        (folder / "briefs.yml").write_text(yaml.safe_dump(BRIEFS))


def pages(tmp_path):
    made = tmp_path / "notebooks" / "made_up"
    made.mkdir(parents=True)
    for name in ("summary", "audit", "claims", "findings"):
        (made / f"{name}.md").touch()


def card():
    cards = BeautifulSoup(Overview().figure.study_cards().data, "html.parser").select("article.study-card")
    assert len(cards) == 1
    return cards[0]


def test_a_study_that_declares_nothing_still_has_a_card(folder):
    found = card()
    assert [dt.text for dt in found.select("dt")] == ["Patients", "Result"]
    assert found.select("dd")[0].text == "Reconstructed: 8 patients."
    assert found.select("dd")[1].text.startswith("Of 6 printed results, 4 are reproduced (")
    assert found.select_one("figure svg[role=img]")["aria-label"].startswith("Overall survival")
    assert not found.select("h4") and not found.select("a[href^='../notebooks']")


def test_patients_are_called_by_the_plural_of_a_row(folder):
    declared = yaml.safe_load((folder / "study.yml").read_text())
    declared["tables"]["cohort"]["unit"] = "child"
    (folder / "study.yml").write_text(yaml.safe_dump(declared))
    assert card().select_one("dd").text == "Reconstructed: 8 children."


def test_without_a_cohort_there_is_no_figure_and_the_rest_stays(folder):
    (folder / "cohort.csv").unlink()
    register(folder)
    found = card()
    assert not found.select("figure") and found.select_one("dd").text == "Is A better?"


def test_without_endpoints_there_is_no_figure(folder):
    declared = yaml.safe_load((folder / "study.yml").read_text()) | {"endpoints": {}}
    (folder / "study.yml").write_text(yaml.safe_dump(declared))
    (folder / "printed.csv").write_text(
        "\n".join(line for line in (folder / "printed.csv").read_text().splitlines() if "os" not in line.split(",")[0])
    )
    assert not card().select("figure")


def test_three_sentences_come_with_the_papers_digits_and_the_figure_with_hazard_ratio_and_p(folder, tmp_path):
    register(folder)
    pages(tmp_path)
    found = card()
    assert [dd.text for dd in found.select("dd")] == ["Is A better?", "4 with A.", "75% survive."]
    assert [a["href"] for a in found.select("dd a")] == [f"../notebooks/made_up/audit.html#{id}" for id in ("t1.a", "res.os")]
    assert re.search(r"HR for death, A vs B: \d\.\d\d \(95% CI \d\.\d\d–\d+\.\d\d; P = \d\.\d+\)", found.select_one("figcaption").text)


def test_claims_have_symbol_and_word_and_only_those_of_the_abstract_where_it_has_any(folder, tmp_path):
    pages(tmp_path)
    register(folder, [CLAIM, CLAIM | {"id": "other", "source": "Discussion"}])
    lights = card().select(".traffic-lights li")
    assert [light.select_one("a")["href"] for light in lights] == ["../notebooks/made_up/claims.html#a-claim"]
    assert lights[0].select_one(".verdict-badge").text == "✗ not supported"
    assert "1 not supported" in card().select_one("h4").text
    register(folder, [CLAIM | {"source": "Results"}, CLAIM | {"id": "other", "source": "Discussion"}])
    assert len(card().select(".traffic-lights li")) == 2


def test_the_three_weightiest_findings_are_not_to_be_quoted(folder, tmp_path):
    pages(tmp_path)
    register(folder, ranks=(1, 2, 3, 4))
    assert [a["href"] for a in card().select(".findings-digest a")] == [f"../notebooks/made_up/findings.html#n{rank}" for rank in (1, 2, 3)]


def test_a_study_without_pages_is_linked_nowhere(folder):
    register(folder, ranks=(1,))
    assert not card().select("a[href^='../notebooks'], a[href^='#']")


def test_the_overview_says_in_words_how_results_fared(folder):
    assert re.search(r"Made up\. .*6 printed results", BeautifulSoup(Overview().sentence.verdicts().data, "html.parser").text)

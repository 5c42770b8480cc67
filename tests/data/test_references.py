"""References, glossary and citations: what is linked to exists, and the papers are cited as the studies declare them."""

import re

import pytest
import yaml
from pybtex.database import parse_file

from analysis import paths
from analysis.cohorts.study import read_study

PAGES = sorted([*paths.BOOK.rglob("*.md"), *paths.NOTEBOOKS.rglob("*.md")])
REFERENCES = parse_file(str(paths.BOOK / "references.bib")).entries
ENTRIES = {line for line in (paths.BOOK / "glossary.md").read_text(encoding="utf-8").splitlines() if re.match(r"^[A-Za-z]", line)}


def named(role):
    """Targets of a role on all pages: what stands in angle brackets, else the words."""
    found = {}
    for page in PAGES:
        for text in re.findall(rf"\{{{role}\}}`([^`]+)`", page.read_text(encoding="utf-8")):
            inside = re.search(r"<([^>]+)>$", text)
            found.setdefault(inside[1] if inside else text, page.name)
    return found


def test_every_word_that_is_linked_to_the_glossary_stands_in_it():
    known = {entry.lower() for entry in ENTRIES}
    assert {word: page for word, page in named("term").items() if word.lower() not in known} == {}


@pytest.mark.parametrize(
    "word",
    [
        "CR",
        "CRi",
        "CRp",
        "MRD",
        "SCT",
        "FLT3-ITD",
        "KMT2A",
        "CLAG",
        "Decitabine",
        "Hypomethylating agent",
        "Blasts",
        "Resistant disease",
        "Refractory disease",
        "OS",
        "EFS",
        "DFS",
        "CIR",
        "Hazard ratio",
        "Log-rank test",
        "Kaplan–Meier estimate",
        "Landmark analysis",
        "Immortal time",
        "Time-dependent covariate",
        "Competing risk",
        "Gray's test",
        "Stratum",
        "Censoring",
        "At risk",
        "Odds ratio",
        "P value",
        "Greenwood's formula",
        "Ensemble",
        "Ledger",
        "Imposed",
        "Held-out",
    ],
)
def test_the_glossary_has_the_words_that_a_reader_meets(word):
    assert word in ENTRIES


def test_entries_of_the_glossary_are_in_order_within_their_section():
    for section in (paths.BOOK / "glossary.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        words = [line.lower() for line in section.splitlines()[1:] if re.match(r"^[A-Za-z]", line)]
        assert words == sorted(words)


def test_every_citation_has_its_reference():
    cited = {key.strip(): page for keys, page in named("cite(?::t)?").items() for key in keys.split(",")}
    assert len(cited) > 10
    assert {key: page for key, page in cited.items() if key not in REFERENCES} == {}


def test_every_doi_is_one():
    for key, entry in REFERENCES.items():
        assert re.fullmatch(r"10\.\d{4,}/\S+", entry.fields.get("doi", "10.1000/absent")), key


@pytest.mark.parametrize("study", paths.studies())
def test_each_study_is_cited_as_it_declares_itself(study):
    declared = read_study(study)
    plain = {re.sub(r"[{}]", "", entry.fields["title"]): entry for entry in REFERENCES.values()}
    entry = plain[declared.title]
    # an article whose authors could not be verified is an entry that needs none, with its journal in `howpublished`
    journal = entry.fields.get("journal") or entry.fields["howpublished"].partition(",")[0]
    assert (journal, entry.fields["year"]) == (declared.citation["journal"], str(declared.citation["year"]))
    assert entry.fields.get("doi") == declared.citation.get("doi")
    file = yaml.safe_load((paths.ROOT / "CITATION.cff").read_text())
    reference = next(one for one in file["references"] if one["title"] == declared.title)
    assert (reference["journal"], reference["year"], reference.get("doi")) == (
        declared.citation["journal"],
        declared.citation["year"],
        declared.citation.get("doi"),
    )


def test_the_page_on_citing_names_the_version_of_the_citation_file():
    file = yaml.safe_load((paths.ROOT / "CITATION.cff").read_text())
    page = (paths.BOOK / "citing.md").read_text()
    assert file["title"] in page and f"Version {file['version']}, {str(file['date-released'])[:4]}" in page

"""A page describes itself by its own first sentence, and a summary names its paper by what is declared and no more."""

import pytest
from docutils import nodes
from docutils.utils import new_document

from analysis.book.sphinx import metadata
from analysis.book.sphinx.metadata import LONGEST, citation, describe


def page(*paragraphs):
    document = new_document("page")
    document += nodes.title(text="A title")
    for text in paragraphs:
        document += nodes.paragraph(text=text)
    return document


@pytest.mark.parametrize(
    ("paragraphs", "told"),
    [
        ((), ""),
        (("One sentence. Another.",), "One sentence."),
        (("", "The first\nthat says something"), "The first that says something"),
        (("word " * 40,), ("word " * 40).strip()),
        (("P = 0.05 is printed. It is not.",), "P = 0.05 is printed."),
    ],
)
def test_a_description_is_the_first_sentence_of_the_prose(paragraphs, told):
    assert describe(page(*paragraphs)) == told


@pytest.mark.parametrize(("length", "whole"), [(LONGEST - 1, True), (LONGEST, True), (LONGEST + 1, False)])
def test_a_long_one_is_cut_at_a_word(length, whole):
    text = "a" * (length - 4) + " bcd"
    assert describe(page(text)) == (text if whole else "a" * (length - 4) + "…")


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({}, {}),
        (
            {"journal": "J", "year": 2024, "volume": "16", "article": "63", "doi": "10.1/x"},
            {"journal_title": "J", "publication_date": "2024", "volume": "16", "doi": "10.1/x", "firstpage": "63"},
        ),
        ({"issue": 4, "pages": "757-765"}, {"issue": "4", "firstpage": "757", "lastpage": "765"}),
        ({"pages": "757–765"}, {"firstpage": "757", "lastpage": "765"}),
    ],
)
def test_a_paper_is_named_by_what_is_declared_and_no_more(declared, told):
    found = {name: text for name, text in citation("A paper", declared) if text}
    assert found == {"citation_title": "A paper"} | {f"citation_{name}": text for name, text in told.items()}


def test_each_author_has_a_tag():
    found = [text for name, text in citation("A paper", {"authors": "A B, C D"}) if name == "citation_author"]
    assert found == ["A B", "C D"]


class App:
    class config:
        html_title = "A “book” & more"


def tags(name, monkeypatch=None):
    context = {"title": "A <em>title</em>", "metatags": "<meta kept>"}
    metadata._add(App, name, "page.html", context, page('It is "so". More.'))
    return context["metatags"]


def test_what_stands_already_is_kept_and_signs_are_escaped():
    found = tags("book/index")
    assert found.startswith("<meta kept>") and 'name="description" content="It is &quot;so&quot;."' in found
    assert 'property="og:title" content="A title"' in found and "A “book” &amp; more" in found
    assert "citation_" not in found


def test_only_the_summary_of_a_study_names_a_paper(study_folder, monkeypatch):
    monkeypatch.setattr(metadata.paths, "DATA", study_folder.parent)
    assert 'name="citation_title" content="A made-up study"' in tags("notebooks/made_up/summary")
    assert 'name="description" content="What “A made-up study” reports,' in tags("notebooks/made_up/summary")
    assert "citation_" not in tags("notebooks/made_up/survival") + tags("notebooks/other/summary")

"""What a word means stands at the word: definitions of the glossary, references, the first mention of an abbreviation."""

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx

from analysis.book.sphinx.definitions import LONGEST, explain, find_definition, mention, shorten

PLACES = {"OS": "../glossary.html#term-OS", "SCT": "../glossary.html#term-SCT", "HSCT": "../glossary.html#term-HSCT"}


def links(html):
    return [(link.text, link["href"]) for link in BeautifulSoup(html, "html.parser").select("a")]


def test_the_first_mention_in_a_paragraph_leads_to_its_definition_and_no_other():
    body = "<h1>OS</h1><p>OS after HSCT, and OS.</p><p>OS again.</p>"
    assert links(mention(body, PLACES)) == [("OS", PLACES["OS"]), ("HSCT", PLACES["HSCT"])]
    assert mention(body, PLACES).startswith("<h1>OS</h1>")


@pytest.mark.parametrize(
    "body", ["<p><code>OS</code></p>", '<p><a href="x">OS</a></p>', "<p>pre-OS OSX xOS</p>", '<p><img alt="OS"></p>', "<td>OS</td>"]
)
def test_code_links_longer_words_attributes_and_tables_stay_as_they_are(body):
    assert mention(body, PLACES) == body


def test_an_abbreviation_that_the_page_links_already_is_left_alone():
    body = '<p>OS.</p><p><a class="reference internal" href="../glossary.html#term-OS">overall survival</a></p>'
    assert mention(body, {"OS": PLACES["OS"]}) == body


def test_a_link_carries_the_words_that_it_leads_to():
    told = {"term-OS": 'Time to death, "any" cause', "id3": "A reference"}
    body = '<a class="reference internal" href="g.html#term-OS">OS</a><a class="bibtex" href="c.html#id3" title="Old">A, 1999</a>'
    first, second = BeautifulSoup(explain(body, told), "html.parser").select("a")
    assert first["data-definition"] == told["term-OS"] and first["href"] == "g.html#term-OS"
    assert second["data-definition"] == "A reference" and not second.has_attr("title")


@pytest.mark.parametrize("body", ['<a class="reference internal" href="g.html#other">x</a>', '<a class="headerlink" href="#term-OS">¶</a>'])
def test_other_links_stay(body):
    assert explain(body, {"term-OS": "x"}) == body


def test_a_definition_is_the_first_paragraph_of_its_entry():
    item = nodes.definition_list_item(
        "", nodes.term(text="OS"), nodes.definition("", nodes.paragraph(text="Overall\nsurvival."), nodes.paragraph(text="More."))
    )
    assert find_definition(item) == "Overall survival."
    assert find_definition(nodes.definition_list_item("", nodes.term(text="OS"))) == ""


@pytest.mark.parametrize(("length", "whole"), [(LONGEST - 1, True), (LONGEST, True), (LONGEST + 1, False)])
def test_a_long_definition_is_cut_at_a_word(length, whole):
    text = "a" * (length - 4) + " bcd"
    assert shorten(text) == (text if whole else "a" * (length - 4) + "…")


@pytest.mark.slow
def test_a_built_page_explains_its_words(tmp_path):
    source = tmp_path / "source"
    (source / "guide").mkdir(parents=True)
    (source / "conf.py").write_text(
        'extensions = ["myst_parser", "sphinxcontrib.bibtex", "analysis.book.sphinx.definitions"]\nmyst_enable_extensions = ["colon_fence"]\nbibtex_bibfiles = ["x.bib"]\n'
    )
    (source / "x.bib").write_text("@article{km, author={Kaplan, E. L.}, title={Nonparametric estimation}, journal={J}, year={1958}}")
    (source / "index.md").write_text("# Home\n\n```{toctree}\nglossary\nguide/page\n```\n")
    (source / "glossary.md").write_text(
        "# Glossary\n\n:::{glossary}\nOS\n  Overall survival: time to death.\n\nImmortal time\n  Time in which nobody can die.\n:::\n\n```{bibliography}\n```\n"
    )
    (source / "guide" / "page.md").write_text("# Page\n\nOS with {term}`immortal time <Immortal time>` {cite}`km`.\n")
    Sphinx(source, source, tmp_path / "html", tmp_path / "trees", "html", status=None).build()
    page = BeautifulSoup((tmp_path / "html" / "guide" / "page.html").read_text(), "html.parser")
    told = {link["href"]: link["data-definition"] for link in page.select("a[data-definition]")}
    assert told["../glossary.html#term-OS"] == "Overall survival: time to death."
    assert told["../glossary.html#term-Immortal-time"] == "Time in which nobody can die."
    assert [text for text in told.values() if "Nonparametric estimation" in text] and len(told) == 3
    glossary = BeautifulSoup((tmp_path / "html" / "glossary.html").read_text(), "html.parser")
    assert glossary.select("dd a.definition") == []

"""The index: stems as Sphinx finds them, each once; numbers and abbreviations; excerpts from a file."""

import json
from urllib.parse import quote

import pytest
from sphinx.search import js_index
from sphinx.search.en import SearchEnglish

from analysis.book.sphinx.search_words import English, Indexer, _write_texts, abbreviations
from tests.book.conftest import make_project


def test_stems_are_those_of_sphinx():
    ours, theirs = English({}), SearchEnglish({})
    for word in ("Remission", "remissions", "patients", "censored", "Censoring", "dying", "1,013", "80.54"):
        assert ours.stem(word) == ours.stem(word) == theirs.stem(word)


def test_a_word_is_reduced_once(monkeypatch):
    ours, asked = English({}), []
    monkeypatch.setattr(SearchEnglish, "stem", lambda self, word: asked.append(word) or word)
    assert [ours.stem("patients") for _ in range(3)] == ["patients"] * 3 and asked == ["patients"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80.54% ± 7.66", ["80.54", "7.66"]),
        ("Kaplan–Meier, 1,013 children", ["Kaplan", "Meier", "1,013", "children", "1013"]),
        ("0\u00b735 (0,05)", ["0.35", "0,05"]),
        ("P=0.0435.", ["P", "0.0435"]),
    ],
)
def test_a_number_is_one_word(text, expected):
    assert English({}).split(text) == expected


@pytest.mark.parametrize(("word", "kept"), [("39", False), ("101", True), ("80.54", True), ("os", True), ("the", False)])
def test_short_plain_numbers_and_stop_words_are_not_indexed(word, kept):
    assert English({}).word_filter(word) is kept


def test_what_a_page_spells_out_is_found_by_its_abbreviation(monkeypatch):
    found = abbreviations(
        "OS\n  Overall survival: time to death.\n\nCLAG\n  Cladribine, cytarabine and G-CSF.\n\nCBF\n  Core-binding factor.\n"
    )
    assert found == {"overall survival": "OS", "core-binding factor": "CBF"}
    monkeypatch.setattr(English, "abbreviations", found)
    assert "OS" in English({}).split("Overall survival at one year") and "OS" not in English({}).split("Survival overall")


#: One worker builds the book that is searched.
SEARCHED = pytest.mark.xdist_group("searched")

PAGE = """---
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# First page

Overall survival is told here.

```{code-cell} python3
from IPython.display import HTML
secret_name = 1
HTML('<table><tr><td>At 12 months</td><td>80.54%</td><td>0.044</td></tr><tr><td>All</td><td>1,013</td></tr></table>')
```
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("searched") / "repository")
    project.write("notebooks/demo/first.md", PAGE)
    project.write("book/glossary.md", "# Glossary\n\n:::{glossary}\nOS\n  Overall survival: time to death.\n:::\n")
    toc = project.root / "_toc.yml"
    toc.write_text(toc.read_text() + "  - file: book/glossary\n")
    done = project.job("book")
    assert done.returncode == 0, done.stdout + done.stderr
    return project.root / "_build" / "html"


@pytest.mark.slow
@SEARCHED
def test_cells_are_words_apart_in_the_index_and_code_is_in_no_excerpt(built):
    terms = js_index.loads((built / "searchindex.js").read_text(encoding="utf-8"))["terms"]
    assert {"80.54", "0.044", "1,013", "1013", "os"} <= set(terms)
    assert "papermill" not in terms  # provenance
    texts = json.loads((built / "searchtexts.mjs").read_text(encoding="utf-8").partition("] = ")[2].rstrip(";\n"))
    assert "At 12 months 80.54% 0.044 All 1,013" in texts["notebooks/demo/first"]
    assert "Overall survival is told here." in texts["notebooks/demo/first"] and "secret_name" not in texts["notebooks/demo/first"]


@pytest.mark.slow
@SEARCHED
@pytest.mark.parametrize(
    ("query", "page", "excerpt"),
    [("80.54", "first", "80.54"), ("1013", "first", "1,013"), ("OS", "first", "Overall survival"), ("0·044", "first", "0.044")],
)
def test_a_reader_finds_numbers_and_abbreviations_with_excerpts_from_a_file(built, browser, query, page, excerpt):
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(f"{(built / 'search.html').as_uri()}?q={quote(query)}")
    result = opened.locator("#search-results li", has=opened.locator(f"a[href*='{page}.html']")).first
    result.wait_for()
    result.locator(".context").wait_for()
    assert excerpt in result.inner_text() and "secret_name" not in result.inner_text()
    if query == "80.54":
        assert result.locator("a").first.get_attribute("href").endswith("#:~:text=80.54")
    context.close()


@pytest.mark.parametrize(("word", "stem"), [("OS", "os"), ("χ²", "χ²"), ("P", "p")])
def test_words_of_two_letters_stay_as_they_do_in_the_browser(word, stem):
    assert English({}).stem(word) == stem


def test_texts_of_pages_that_were_not_fed_again_are_kept_and_those_of_lost_pages_dropped(tmp_path, monkeypatch):
    monkeypatch.setattr(Indexer, "texts", {"a": "one = 1", "lost": "x"})
    _write_texts(tmp_path / "t.mjs", {"a", "lost"})
    monkeypatch.setattr(Indexer, "texts", {"b": "two"})
    _write_texts(tmp_path / "t.mjs", {"a", "b"})
    assert json.loads((tmp_path / "t.mjs").read_text(encoding="utf-8").partition("] = ")[2].rstrip(";\n")) == {"a": "one = 1", "b": "two"}

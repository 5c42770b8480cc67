"""Stems are those of Sphinx, found once."""

from sphinx.search.en import SearchEnglish

from analysis.book.sphinx.search_words import English


def test_stems_are_those_of_sphinx():
    ours, theirs = English({}), SearchEnglish({})
    for word in ("Remission", "remissions", "patients", "censored", "Censoring", "dying", "χ²", "1,013"):
        assert ours.stem(word) == ours.stem(word) == theirs.stem(word)


def test_a_word_is_reduced_once(monkeypatch):
    ours, asked = English({}), []
    monkeypatch.setattr(SearchEnglish, "stem", lambda self, word: asked.append(word) or word)
    assert [ours.stem("patients") for _ in range(3)] == ["patients"] * 3 and asked == ["patients"]

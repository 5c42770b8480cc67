"""Links between sources lead to executed pages."""

from __future__ import annotations

import pytest

from analysis.book.sources import links

EXECUTED = {"notebooks/demo/first"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](first.md)", "[a](first.ipynb)"),
        ("[](./first.md#some-heading)", "[](./first.ipynb#some-heading)"),
        ("[a](../../book/index.md)", "[a](../../book/index.md)"),
        ("[a](../demo/first.md 'title')", "[a](../demo/first.ipynb 'title')"),
        ("[a]: first.md", "[a]: first.ipynb"),
        ("[a](https://example.org/first.md)", "[a](https://example.org/first.md)"),
        ("first.md is a file", "first.md is a file"),
    ],
)
def test_link(text, expected):
    assert links.to_executed(text, "notebooks/demo/second", EXECUTED) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{term}`Imposed` numbers", "Imposed numbers"),
        ("by {term}`remission <CR>` or {term}`SCT`", "by remission or SCT"),
        ("`{term}` and {cite}`a`", "`{term}` and {cite}`a`"),
    ],
)
def test_words_of_the_glossary_stand_alone_where_there_is_none(text, expected):
    assert links.without_glossary(text) == expected

"""A title is shown as it was written, in headings, in the sidebar and in the tab, and starts nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest
import yaml
from bs4 import BeautifulSoup

from analysis import paths
from analysis.book.html import standalone_config
from analysis.book.sphinx import titles

HOSTILE = [
    "~~~",
    "```",
    ":::{note}",
    "<script>alert(1)</script>",
    "[x](javascript:alert)",
    "![x](y.png)",
    "{ref}`x`",
    "{{ x }}",
    "$x$ and $$y$$",
    "# x",
    "- x",
    "1. x",
    "+++",
    "a | b",
    "*x* _y_ **z**",
    "&lt; & &amp;",
    "a\\",
    "term\\: x",
    "<https://example.org>",
    "[^1]",
    "% comment",
    "(x)=",
    "---",
    "===",
    '"quoted"',
    "x{.class}",
    "@x",
    "- [ ] x",
]


def built(folder, title, about):
    """The one page of a book with that title."""
    source = folder / "source"
    source.mkdir()
    settings = standalone_config.settings()
    del settings["html"]["favicon"]
    settings["title"] = settings["sphinx"]["config"]["html_title"] = title
    (source / "_config.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    (source / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    blocks = "\n\n".join(titles.as_markdown(text) for text in about)
    (source / "index.md").write_text(f"# {titles.as_markdown(title)}\n\n{blocks}\n\nThe end.\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "analysis.book.sphinx.sphinx_run", str(source), str(folder), "--strict"],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return BeautifulSoup((folder / "_build/html/index.html").read_text(encoding="utf-8"), "html.parser")


def typed(text):
    """What was written where Sphinx set quotation marks and dashes."""
    return text.replace("—", "---").replace("“", '"').replace("”", '"')


@pytest.mark.slow
def test_every_sign_is_shown_as_it_was_written(tmp_path):
    title = " ".join(HOSTILE)
    page = built(tmp_path, title, HOSTILE)
    heading = page.select_one("article h1")
    heading.select_one("a.headerlink").decompose()
    assert typed(heading.text) == title
    assert [typed(part.text) for part in page.select("article p")] == [*HOSTILE, "The end."]
    assert page.select_one(".logo__title").text == title
    assert typed(page.select_one("#jb-print-docs-body h1").text) == title
    assert not page.find("script", string="alert(1)")
    assert typed(page.title.text) == f"{title} --- {title}"
    assert not page.select("article :is(a:not(.headerlink), em, strong, code, img, math, hr, ul, ol, table)")


@pytest.mark.parametrize(
    ("text", "line", "title"),
    [
        ("x", True, True),
        ("", True, False),
        (" ", True, False),
        ("a\nb", False, False),
        ("a\x07", False, False),
        (3, False, False),
        (None, False, False),
    ],
)
def test_a_title_is_one_line_that_shows(text, line, title):
    assert (titles.is_line(text), titles.is_title(text)) == (line, title)

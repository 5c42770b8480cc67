"""The code of a page stands behind one switch and in no index of words; without a cell there is no switch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup

from analysis import paths
from analysis.book.html import standalone_config
from analysis.book.sphinx import code_cells

TAGS = {
    "foldedcell": ["hide-input"],
    "droppedcell": ["remove-input"],
    "silentcell": ["remove-input", "remove-output"],
    "plaincell": [],
    "tutorialcell": ["show-input"],
    "parametercell": ["parameters", "hide-input"],
}


def built(folder: Path) -> Path:
    """HTML of a book with a page of cells and one of prose."""
    source = folder / "source"
    source.mkdir()
    settings = standalone_config.settings()
    del settings["html"]["favicon"]
    (source / "_config.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    (source / "_toc.yml").write_text("format: jb-book\nroot: page\nchapters:\n  - file: prose\n")
    (source / "prose.md").write_text("# Prose\n\nA block is prose:\n\n```sh\nblockcommand\n```\n")
    said = [nbformat.v4.new_output("execute_result", {"text/html": f"<p>said by {word}</p>"}) for word in TAGS]
    cells = [
        nbformat.v4.new_code_cell(f"{word}()", metadata={"tags": tags}, outputs=[output])
        for (word, tags), output in zip(TAGS.items(), said, strict=True)
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A page\n\nFirst words."), *cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    nbformat.write(notebook, source / "page.ipynb")
    (source / "_static").mkdir()
    for file in (paths.BOOK / "_static").iterdir():
        if file.suffix in (".js", ".css"):
            (source / "_static" / file.name).write_bytes(file.read_bytes())
    command = [sys.executable, "-m", "analysis.book.sphinx.sphinx_run", str(source), str(folder), "--strict"]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "_build/html"


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    return built(tmp_path_factory.mktemp("code"))


@pytest.mark.slow
@pytest.mark.xdist_group("code")
def test_all_code_of_a_page_is_there_and_nothing_folds_it_cell_by_cell(html):
    page = BeautifulSoup((html / "page.html").read_text(encoding="utf-8"), "html.parser")
    assert [cell.text.strip() for cell in page.select(".code-cell pre")] == [f"{word}()" for word in TAGS]
    assert page.select_one(".code-cell .highlight-ipython3 span.n").text == "foldedcell"  # highlighted as ever
    assert [cell.text.strip() for cell in page.select(".code-shown .code-cell pre")] == ["tutorialcell()"]  # whatever the switch
    assert not page.select("article details") and "code cell source" not in str(page)
    assert len(page.select(".article-header-buttons button.btn-code-switch")) == 1
    assert page.select_one(".code-link a")["href"] == f"#{page.select_one('.code-link')['id']}"


@pytest.mark.slow
@pytest.mark.xdist_group("code")
def test_outputs_stay_where_a_notebook_shows_them(html):
    page = BeautifulSoup((html / "page.html").read_text(encoding="utf-8"), "html.parser")
    assert [p.text for p in page.select(".cell_output p")] == [f"said by {word}" for word in TAGS if word != "silentcell"]
    assert [cell.text.strip() for cell in page.select(".code-only")] == ["silentcell()"]


@pytest.mark.slow
@pytest.mark.xdist_group("code")
def test_the_search_indexes_prose_and_no_cell(html):
    index = (html / "searchindex.js").read_text(encoding="utf-8")
    assert "first" in index and "blockcommand" in index
    assert [word for word in TAGS if word in index] == []


@pytest.mark.slow
@pytest.mark.xdist_group("code")
def test_a_page_of_prose_has_no_switch_and_keeps_its_blocks(html):
    page = BeautifulSoup((html / "prose.html").read_text(encoding="utf-8"), "html.parser")
    assert not page.select(".btn-code-switch, .code-link, .code-cell") and "blockcommand" in page.select_one("article pre").text


def test_tags_that_do_not_hide_stay():
    cells = [{"metadata": {"tags": tags}} for tags in (["remove-input", "remove-output"], ["parameters"], [])] + [{"metadata": {}}]
    found = json.loads(code_cells.with_all_code(json.dumps({"cells": cells})))["cells"]
    assert [cell["metadata"].get("tags") for cell in found] == [["remove-output"], ["parameters"], [], None]


def test_the_published_book_and_what_stands_apart_both_have_it():
    published = yaml.safe_load((paths.ROOT / "_config.yml").read_text(encoding="utf-8"))
    for settings in (published, standalone_config.settings()):
        assert code_cells.__name__ in settings["sphinx"]["config"]["extensions"]

"""Pages read and written in several processes are those that one process makes, and a warning anywhere is an error."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
import yaml

from analysis import paths
from analysis.book.editions import toc
from analysis.book.html import build_html, standalone_config

pytestmark = pytest.mark.slow

ONE_AFTER_THE_OTHER = "from pathlib import Path; from analysis.book.sphinx import sphinx_run; raise SystemExit(sphinx_run.build(Path('source'), Path(), True, {}))"
PAGES = 12


@pytest.fixture
def source(tmp_path):
    """A book of so many pages that Sphinx shares them out, each with a formula, words for the index and a link to another."""
    folder = tmp_path / "source"
    folder.mkdir()
    settings = standalone_config.settings()
    del settings["html"]["favicon"]
    (folder / "_config.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: page0\nchapters:\n" + "".join(f"- file: page{k}\n" for k in range(1, PAGES)))
    for k in range(PAGES):
        (folder / f"page{k}.md").write_text(
            f"# Page {k}\n\nRemission of patient {k}, $x^{k}$.\n\n## Patients remitting {k}\n\nTo [another](page{(k + 1) % PAGES}.md).\n"
        )
    return folder


def made(source, jobs):
    """Content of each file that a number of processes makes."""
    shutil.rmtree(source.parent / "_build", ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_THE_OTHER.format(jobs)], cwd=source.parent, env={"PYTHONPATH": str(paths.ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not done.stderr  # nobody says that pages are read one after the other
    place = source.parent / "_build" / "html"
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_two_processes_make_the_files_that_one_makes(source):
    alone, shared = made(source, 1), made(source, 2)
    assert alone.keys() == shared.keys() and f"page{PAGES - 1}.html" in alone
    assert [name for name in alone if alone[name] != shared[name]] == []


@pytest.mark.parametrize(
    "line, said", [("To [nowhere](nowhere.md).", "nowhere.md"), ("A formula: $\\nosuch$.", "nosuch")], ids=["reading", "writing"]
)
def test_a_warning_of_any_process_fails_the_book_and_is_told(source, line, said):
    page = source / f"page{PAGES - 2}.md"
    page.write_text(page.read_text() + f"\n{line}\n")
    with pytest.raises(build_html.BookFailed, match=said):
        build_html.sphinx_html(source, source.parent, strict=True)


def test_what_sphinx_loads_of_this_package_counts_as_input_of_the_book():
    assert "analysis.book.sphinx.mathml" in toc.extensions() and "analysis.book.sphinx.numbering" in toc.extensions()

"""Sources that diff cleanly: each kind of noise is refused, with its file and place."""

import subprocess
import sys

import pytest

from analysis import paths
from analysis.book.execution import sanitise
from analysis.book.sources import notebooks
from analysis.review.compare import git
from analysis.review.lint import headers, sources

GOOD = """---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# Survival

One sentence.
Another.

```{code-cell} ipython3
:tags: [parameters]

horizon = 24.0
```

```{code-cell} ipython3
print(horizon)
```
"""

PROJECT = paths.ROOT


@pytest.fixture
def here(repository, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", repository.root)
    repository.write("pyproject.toml", (PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    repository.write("_toc.yml", "format: jb-book\nroot: book/index\nchapters:\n  - file: notebooks/demo/one\n")
    repository.write("book/index.md", "# Landing\n")
    repository.write("notebooks/demo/one.md", GOOD)
    return repository


def found(here, text=None):
    if text is not None:
        here.write("notebooks/demo/one.md", text)
    return [str(fault) for fault in sources.check(here.root)]


def test_the_projects_own_sources_pass():
    assert sources.check() == []


def test_a_clean_source_passes(here):
    assert found(here) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("---\nkernelspec", "---\njupytext:\n  text_representation:\n    format_name: myst\nkernelspec", "header, jupytext: expected only"),
        ("---\nkernelspec", "---\ncode: shown\nkernelspec", "header, code: expected hide-input or remove-input; found 'shown'"),
        ("---\nkernelspec", "---\nlong: true\nlong: false\nkernelspec", "header, long: expected one value; found two"),
        ("  name: python3\n---", "  name: my-env\n---", "header, kernelspec: expected"),
        ("display_name: Python 3\n", "display_name: Python 3.12 (my-env)\n", "header, kernelspec: expected"),
        (
            "---\n\n# S",
            "language_info:\n  version: 3.12.1\n---\n\n# S",
            "header, language_info: expected only kernelspec, reads, long, code",
        ),
        (
            ":tags: [parameters]\n",
            ":tags: [parameters]\n:trusted: true\n",
            "cell 2, option trusted: expected only tags",
        ),
        (":tags: [parameters]\n", ":id: 3f0c\n:tags: [parameters]\n", "cell 2, option id: expected only tags"),
        (
            ":tags: [parameters]\n",
            ":tags: [parameters, hide-input]\n",
            "cell 2, tags: expected no hide-input, which all code of this page has",
        ),
        ("horizon = 24.0", "horizon = 24.0\nhorizon = 12.0", "cell tagged parameters: expected one assignment of horizon; found two"),
        (
            "print(horizon)",
            "{'A': horizon, 'B': 1, 'A': 2}",
            "cell 3: expected 'A' once in a dictionary, which keeps the last; found twice",
        ),
        ("horizon = 24.0", "horizn = 24.0", "parameter horizn: expected one of"),
        ("horizon = 24.0", "horizon = 'two years'", "parameter horizon: expected a number"),
        ("horizon = 24.0", "level = 0.9", "parameter level: expected the declared default 0.95; found 0.9"),
        ("horizon = 24.0", "horizon = max(1, 2)", "expected name = literal value"),
        ("Another.\n", "Another.\n\n![x](data:image/png;base64,iVBORw0)\n", "expected no output in a source"),
        ("Another.\n\n", "Another.\n\n\n\n", "becomes"),
        ("Another.\n", "Another. And more.\n", "expected one sentence a line"),
        ("Another.\n", "Another\nsentence.\n", "expected a whole sentence on one line"),
    ],
)
def test_noise_is_refused(here, old, new, said):
    assert old in GOOD
    faults = found(here, GOOD.replace(old, new))
    assert any(fault.startswith("notebooks/demo/one.md: ") and said in fault for fault in faults), faults


def test_a_source_without_a_kernel_is_no_prose_page(here):
    text = GOOD.replace("kernelspec:\n  display_name: Python 3\n  language: python\n  name: python3\n", "")
    assert any("header, kernelspec: expected" in fault for fault in found(here, text))


def test_files_from_windows_are_refused(here):
    (here.root / "notebooks/demo/one.md").write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert found(here) == ["notebooks/demo/one.md: file: expected lines that end in a line feed; found carriage returns"]


def test_a_notebook_with_outputs_is_refused_but_an_ignored_one_is_nobodys_business(here):
    here.write("notebooks/demo/one.ipynb", "{}")
    assert "notebooks/demo/one.ipynb: file: expected a MyST Markdown source" in found(here)[0]
    here.write(".gitignore", "*.ipynb\n")
    assert found(here) == []
    here.git("add", "-f", "notebooks/demo/one.ipynb")
    assert "notebooks/demo/one.ipynb" in found(here)[0]


def test_a_notebook_that_no_page_lists_is_refused(here):
    here.write("notebooks/demo/two.md", GOOD)
    assert found(here) == ["notebooks/demo/two.md: file: expected a page of _toc.yml; found no mention of it there"]


def test_all_faults_come_together(here):
    here.write("notebooks/demo/two.md", GOOD.replace("horizon", "horizn"))
    assert len(found(here, GOOD.replace("24.0", "'x'"))) == 3


def test_outside_version_control_every_file_counts(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.txt").write_text("x")
    (tmp_path / "_build").mkdir()
    (tmp_path / "_build" / "c.txt").write_text("x")
    assert sources.list_tracked(tmp_path) == ["a/b.txt"]


def test_deleted_and_oddly_named_files_are_no_trouble(here):
    here.write("ein Bär.md", "x\n")
    here.git("add", "-A")
    (here.root / "book/index.md").unlink()
    names = git.list_tracked(here.root)
    assert "ein Bär.md" in names
    assert "book/index.md" not in names


def test_a_source_edited_as_a_notebook_comes_back_as_it_was(here):
    """The settings in pyproject.toml keep what jupytext says of itself out of the header on the way back."""
    for command in (["--to", "ipynb", "one.md"], ["--to", "md:myst", "one.ipynb"]):
        subprocess.run([sys.executable, "-m", "jupytext", "--quiet", *command], cwd=here.root / "notebooks/demo", check=True)
    assert (here.root / "notebooks/demo/one.md").read_text(encoding="utf-8") == GOOD


def test_cells_are_named_by_their_place_however_often_a_source_is_read(here):
    named = []
    for _ in range(2):
        notebook = notebooks.read(here.root / "notebooks/demo/one.md")
        sanitise.tidy(notebook)
        named.append([cell["id"] for cell in notebook.cells])
    assert named == [["cell-0", "cell-1", "cell-2"]] * 2


def test_what_an_editor_writes_is_what_the_project_keeps():
    noisy = GOOD.replace(
        "---\nkernelspec", "---\njupytext:\n  text_representation:\n    format_version: 0.13\n    jupytext_version: 1.19.6\nkernelspec"
    )
    assert headers.rewrite(noisy) == headers.rewrite(GOOD) == GOOD

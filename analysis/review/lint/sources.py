"""Checks of what is committed: sources that diff cleanly, settings that parse, nothing that is built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis import paths
from analysis.book.editions import toc
from analysis.book.new_study import front_matter
from analysis.book.sources import notebooks
from analysis.errors import Fault, InputError
from analysis.review.compare import git
from analysis.review.lint import headers, line_breaks, settings, wording

_SKIPPED = (".git", ".venv", ".snakemake", "_build", "out", "node_modules", "__pycache__")
_PROSE = ("notebooks/", "book/")
_ALSO = ("CONTRIBUTING.md", "README.md")


def check(root: Path | None = None) -> list[Fault]:
    """All faults of the tracked files, in the order of their names.

    Outside version control, e.g. in an unpacked archive, all files count as tracked.
    """
    root = root or paths.ROOT
    names = list_tracked(root)
    faults = [*built_files(names), *front_matter.faults(root)]
    sources = [root / name for name in names if name.endswith(".md") and (name.startswith(_PROSE) or name in _ALSO)]
    for source in sources:
        if "\r" in source.read_bytes().decode("utf-8", errors="replace"):
            faults.append(Fault(paths.shorten_path(source), "file", "lines that end in a line feed", "carriage returns"))
            continue
        if _is_notebook(source):
            faults += headers.faults_of(source)
            faults += wording.faults_of_cells(source.read_text(encoding="utf-8"), paths.shorten_path(source))
        text = source.read_text(encoding="utf-8")
        faults += line_breaks.faults_of(text, paths.shorten_path(source))
        faults += wording.faults_of(text, paths.shorten_path(source))
    if (root / "_toc.yml").is_file():
        faults += _find_unlisted(root, sources)
    for name in names:
        if name.endswith(settings.SUFFIXES):
            faults += settings.faults_of(root / name)
        if name.startswith("data/") and name.endswith(wording.REGISTERS):
            faults += wording.faults_of_register((root / name).read_text(encoding="utf-8"), name)
        if name.endswith(".py") and name.startswith(wording.PAGES):
            faults += wording.faults_of_code((root / name).read_text(encoding="utf-8"), name)
    return faults


def list_tracked(root: Path) -> list[str]:
    """Names of the files that are tracked, or would be: new ones that nothing ignores count too."""
    if (root / ".git").exists():
        try:
            new = git.run(root, "ls-files", "-z", "--others", "--exclude-standard").decode().split("\0")
            return sorted({*git.list_tracked(root), *(name for name in new if name and (root / name).is_file())})
        except git.NotTrusted:
            raise
        except (git.GitFailed, InputError):
            pass
    return sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and not any(part in _SKIPPED for part in path.relative_to(root).parts)
    )


def built_files(names: Iterable[str]) -> Iterator[Fault]:
    """Notebooks with outputs and the like, which the build makes from the sources."""
    for name in names:
        if name.endswith(".ipynb"):
            expected = f"a MyST Markdown source; `.venv/bin/jupytext --to md:myst {name}`, then `git rm --cached {name}`"
            yield Fault(name, "file", expected, "a notebook with room for outputs")


def _is_notebook(source: Path) -> bool:
    try:
        return notebooks.is_notebook(source) or "{code-cell}" in source.read_text(encoding="utf-8")
    except InputError:
        return True


def _find_unlisted(root: Path, sources: Iterable[Path]) -> Iterator[Fault]:
    """Notebook sources that no book would show."""
    try:
        known = {page.source for page in toc.pages(root)}
    except InputError as error:
        yield from error.faults
        return
    for source in sources:
        if source.is_relative_to(root / "notebooks") and source not in known:
            yield Fault(paths.shorten_path(source), "file", "a page of _toc.yml", "no mention of it there")

"""Named editions: books made of chosen notebooks with chosen parameters, each from one YAML file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.editions import overlap
from analysis.book.editions.declared import SLUG, EditionFile, Entry
from analysis.book.execution import execute
from analysis.book.sources import notebooks
from analysis.book.sources.book_page import Page
from analysis.cohorts.declarations import load_yaml, validate_content
from analysis.errors import Fault, InputError, suggestion
from analysis.parameters import checks, declarations, validation

FOLDER = paths.BOOK / "editions"


class Edition:
    """An edition as its file declares it.

    Attributes
    ----------
    name : str
        Stem of the file: also the folder of the book, ``_build/editions/<name>/html``.
    file : Path
    title, about : str
    pages : tuple of Page
        The notebooks in reading order, each with the parameters that it is given.
    """

    def __init__(self, file: Path, title: str, about: str, pages: tuple[Page, ...]):
        self.name, self.file, self.title, self.about, self.pages = file.stem, file, title, about, pages


def names() -> list[str]:
    """Editions that come with the book, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.yml") if not path.name.endswith(".mapping.yml"))


def locate(name: str) -> Path:
    """File of an edition, by its name in ``book/editions`` or by its path.

    Raises
    ------
    InputError
    """
    path = paths.parse_path(name if name.endswith((".yml", ".yaml")) else FOLDER / f"{name}.yml", "edition")
    inside = path.parent != FOLDER or SLUG.fullmatch(path.stem)
    if not inside or not path.is_file():
        known = names()
        raise InputError(
            Fault("command line", "edition", f"one of {', '.join(known)}, or a YAML file", repr(name) + suggestion(name, known))
        )
    if not SLUG.fullmatch(path.stem):
        raise InputError(Fault(paths.shorten_path(path), "file", "a name of small letters, digits and hyphens", repr(path.stem)))
    return path.resolve()


def read(file: Path) -> Edition:
    """Edition of a file, everything in it checked.

    Raises
    ------
    InputError
        Every fault of the file; nothing is executed then.
    """
    declared: EditionFile = validate_content(EditionFile, load(file), file)
    shown, common, faults = paths.shorten_path(file), declared.parameters, []
    pages, used = [], set()
    for number, entry in enumerate(declared.notebooks, 1):
        try:
            for page, taken in _pages(entry, f"notebooks, entry {number}", common, file):
                pages.append(page)
                used |= taken
        except InputError as error:
            faults += error.faults
    doubled = {page.name for page in pages if [other.name for other in pages].count(page.name) > 1}
    faults += [Fault(shown, "notebooks", "each page once (`as: name` gives another name)", name) for name in sorted(doubled)]
    faults += [
        Fault(shown, f"parameter {name}", "a parameter that one of the notebooks takes", repr(name) + suggestion(str(name), used))
        for name in common
        if name not in used and not faults
    ]
    faults = faults or overlap.faults(pages, shown)
    if faults:
        raise InputError(dict.fromkeys(faults))
    return Edition(file, declared.title, declared.about, tuple(pages))


def locate_cohort(values: dict[str, Any], file: Path) -> dict[str, Any]:
    """Parameters whose cohort is a file beside the one that names it."""
    cohort = values.get("cohort")
    beside = file.parent / str(cohort)
    return values | {"cohort": str(beside.resolve())} if isinstance(cohort, str) and beside.is_file() else values


def load(file: Path) -> dict:
    """Content of the file of an edition or a sweep."""
    content = load_yaml(file)
    if not isinstance(content, dict):
        raise InputError(Fault(paths.shorten_path(file), "file", "an edition: " + ", ".join(EditionFile.model_fields), "something else"))
    return content


def _pages(entry: Entry, place: str, common: dict[str, Any], file: Path) -> Iterator[tuple[Page, set[str]]]:
    """Pages of one entry, each with the names of the common parameters that it takes."""
    shown, own = paths.shorten_path(file), entry.parameters
    for source in sources(entry.file, shown, place):
        notebook = notebooks.read(source)
        defaults = notebooks.declared_values(notebook, paths.shorten_path(source))
        known = execute.takes(notebook, defaults)
        refused = [name for name in own if name not in known]
        if refused:
            raise InputError(
                Fault(shown, f"{place}, parameter {name}", "one of " + ", ".join(known), repr(name) + suggestion(str(name), known))
                for name in refused
            )
        checks.check(common, shown) if any(name not in declarations.list_parameters() for name in common) else None
        values = checks.check(locate_cohort({name: value for name, value in (common | own).items() if name in known}, file), shown)
        if execute.opens_a_study(notebook, defaults):
            validation.check(defaults | values, shown)
        name = source.relative_to(paths.ROOT).with_suffix("")
        yield Page((name.with_name(entry.name) if entry.name else name).as_posix(), source, True, values), set(known)


def sources(pattern: str, shown: str, place: str) -> list[Path]:
    """Notebooks that a pattern names, all inside ``notebooks``."""
    relative = not Path(pattern).is_absolute() and ".." not in Path(pattern).parts
    found = [path.resolve() for path in sorted(paths.ROOT.glob(pattern))] if relative and pattern else []
    found = [path for path in found if path.is_relative_to(paths.NOTEBOOKS.resolve()) and notebooks.is_notebook(path)]
    if not found:
        raise InputError(Fault(shown, place, "a notebook below notebooks/", repr(pattern)))
    return found

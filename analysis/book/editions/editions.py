"""Named editions: books made of chosen notebooks with chosen parameters, each from one YAML file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.editions import overlap
from analysis.book.execution import execute
from analysis.book.sources import notebooks
from analysis.book.sources.book_page import Page
from analysis.book.sphinx import titles
from analysis.errors import Fault, InputError, suggestion
from analysis.parameters import checks, declarations, validation

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
"""Names of editions and of their pages: they become names of folders and files."""

FOLDER = paths.BOOK / "editions"
KEYS = ("title", "about", "parameters", "notebooks")
PAGE_KEYS = ("file", "as", "parameters")


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
    path = paths.given(name if name.endswith((".yml", ".yaml")) else FOLDER / f"{name}.yml", "edition")
    inside = path.parent != FOLDER or SLUG.fullmatch(path.stem)
    if not inside or not path.is_file():
        known = names()
        raise InputError(
            Fault("command line", "edition", f"one of {', '.join(known)}, or a YAML file", repr(name) + suggestion(name, known))
        )
    if not SLUG.fullmatch(path.stem):
        raise InputError(Fault(paths.shown(path), "file", "a name of small letters, digits and hyphens", repr(path.stem)))
    return path.resolve()


def read(file: Path) -> Edition:
    """Edition of a file, everything in it checked.

    Raises
    ------
    InputError
        Every fault of the file; nothing is executed then.
    """
    content, shown = load(file), paths.shown(file)
    faults = heading_faults(content, KEYS, shown)
    common, entries = content.get("parameters") or {}, content.get("notebooks")
    if not isinstance(common, dict):
        faults.append(Fault(shown, "parameters", "names and values", repr(common)))
        common = {}
    if not isinstance(entries, list) or not entries:
        faults.append(Fault(shown, "notebooks", "a list of notebooks", repr(entries)))
        entries = []
    pages, used = [], set()
    for number, entry in enumerate(entries, 1):
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
    return Edition(file, content["title"], content.get("about", ""), tuple(pages))


def locate_cohort(values: dict[str, Any], file: Path) -> dict[str, Any]:
    """Parameters whose cohort is a file beside the one that names it."""
    cohort = values.get("cohort")
    beside = file.parent / str(cohort)
    return values | {"cohort": str(beside.resolve())} if isinstance(cohort, str) and beside.is_file() else values


def load(file: Path) -> dict:
    """Content of the file of an edition or a sweep."""
    from analysis.cohorts.declarations import load_yaml

    content = load_yaml(file)
    if not isinstance(content, dict):
        raise InputError(Fault(paths.shown(file), "file", "an edition: " + ", ".join(KEYS), "something else"))
    return content


def heading_faults(content: dict, keys: Sequence[str], shown: str) -> list[Fault]:
    """Faults of the keys of an edition or a sweep, of its title and of what it says about itself."""
    unknown = [key for key in content if key not in keys]
    sound = {"title": titles.is_title(content.get("title")), "about": titles.is_line(content.get("about", ""))}
    return [Fault(shown, str(key), "one of " + ", ".join(keys), repr(key) + suggestion(str(key), keys)) for key in unknown] + [
        Fault(shown, key, "a line of text", repr(content.get(key))) for key in sound if not sound[key]
    ]


def _pages(entry: Any, place: str, common: dict, file: Path):
    """Pages of one entry, each with the names of the common parameters that it takes."""
    shown = paths.shown(file)
    entry = {"file": entry} if isinstance(entry, str) else entry
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str) or set(entry) - set(PAGE_KEYS):
        raise InputError(Fault(shown, place, "a notebook, or one with " + ", ".join(PAGE_KEYS), repr(entry)))
    own = entry.get("parameters") or {}
    alias = entry.get("as")
    if not isinstance(own, dict) or (alias is not None and not (isinstance(alias, str) and SLUG.fullmatch(alias))):
        raise InputError(Fault(shown, place, "`as` of small letters, digits and hyphens; `parameters` with names and values", repr(entry)))
    for source in sources(entry["file"], shown, place):
        notebook = notebooks.read(source)
        defaults = notebooks.declared_values(notebook, paths.shown(source))
        known = execute.takes(notebook, defaults)
        refused = [name for name in own if name not in known]
        if refused:
            raise InputError(
                Fault(shown, f"{place}, parameter {name}", "one of " + ", ".join(known), repr(name) + suggestion(str(name), known))
                for name in refused
            )
        checks.check(common, shown) if any(name not in declarations.declared() for name in common) else None
        values = checks.check(locate_cohort({name: value for name, value in (common | own).items() if name in known}, file), shown)
        if execute.opens_a_study(notebook, defaults):
            validation.check(defaults | values, shown)
        name = source.relative_to(paths.ROOT).with_suffix("")
        yield Page((name.with_name(alias) if alias else name).as_posix(), source, True, values), set(known)


def sources(pattern: str, shown: str, place: str) -> list[Path]:
    """Notebooks that a pattern names, all inside ``notebooks``."""
    relative = not Path(pattern).is_absolute() and ".." not in Path(pattern).parts
    found = [path.resolve() for path in sorted(paths.ROOT.glob(pattern))] if relative and pattern else []
    found = [path for path in found if path.is_relative_to(paths.NOTEBOOKS.resolve()) and notebooks.is_notebook(path)]
    if not found:
        raise InputError(Fault(shown, place, "a notebook below notebooks/", repr(pattern)))
    return found

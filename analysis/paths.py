"""The only home of paths: everything else asks here where things stand."""

from __future__ import annotations

from pathlib import Path

from analysis.errors import Fault, InputError, suggestion

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
BOOK = ROOT / "book"
RESULTS = BOOK / "results"
BUILD = ROOT / "_build"
"""Everything that is made and can be made again; `analysis.book.built_book` says where in it a book stands."""


def study_folder(study: str) -> Path:
    """Folder that holds a study's declarations, ledger and cohorts; of a study that lies elsewhere the name is its folder."""
    return DATA / study


def drafts(folder: Path) -> Path:
    """Folder of what is typed for a study and never committed; it keeps git away by itself."""
    return ROOT / "_drafts" / folder.name if folder.resolve().parent == DATA.resolve() else folder / "_drafts"


def studies() -> list[str]:
    """Slugs of all studies, sorted: the folders of ``data`` with a ``study.yml``."""
    return sorted(path.parent.name for path in DATA.glob("*/study.yml"))


def parse_path(text: str | Path, place: str, file: str = "command line") -> Path:
    """Path that a person wrote, ``~`` followed.

    Raises
    ------
    InputError
        No file can have that name: of nobody's home, too long, with a character that none may have.
    """
    try:
        path = Path(text).expanduser()
        path.exists()
    except (OSError, RuntimeError, ValueError):
        raise InputError(Fault(file, place, "a name that a file or folder can have, where it may be looked for", _short(text))) from None
    return path


def find_study(text: str | Path) -> str:
    """Name by which everything else finds a study: its slug, or where it lies elsewhere its folder, absolute.

    Parameters
    ----------
    text : str or Path
        A slug, or a folder that holds a ``study.yml``, relative to where the caller stands or absolute.

    Raises
    ------
    InputError
    """
    known = studies()
    if str(text) in known:
        return str(text)
    folder = parse_path(text, "study", "data")
    folder = folder.parent if folder.name == "study.yml" else folder
    if not (folder / "study.yml").is_file():
        expected = f"one of {', '.join(known)}, or a folder with a study.yml" if known else "a folder with a study.yml"
        raise InputError(Fault("data", "study", expected, f"{_short(text)}{suggestion(folder.name[:80], known)}"))
    folder = folder.resolve()
    return folder.name if folder.parent == DATA.resolve() else str(folder)


def _short(text: str | Path) -> str:
    """A path as a message quotes it; of a long one its end, which tells folders apart."""
    return repr(str(text)) if len(str(text)) <= 80 else repr("..." + str(text)[-77:])


def shorten_path(path: Path | str) -> str:
    """Path as a reader should see it: relative to the repository where it lies inside.

    A path outside the repository is shown by its name alone, so that neither a
    page nor a log tells where on a machine somebody keeps their files.
    """
    path = Path(path).resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name

"""Begin a study, or bring its pages up to what it declares now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.new_study.contents import check_contents, with_chapter
from analysis.book.new_study.front_matter import entitle, list_study
from analysis.book.new_study.page_sources import Source, page_sources
from analysis.book.new_study.request import COMMAND_LINE, check_slug, read_request
from analysis.book.new_study.study_files import data_files
from analysis.book.new_study.writing import RECORD, Written, write_generated
from analysis.cohorts.study import read_study
from analysis.errors import Fault, InputError
from analysis.ledger.registers.table_layouts import read_layouts
from analysis.ledger.session.study_session import open_ledger


def begin(slug: str, file: Path | None, given: Mapping[str, Any], title: str = "", root: Path | None = None) -> Written:
    """Write the files of a study that are not there yet, and pages for all that it declares.

    Parameters
    ----------
    slug : str
        Name of its folders below ``data`` and ``notebooks``.
    file : Path, optional
        YAML file with what is known of the paper.
    given : mapping
        The same from the command line, which ranks first.
    title : str
        Of the book, where it is to have another one.
    root : Path, optional
        Of the project.

    Returns
    -------
    Written
        Its `refused` are pages that somebody changed and the declarations now ask to be written anew: they are as they were.

    Raises
    ------
    InputError
        A faulty name, request or declaration; or a request for a study that is declared already.
    """
    check_slug(slug)
    root = root or paths.ROOT
    folder, pages = root / "data" / slug, root / "notebooks" / slug
    contents = check_contents(root / "_toc.yml")
    if (folder / "study.yml").is_file():
        if file or given:
            expected = "no declarations for a study that is there: change its study.yml and run again without them"
            raise InputError(Fault(COMMAND_LINE, "options", expected, ", ".join(given) or "a file"))
        texts: dict[str, str] = {}
    else:
        texts = data_files(slug, read_request(file, given))
    begun = _write_missing(folder, texts)
    study, sources = read_study(folder), sources_of(folder)
    written = write_generated(pages / RECORD, {pages / f"{source.name}.md": source.text for source in sources})
    changed = with_chapter(contents, slug, study.label, sources)
    if changed != contents:
        (root / "_toc.yml").write_text(changed, encoding="utf-8")
        written.renewed.append("_toc.yml")
    written.renewed.extend([*list_study(root, study), *(entitle(root, title) if title else ())])
    return written._replace(new=[*begun, *written.new], renewed=list(dict.fromkeys(written.renewed)))


def sources_of(folder: Path) -> list[Source]:
    """Pages that the study in a folder declares."""
    study = read_study(folder)
    return page_sources(study, read_layouts(study) if (folder / "tables.yml").is_file() else {}, open_ledger(study))


def _write_missing(folder: Path, texts: Mapping[str, str]) -> list[str]:
    """Write the files that are not there; those that are belong to whoever wrote them."""
    found = []
    for name, text in texts.items():
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            found.append(paths.shorten_path(path))
    return found

"""A release: one version everywhere, the book as an archive, checksums, the notes."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import shutil
import tarfile
import tomllib
from pathlib import Path

import yaml

from analysis import paths
from analysis.errors import Fault, InputError

_TAG = re.compile(r"v(\d+\.\d+\.\d+)")
_STATED = {"analysis/__init__.py": r'__version__ = "([^"]*)"', "book/citing.md": r"Version (\S+),"}
"""Where else the version stands."""
_SECTION = r"^## \[?{version}\]?[^\n]*\n(.*?)(?=^## |\Z)"


def make(tag: str, book: Path | None = None, root: Path | None = None) -> Path:
    """Put together what a release consists of.

    Parameters
    ----------
    tag : str
        ``v`` and the version.
    book : Path, optional
        Folder with the built HTML; the project's own by default.
    root : Path, optional
        Repository.

    Returns
    -------
    Path
        Folder with ``book-<version>.tar.gz``, ``CITATION.cff``, ``SHA256SUMS`` of both, and ``notes.md``.

    Raises
    ------
    InputError
        If the tag is not the version that the files state, the changelog has no
        section for it, or there is no book.
    """
    root = root or paths.ROOT
    book = book or paths.BUILD / "html"
    version, notes = check(tag, root)
    if not (book / "index.html").is_file():
        raise InputError(Fault(paths.shorten_path(book), "index.html", "a built book; run `make book`", "none"))
    target = root / "_build" / "release"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    archive = target / f"book-{version}.tar.gz"
    archive.write_bytes(pack(book, f"book-{version}"))
    shutil.copy(root / "CITATION.cff", target)
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in (target / "CITATION.cff", archive)]
    (target / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    (target / "notes.md").write_text(notes + "\n", encoding="utf-8")
    return target


def check(tag: str, root: Path) -> tuple[str, str]:
    """Version and notes of a release, if all files agree on it.

    Raises
    ------
    InputError
        One fault for each file that does not.
    """
    match = _TAG.fullmatch(tag)
    if match is None:
        raise InputError(Fault("command line", "tag", "v and a version, e.g. v1.2.3", repr(tag)))
    version = match.group(1)
    with (root / "pyproject.toml").open("rb") as file:
        stated = {"pyproject.toml": str(tomllib.load(file)["project"]["version"])}
    stated["CITATION.cff"] = str(yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8")).get("version", "none"))
    for name, pattern in _STATED.items():
        said = re.search(pattern, (root / name).read_text(encoding="utf-8"))
        stated[name] = said.group(1) if said else "none"
    faults = [Fault(name, "version", f"{version}, as the tag says", found) for name, found in stated.items() if found != version]
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    section = re.search(_SECTION.format(version=re.escape(version)), changelog, re.MULTILINE | re.DOTALL)
    changed = section.group(1).strip() if section else ""
    if not changed:
        faults.append(Fault("CHANGELOG.md", f"section {version}", f"what changed, below ## {version}", "none"))
    if faults:
        raise InputError(faults)
    return version, changed


def pack(folder: Path, name: str) -> bytes:
    """Folder as a compressed archive: sorted, without times or owners, so equal books give equal bytes."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            member = tarfile.TarInfo(f"{name}/{path.relative_to(folder).as_posix()}")
            content = path.read_bytes()
            member.size, member.mode, member.mtime = len(content), 0o644, 0
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(raw.getvalue(), compresslevel=9, mtime=0)

"""What snapshots were made from: digests that stand in them, taken again from the files of a state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from analysis.book.dependencies import graph, imports
from analysis.book.sources import notebooks

MARK = "made from "
"""How the one line of digests begins that a snapshot opens with."""

LEDGER = "printed.csv"
_SHOWN = 12


def of_page(name: str, root: Path) -> dict[str, str]:
    """Digests of what a page is made from, by kind.

    Parameters
    ----------
    name : str
        Of the page, as in ``_toc.yml``.
    root : Path
        Folder of the state: the repository, or a copy of a commit.
    """
    source = root / f"{name}.md"
    code = "\n".join(cell.source for cell in notebooks.read(source).cells if cell.cell_type == "code")
    names = imports.imported_names(code)
    modules = set((root / imports.PACKAGE).rglob("*.py")) if names is None else imports.closure([graph.RUNNER, graph.SHOWN, *names], root)
    studies = sorted(path.parent.name for path in (root / "data").glob("*/study.yml"))
    own = [study for study in studies if study in source.relative_to(root).parts or study in code]
    read = {path for pattern in notebooks.front_matter(source).get("reads") or [] for path in root.glob(pattern) if path.is_file()}
    return _digests(root, own or studies, modules) | _digest(root, page={source}, **({"reads": read} if read else {}))


def of_study(study: str, root: Path) -> dict[str, str]:
    """Digests of what the audit, the curves and the tables of a study are made from, by kind."""
    return _digests(root, [study], imports.closure([graph.AUDIT], root))


def line(digests: dict[str, str]) -> str:
    """The line in which digests stand."""
    return MARK + ", ".join(f"{kind} {digest}" for kind, digest in digests.items()) + "\n"


def read_digests(text: str) -> dict[str, str] | None:
    """Digests by kind from the first line of a snapshot; None if it does not say."""
    first = text.split("\n", 1)[0]
    if not first.startswith(MARK):
        return None
    return dict(part.split(" ", 1) for part in first.removeprefix(MARK).split(", ") if " " in part)


def _digests(root: Path, studies: list[str], modules: Iterable[Path]) -> dict[str, str]:
    data = {path for study in studies for path in graph.study_data(root / "data" / study)}
    ledger = {path for path in data if path.name == LEDGER}
    declared = {path for path in data if path.suffix == ".yml"}
    package = {path for path in graph.below(root / imports.PACKAGE) if path.suffix not in (".py", ".pyc")}
    cohorts = {path for path in data - ledger - declared if path.suffix != ".md"}
    return _digest(root, ledger=ledger, declarations=declared, cohorts=cohorts, code={*modules, *package})


def _digest(root: Path, **kinds: set[Path]) -> dict[str, str]:
    found = {}
    for kind, files in kinds.items():
        total = hashlib.sha256()
        for path in sorted(files):
            total.update(f"{path.relative_to(root).as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
        found[kind] = total.hexdigest()[:_SHOWN]
    return found

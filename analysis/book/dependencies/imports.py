"""Which modules of this package a piece of code imports, directly or through others."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = "analysis"

DYNAMIC = ("import_module", "__import__", "iter_modules", "walk_packages", "exec", "eval")
"""Calls that can import a module by a name no reader of the code can know."""


def closure(names: Iterable[str], root: Path) -> set[Path]:
    """Files of the package that must be read to import some modules.

    Code that imports by computed names makes its importer depend on the whole
    package: too many executions cost minutes, a stale page costs trust.

    Parameters
    ----------
    names : iterable of str
        Dotted names of modules; those outside the package, or missing, are skipped.
    root : Path
        Folder that holds the package.
    """
    files: set[Path] = set()
    waiting = [file for name in names for file in _files(name, root)]
    while waiting:
        path = waiting.pop()
        if path in files:
            continue
        files.add(path)
        imported = _files_imported_by(path, root)
        if imported is None:
            return set((root / PACKAGE).rglob("*.py"))
        waiting.extend(imported - files)
    return files


@cache
def _files_imported_by(path: Path, root: Path) -> frozenset[Path] | None:
    """Files that importing a module runs besides, or None if it cannot be known; a process takes its sources as it found them."""
    names = imported_names(path.read_text(encoding="utf-8"), ".".join(path.relative_to(root).with_suffix("").parts))
    return names if names is None else frozenset(file for name in names for file in _files(name, root))


def imported_names(code: str, module: str = "") -> frozenset[str] | None:
    """Dotted names that a piece of code imports, or None if it cannot be known.

    Parameters
    ----------
    code : str
        Python; lines that start with ``%`` or ``!`` (notebook commands) are skipped.
    module : str
        Dotted name of the module that the code is, for its relative imports; a
        package's name ends in ``.__init__``.
    """
    plain = "\n".join("" if line.lstrip()[:1] in ("%", "!") else line for line in code.split("\n"))
    try:
        tree = ast.parse(plain)
    except SyntaxError:
        return None
    names: set[str] = set()
    for node in ast.walk(tree) if any(name in plain for name in DYNAMIC) else _statements(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = module.split(".")[: -node.level]
                base = ".".join([*parents, *([base] if base else [])])
            names.add(base)
            names.update(f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            # frame.eval(...) and the like are methods of a library, not imports
            if name in DYNAMIC and not (isinstance(called, ast.Attribute) and name in DYNAMIC[-2:]):
                return None
    return frozenset(names)


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Statements, those in blocks of others too: where nothing is imported by a call, expressions need no look."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            below = getattr(node, block, None)
            if isinstance(below, list):  # not so for what an expression holds
                waiting.extend(below)


@cache
def _files(name: str, root: Path) -> tuple[Path, ...]:
    """Files that importing a dotted name runs: its packages', then its own; each file is one object, which is found in sets at once."""
    if name.partition(".")[0] != PACKAGE:
        return ()
    place, package = root.joinpath(*name.split(".")), name.rpartition(".")[0]
    own = (path for path in (place / "__init__.py", place.with_suffix(".py")) if path.is_file())
    return (*(_files(package, root) if package else ()), *own)

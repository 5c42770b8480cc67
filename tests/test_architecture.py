"""Promises about the package as a whole: what may import what, and what it may name."""

import ast
import re

import pytest

from analysis import paths

MODULES = sorted((paths.ROOT / "analysis").rglob("*.py"))
#: Layers from the top; a module imports only from its own layer and those below.
LAYERS = ["cli", "publishing", "figures tables", "reconstruction", "ledger", "estimators", "cohorts", "paths errors compiled"]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names.split()}


def layer(module: str) -> int | None:
    parts = module.split(".")
    return LEVEL.get(parts[1]) if parts[0] == "analysis" and len(parts) > 1 else None


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(paths.ROOT).as_posix())
def test_imports_run_one_way(path):
    own = LEVEL.get(path.relative_to(paths.ROOT / "analysis").with_suffix("").parts[0])
    if own is None:
        return
    upward = [module for module in imported(path) if layer(module) is not None and layer(module) < own]
    assert upward == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(paths.ROOT).as_posix())
def test_the_package_names_no_study(path):
    text = path.read_text(encoding="utf-8")
    for study in paths.studies():
        assert study not in text
    assert not re.search(r"\bCLAG\b|NOPHO|decitabine", text, re.IGNORECASE)

"""Promises about the package as a whole: what may import what, and what it may name."""

import ast
import re

import pytest

from analysis import paths

TEXTS = [
    path for pattern in ("analysis/**/*.py", "book/*.md", "book/guide/*.md", "notebooks/*/*.md", "*.md", "*.toml", "*.yml", "Makefile", "Snakefile", ".ci/*", ".github/**/*.yml", ".pre-commit-config.yaml", ".devcontainer/*", ".binder/*")
    for path in sorted(paths.ROOT.glob(pattern)) if path.is_file()
]  # fmt: skip
MODULES = sorted((paths.ROOT / "analysis").rglob("*.py"))
#: Layers from the top; a module imports only from its own layer and those below.
LAYERS = ["cli", "review", "book", "pages", "parameters", "tables", "figures", "reconstruction", "ledger", "estimators", "cohorts", "paths errors compiled"]
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


def unresolved(text: str) -> list[str]:
    """Names of modules, dotted or as files, that a text holds and that do not exist."""
    dotted = [name for name in re.findall(r"(?<![\w./-])analysis(?:\.[A-Za-z_]\w*)+", text) if not exists(name)]
    files = [name for name in re.findall(r"(?<![\w./-])analysis/[\w/.]+\.(?:py|sh)\b", text) if not (paths.ROOT / name).is_file()]
    return dotted + files


def exists(name: str) -> bool:
    """Whether a dotted name is a module, or something that a module or a class in it defines."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        place = paths.ROOT.joinpath(*parts[:length])
        file = next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)
        if file:
            return length == len(parts) or re.search(rf"\b{parts[length]}\b", file.read_text(encoding="utf-8")) is not None
    return False


#: Where a module stood before, so that states from before can still be re-executed.
EARLIER = {"analysis/publishing/review/__main__.py", "analysis.publishing.review"}


def test_every_module_named_in_a_text_is_there():
    assert len(TEXTS) > 300
    found = {path.relative_to(paths.ROOT).as_posix(): set(unresolved(path.read_text(encoding="utf-8"))) - EARLIER for path in TEXTS}
    assert {path: names for path, names in found.items() if names} == {}


def test_a_module_that_is_not_there_is_found():
    assert unresolved("`analysis.paths.ROOT`, analysis.errors, analysis/paths.py, analysis.cli.main") == []
    assert unresolved("-m analysis.nowhere; analysis.paths.NOWHERE, analysis/nowhere.py") == ["analysis.nowhere", "analysis.paths.NOWHERE", "analysis/nowhere.py"]

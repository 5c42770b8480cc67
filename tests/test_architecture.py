"""Promises about the package as a whole: what it names, and that what is named is there.  What may import what, `lint-imports` checks."""

import re

from analysis import paths

TEXTS = [
    path for pattern in ("analysis/**/*.py", "book/*.md", "book/guide/*.md", "notebooks/*/*.md", "*.md", "*.toml", "*.yml", "Makefile", "Snakefile", ".ci/*", ".github/**/*.yml", ".pre-commit-config.yaml", ".devcontainer/*", ".binder/*")
    for path in sorted(paths.ROOT.glob(pattern)) if path.is_file()
]  # fmt: skip
MODULES = sorted((paths.ROOT / "analysis").rglob("*.py"))


def test_the_package_names_no_study():
    # a slug may be an ordinary word, which names a study where it is quoted or part of a path
    slugs = [rf"(?<!\w){re.escape(slug)}(?!\w)" if "_" in slug else rf"[\"'/]{re.escape(slug)}[\"'/]" for slug in paths.studies()]
    named = re.compile("|".join([*slugs, r"(?i:\bCLAG\b|NOPHO|decitabine)"]))
    found = {path.relative_to(paths.ROOT).as_posix(): named.findall(path.read_text(encoding="utf-8")) for path in MODULES}
    assert len(found) > 300
    assert {path: names for path, names in found.items() if names} == {}


def test_no_folder_holds_more_modules_than_can_be_seen_at_a_glance():
    folders = [path.parent for path in MODULES if path.name != "__init__.py"]
    assert {folder.relative_to(paths.ROOT).as_posix(): folders.count(folder) for folder in folders if folders.count(folder) > 12} == {}


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
EARLIER = {
    "analysis/publishing/review/__main__.py", "analysis.publishing.review", "analysis/publishing/__main__.py", "analysis.publishing",
    "analysis/publishing/one_job.py", "analysis.publishing.one_job",
}  # fmt: skip

#: What CONTRIBUTING makes as an example; `test_contributing` follows it.
EXAMPLE = {
    f"analysis{dot}{dot.join(parts)}{suffix}"
    for parts in (("estimators", "group_tests", "geometric"), ("pages", "comparisons", "geometric"))
    for dot, suffix in (("/", ".py"), (".", ""), (".", ".geometric_mean"))
}


def test_every_module_named_in_a_text_is_there():
    assert len(TEXTS) > 300
    found = {
        path.relative_to(paths.ROOT).as_posix(): set(unresolved(path.read_text(encoding="utf-8"))) - EARLIER - EXAMPLE for path in TEXTS
    }
    assert {path: names for path, names in found.items() if names} == {}


def test_a_module_that_is_not_there_is_found():
    assert unresolved("`analysis.paths.ROOT`, analysis.errors, analysis/paths.py, analysis.cli.main") == []
    assert unresolved("-m analysis.nowhere; analysis.paths.NOWHERE, analysis/nowhere.py") == [
        "analysis.nowhere",
        "analysis.paths.NOWHERE",
        "analysis/nowhere.py",
    ]


def lost_places(text: str) -> list[str]:
    """Folders and modules that ARCHITECTURE names between backticks, and that are not there."""
    lost = []
    for line in text.splitlines():
        named = re.findall(r"`([\w./{},]+/[\w./{},]*)`", line)
        bases = ["", "analysis", "analysis/reconstruction", *(f"analysis/{name.rstrip('/')}" for name in named)]
        for name in named:
            inner = re.search(r"\{([^}]*)\}", name)
            for one in [name.replace(inner[0], part) for part in inner[1].split(",")] if inner else [name]:
                places = [paths.ROOT / base / one for base in bases]
                if not any(place.exists() or place.with_name(f"{place.name}.py").is_file() for place in places):
                    lost.append(one)
    return lost


def test_every_place_that_the_architecture_names_is_there():
    text = (paths.ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert len(re.findall(r"`[\w./{},]+/", text)) > 80
    assert lost_places(text) == []


def test_a_place_that_is_not_there_is_found():
    assert lost_places("`large/{state,nowhere}.py`, `pages/`, `book/sources/notebooks`, `tests/golden/`") == ["large/nowhere.py"]

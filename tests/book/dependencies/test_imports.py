"""Which modules a page depends on."""

from __future__ import annotations

import pytest

from analysis.book.dependencies import imports


@pytest.fixture
def package(tmp_path):
    """A package of five modules that import one another in several ways."""
    for name, code in {
        "__init__": "",
        "a": "from analysis import b",
        "b": "def late():\n    import analysis.part.c",
        "d": "import importlib\n\nimportlib.import_module(input())",
        "alone": "",
        "part/__init__": "",
        "part/c": "from . import e\nfrom .. import alone",
        "part/e": "import numpy",
    }.items():
        path = tmp_path / "analysis" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(code)
    return tmp_path


def names(files, root):
    return sorted(path.relative_to(root / "analysis").with_suffix("").as_posix() for path in files)


def test_imports_are_followed_into_functions_and_packages(package):
    found = names(imports.closure(["analysis.a"], package), package)
    assert found == ["__init__", "a", "alone", "b", "part/__init__", "part/c", "part/e"]


def test_code_that_imports_by_name_depends_on_everything(package):
    assert len(imports.closure(["analysis.d"], package)) == 8


def test_modules_elsewhere_are_not_followed(package):
    assert imports.closure(["numpy", "analysis.nowhere"], package) == {package / "analysis/__init__.py"}


def test_notebook_commands_do_not_hide_imports():
    assert imports.imported_names("%matplotlib inline\nimport analysis.a\n!ls") == {"analysis.a"}


def test_unreadable_code_depends_on_everything():
    assert imports.imported_names("def (") is None

"""Examples in docstrings give what they say."""

import doctest
import importlib

import pytest

from analysis import paths

MODULES = [path for path in sorted((paths.ROOT / "analysis").rglob("*.py")) if ">>>" in path.read_text(encoding="utf-8")]


def test_estimators_show_values_of_textbooks():
    assert sum(path.is_relative_to(paths.ROOT / "analysis" / "estimators") for path in MODULES) >= 4


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(paths.ROOT).as_posix())
def test_examples_give_what_they_say(path):
    module = importlib.import_module(".".join(path.relative_to(paths.ROOT).with_suffix("").parts))
    found = doctest.testmod(module)
    assert found.attempted and not found.failed

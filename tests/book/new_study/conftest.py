"""An empty project into which studies are begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import paths

TOC = """format: jb-book
root: book/index
parts:
  - caption: First paper
    chapters:
      - file: notebooks/first/summary
        title: Summary
      - file: notebooks/first/audit
        title: Audit
  - caption: Words
    chapters:
      - file: book/glossary
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(paths, "DATA", tmp_path / "data")
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path / "notebooks")
    (tmp_path / "_toc.yml").write_text(TOC)
    return tmp_path

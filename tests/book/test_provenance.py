"""The provenance panel: what it shows, and what does not make a page stale."""

from __future__ import annotations

import hashlib

from analysis.book import commits
from analysis.book.html import provenance_panel


def test_panel_of_a_built_page(finished):
    page = finished.read("_build/html/notebooks/demo/first.html")
    digest = hashlib.sha256((finished.root / "data/demo/cohort.csv").read_bytes()).hexdigest()
    shown = page[page.index("Provenance of this page") :]
    for text in (
        "notebooks/demo/first.md",
        "not under version control",
        "36 months",
        "0.95",
        "Seed",
        "Read data/demo/cohort.csv",
        digest[: provenance_panel.SHOWN_DIGITS],
        "papermill",
        "Python",
        ".venv/bin/python -m analysis run notebooks/demo/first.md -o out",
    ):
        assert text in shown
    assert "<details" in page
    assert str(finished.root) not in page


def test_panel_lists_only_what_was_read(finished):
    page = finished.read("_build/html/notebooks/demo/second.html")
    assert "Read data" not in page


def test_panel_escapes_what_it_shows():
    recorded = {
        "source": "<b>.md",
        "source_digest": "0" * 64,
        "parameters": {},
        "files": {},
        "lock": "",
        "python": "3",
        "system": "x",
        "versions": {},
        "command": "a && b",
    }
    text = provenance_panel.panel(recorded, commits.Commit("", False))
    assert "&lt;b&gt;.md" in text
    assert "a &amp;&amp; b" in text

"""Work-arounds of libraries do what they are for, and nothing that notebooks need."""

from __future__ import annotations

import subprocess
import sys

from analysis import paths


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=paths.ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_sources_are_read_without_the_grammar_of_internationalised_addresses():
    code = "import analysis.book.sources.notebooks, sys; print('nbformat' in sys.modules, 'lark' in sys.modules)"
    assert _run(code) == "True False"


def test_a_notebook_that_breaks_its_schema_is_still_refused():
    code = (
        "import analysis.book.sources.notebooks, nbformat\n"
        "try: nbformat.validate({'nbformat': 4, 'nbformat_minor': 5, 'metadata': {}, 'cells': [{}]})\n"
        "except nbformat.ValidationError: print('refused')"
    )
    assert _run(code) == "refused"

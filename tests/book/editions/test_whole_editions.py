"""All notebooks of a study, on one's own patients or on some of the patients: the book is whole, its links included."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
import yaml

from analysis import paths
from analysis.book.editions import editions

pytestmark = pytest.mark.slow

GIVEN = {
    "dac_clag": {"cohort": str(editions.FOLDER / "made-up-hospital.csv")},
    "nopho_rd": {"where": "age_years>=2"},
}


def test_the_studies_of_the_editions_are_there():
    assert set(GIVEN) <= set(paths.studies())


@pytest.mark.thorough  # `test_planted_marks` executes every notebook on such patients, and `test_walks` builds an edition
@pytest.mark.parametrize("study", ["dac_clag", "nopho_rd"])
def test_an_edition_of_all_notebooks_of_a_study_is_built_with_every_link_sound(study, tmp_path):
    """The build itself refuses a broken link, an anchor that is not there, and an error in a cell."""
    file = tmp_path / f"whole-{study.replace('_', '-')}.yml"
    content = {
        "title": f"~~~ All of {study} <b>",
        "about": "[no](link.md)",
        "notebooks": [f"notebooks/{study}/*.md"],
        "parameters": GIVEN[study],
    }
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    made = paths.ROOT / "_build" / "editions" / file.stem
    try:
        done = subprocess.run(
            [sys.executable, "-m", "analysis", "edition", str(file)],
            cwd=paths.ROOT,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        pages = {page.stem for page in (made / "html" / "notebooks" / study).glob("*.html")}
        assert pages == {source.stem for source in (paths.NOTEBOOKS / study).glob("*.md")}
        assert 'id="abs.' in (made / "html" / "notebooks" / study / "audit.html").read_text(encoding="utf-8")
    finally:
        shutil.rmtree(made, ignore_errors=True)


@pytest.mark.thorough
@pytest.mark.parametrize("name", editions.names())
def test_each_edition_that_comes_with_the_book_is_built(name):
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "edition", name],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]

"""A small made-up study for tests, folders to write it into, and the order in which tests run."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath

import pytest
import yaml
from hypothesis import HealthCheck, settings

from analysis import paths
from analysis.book import upstream
from analysis.cohorts.study import Study, read_study

upstream.skip_iri_grammar()  # before a test imports nbformat by itself

# how long an example takes says nothing about whether it is right; the weekly workflow looks at more of them
settings.register_profile("usual", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", deadline=None, max_examples=500, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("usual")

SLOW_FIXTURES = {"book", "browser", "finished", "made", "project"}
"""Fixtures that build, search or start a browser: whatever asks for one, itself or through another, is slow."""


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks at the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what builds, searches or browses as slow, keep both workers busy until the end, and quick tests of a file together.

    Groups of slow tests come first, which share what is costly to make or to compile and so take longest; then other slow tests,
    each by itself, so that the many quick ones fill what is left at the end.
    """
    turn = {}
    for item in items:
        if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
        slow, grouped = (item.get_closest_marker(name) is not None for name in ("slow", "xdist_group"))
        turn[item] = 2 - slow - (slow and grouped)
        if not slow and not grouped:
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(Path(__file__).parent).as_posix()))
    items.sort(key=turn.get)


def one_study_of_each_page(names: list[str]) -> list:
    """Pages as parameters: of those that each study has, one study's at each change, and all where the book is published."""
    found, seen = [], set()
    for name in names:
        page = PurePosixPath(name)
        of_a_study = page.parent.name in paths.studies()
        found.append(pytest.param(name, marks=pytest.mark.thorough) if of_a_study and page.stem in seen else name)
        seen |= {page.stem} if of_a_study else set()
    return found


DECLARED = {
    "study": "made_up",
    "label": "Made up",
    "title": "A made-up study",
    "citation": {"journal": "None"},
    "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "patient"}},
    "variables": {
        "cohort": {
            "patient": {"type": "id"},
            "arm": {"type": "category", "levels": ["A", "B"]},
            "stage": {"type": "category", "levels": ["I", "II", "III"], "missing": True},
            "age": {"type": "integer", "unit": "years", "range": [0, 120], "missing": True},
            "months": {"type": "number", "unit": "months", "range": [0, 600]},
            "died": {"type": "boolean"},
        }
    },
    "endpoints": {"os": {"time": "months", "event": "died", "label": "Overall survival"}},
    "populations": {
        "all": {"label": "All patients"},
        "a": {"where": "arm=A", "label": "Arm A"},
        "b": {"where": "arm=B", "label": "Arm B"},
    },
}

COHORT = """patient,arm,stage,age,months,died
1,A,I,50,2,1
2,A,II,60,5,0
3,A,,70,8,1
4,A,III,,12,0
5,B,I,40,1,1
6,B,I,41,3,1
7,B,II,42,4,1
8,B,III,43,9,0
"""

LEDGER = """id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,note
t1.n,Table 1,patients,all,,count,,8,imposed,t1.a + t1.b,,
t1.a,Table 1,patients of arm A,a,,count,,4,imposed,,,
t1.b,Table 1,patients of arm B,b,,count,,4,imposed,,,
t1.a.pct,Table 1,share of arm A,all,arm=A,percent,,50%,imposed,t1.a ; t1.n,,
res.os,Results,survival of arm A at 6 months,a,,survival,endpoint=os; time=6,75%,held-out,,,
abs.os,Abstract,survival of arm A at 6 months,a,,survival,endpoint=os; time=6,75%,held-out,,res.os,
met.dose,Methods,a dose,,,quoted,,20,context,,,
"""


@pytest.fixture
def study_folder(tmp_path: Path) -> Path:
    """Folder of the made-up study: ``study.yml``, ``cohort.csv`` and ``printed.csv``."""
    folder = tmp_path / "made_up"
    folder.mkdir()
    (folder / "study.yml").write_text(yaml.safe_dump(DECLARED, sort_keys=False), encoding="utf-8")
    (folder / "cohort.csv").write_text(COHORT, encoding="utf-8")
    (folder / "printed.csv").write_text(LEDGER, encoding="utf-8")
    return folder


@pytest.fixture
def study(study_folder: Path) -> Study:
    return read_study(study_folder)


#: Programs that may be a browser.
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


@pytest.fixture(scope="session")
def browser():
    """One browser for all tests of a process, in whatever folder: a second one cannot be started beside it."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("no Chromium on this machine")
    with sync_api.sync_playwright() as driver:
        # a container's superuser has no sandbox; the pages are our own
        started = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield _Patient(started)
        started.close()


class _Patient:
    """A browser that waits as long as a machine needs that does much else."""

    def __init__(self, browser):
        self._browser = browser

    def new_context(self, **asked):
        context = self._browser.new_context(**asked)
        context.set_default_timeout(180_000)
        return context

    def new_page(self):
        return self.new_context().new_page()

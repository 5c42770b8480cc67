"""A third study of another design, begun by the command in a copy of the project: audit, reconstruction, pages and book.

The trial is invented (`tests/examples/three_arms`): three randomised arms, a competing event, medians with limits, log-log intervals.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from analysis import paths
from analysis.reconstruction.checks.verify import verify
from analysis.reconstruction.run import reconstruct
from tests.browser.conftest import axe  # noqa: F401  # a fixture
from tests.browser.test_every_page import RUN_AXE
from tests.live.conftest import Served

EXAMPLE = paths.ROOT / "tests" / "examples" / "three_arms"
DECLARED = {
    "age": {"type": "integer", "unit": "years", "range": [18, 95], "meaning": "Age in completed years"},
    "female": {"type": "boolean", "meaning": "Woman"},
}
NAMED = dict.fromkeys(("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper"), "cox-efron") | {
    "follow_up_median": "reverse Kaplan-Meier"
}
LINKED = ("reading", "reconstruction", "own-cohort", "verdicts", "re-executing", "reviewing", "adding")
"""Pages of the guide that the study's pages and the landing page lead to: not under test here, and written as headings alone."""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


def run(root, *arguments):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV"))} | {"PYTHONPATH": str(root)}
    return subprocess.run(
        [sys.executable, "-m", "analysis", *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project whose only study is the invented trial, its cohort found and its book built."""
    root = tmp_path_factory.mktemp("third") / "repository"
    shutil.copytree(paths.ROOT / "analysis", root / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(paths.BOOK, root / "book", ignore=shutil.ignore_patterns("results", "editions", "guide"))
    for name in ("_config.yml", "pyproject.toml", "requirements.txt", "README.md", "CITATION.cff", ".zenodo.json"):
        shutil.copy(paths.ROOT / name, root / name)
    for name in LINKED:
        page = root / "book" / "guide" / f"{name}.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"# {name}\n")
    chapters = [{"file": f"book/{name}"} for name in ("checks", "citing", "glossary", *(f"guide/{name}" for name in LINKED))]
    toc = {"format": "jb-book", "root": "book/index", "parts": [{"caption": "Words", "chapters": chapters}]}
    (root / "_toc.yml").write_text(yaml.safe_dump(toc, sort_keys=False))
    (root / "data").mkdir()
    shutil.copy(paths.DATA / "validation.yml", root / "data")
    begun = run(root, "new-study", "three_arms", "--file", str(EXAMPLE / "request.yml"), "--book-title", "One invented trial")
    assert begun.returncode == 0, begun.stderr
    folder = root / "data" / "three_arms"
    for name in ("printed.csv", "tables.yml"):
        shutil.copy(EXAMPLE / name, folder)
    study = yaml.safe_load((folder / "study.yml").read_text())
    study["variables"]["cohort"] |= DECLARED
    study["named"] = NAMED
    (folder / "study.yml").write_text(yaml.safe_dump(study, sort_keys=False, allow_unicode=True))
    assert run(root, "new-study", "three_arms").returncode == 0
    reconstruct(folder, cohorts=1, progress=lambda line: None)  # here, where what it compiles is kept
    built = run(root, "book")
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return root


def text(root, page):
    html = (root / "_build" / "html" / "notebooks" / "three_arms" / f"{page}.html").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_cohort_gives_every_imposed_number_causes_and_medians_with_limits_among_them(project):
    report = verify(str(project / "data" / "three_arms"))
    assert report.ok and not report.missed
    ids = set(report.satisfied)
    assert {"res.relapse.a.m24", "res.nrm.b.n", "res.efs.standard.median.lower", "res.os.a.events", "res.fu.median"} <= ids


def test_the_audit_judges_every_number_and_says_what_is_missing(project):
    done = run(project, "audit", "three_arms")
    assert done.returncode == 0 and "85 printed numbers" in done.stdout
    assert "What three_arms lacks:" in done.stdout and "no conclusion of the paper yet" in done.stdout
    assert "no cohort yet" not in done.stdout and "no layout" not in done.stdout


def test_each_declared_page_is_in_the_book_and_draws_what_is_declared(project):
    assert "Overall survival by treatment" in text(project, "os_by_arm") and "counted from randomisation" in text(project, "os")
    assert "Aalen–Johansen" in text(project, "relapse") and "Cumulative incidence of relapse at 24 months" in text(
        project, "relapse_by_arm"
    )
    assert "CONSORT" in text(project, "reporting") and "Table 1" in text(project, "table_t1")


def test_a_randomised_comparison_is_worded_as_such(project):
    told = text(project, "os_by_arm")
    assert "Patients were allocated to these groups at random" in told
    assert "in a comparison of randomised groups" in told and "as an association" not in told


def test_the_limits_that_are_drawn_are_those_that_the_study_declares(project):
    assert "log-log" in text(project, "audit")
    pages = project / "notebooks" / "three_arms"
    assert all('interval = "log"' not in path.read_text() for path in pages.glob("*.md"))


def test_landing_page_title_and_citations_are_those_of_the_study_that_is_there(project):
    landing = (project / "_build" / "html" / "book" / "index.html").read_text(encoding="utf-8")
    assert "One invented trial" in landing and "Three arms" in landing
    for gone in ("Decitabine", "NOPHO", "nopho_rd", "dac_clag"):
        assert gone not in landing
    citing = (project / "_build" / "html" / "book" / "citing.html").read_text(encoding="utf-8")
    assert "10.5555/invented" in citing
    assert "10.5555/invented" in (project / "CITATION.cff").read_text() and "- Three arms:" in (project / "README.md").read_text()


def test_the_linter_finds_no_fault_in_what_was_generated(project):
    done = run(project, "lint", "sources")
    faults = [line for line in done.stderr.splitlines() if "three_arms" in line]
    assert faults == []


@pytest.fixture(scope="module")
def live(project):
    """The trial's book, served."""
    server = Served(project / "_build" / "html", root=project)
    yield server
    server.end()


def test_a_reader_of_the_served_book_is_refused_a_value_runs_a_page_and_sees_what_moved(live, browser, axe):  # noqa: F811
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    page = context.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" and "422" not in said.text else None)
    page.goto(f"{live.addresses[0]}notebooks/three_arms/os_by_arm.html")
    page.locator(".live-panel > summary").click()
    horizon = page.get_by_label("Horizon")
    assert horizon.input_value() == "48"  # the trial's own
    horizon.fill("0")
    page.keyboard.press("Tab")
    told = page.locator("#live-horizon-error")
    told.wait_for(state="visible")
    assert told.inner_text() == "Expected a number of months from 1 to 600; found '0'."
    horizon.fill("24")
    page.keyboard.press("Enter")
    page.wait_for_url("**/live/runs/*/os_by_arm.html")
    assert page.get_by_text("horizon = 24 months (published: 48 months)").is_visible()
    assert page.locator(".moved").count() > 0
    assert page.get_by_text("Patients were allocated to these groups at random").count() > 0
    page.evaluate(axe)
    assert page.evaluate(RUN_AXE, "rest") == []
    page.get_by_role("link", name="Side by side").click()
    page.frame_locator("iframe").last.locator("main", has_text="Not the published page").wait_for()  # once it has loaded
    context.close()
    assert problems == []


def test_own_patients_of_the_trial_are_checked_protected_and_forgotten(live, project):
    rows = (project / "data" / "three_arms" / "cohort.csv").read_bytes()
    assert live.ask("PUT", "live/patients?study=three_arms&name=mine.csv", rows)[0] == 201
    assert "The file is valid" in live.ask("GET", "live/patients?study=three_arms")[2]
    status, _, said = live.ask("POST", "live/runs", {"page": "notebooks/three_arms/os_by_arm", "values": {"cohort": "own"}})
    assert status == 201, said
    address = json.loads(said)["address"]
    told = live.events(address)
    assert told[-1]["state"] == "done", told[-1]
    assert "To protect the patients" in live.ask("GET", f"{address}os_by_arm.html")[2]
    assert live.ask("POST", "live/patients/forget", {"study": "three_arms"})[0] == 200
    assert live.ask("GET", f"{address}os_by_arm.html")[0] == 404

"""A live book in a real browser: the form, a refusal, a run, what moved, the keyboard, and what axe says."""

from __future__ import annotations

import pytest
import yaml

from analysis import paths
from tests import made_up_hospital
from tests.browser import record_walk
from tests.browser.test_every_page import RUN_AXE
from tests.live.conftest import PAGES, served, small_book  # noqa: F401  # fixtures

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]
PATIENTS, SURVIVAL = PAGES


@pytest.fixture
def page(browser):
    """A page that fails where the browser reports an error of a script or of the policy."""
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    made = context.new_page()
    problems = []
    made.on("pageerror", lambda error: problems.append(str(error)))
    made.on("console", lambda said: problems.append(said.text) if said.type == "error" and "422" not in said.text else None)
    yield made
    context.close()
    assert problems == []


def faults_of_axe(page, axe):
    page.evaluate(axe)
    return page.evaluate(RUN_AXE, "rest")


def test_a_reader_changes_a_field_is_refused_mends_it_runs_and_sees_what_moved(page, served, axe):  # noqa: F811
    page.goto(f"{served.addresses[0]}{SURVIVAL}.html")
    page.keyboard.press("Tab")
    page.locator(".live-panel > summary").focus()
    page.keyboard.press("Enter")  # by keyboard alone, from here on
    horizon = page.get_by_label("Horizon")
    horizon.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("0")
    page.keyboard.press("Tab")
    told = page.locator("#live-horizon-error")
    told.wait_for(state="visible")
    assert told.inner_text() == "Expected a number of months from 1 to 600; found '0'."
    assert horizon.get_attribute("aria-invalid") == "true" and "live-horizon-error" in horizon.get_attribute("aria-describedby")
    assert faults_of_axe(page, axe) == []
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("24")
    page.keyboard.press("Enter")
    page.wait_for_url("**/live/runs/*/survival.html")
    assert page.get_by_text("horizon = 24 months (published: 36 months)").is_visible()
    listed = page.locator('a[href^="#moved-"], a[href^="#fig-"]').first
    target = page.locator(listed.get_attribute("href"))
    assert target.count() == 1
    assert page.locator(".moved").count() > 0
    assert page.get_by_label("Horizon").input_value() == "24"
    assert faults_of_axe(page, axe) == []
    page.get_by_role("link", name="Side by side").click()
    published, own = page.frame_locator("iframe").first, page.frame_locator("iframe").last
    own.locator("main", has_text="Not the published page").wait_for()  # once it has loaded
    assert "Not the published page" not in published.locator("main").inner_text()
    page.goto(f"{served.addresses[0]}live/")
    assert "horizon = 24 months" in page.locator("table").inner_text()
    assert faults_of_axe(page, axe) == []


def test_the_form_follows_the_study_that_is_chosen(page, served):  # noqa: F811
    page.goto(f"{served.addresses[0]}{PATIENTS}.html")
    page.locator(".live-panel > summary").click()
    study = page.get_by_label("Study", exact=True)
    first = page.get_by_label("Reading").inner_text()
    study.select_option(index=1 - study.evaluate("field => field.selectedIndex"))
    page.wait_for_function("first => document.querySelector('[name=reading]').innerText !== first", arg=first)
    assert page.locator(".live-field.live-differs [name=study]").count() == 1


@pytest.fixture
def spss_file(tmp_path):
    """The made-up hospital's patients as a file of SPSS, and its mapping without one code."""
    pyreadstat = pytest.importorskip("pyreadstat")
    columns = {"Fallnummer": "nr", "Schema": "schema", "Verstorben": "tot", "Ereignis": "ereignis"}
    frame = made_up_hospital.patients().rename(columns=columns)
    frame["schema"] = (frame["schema"] == "neu").astype(float)
    pyreadstat.write_sav(frame, str(tmp_path / "klinik.sav"), variable_value_labels={"schema": {0.0: "alt", 1.0: "neu"}})
    mapping = yaml.load((paths.BOOK / "editions/made-up-hospital.mapping.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    del mapping["file"], mapping["columns"]["died"], mapping["columns"]["patient"]
    told = mapping["columns"]
    told["enrolment"] = "nr"
    told["arm"] = told["arm"] | {"column": "schema", "codes": {"0": told["arm"]["codes"]["alt"]}}
    told["efs_event"] = told["efs_event"] | {"column": "ereignis"}
    (tmp_path / "klinik.mapping.yml").write_text(yaml.safe_dump(mapping, allow_unicode=True), encoding="utf-8")
    return tmp_path / "klinik.sav", tmp_path / "klinik.mapping.yml", mapping["study"]


def test_a_reader_brings_a_file_of_spss_mends_its_mapping_runs_a_page_and_has_it_forgotten(page, served, axe, spss_file):  # noqa: F811
    file, mapping, study = spss_file
    page.goto(f"{served.addresses[1]}live/patients?study={study}")
    assert faults_of_axe(page, axe) == []
    for one in (file, mapping):
        before = page.locator("main").element_handle()
        page.set_input_files(".live-drop input", str(one))
        page.wait_for_function("main => !main.isConnected", arg=before)
    assert "faults" in page.locator(".live-verdict").inner_text()
    codes = page.locator("#map-arm .live-codes")
    assert "alt" in codes.inner_text() and "neu" in codes.inner_text()
    codes.locator("select").nth(1).select_option(index=2)
    page.locator("#map-died-source").select_option("column:tot")
    page.locator("#map-died .live-codes").wait_for()
    assert page.evaluate("document.activeElement.id") == "map-died-source"  # the focus stays where it was
    for label, level in (("ja", "1"), ("nein", "0")):
        page.locator("#map-died").get_by_label(label).select_option(level)
    page.get_by_role("button", name="Check with this mapping").first.click()
    page.locator(".live-sound").wait_for()
    assert faults_of_axe(page, axe) == []
    assert "120 to 124 patients, 75 to 79 events" in page.locator("main").inner_text()
    page.locator(f'.live-pages a[href*="{PATIENTS}"]').click()
    page.wait_for_load_state()  # a list that is still being read stands on its first entry
    assert page.get_by_label("Cohort").input_value() == "own"
    page.locator(".live-run").click()
    page.wait_for_url("**/live/runs/*/patients.html")
    assert "To protect the patients" in page.locator("main").inner_text()
    page.goto(f"{served.addresses[1]}live/patients?study={study}")
    page.get_by_role("button", name="Forget this file").click()
    page.get_by_text("Drop a file here, or choose one").wait_for()
    page.goto(f"{served.addresses[1]}live/")
    assert page.locator("table").count() == 0


def test_several_values_are_compared_on_a_page_that_fills(page, served, axe):  # noqa: F811
    page.goto(f"{served.addresses[0]}{SURVIVAL}.html#live-panel")
    page.get_by_label("Compare several values").check()
    page.get_by_label("Horizon").fill("12; 24")
    page.get_by_role("button", name="Run all").click()
    page.wait_for_url("**/live/sweeps/*/")
    page.locator(".live-sweep[data-live-open=false]").wait_for()
    assert page.locator("table.scenarios tbody tr").count() == 2
    page.get_by_role("button", name="horizon", exact=True).click()
    page.get_by_role("button", name="horizon", exact=True).click()
    assert page.locator("table.scenarios thead th[aria-sort=descending]").count() == 1  # the table's own script runs under the policy
    assert page.locator("table.scenarios tbody tr").first.locator("td").nth(1).inner_text() == "24"
    assert faults_of_axe(page, axe) == []


@pytest.mark.thorough  # its steps have tests of their own
def test_the_walk_of_the_guide_can_be_taken_again_and_its_pictures_are_small(page, served, tmp_path):  # noqa: F811
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    made = [file.name for file in record_walk.walk(page, served.addresses[1], tmp_path, pictures)]
    kept = sorted(record_walk.FOLDER.iterdir())
    assert made == [file.name for file in kept]
    guide = (paths.BOOK / "guide" / "live.md").read_text(encoding="utf-8")
    assert all(f"../_static/walk/{name}" in guide for name in made)
    assert all(file.stat().st_size <= record_walk.LARGEST for file in kept)

"""A live book in a real browser: the form, a refusal, a run, what moved, the keyboard, and what axe says."""

from __future__ import annotations

import pytest

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
    assert "Not the published page" in own.locator("main").inner_text()
    assert "Not the published page" not in published.locator("main").inner_text()
    page.goto(f"{served.addresses[0]}live/")
    assert "horizon 24 months" in page.locator("table").inner_text()
    assert faults_of_axe(page, axe) == []


def test_the_form_follows_the_study_that_is_chosen(page, served):  # noqa: F811
    page.goto(f"{served.addresses[0]}{PATIENTS}.html")
    page.locator(".live-panel > summary").click()
    study = page.get_by_label("Study", exact=True)
    first = page.get_by_label("Reading").inner_text()
    study.select_option(index=1 - study.evaluate("field => field.selectedIndex"))
    page.wait_for_function("first => document.querySelector('[name=reading]').innerText !== first", arg=first)
    assert page.locator(".live-field.live-differs [name=study]").count() == 1

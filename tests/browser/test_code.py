"""One switch in the header shows all code of a page, by pointer and by keyboard, and is remembered."""

from __future__ import annotations

import pytest

from tests.book.sphinx.test_code_cells import TAGS, built

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("code")]
ALWAYS = sum("show-input" in tags for tags in TAGS.values())
SEEN = "[...document.querySelectorAll('.code-cell')].filter(cell => cell.checkVisibility()).length"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return (built(tmp_path_factory.mktemp("code")) / "page.html").as_uri()


def test_by_default_code_shows_only_where_a_page_is_about_it_and_the_switch_shows_and_hides_the_rest(browser, address):
    page = browser.new_page()
    page.goto(address)
    switch = page.get_by_role("button", name="Show code")
    assert (page.evaluate(SEEN), switch.get_attribute("aria-pressed")) == (ALWAYS, "false")
    assert not page.locator(".code-link").is_visible()
    switch.click()
    assert (page.evaluate(SEEN), switch.get_attribute("aria-pressed")) == (len(TAGS), "true")
    switch.press("Enter")
    assert (page.evaluate(SEEN), switch.get_attribute("aria-pressed")) == (ALWAYS, "false")
    page.context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_switch_is_named_and_large_enough_at_every_width(browser, address, width):
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(address)
    box = page.get_by_role("button", name="Show code").bounding_box()
    assert min(box["width"], box["height"]) >= 24
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    context.close()


def test_what_was_chosen_is_remembered_from_a_file(browser, address):
    page = browser.new_page()
    page.goto(address)
    page.get_by_role("button", name="Show code").click()
    page.reload()
    assert page.evaluate(SEEN) == len(TAGS)
    page.context.close()


def test_without_storage_the_switch_still_works(browser, address):
    page = browser.new_page()
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('refused'); }})")
    errors = []
    page.goto(address)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.get_by_role("button", name="Show code").click()
    assert page.evaluate(SEEN) == len(TAGS)
    assert errors == []
    page.context.close()


def test_without_scripts_a_link_shows_the_code(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert not page.locator(".code-cell").first.is_visible() and not page.locator(".btn-code-switch").is_visible()
    page.locator(".code-link a").click()
    assert all(cell.is_visible() for cell in page.locator(".code-cell").all()) and page.locator(".code-cell").count() == len(TAGS)
    context.close()

"""What a word means, shown by pointer and keyboard and told to a screen reader."""

import pytest

from tests.browser import site
from tests.browser.test_every_page import RUN_AXE

TEXT = "Overall survival: time to death from any cause."
PAGE = (
    f'<p>Before. <a class="reference internal explained" href="#x" data-definition="{TEXT}">OS</a> after it <a href="#y">elsewhere</a>.</p>'
)


@pytest.fixture
def page(tmp_path, browser):
    folder = site.write(tmp_path, {"page": PAGE, "none": "<p>nothing</p>"})
    context = browser.new_context(viewport={"width": 390, "height": 700})
    opened = context.new_page()
    opened.goto((folder / "page.html").as_uri())
    yield opened
    context.close()


def test_the_pointer_shows_it_may_move_onto_it_and_leaving_hides_it(page):
    tip = page.locator("#definition-tip")
    assert tip.is_hidden()
    page.locator(".explained").hover()
    tip.wait_for(state="visible")
    assert tip.inner_text() == TEXT
    tip.hover()
    page.wait_for_timeout(350)
    assert tip.is_visible()
    page.mouse.move(380, 690)
    tip.wait_for(state="hidden")


def test_the_keyboard_shows_it_and_escape_hides_it(page):
    tip = page.locator("#definition-tip")
    page.keyboard.press("Tab")
    assert tip.is_visible() and tip.get_attribute("role") == "tooltip"
    page.keyboard.press("Escape")
    assert tip.is_hidden() and page.evaluate("document.activeElement.textContent") == "OS"
    page.keyboard.press("Tab")
    assert tip.is_hidden()


def test_a_screen_reader_is_told_it_with_the_link(page):
    assert page.locator(".explained").get_attribute("aria-description") == TEXT


def test_it_stays_on_the_screen_and_axe_finds_nothing(page, axe):
    page.keyboard.press("Tab")
    box = page.locator("#definition-tip").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.evaluate(axe)
    assert page.evaluate(RUN_AXE, "structure") == []


def test_a_page_without_such_a_word_has_no_tip(page):
    page.goto(page.url.replace("page.html", "none.html"))
    assert page.locator("#definition-tip").count() == 0

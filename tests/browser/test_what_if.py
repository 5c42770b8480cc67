"""A panel *What if?* in a browser: by keyboard, spoken, drawn, and whole without its script."""

from __future__ import annotations

import pytest

from analysis.tables.html.what_if import Choice, panel
from tests.browser import site
from tests.browser.test_every_page import RUN_AXE

CHOICES = [
    Choice("The page’s cohort", ["81.4%"], "At 36 months 81.4%.", {"A <x>": ([0, 6, 12], [100, 90, 81.4])}),
    Choice("Sampled cohort 1", ["79.0%"], "At 36 months 79.0%.", {"A <x>": ([0, 3, 30], [100, 95, 79])}),
    Choice("Sampled cohort 2", ["—"], "Nobody is followed so long.", {}),
]


@pytest.fixture
def opened(browser, tmp_path):
    """A function that opens a page with the panel."""
    context = browser.new_context(viewport={"width": 900, "height": 1000})

    def opened(scripts=True):
        page = context.new_page()
        html = panel("any of the sampled cohorts", "Cohort", ["A, at 36 months"], CHOICES, horizon=36)
        page.goto((site.write(tmp_path, {"page": html}, scripts=scripts) / "page.html").as_uri())
        page.locator("details.what-if > summary").click()
        return page

    yield opened
    context.close()


def test_arrow_keys_go_through_the_choices_and_say_what_each_means(opened):
    page = opened()
    slider = page.get_by_label("Cohort", exact=True)
    slider.focus()
    said = page.locator(".what-if-said")
    assert said.inner_text() == "At 36 months 81.4%." and said.get_attribute("role") == "status"
    first = page.locator(".what-if-curve").get_attribute("d")
    page.keyboard.press("ArrowRight")
    assert said.inner_text() == "At 36 months 79.0%." and slider.get_attribute("aria-valuetext") == "Sampled cohort 1"
    assert page.locator(".what-if-curve").get_attribute("d") != first == page.locator("path.what-if-page").get_attribute("d")
    page.keyboard.press("End")
    assert said.inner_text() == "Nobody is followed so long." and page.locator(".what-if-curve").get_attribute("d") == ""
    page.keyboard.press("Home")
    assert page.locator(".what-if-curve").get_attribute("d") == first


def test_steps_are_drawn_at_their_months_and_heights(opened):
    page = opened()
    left, right, top, bottom, width, high = 46, 12, 10, 36, 640, 300
    x = lambda month: left + (width - left - right) * month / 36  # noqa: E731
    y = lambda share: top + (high - top - bottom) * (1 - share / 100)  # noqa: E731
    drawn = [
        float(number)
        for number in page.locator(".what-if-curve").get_attribute("d").replace("M", "").replace("H", " ").replace("V", " ").split()
    ]
    expected = [x(0), y(100), x(0), y(100), x(6), y(90), x(12), y(81.4), x(36)]
    assert drawn == pytest.approx(expected)


def test_the_cohorts_pass_by_until_they_are_stopped(opened):
    page = opened()
    play = page.get_by_role("button", name="Play")
    play.click()
    page.wait_for_function("document.querySelector('.what-if input').value !== '0'")
    assert page.locator(".what-if-said").get_attribute("role") is None  # not every one is read out
    page.get_by_role("button", name="Stop").click()
    assert page.get_by_role("button", name="Play").get_attribute("aria-pressed") == "false"


def test_without_its_script_all_choices_stand_in_a_table(opened):
    page = opened(scripts=False)
    assert page.locator("tbody tr").count() == 3 and page.locator("tbody tr").last.is_visible()
    assert page.locator("input").count() == 0


def test_a_label_is_shown_as_it_is_and_axe_finds_nothing(opened, axe):
    page = opened()
    assert page.locator(".what-if-key span").first.inner_text() == "A <x>"
    page.locator(".what-if-all > summary").click()
    assert page.locator("tr[data-chosen] th").inner_text() == "The page’s cohort"
    page.evaluate(axe)
    assert page.evaluate(RUN_AXE, "rest") == []

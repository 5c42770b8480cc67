"""Exploring a survival figure: what it tells agrees with the estimate, by pointer and by keyboard."""

from __future__ import annotations

import functools
import itertools
import re

import pytest

from analysis import paths
from analysis.estimators.curves.competing_risks import cumulative_incidence
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.figures.palette import DARK, LIGHT
from analysis.figures.parts.curves import PrintedPoint
from analysis.figures.parts.time_axis import TimeAxis
from analysis.figures.plots.incidence import incidence_figure
from analysis.figures.plots.survival import survival_figure
from analysis.figures.style import RECONSTRUCTED
from tests.browser import site

CURVES = {"Arm A": kaplan_meier([2, 5, 8, 12, 20, 30], [1, 0, 1, 1, 0, 0]), "Arm <B>": kaplan_meier([1, 3, 4, 9, 14], [1, 1, 1, 0, 1])}
MEMBER = {"Arm A": kaplan_meier([1, 2, 9, 24], [1, 1, 0, 0]), "Arm <B>": kaplan_meier([2, 6, 9, 15], [1, 0, 1, 0])}
POINTS = [PrintedPoint(12, 60.0, 9.0, group="Arm A"), PrintedPoint(12, 20.0, lower=5, upper=45, group="Arm <B>")]
HORIZON = 24


@functools.cache
def usual():
    """The figure that most tests open, drawn once."""
    figure = survival_figure(CURVES, horizon=HORIZON, title="Overall survival", ensemble=[MEMBER], printed=POINTS)
    return Drawn(figure._repr_html_())


class Drawn:
    """A figure whose HTML has been made."""

    def __init__(self, html: str):
        self._html = html

    def _repr_html_(self) -> str:
        return self._html


def survival(**asked):
    if not asked:
        return usual()
    return survival_figure(CURVES, **({"horizon": HORIZON, "title": "Overall survival", "ensemble": [MEMBER], "printed": POINTS} | asked))


@pytest.fixture
def explored(browser, tmp_path):
    """A function that opens a page with a figure and turns to its exploration."""
    context = browser.new_context(viewport={"width": 900, "height": 1200})

    def opened(figure):
        page = context.new_page()
        page.goto((site.write(tmp_path, {"page": figure._repr_html_()}) / "page.html").as_uri())
        page.locator(".explorer-toggle").click()
        page.wait_for_selector(".explorer", state="visible")
        return page

    yield opened
    context.close()


def table(page) -> list[list[str]]:
    return [[cell.strip() for cell in row.locator("th, td").all_inner_texts()] for row in page.locator(".explorer-values tbody tr").all()]


def at(page, month: float) -> list[list[str]]:
    page.locator(".explorer input[type=range]").evaluate(
        "(slider, month) => { slider.value = month; slider.dispatchEvent(new Event('input')); }", month
    )
    return table(page)


def test_the_still_figure_is_what_a_page_opens_with(browser, tmp_path):
    page = browser.new_page()
    page.goto((site.write(tmp_path, {"page": survival()._repr_html_()}) / "page.html").as_uri())
    assert page.locator(".figure-pair").is_visible() and page.locator(".explorer").count() == 0
    button = page.locator(".explorer-toggle")
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    page.wait_for_selector(".explorer", state="visible")
    assert page.locator(".figure-pair").is_hidden()
    button.click()
    assert page.locator(".figure-pair").is_visible() and page.locator(".explorer").is_hidden()
    page.close()


def test_each_month_tells_the_estimate_its_interval_and_the_number_at_risk(explored):
    page = explored(survival())
    for month in (0, 0.5, 1, 2, 4, 8, 11.5, 12, 13.5):
        for (label, curve), row in zip(CURVES.items(), at(page, month), strict=True):
            low, high = (100 * limit for limit in curve.interval_at(month, kind="log", level=0.95))
            events = int(curve.events[curve.time <= month].sum())
            assert row[:2] == [label, f"{100 * curve.survival_at(month):.1f}%"], month
            assert row[2] == (f"{low:.1f} to {high:.1f}" if month >= curve.time[0] and low == low else "—"), month
            assert row[4:] == [str(int(curve.at_risk_at(month))), str(events)], month


def test_the_sampled_range_is_that_of_the_members_and_has_its_own_column(explored):
    page = explored(survival())
    heads = page.locator(".explorer-values thead th").all_inner_texts()
    assert heads == ["Group", "Survival (%)", "95% CI", "Range across 1 cohort", "At risk", "Events so far"]
    assert at(page, 3)[0][3] == f"{100 * MEMBER['Arm A'].survival_at(3):.1f}"
    other = {"Arm A": kaplan_meier([4, 6, 12], [1, 0, 0]), "Arm <B>": kaplan_meier([1, 2], [1, 1])}
    low, high = sorted(100 * member["Arm A"].survival_at(5) for member in (MEMBER, other))
    assert at(explored(survival(ensemble=[MEMBER, other])), 5)[0][3] == f"{low:.1f} to {high:.1f}"


def test_beyond_the_last_patient_nothing_is_claimed(explored):
    page = explored(survival(horizon=36))
    first, second = at(page, 33)
    assert first[1] == "beyond follow-up" and first[4] == "0"
    assert second[1] == "0.0%"  # everybody has died, and stays so


def test_arrow_keys_move_along_the_months_and_say_so(explored):
    page = explored(survival())
    page.locator(".explorer input[type=range]").focus()
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert page.locator(".explorer caption").inner_text() == "At 2 months"
    spoken = page.locator(".explorer input[type=range]").get_attribute("aria-valuetext")
    assert (
        spoken
        == f"2 months: Arm A {100 * CURVES['Arm A'].survival_at(2):.1f}%, 6 at risk; Arm <B> {100 * CURVES['Arm <B>'].survival_at(2):.1f}%, 4 at risk"
    )


def test_the_pointer_tells_the_month_under_it(explored):
    page = explored(survival())
    box = page.locator(".explorer-plot").bounding_box()
    left, right = 52, 16  # margins of the drawing, which is drawn to its width
    page.mouse.move(box["x"] + left + (box["width"] - left - right) / 2, box["y"] + 50)
    assert abs(float(re.search(r"[\d.]+", page.locator(".explorer caption").inner_text())[0]) - HORIZON / 2) < 0.2


def test_bands_ranges_and_printed_points_can_be_hidden_each_by_itself(explored):
    page = explored(survival())
    drawn = {"95% CI": "path.band", "Range across 1 cohort": "path.sampled", "Printed estimates": "path.printed"}
    for words, what in drawn.items():
        assert page.locator(f".explorer-plot {what}").count() == 2
        page.get_by_label(words, exact=True).uncheck()
        assert page.locator(f".explorer-plot {what}").count() == 0
    assert page.locator(".explorer-plot path.curve").count() == 2 and page.locator(".explorer-plot path.limit").count() == 0


def test_a_stretch_of_time_is_enlarged_and_the_whole_comes_back(explored):
    page = explored(survival())
    whole = page.locator(".explorer-axes text").all_text_contents()
    page.get_by_role("button", name="Enlarge").click()
    closer = page.locator(".explorer-axes text").all_text_contents()
    assert closer != whole and "24" not in closer and "12" in closer
    page.get_by_role("button", name="Whole").click()
    assert page.locator(".explorer-axes text").all_text_contents() == whole
    box = page.locator(".explorer-plot").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 60)
    page.mouse.up()
    assert page.locator(".explorer-axes text").all_text_contents() != whole


def test_steps_of_the_drawing_are_those_of_the_curve(explored):
    page = explored(survival(ensemble=[], printed=[]))
    d = page.locator(".explorer-plot path.curve").first.get_attribute("d")
    high = float(page.locator(".explorer-plot").get_attribute("viewBox").split()[3])
    height = lambda y: 100 * (1 - (y - 12) / (high - 12 - 44))  # noqa: E731
    levels = list(dict.fromkeys(round(height(float(y)), 1) for y in re.findall(r"V([\d.]+)", d)))
    curve = CURVES["Arm A"]
    expected = list(
        dict.fromkeys([100.0, *(round(100 * s, 1) for s, time in zip(curve.survival, curve.time, strict=True) if time <= HORIZON)])
    )
    assert levels == pytest.approx(expected[1:] if levels[0] != 100 else expected, abs=0.11)


def test_an_interval_is_tinted_and_a_range_over_cohorts_hatched(explored):
    page = explored(survival())
    filled = lambda what: page.locator(f".explorer-plot path.{what}").first.evaluate("path => getComputedStyle(path).fill")  # noqa: E731
    assert filled("band").startswith("rgb") and "hatch" in filled("sampled")


def test_it_opens_at_a_printed_time_with_the_comparison_and_the_table_of_numbers_at_risk(explored):
    page = explored(survival(annotate=["HR 0.50 (0.20 to 1.20)", "log-rank P 0.13"]))
    assert page.locator(".explorer-values caption").inner_text() == "At 12 months"
    assert page.locator(".explorer-annotations").inner_text() == "HR 0.50 (0.20 to 1.20); log-rank P 0.13"
    heads = page.locator(".explorer-risk thead th").all_inner_texts()
    rows = [row.locator("th, td").all_inner_texts() for row in page.locator(".explorer-risk tbody tr").all()]
    assert heads[0] == "At risk (months)"
    assert rows == [[label, *(str(int(curve.at_risk_at(float(tick)))) for tick in heads[1:])] for label, curve in CURVES.items()]


def test_an_axis_in_years_is_labelled_in_years(explored):
    page = explored(survival(axis=TimeAxis("years", "diagnosis")))
    texts = page.locator(".explorer-axes text").all_text_contents()
    assert "Years since diagnosis" in texts and "2" in texts and "24" not in texts


def test_a_reconstruction_says_so_while_it_is_explored(explored):
    assert page_notice(explored(survival())) == [f"{RECONSTRUCTED.capitalize()}."]
    assert page_notice(explored(survival(reconstructed=False))) == []


def page_notice(page) -> list[str]:
    return page.locator(".explorer-notice").all_inner_texts()


def test_cumulative_incidence_starts_at_nothing(explored):
    curve = cumulative_incidence([2, 5, 8, 12, 20], [1, 2, 1, 0, 0])
    page = explored(incidence_figure({"All": curve}, horizon=HORIZON, title="Relapse"))
    assert at(page, 1)[0][1] == "0.0%"
    assert at(page, 9)[0][1] == f"{100 * curve.incidence_at(9):.1f}%"


def test_on_a_page_by_itself_the_tables_come_from_its_links(browser, tmp_path):
    figure = survival()
    folder = site.write(tmp_path, {"page": ""})
    file = folder / "page.html"
    file.write_text(file.read_text(encoding="utf-8").replace("</main>", figure._repr_html_() + "</main>"), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    page.locator(".explorer-toggle").click()
    page.wait_for_selector(".explorer", state="visible")
    assert at(page, 5)[0][1] == f"{100 * CURVES['Arm A'].survival_at(5):.1f}%"
    page.close()


def test_without_its_table_the_button_says_so(browser, tmp_path):
    folder = site.write(tmp_path, {"page": survival()._repr_html_()})
    for script in (folder / "_static" / "made").glob("*.js"):
        script.unlink()
    page = browser.new_page()
    page.goto((folder / "page.html").as_uri())
    button = page.locator(".explorer-toggle")
    button.click()
    page.wait_for_function("document.querySelector('.explorer-toggle').disabled")
    assert "could not be loaded" in button.inner_text() and page.locator(".figure-pair").is_visible()
    page.close()


def test_axe_finds_nothing_in_it_and_it_fits_the_screen(explored, axe):
    page = explored(survival())
    page.evaluate(axe)
    for width, mode in itertools.product((390, 1280), ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("mode => { document.documentElement.dataset.theme = mode; }", mode)
        found = page.evaluate(
            "async () => (await axe.run('.explorer', {preload: false})).violations.map(v => v.id + ': ' + v.nodes[0].html + v.nodes[0].failureSummary)"
        )
        assert found == [], (width, mode)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (width, mode)


def test_the_colours_are_those_of_the_figures():
    css = (paths.BOOK / "_static" / "book.css").read_text(encoding="utf-8")
    light, dark = css.split('html[data-theme="dark"] {')[:2]
    for theme, block in ((LIGHT, light), (DARK, dark.split("}")[0])):
        assert re.findall(r"--group-\d: (#\w+);", block) == list(theme.groups)


def test_the_scripts_are_light():
    weights = {file.name: file.stat().st_size for file in (paths.BOOK / "_static").glob("*.js")}
    assert set(site.SCRIPTS) <= set(weights) and sum(weights.values()) < 48_000

"""One switch a page: the paper's numbers, ours, or both with what differs lit."""

import numpy as np
import pytest

from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.figures.parts.curves import PrintedPoint
from analysis.figures.plots.survival import survival_figure
from tests.browser import site

CELL = (
    '<td><span class="exhibit-number{}"><span class="as-printed">{}</span><a class="verdict verdict-mark" href="#x">✓</a>'
    '<span class="recomputed{}"><span class="bracket"> [</span>{}<span class="bracket">]</span></span></span></td>'
)
TABLE = (
    '<div class="exhibit exhibit-table"><table><caption><span>T</span></caption><tbody><tr>'
    + CELL.format(" differs", "63.37%", "", "63.64%")
    + CELL.format("", "Twenty-two", " same", "22")
    + "</tr></tbody></table></div>"
)


CURVE = kaplan_meier(np.array([3.0, 8, 12, 20, 30]), np.array([1, 0, 1, 0, 1]))
FIGURE = survival_figure({"A": CURVE}, horizon=24, title="Survival of A", printed=[PrintedPoint(12, 63.4, 9.0)])


@pytest.fixture
def page(tmp_path, browser):
    folder = site.write(
        tmp_path,
        {
            "page": TABLE + TABLE,
            "none": "<p>no table</p>",
            "figure": FIGURE._repr_html_(),
            "card": f'<div class="study-card">{FIGURE._repr_html_()}</div>',
        },
    )
    opened = browser.new_page()
    opened.goto((folder / "page.html").as_uri())
    yield opened
    opened.close()


def seen(page):
    return [cell.inner_text() for cell in page.locator("tr").first.locator("td").all()]


def test_each_way_of_reading_shows_its_numbers_in_all_tables(page):
    assert page.locator("fieldset.readings").count() == 1
    assert seen(page) == ["63.37%✓ [63.64%]", "Twenty-two✓"]
    page.get_by_label("as printed").check()
    assert seen(page) == ["63.37%", "Twenty-two"] and page.locator(".recomputed:visible").count() == 0
    page.get_by_label("as recomputed").check()
    assert seen(page) == ["✓63.64%", "✓22"] and page.locator(".as-printed:visible").count() == 0
    page.get_by_label("both, differences marked").check()
    assert seen(page) == ["63.37%✓ [63.64%]", "Twenty-two✓"]


def test_what_differs_is_lit(page):
    lit, plain = (
        page.locator(selector).first.evaluate("(one) => getComputedStyle(one).backgroundColor")
        for selector in (".differs .recomputed", ".as-printed")
    )
    assert lit != plain


def test_a_page_without_such_a_table_has_no_switch(page):
    page.goto(page.url.replace("page.html", "none.html"))
    assert page.locator("fieldset").count() == 0


def test_the_same_switch_shows_a_figure_s_printed_points_or_its_curve_and_the_risk_table_with_it(page):
    page.goto(page.url.replace("page.html", "figure.html"))
    drawing = page.locator(".figure-pair svg:visible")
    points, curve, told = drawing.locator("g.as-printed"), drawing.locator("g.recomputed"), page.locator(".printed-only")
    assert points.count() >= 2 and curve.count() > 5 and told.is_hidden()

    def shown():
        return [sum(one.is_visible() for one in group.all()) for group in (points, curve, drawing.locator("g.median"))]

    both, height = shown(), drawing.bounding_box()["height"]
    page.get_by_label("as printed").check()
    assert drawing.bounding_box()["height"] < 0.9 * height  # the room of the risk table is given back
    assert not drawing.get_by_text("95% CI").is_visible()
    assert shown()[0] == both[0] and shown()[1:] == [0, 0]
    assert told.inner_text() == "As printed: A, 12 months: 63.4% ± 9%."
    assert drawing.get_by_text("At risk", exact=True).count() == 0 or drawing.get_by_text("At risk", exact=True).first.is_hidden()
    page.get_by_label("as recomputed").check()
    assert shown()[0] == 0 and shown()[1] == both[1] and told.is_hidden()
    page.get_by_label("both, differences marked").check()
    assert shown() == both and drawing.bounding_box()["height"] == pytest.approx(height, rel=0.01)


def test_the_figure_of_a_card_has_no_switch(page):
    page.goto(page.url.replace("page.html", "card.html"))
    assert page.locator("fieldset").count() == 0

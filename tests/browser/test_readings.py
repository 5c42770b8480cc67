"""One switch a page: the paper's numbers, ours, or both with what differs lit."""

import pytest

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


@pytest.fixture
def page(tmp_path, browser):
    folder = site.write(tmp_path, {"page": TABLE + TABLE, "none": "<p>no table</p>"})
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

"""The links of a table are one stop for Tab; arrow keys walk among them."""

from __future__ import annotations

import pytest

from tests.browser import site


def table(rows: int, columns: int) -> str:
    """Links named by row and column; the last row has one in its first cell alone."""
    body = "".join(
        "<tr>" + "".join(f'<td><a href="#x">{row}{column}</a></td>' for column in "abc"[:columns]) + "</tr>" for row in range(rows)
    )
    return f'<table><tbody>{body}<tr><td><a href="#x">last</a></td><td>none</td></tr></tbody></table>'


@pytest.fixture
def opened(browser, tmp_path):
    """Opens a page with some HTML between two links."""
    contexts = []

    def open_page(html, scripts=True):
        contexts.append(browser.new_context(viewport={"width": 900, "height": 700}))
        page = contexts[-1].new_page()
        html = f'<p><a href="#x">before</a></p>{html}<p><a href="#x">after</a></p>'
        page.goto((site.write(tmp_path, {"page": html}, scripts=scripts) / "page.html").as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


def walk(page, *keys: str) -> list[str]:
    """Text of what has the focus after each key."""
    reached = []
    for key in keys:
        page.keyboard.press(key)
        reached.append(page.evaluate("document.activeElement.textContent"))
    return reached


def test_a_table_of_many_links_is_one_stop(opened):
    assert walk(opened(table(2, 3)), "Tab", "Tab", "Tab") == ["before", "0a", "after"]


@pytest.mark.parametrize(("rows", "stops"), [(4, ["0a", "1a", "2a", "3a", "last", "after"]), (5, ["0a", "after"])])
def test_six_links_are_many(opened, rows, stops):
    assert walk(opened(table(rows, 1)), "Tab", *["Tab"] * len(stops)) == ["before", *stops]


def test_arrows_lead_through_rows_and_columns(opened):
    page = opened(table(3, 3))
    reached = walk(
        page, "Tab", "Tab", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowLeft", "Home", "ArrowLeft", "End"
    )
    assert reached == ["before", "0a", "0b", "1b", "2b", "last", "2a", "1c", "0a", "0a", "last"]


def test_tab_leads_back_to_where_the_walk_ended(opened):
    page = opened(table(3, 3))
    assert walk(page, "Tab", "Tab", "ArrowRight", "ArrowRight", "Tab", "Shift+Tab") == ["before", "0a", "0b", "0c", "after", "0c"]


def test_rows_that_come_later_join_and_hidden_ones_are_left_out(opened):
    page = opened(table(3, 3))
    page.evaluate(
        """() => { const body = document.querySelector("tbody");
        body.insertAdjacentHTML("beforeend", '<tr><td><a href="#x">new</a></td></tr>');
        body.rows[0].hidden = true; }"""
    )
    assert walk(page, "Tab", "Tab", "End", "Tab") == ["before", "1a", "new", "after"]


def test_without_the_script_each_link_is_a_stop(opened):
    assert walk(opened(table(2, 3), scripts=False), "Tab", "Tab", "Tab") == ["before", "0a", "0b"]

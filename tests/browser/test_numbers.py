"""Following a number: by pointer, by keyboard, by touch, and without scripts."""

from __future__ import annotations

import pytest

from analysis.cohorts.reading import read_table
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.verdicts.audit import audit
from analysis.tables.html.audit_index import as_judged
from analysis.tables.rows.audit_page import audit_page
from analysis.tables.rows.inline import inline
from tests.browser import site

PANEL = "#number-panel"


@pytest.fixture
def entries(study):
    return as_judged(audit(study, read_ledger(study), [{"cohort": read_table(study)}]))


@pytest.fixture
def pages(entries):
    """A page with two numbers, and the audit that they lead to."""
    numbers = " ".join(f"<p>About {inline(entries, id)} of them.</p>" for id in ("res.os", "t1.a.pct"))
    return {"page": numbers + '<p><a href="#end" id="end">a link after them</a></p>', "audit": audit_page(entries).html}


@pytest.fixture
def page(browser, pages, tmp_path):
    context = browser.new_context(viewport={"width": 900, "height": 700})
    opened = context.new_page()
    opened.goto((site.write(tmp_path, pages) / "page.html").as_uri())
    yield opened
    context.close()


def told(page) -> dict[str, str]:
    """What the panel says, by its terms."""
    panel = page.locator(PANEL)
    return dict(zip(panel.locator("dt").all_inner_texts(), panel.locator("dd").all_inner_texts(), strict=True))


def test_pointing_at_a_verdict_tells_all_that_stands_behind_it(page, entries):
    page.locator("a.verdict").first.hover()
    page.wait_for_selector(PANEL, state="visible")
    found, judgement = told(page), entries["res.os"]
    assert page.locator(".number-panel-title").inner_text() == judgement.row.quantity
    assert found["Printed"] == f"{judgement.row.printed} ({judgement.row.source})"
    assert found["Recomputed"] == judgement.recomputed
    assert judgement.verdict in found["Verdict"]
    assert found["Population"] == "Arm A" and found["Method"] == "survival (endpoint=os; time=6)"
    assert found["Evidence"].startswith("cohort: ")


def test_the_pointer_can_move_onto_the_panel_and_leaving_it_closes_it(page):
    page.locator("a.verdict").first.hover()
    page.wait_for_selector(PANEL, state="visible")
    page.locator(PANEL).hover()
    page.wait_for_timeout(400)
    assert page.locator(PANEL).is_visible()
    page.mouse.move(890, 690)
    page.wait_for_selector(PANEL, state="hidden")


def test_keyboard_focus_shows_the_panel_and_describes_the_number(page):
    page.keyboard.press("Tab")
    page.wait_for_selector(PANEL, state="visible")
    link = page.locator("a.verdict").first
    assert link.evaluate("link => link === document.activeElement")
    assert link.get_attribute("aria-describedby") == "number-panel"
    page.keyboard.press("Tab")  # the next number
    page.wait_for_function("document.querySelector('.number-panel-title').textContent === 'share of arm A'")
    page.keyboard.press("Tab")  # a link that is no number
    page.wait_for_selector(PANEL, state="hidden")


def test_enter_opens_the_panel_and_escape_leads_back(page):
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'number-panel'")
    link = page.locator("a.verdict").first
    assert link.get_attribute("aria-expanded") == "true"
    assert page.url.endswith("page.html")
    page.keyboard.press("Escape")
    assert page.locator(PANEL).is_hidden()
    assert link.evaluate("link => link === document.activeElement") and link.get_attribute("aria-expanded") == "false"


def test_tab_walks_through_the_open_panel_and_back_to_its_number(page):
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'number-panel'")
    reached = []
    for _ in range(3):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent"))
    assert reached[:2] == ["Row of the audit", "Close"]
    assert page.locator("a.verdict").first.evaluate("link => link === document.activeElement")
    assert page.locator(PANEL).is_hidden()


def test_the_panel_leads_to_the_row_of_the_audit(page):
    page.locator("a.verdict").nth(1).click()
    page.wait_for_selector(PANEL, state="visible")
    page.locator(f"{PANEL} a").click()
    page.wait_for_url("**/audit.html#t1.a.pct")
    assert page.locator('tr[id="t1.a.pct"]').get_attribute("class") == "target"


def test_a_click_elsewhere_closes_the_panel(page):
    page.locator("a.verdict").first.click()
    page.wait_for_selector(PANEL, state="visible")
    page.locator("h1").click()
    assert page.locator(PANEL).is_hidden()


def test_a_click_with_a_modifier_follows_the_link_as_ever(page):
    with page.context.expect_page() as opened:
        page.locator("a.verdict").first.click(modifiers=["Control"])
    assert opened.value.url.endswith("audit.html#res.os")


def test_where_the_table_is_missing_the_panel_says_what_the_number_itself_knows(browser, pages, entries, tmp_path):
    folder = site.write(tmp_path, pages)
    (folder / "audit.js").unlink()
    page = browser.new_page()
    page.goto((folder / "page.html").as_uri())
    page.locator("a.verdict").first.click()
    page.wait_for_selector(PANEL, state="visible")
    assert entries["res.os"].row.printed in told(page)["Verdict"]
    page.close()


def test_without_scripts_the_number_leads_to_its_row(browser, pages, tmp_path):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site.write(tmp_path, pages) / "page.html").as_uri())
    link = page.locator("a.verdict").first
    assert "printed" in link.get_attribute("title")
    link.click()
    page.wait_for_url("**/audit.html#res.os")
    context.close()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_in_the_open_panel_and_it_stays_on_the_screen(page, axe, width, mode):
    page.set_viewport_size({"width": width, "height": 700})
    page.evaluate("mode => { document.documentElement.dataset.theme = mode; }", mode)
    page.locator("a.verdict").first.click()
    page.wait_for_selector(PANEL, state="visible")
    page.evaluate(axe)
    found = page.evaluate(
        "async () => (await axe.run('#number-panel', {preload: false})).violations.map(v => v.id + ': ' + v.nodes[0].html)"
    )
    assert found == []
    box = page.locator(PANEL).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] >= 0 and box["y"] + box["height"] <= 700
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

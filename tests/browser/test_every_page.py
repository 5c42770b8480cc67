"""What each page of the finished book promises, opened from its file as a reader without a network opens it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.browser.conftest import pages

WIDTHS = (1280, 820, 390)
#: Without `preload` axe reads the style sheets that the browser holds; fetching them is refused to files.
RUN_AXE = """async (asked) => {
  const colours = ["color-contrast", "link-in-text-block"];
  const found = asked === "colours"
    ? await axe.run({include: ["[data-first]"]}, {preload: false, resultTypes: ["violations"], runOnly: {type: "rule", values: colours}})
    : await axe.run({preload: false, resultTypes: ["violations"], rules: Object.fromEntries(colours.map(rule => [rule, {enabled: false}]))});
  return found.violations.map(v => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)} ${(v.nodes[0].failureSummary || "").slice(0, 200)}`);
}"""

#: Colours follow from elements, their attributes and the parity of rows: of texts that are alike in this, elements around them
#: included, the first is marked to be looked at. A page of 2,000 rows has some 200 that differ.
MARK_FIRST = """() => {
  const told = new Set(["id", "href", "src", "alt", "title", "for", "headers", "value", "aria-label", "aria-labelledby", "aria-describedby", "data-sort"]), numbers = new Map();
  const visit = (element, above, position) => {
    const row = element.tagName === "TR" || element.tagName === "LI" ? position % 2 : "";
    const own = [above, element.tagName, row, ...[...element.attributes].filter(one => !told.has(one.name)).map(one => `${one.name}=${one.value}`).sort()].join("|");
    const first = !numbers.has(own);
    if (first) numbers.set(own, numbers.size);
    let at = 0;
    for (const child of element.children) visit(child, numbers.get(own), at++);
    if (first && (!at || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()))) element.setAttribute("data-first", "");
  };
  visit(document.body, "", 0);
}"""

#: The theme hears of a change of mode a moment later.
THEME = """async (mode) => {
  for (let turn = 0; turn < 100 && document.documentElement.dataset.theme !== mode; turn++) await new Promise(done => setTimeout(done, 10));
  return document.documentElement.dataset.theme;
}"""

#: The theme waits for a resizing to end before it lets what scrolls now be reached by keyboard; what never settles axe tells.
SETTLED = """async () => {
  const scrolls = part => part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight;
  const parts = [...document.querySelectorAll("pre, .cell_output > .output, .pst-scrollable-table-container")];
  for (let turn = 0; turn < 200 && parts.some(part => scrolls(part) && part.tabIndex < 0); turn++) await new Promise(done => setTimeout(done, 50));
}"""


@dataclass
class Seen:
    """What a browser met on one page."""

    name: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    violations: dict[str, list[str]] = field(default_factory=dict)
    overflow: dict[int, int] = field(default_factory=dict)
    language: str = ""
    themes: dict[str, str] = field(default_factory=dict)


def _visit(name: str, browser, book, axe: str) -> Seen:
    found = Seen(name)
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900}, color_scheme="light", reduced_motion="reduce")
    page = context.new_page()
    page.on("console", lambda message: found.messages.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.messages.append(str(error)))
    page.on("request", lambda asked: found.requests.append(asked.url))
    page.goto((book / name).as_uri())
    found.language = page.evaluate("document.documentElement.lang")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found.overflow[width] = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.evaluate(axe)
    # the modes differ in colours alone, the widths in structure alone
    found.violations["structure"] = page.evaluate(RUN_AXE, "structure")
    for mode in ("light", "dark"):
        page.emulate_media(color_scheme=mode)
        found.themes[mode] = page.evaluate(THEME, mode)
        page.evaluate(MARK_FIRST)
        found.violations[mode] = page.evaluate(RUN_AXE, "colours")
    page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
    page.evaluate(SETTLED)
    found.violations["on a phone"] = page.evaluate(RUN_AXE, "structure")
    context.close()
    return found


@pytest.mark.parametrize("name", pages())
def test_the_page_keeps_its_promises(name, browser, book, axe):
    """Opened once: sound for axe in light, in dark and on a phone, silent, by itself, never wider than the screen, in its language."""
    seen, root = _visit(name, browser, book, axe), book.as_uri() + "/"
    assert seen.violations == {"structure": [], "light": [], "dark": [], "on a phone": []}
    assert seen.themes == {"light": "light", "dark": "dark"}
    assert seen.messages == []
    assert [url for url in seen.requests if not url.startswith((root, "data:"))] == [] and seen.requests
    assert seen.overflow == dict.fromkeys(WIDTHS, 0)
    assert seen.language == "en"


def test_axe_speaks_up_where_something_is_amiss(browser, axe):
    page = browser.new_page()
    page.set_content('<html lang="en"><title>x</title><main><h1>x</h1><img src="data:,"><p style="color: #999; background: #aaa">pale</p></main></html>')
    page.evaluate(axe)
    for asked, amiss in (("colours", {"color-contrast"}), ("structure", {"image-alt"})):
        assert {line.split()[0] for line in page.evaluate(RUN_AXE, asked)} == amiss
    page.close()


@pytest.mark.parametrize("style", [".pale {color: #999}", "tr:nth-child(even) td {color: #999}", "[data-verdict=contradicted] {color: #999}", "section.last span {color: #999}"])
def test_a_pale_cell_among_many_that_are_alike_is_found(browser, axe, style):
    """The colour comes from a class, the parity of a row, an attribute or an element around it."""
    rows = "".join(f"<tr><td><span{more} id='r{number}'>{number}</span></td></tr>" for number, more in enumerate([""] * 40 + [" class='pale'"] + [" data-verdict='contradicted'"] + [""] * 40))
    table = f"<table><tbody>{rows}</tbody></table>"
    page = browser.new_page()
    page.set_content(f'<html lang="en"><title>x</title><style>{style}</style><main><h1>x</h1><section>{table}</section><section class="last">{table.replace("id=", "data-sort=")}</section></main></html>')
    page.evaluate(axe)
    page.evaluate(MARK_FIRST)
    assert page.locator("[data-first]").count() <= 10
    assert [line.split()[0] for line in page.evaluate(RUN_AXE, "colours")] == ["color-contrast"]
    page.close()

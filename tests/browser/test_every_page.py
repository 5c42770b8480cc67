"""What each page of the finished book promises, opened from its file as a reader without a network opens it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.browser.conftest import pages

WIDTHS = (1280, 820, 390)
#: Without `preload` axe reads the style sheets that the browser holds; fetching them is refused to files.
RUN_AXE = """async (asked) => {
  const some = {colours: {runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}}, structure: {rules: {"color-contrast": {enabled: false}}}};
  const found = await axe.run({preload: false, resultTypes: ["violations"], ...(some[asked] || {})});
  return found.violations.map(v => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)} ${(v.nodes[0].failureSummary || "").slice(0, 200)}`);
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


#: Tests of one page go to one worker, which opens it once.
on_every_page = pytest.mark.parametrize("seen", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in pages()], indirect=True)


@pytest.fixture(scope="session")
def visited() -> dict[str, Seen]:
    """Pages that were opened already."""
    return {}


@pytest.fixture
def seen(request, visited, browser, book, axe) -> Seen:
    """A page opened once: in both modes, at three widths."""
    if request.param not in visited:
        visited[request.param] = _visit(request.param, browser, book, axe)
    return visited[request.param]


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
    for mode, asked in (("light", "everything"), ("dark", "colours")):
        page.emulate_media(color_scheme=mode)
        found.themes[mode] = page.evaluate(THEME, mode)
        found.violations[mode] = page.evaluate(RUN_AXE, asked)
    page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
    page.evaluate(SETTLED)
    found.violations["on a phone"] = page.evaluate(RUN_AXE, "structure")
    context.close()
    return found


@on_every_page
def test_axe_finds_nothing_in_light_in_dark_or_on_a_phone(seen):
    assert seen.violations == {"light": [], "dark": [], "on a phone": []}


def test_axe_speaks_up_where_something_is_amiss(browser, axe):
    page = browser.new_page()
    page.set_content('<html lang="en"><title>x</title><main><h1>x</h1><img src="data:,"><p style="color: #999; background: #aaa">pale</p></main></html>')
    page.evaluate(axe)
    for asked, amiss in (("everything", {"image-alt", "color-contrast"}), ("colours", {"color-contrast"}), ("structure", {"image-alt"})):
        assert {line.split()[0] for line in page.evaluate(RUN_AXE, asked)} == amiss
    page.close()


@on_every_page
def test_the_page_follows_the_mode_of_the_system(seen):
    assert seen.themes == {"light": "light", "dark": "dark"}


@on_every_page
def test_the_console_is_silent(seen):
    assert seen.messages == []


@on_every_page
def test_nothing_is_asked_for_outside_the_book(seen, book):
    root = book.as_uri() + "/"
    assert [url for url in seen.requests if not url.startswith((root, "data:"))] == []
    assert seen.requests


@on_every_page
def test_the_page_never_scrolls_sideways(seen):
    assert seen.overflow == dict.fromkeys(WIDTHS, 0)


@on_every_page
def test_the_page_names_its_language(seen):
    assert seen.language == "en"

"""What each page of the finished book promises, opened from its file as a reader without a network opens it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tests.browser.conftest import pages
from tests.conftest import one_study_of_each_page

WIDTHS = (1280, 820, 390)
#: Without `preload` axe reads the style sheets that the browser holds; fetching them is refused to files.
RUN_AXE = """async (asked) => {
  const colours = ["color-contrast", "link-in-text-block"];
  const found = asked === "colours"
    ? await axe.run({include: ["[data-first]"]}, {preload: false, resultTypes: ["violations"], runOnly: {type: "rule", values: colours}})
    : await axe.run({preload: false, resultTypes: ["violations"], rules: Object.fromEntries(colours.map(rule => [rule, {enabled: false}]))});
  return found.violations.map(v => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)} ${(v.nodes[0].failureSummary || "").slice(0, 200)}`);
}"""

#: Colours follow from elements, what style sheets ask of their attributes, and the parity of rows: of texts that are alike in this,
#: elements around them included, the first that is seen is marked to be looked at; axe does not judge single characters. An audit
#: of 700 rows has some 200 that differ.
MARK_FIRST = """(asked) => {
  const numbers = new Map(), marked = new Set();
  const visit = (element, above, position) => {
    const row = element.tagName === "TR" || element.tagName === "LI" ? position % 2 : "";
    const told = asked.attributes.filter(one => element.matches(one));
    const own = [above, element.tagName, element.getAttribute("class"), element.getAttribute("style"), row, ...told].join("|");
    if (!numbers.has(own)) numbers.set(own, numbers.size);
    const text = [...element.childNodes].map(node => node.nodeType === Node.TEXT_NODE ? node.data.trim() : "").join("");
    if (!marked.has(own) && (text.length > 1 || /^(BUTTON|INPUT|SELECT|TEXTAREA)$/.test(element.tagName)) && element.checkVisibility({visibilityProperty: true})) {
      marked.add(own);
      element.setAttribute("data-first", "");
    }
    let at = 0;
    for (const child of element.children) visit(child, numbers.get(own), at++);
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

#: Targets below 24 by 24 pixels whose circle of 24 meets another target (WCAG 2.2, 2.5.8); links within a sentence are exempt.
#: The mark of a number takes clicks on the whole number: it counts as far as a click there reaches it, which is tried of some 150
#: a page, as each is looked at in the middle of the window.
CROWDED = """() => {
  const marks = document.querySelectorAll("main .exhibit-number > a.verdict-mark").length, every = Math.ceil(marks / 150);
  let turn = 0;
  const reached = element => {
    const own = [...element.getClientRects()].filter(box => box.width && box.height);
    const number = element.matches(".exhibit-number > a.verdict-mark") && element.parentElement.getClientRects();
    if (!number || number.length !== 1) return own;
    const [box] = number, wide = Math.max(24, box.width);
    if (turn++ % every) return [new DOMRect(box.x + scrollX, box.y + scrollY + box.height / 2 - 12, wide, 24)];
    element.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
    const [now] = element.parentElement.getClientRects(), y = now.y + now.height / 2;
    const hit = [[now.x + wide / 2, y], [now.x + wide - 2, y], [now.x + wide / 2, y - 10], [now.x + wide / 2, y + 10]]
      .every(([x, at]) => { const found = document.elementFromPoint(x, at); return x < 0 || x > innerWidth || (found && (found === element || element.contains(found))); });
    return hit ? [new DOMRect(now.x + scrollX, now.y + scrollY + now.height / 2 - 12, wide, 24)] : own;
  };
  const page = box => new DOMRect(box.x + scrollX, box.y + scrollY, box.width, box.height);
  const targets = [...document.querySelectorAll("main :is(a[href], button, input, select, summary, textarea)")]
    .filter(one => one.checkVisibility({visibilityProperty: true}))
    .map(one => ({one, boxes: one.matches(".exhibit-number > a.verdict-mark") ? reached(one) : [...one.getClientRects()].filter(box => box.width && box.height).map(page)}));
  const inSentence = one => {
    const around = one.tagName === "A" && !(one.classList.contains("verdict") && one.closest("table")) && getComputedStyle(one).display === "inline" && one.closest("p, li, dd, td, th, figcaption, dt");
    return around && around.textContent.trim().length > one.textContent.trim().length + 2;
  };
  const small = box => box.width < 24 || box.height < 24;
  const meets = (box, other) => {
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const far = Math.hypot(Math.max(other.left - x, 0, x - other.right), Math.max(other.top - y, 0, y - other.bottom));
    return far < 12 || (small(other) && Math.hypot(other.x + other.width / 2 - x, other.y + other.height / 2 - y) < 24);
  };
  return targets.filter(({one, boxes}) => !inSentence(one) && boxes.some(box => small(box) && targets.some(other => other.one !== one && other.boxes.some(near => meets(box, near)))))
    .map(({one, boxes}) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 30)} ${boxes.map(box => `${box.width.toFixed()}x${box.height.toFixed()}`)}`).slice(0, 5);
}"""

#: By how much the page is wider than the screen.
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

#: Tables that are wider than what is seen of them, and do not show it at their edge.
CUT = """() => [...document.querySelectorAll(".exhibit-scroll, .pst-scrollable-table-container")]
  .filter(part => part.clientWidth && part.scrollWidth > part.clientWidth + 1 && !getComputedStyle(part).backgroundAttachment.includes("local"))
  .map(part => part.outerHTML.slice(0, 120))"""


def asked_of_elements(css: str) -> dict:
    """Selectors of attributes and ids that style sheets name; classes and styles are compared as a whole."""
    found = re.findall(r"""\[[a-z][\w-]*\s*(?:[~|^$*]?=\s*(?:"[^"]*"|'[^']*'|[^\]]*))?\]|#[A-Za-z][\w-]*(?=[^{}]*\{)""", css)
    return {"attributes": sorted({one for one in found if not one.startswith(("[class", "[style"))})}


@pytest.fixture(scope="session")
def asked(book) -> dict:
    """The same of all style sheets of the book."""
    return asked_of_elements("\n".join(file.read_text(encoding="utf-8") for file in sorted(book.rglob("*.css"))))


@dataclass
class Seen:
    """What a browser met on one page."""

    name: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    violations: dict[str, list[str]] = field(default_factory=dict)
    overflow: dict[int, int] = field(default_factory=dict)
    crowded: dict[int, list[str]] = field(default_factory=dict)
    cut: list[str] = field(default_factory=list)
    language: str = ""
    themes: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def reader(browser):
    """The one tab of somebody who reads one page after the other, touching none."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900}, color_scheme="light", reduced_motion="reduce")
    yield context.new_page()
    context.close()


@contextmanager
def listened_to(page, found: Seen):
    """Write down what a page says and asks for."""
    heard = {
        "console": lambda message: found.messages.append(message.text) if message.type in ("error", "warning") else None,
        "pageerror": lambda error: found.messages.append(str(error)),
        "request": lambda asked: found.requests.append(asked.url),
    }
    for event, hear in heard.items():
        page.on(event, hear)
    yield
    for event, hear in heard.items():
        page.remove_listener(event, hear)


def look(name: str, page, book, axe: str, asked: dict) -> Seen:
    """Open a page, in light, in dark, and then narrower and narrower, as each change of width lays it out anew."""
    found = Seen(name)
    page.goto("about:blank")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.emulate_media(color_scheme="light")
    with listened_to(page, found):
        page.goto((book / name).as_uri())
        found.language = page.evaluate("document.documentElement.lang")
        found.overflow[WIDTHS[0]] = page.evaluate(OVERFLOW)
        page.evaluate(SETTLED)
        page.evaluate(axe)
        # the modes differ in colours alone, the widths in structure alone
        found.violations["structure"] = page.evaluate(RUN_AXE, "structure")
        for mode in ("light", "dark"):
            page.emulate_media(color_scheme=mode)
            found.themes[mode] = page.evaluate(THEME, mode)
            page.evaluate(MARK_FIRST, asked)
            found.violations[mode] = page.evaluate(RUN_AXE, "colours")
        found.crowded[WIDTHS[0]] = page.evaluate(CROWDED)
        for width in WIDTHS[1:]:
            page.set_viewport_size({"width": width, "height": 900})
            found.overflow[width] = page.evaluate(OVERFLOW)
        page.evaluate(SETTLED)
        found.violations["on a phone"] = page.evaluate(RUN_AXE, "structure")
        found.cut = page.evaluate(CUT)
        found.crowded[WIDTHS[-1]] = page.evaluate(CROWDED)
    return found


@pytest.mark.parametrize("name", one_study_of_each_page(pages()))
def test_the_page_keeps_its_promises(name, reader, book, axe, asked):
    """Opened once: sound for axe in light, in dark and on a phone, silent, by itself, never wider than the screen, in its language; targets apart, cut columns shown."""
    seen, root = look(name, reader, book, axe, asked), book.as_uri() + "/"
    assert seen.violations == {"structure": [], "light": [], "dark": [], "on a phone": []}
    assert seen.themes == {"light": "light", "dark": "dark"}
    assert seen.messages == []
    assert [url for url in seen.requests if not url.startswith((root, "data:"))] == [] and seen.requests
    assert seen.overflow == dict.fromkeys(WIDTHS, 0)
    assert seen.crowded == {WIDTHS[-1]: [], WIDTHS[0]: []} and seen.cut == []
    assert seen.language == "en"


def test_axe_speaks_up_where_something_is_amiss(browser, axe):
    page = browser.new_page()
    page.set_content(
        '<html lang="en"><title>x</title><main><h1>x</h1><img src="data:,"><p style="color: #999; background: #aaa">pale</p></main></html>'
    )
    page.evaluate(axe)
    page.evaluate(MARK_FIRST, asked_of_elements(""))
    for asked, amiss in (("colours", {"color-contrast"}), ("structure", {"image-alt"})):
        assert {line.split()[0] for line in page.evaluate(RUN_AXE, asked)} == amiss
    page.close()


@pytest.mark.parametrize(
    "style",
    [
        ".pale {color: #999}",
        "tr:nth-child(even) td {color: #999}",
        "[data-verdict=contradicted] {color: #999}",
        "[data-verdict] {color: #999}",
        "[id^='r1'] {color: #999}",
        "#r17 {color: #999}",
        "section.last span {color: #999}",
    ],
)
def test_a_pale_cell_among_many_that_are_alike_is_found(browser, axe, style):
    """The colour comes from a class, the parity of a row, an attribute or an element around it."""
    rows = "".join(
        f"<tr><td><span{more} id='r{number}'>{number}</span></td></tr>"
        for number, more in enumerate([""] * 40 + [" class='pale'"] + [" data-verdict='contradicted'"] + [""] * 40)
    )
    table = f"<table><tbody>{rows}</tbody></table>"
    page = browser.new_page()
    page.set_content(
        f'<html lang="en"><title>x</title><style>{style}</style><main><h1>x</h1><section>{table}</section><section class="last">{table.replace("id=", "data-sort=")}</section></main></html>'
    )
    page.evaluate(axe)
    page.evaluate(MARK_FIRST, asked_of_elements(style))
    assert page.locator("[data-first]").count() <= 10
    assert [line.split()[0] for line in page.evaluate(RUN_AXE, "colours")] == ["color-contrast"]
    page.close()


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (
            '<ul><li><button style="all:unset;width:20px;height:20px">a</button><button style="all:unset;width:20px;height:20px">b</button></li></ul>',
            2,
        ),
        (
            '<button style="all:unset;display:inline-block;width:24px;height:24px">a</button><button style="all:unset;display:inline-block;width:24px;height:24px">b</button>',
            0,
        ),
        (
            '<button style="all:unset;display:inline-block;width:20px;height:20px;margin:4px">a</button><button style="all:unset;display:inline-block;width:20px;height:20px;margin:4px">b</button>',
            0,
        ),
        ('<p>Before <a href="#a">a</a> and <a href="#b">b</a>.</p>', 0),
        (
            '<table><tr><td><span class="exhibit-number">1<a class="verdict verdict-mark" href="#a">+</a></span><span class="exhibit-number">2<a class="verdict verdict-mark" href="#b">+</a></span></td></tr></table>',
            2,
        ),
    ],
    ids=["small and near", "24 pixels", "small and apart", "in a sentence", "marks"],
)
def test_targets_that_crowd_each_other_are_found(browser, html, found):
    page = browser.new_page()
    page.set_content(f'<html lang="en"><main>{html}</main></html>')
    assert len(page.evaluate(CROWDED)) == found
    page.close()


@pytest.mark.parametrize(("style", "found"), [("", 1), ("background: linear-gradient(red, red) local", 0)])
def test_a_table_that_is_cut_without_a_cue_is_found(browser, style, found):
    page = browser.new_page()
    page.set_content(
        f'<div class="exhibit-scroll" style="width: 50px; overflow-x: auto; {style}"><table style="width: 300px"><tr><td>x</td></tr></table></div>'
    )
    assert len(page.evaluate(CUT)) == found
    page.close()

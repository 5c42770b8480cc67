"""From matplotlib's SVG to one that is small, keeps its text as text and takes its colours from the page.

Layout is computed with the fonts in `analysis/figures/fonts`, subsets of DejaVu Sans, which the book ships.
Where a reader's program lacks them, `textLength` holds each line of text to the breadth that was reckoned with.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from typing import Literal

from matplotlib.artist import Artist
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import Kerning, LoadFlags

from analysis.figures.palette import DARK, LIGHT, Theme

FAMILY = "'DejaVu Sans Book','DejaVu Sans',Verdana,Geneva,sans-serif"
_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_AUTOMATIC = re.compile(r"[A-Za-z0-9.]+_\d+")
_NUMBER = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
_STYLE = re.compile(r' style="([^"]*)"')
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_INITIAL = {"stroke-dashoffset": "0", "stroke-linejoin": "round", "stroke-linecap": "butt", "opacity": "1"}
_USUAL = {("font-weight", "400"), ("font-weight", "normal"), ("font-style", "normal"), ("text-anchor", "start")}
_GEOMETRY = ("d", "x", "y", "width", "height", "transform", "points", "r", "cx", "cy", "x1", "x2", "y1", "y2")


AS_PRINTED, RECOMPUTED = "as-printed", "recomputed"
"""Classes of what a figure shows of the paper, and of what was computed: a page shows either alone (``book/_static/readings.js``)."""


@contextmanager
def add_class(holder: Artist, name: str) -> Iterator[None]:
    """What is drawn into axes or a figure meanwhile is of a class in the SVG; nothing where the name is empty."""
    before = {id(part) for part in holder.get_children()}
    yield
    for part in holder.get_children() if name else ():
        if id(part) not in before and not part.get_gid():
            part.set_gid(name)


def body(svg: str, prefix: str) -> tuple[tuple[float, float], str]:
    """Size in points, and what is inside the root of matplotlib's SVG, in its colours, made small.

    Parameters
    ----------
    svg : str
        Drawn with text as text.
    prefix : str
        Of all ids, so that those of several drawings on one page differ.
    """
    root = ElementTree.fromstring(svg.encode())
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    names: dict[str, str] = {}
    for element in root.iter():
        for value in (element.get(_LINK, ""), element.get("clip-path", ""), *_parts(element.get("style", "")).values()):
            if found := re.search(r"#([A-Za-z]\w*)\)?$", value):
                names.setdefault(found[1], f"{prefix}-{len(names)}")
    return (width, height), "".join(line for child in root for line in _write(child, names))


def _write(element: ElementTree.Element, names: dict[str, str]) -> Iterator[str]:
    tag = element.tag.removeprefix(_SVG)
    if tag in ("metadata", "style", "title") or (tag == "defs" and not any(child.tag != f"{_SVG}style" for child in element)):
        return
    if tag == "pattern":
        _dots_in_a_small_tile(element)
    inside = "".join(line for child in element for line in _write(child, names))
    attributes = dict(_attributes(element, tag, names))
    if tag == "g" and (not attributes or not inside):
        yield inside
        return
    if tag == "text":
        inside = escape(element.text or "", quote=False)
    told = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    yield f"<{tag}{told}>{inside}</{tag}>" if inside else f"<{tag}{told}/>"


def _dots_in_a_small_tile(pattern: ElementTree.Element) -> None:
    """Put five dots in place of the hundreds of circles by which matplotlib fills a tile; other hatching is left alone."""
    path = pattern.find(f"{_SVG}path")
    starts = re.findall(r"M (\S+) (\S+)", path.get("d", "")) if path is not None and "C" in path.get("d", "") else []
    rows = len({y for _, y in starts})
    if path is None or rows < 3:
        return
    style, side = _parts(path.get("style", "")), float(pattern.get("width", "72"))
    step = side / (rows - 1)
    ends = [float(y) for y in re.findall(r"[-\d.]+ ([-\d.]+)", path.get("d", "").partition("z")[0])]
    places = ((0.0, 0.0), (step, 0.0), (0.0, 2 * step), (step, 2 * step), (step / 2, step))  # rows are shifted by half a step
    path.set("d", "".join(f"M{x:g} {y:g}h0" for x, y in places))
    look = {"fill": "none", "stroke": style["fill"], "stroke-width": f"{max(ends) - min(ends):.3f}", "stroke-linecap": "round"}
    kept = {name: value for name, value in style.items() if name.endswith("opacity")}
    path.set("style", "; ".join(f"{name}: {value}" for name, value in (look | kept).items()))
    pattern.set("width", f"{step:.3f}")
    pattern.set("height", f"{2 * step:.3f}")


def _attributes(element: ElementTree.Element, tag: str, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    style = {name: value for name, value in _parts(element.get("style", "")).items() if _INITIAL.get(name) != value}
    for name, value in element.attrib.items():
        if name == "id":
            if value in names:
                yield "id", names[value]
            elif not _AUTOMATIC.fullmatch(value):
                yield "class", value
        elif name == _LINK:
            yield "xlink:href", f"#{names[value[1:]]}"
        elif name == "d":
            yield name, value if "h" in value else shorten_path(value)  # dots are as short as can be
        elif name == "transform":
            if rounded := re.sub(r"rotate\(-?0 [^)]*\)", "", _round(value)).strip():
                yield name, rounded
        elif name in _GEOMETRY:
            yield name, _round(value)
        elif name == "clip-path":
            yield name, _referring(value, names)
        elif name != "style":
            yield name, value
    if tag == "text":
        style = {name: value for name, value in style.items() if name != "font-family" and (name, value) not in _USUAL}
        yield from _length(element.text or "", style)
    if style:
        yield "style", ";".join(f"{name}:{_referring(_round(value), names)}" for name, value in style.items())


def _length(text: str, style: dict[str, str]) -> Iterator[tuple[str, str]]:
    """How long a line is; not of a few letters, which differ little from font to font."""
    weight = "bold" if style.get("font-weight") in ("bold", "700") else "normal"
    if len(text) > 3 and (breadth := advance(text, weight, "italic" if style.get("font-style") in ("italic", "oblique") else "normal")):
        yield "textLength", f"{breadth * float(style['font-size'].removesuffix('px')):.1f}"
        yield "lengthAdjust", "spacingAndGlyphs"


@cache
def advance(text: str, weight: str = "normal", slant: Literal["normal", "italic", "oblique"] = "normal") -> float:
    """How far a line of text runs, in units of its size; 0 if a character has no glyph in the fonts at hand."""
    fonts = [
        get_font(findfont(FontProperties(family=family, weight=weight, style=slant))) for family in ("DejaVu Sans Book", "DejaVu Sans")
    ]
    font = next((font for font in fonts if all(font.get_char_index(ord(letter)) for letter in text)), None)
    if font is None:
        return 0.0
    font.set_size(100, 72)
    breadth = sum(font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 for letter in text)
    places = [font.get_char_index(ord(letter)) for letter in text]
    breadth += sum(font.get_kerning(left, right, Kerning.UNFITTED) / 64 for left, right in zip(places, places[1:], strict=False))
    return breadth / 100


def shorten_path(path: str) -> str:
    """A path with numbers of two decimals, level and upright lines by one number each, and no point twice."""
    steps: list[str] = []
    here = ("", "")
    for command, *numbers in (step.split() for step in re.findall(r"[MLCQZz][^MLCQZz]*", _round(path))):
        if command == "L" and len(numbers) == 2:
            x, y = numbers
            if (x, y) == here:
                continue
            steps.append(f"V{y}" if x == here[0] else f"H{x}" if y == here[1] else f"L{x} {y}")
        else:
            steps.append(command + " ".join(numbers))
        here = tuple(numbers[-2:]) if numbers else ("", "")
    return "".join(steps).replace(" -", "-")


def _round(text: str) -> str:
    return _NUMBER.sub(lambda found: f"{round(float(found[0]), 2) + 0.0:g}" if abs(float(found[0])) < 1e4 else found[0], text)


def _parts(style: str) -> dict[str, str]:
    return {name.strip(): value.strip() for name, _, value in (part.partition(":") for part in style.split(";") if part.strip())}


def _referring(value: str, names: dict[str, str]) -> str:
    return re.sub(r"url\(#(\w+)\)", lambda found: f"url(#{names[found[1]]})", value)


def _name_colours(theme: Theme) -> dict[str, str]:
    """Colours of a theme by the names that pages know them by."""
    single = {name: getattr(theme, name) for name in ("ground", "ink", "muted", "rule", "sampled")}
    verdicts = {f"verdict-{place}": colour for place, colour in enumerate([*theme.verdicts.values(), theme.on_verdict])}
    return single | {f"group-{place}": colour for place, colour in enumerate(theme.groups)} | verdicts


NAMES = {colour: name for name, colour in _name_colours(LIGHT).items()}
"""Name of each colour of the light theme."""


def _colour(inside: str, colour: Callable[[str], str]) -> str:
    return _COLOUR.sub(lambda found: colour(NAMES[found[0]]) if found[0] in NAMES else found[0], inside)


def in_colours_of_the_page(inside: str, name: str) -> tuple[str, str]:
    """A drawing whose colours are variables, and the style sheet that sets those it uses, light and dark; print is light.

    Styles that occur more than once stand in the sheet, for elements below the one whose id is `name`.
    """
    used = sorted({NAMES[colour] for colour in _COLOUR.findall(inside) if colour in NAMES})
    light, dark = (";".join(f"--figure-{name}:{_name_colours(theme)[name]}" for name in used) for theme in (LIGHT, DARK))
    # where no theme has declared itself (Jupyter) its own mark decides
    sheet = (
        f".figure-pair{{{light}}}@media screen{{html[data-theme=dark] .figure-pair,"
        f"html:not([data-theme]) body[data-jp-theme-light=false] .figure-pair{{{dark}}}}}"
    )
    coloured = _colour(inside, lambda name: f"var(--figure-{name})")
    counted = Counter(_STYLE.findall(coloured))
    classes = {style: f"s{place}" for place, (style, count) in enumerate(counted.items()) if count > 1}
    sheet += "".join(f"#{name} .{label}{{{style}}}" for style, label in classes.items())
    return _STYLE.sub(lambda found: f' class="{classes[found[1]]}"' if found[1] in classes else found[0], coloured), sheet


def in_colours_of(inside: str, theme: Theme) -> str:
    """A drawing in the colours of one theme."""
    return _colour(inside, _name_colours(theme).__getitem__)


def root(size: tuple[float, float], inside: str, attributes: str) -> str:
    """The root element around a drawing; `size` in points, shown at 4 pixels for 3 points."""
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {width:g} {height:g}" {attributes} '
        f'font-family="{FAMILY}" stroke-linejoin="round" stroke-linecap="butt">{inside}</svg>'
    )

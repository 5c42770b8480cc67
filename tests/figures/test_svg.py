"""SVG with real text: small, laid out with the fonts that ship, and never broader than reckoned with."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib.font_manager import FontProperties, findfont

from analysis.figures import svg
from analysis.figures.drawing import Drawing
from analysis.figures.fonts import FONTS
from analysis.figures.palette import DARK, LIGHT
from analysis.figures.plots.scoreboard import scoreboard
from analysis.figures.style import FONT, new_figure
from tests.figures.make_fonts import FACES, LETTERS, SOURCES, make
from tests.figures.plots.test_scoreboard import CASES, table


@pytest.mark.parametrize("face", FACES)
def test_the_fonts_are_what_the_script_makes_and_as_broad_as_their_source(face, tmp_path):
    own, source = TTFont(FONTS / f"{face}.ttf"), TTFont(SOURCES / f"{face}.ttf")
    assert set(own.getBestCmap()) == set(LETTERS) & set(source.getBestCmap())
    for code, name in own.getBestCmap().items():
        assert own["hmtx"][name][0] == source["hmtx"][source.getBestCmap()[code]][0]
    assert make(face, tmp_path).read_bytes() == (FONTS / f"{face}.ttf").read_bytes()


@pytest.mark.parametrize(("weight", "style", "file"), [("normal", "normal", 0), ("bold", "normal", 1), ("normal", "italic", 2)])
def test_figures_are_laid_out_with_them_whatever_is_installed(weight, style, file):
    found = Path(findfont(FontProperties(family=FONT, weight=weight, style=style)))
    assert found == FONTS / f"{FACES[file]}.ttf"


def test_a_line_runs_as_far_as_its_letters_and_their_kerning():
    font = TTFont(FONTS / "DejaVuSans.ttf")
    names, kerned = font.getBestCmap(), {}
    for part in font["kern"].kernTables:
        kerned |= part.kernTable
    text = "AV: 63.4% (95% CI 41.2–78.9)"
    letters = [names[ord(letter)] for letter in text]
    units = sum(font["hmtx"][letter][0] for letter in letters) + sum(
        kerned.get(pair, 0) for pair in zip(letters, letters[1:], strict=False)
    )
    assert svg.advance(text) == pytest.approx(units / font["head"].unitsPerEm, abs=1e-3)
    assert svg.advance("\u6f22") == 0


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("M 0 397.368 \nL 324 397.368 \nL 324 0 \nz\n", "M0 397.37H324V0z"),
        ("M 1 1 \nL 1.001 1.001 \nL 2 3 \n", "M1 1L2 3"),
        ("M 0 -2.12 \nC 0.5 -2.1 1 -1.5 1.5 -1.004 \nL 1.5 -3 \n", "M0-2.12C0.5-2.1 1-1.5 1.5-1V-3"),
    ],
)
def test_a_path_is_shortened_without_moving(path, expected):
    assert svg.shorten_path(path) == expected


def test_every_colour_of_a_figure_follows_the_theme():
    board = scoreboard({"study": table(CASES)})
    shown = board.drawing.on_page("x")
    assert not re.search("#[0-9a-f]{6}", re.sub("<style>.*?</style>", "", shown))
    assert "#" + "0" * 6 not in board.light
    assert len(svg.NAMES) == len(set(svg.NAMES.values()))
    assert board.light.replace(LIGHT.ink, "") != board.light and DARK.ink in board.dark


def test_ids_of_two_figures_on_a_page_differ():
    first, second = (set(re.findall(r'id="([^"]+)"', scoreboard({"s": table(CASES)}).drawing.on_page(name))) for name in ("one", "two"))
    assert first and second and not first & second


def test_every_reference_of_a_drawing_leads_to_an_id_in_it():
    shown = scoreboard({"s": table(CASES)}).drawing.on_page("one")
    wanted = set(re.findall(r'(?:href="|url\()#([^")]+)', shown))
    assert wanted and wanted <= set(re.findall(r'id="([^"]+)"', shown))


def test_turned_text_stays_turned_and_named_groups_are_classes():
    def draw(theme, look):
        figure = new_figure(2, 1)
        figure.text(0.5, 0.5, "turned", rotation=90, color=theme.ink)
        figure.add_axes((0, 0, 1, 1)).plot([0, 1], [0, 1], gid="named", color=theme.muted)
        return figure

    drawn = Drawing(draw, "t", "d").standalone()
    assert re.search(r'<text[^>]*transform="[^"]*rotate\(-90[^>]*>turned</text>', drawn)
    assert 'class="named"' in drawn and "rotate(-0" not in drawn


def test_a_tile_of_dots_is_told_by_five():
    def draw(theme, look):
        figure = new_figure(2, 1)
        figure.add_axes((0, 0, 1, 1)).bar([0], [1], facecolor=theme.ground, edgecolor=theme.ink, hatch="....")
        return figure

    [pattern] = re.findall("<pattern.*?</pattern>", Drawing(draw, "t", "d").standalone())
    assert 'width="3" height="6"' in pattern and pattern.count("h0") == 5 and "stroke-linecap:round" in pattern
    assert "stroke-width:0.6" in pattern  # twice the radius of matplotlib's circles

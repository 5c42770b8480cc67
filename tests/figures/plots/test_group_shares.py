import itertools
import math
import re

import matplotlib
import pandas as pd
import pytest
from matplotlib.colors import to_hex, to_rgb

from analysis.figures.look import Look
from analysis.figures.palette import DARK, LIGHT, contrast
from analysis.figures.plots.group_shares import COLUMNS, DARKEST, group_shares_figure
from analysis.figures.style import settings

FRAME = pd.DataFrame(
    [
        ("WT1", "CR", 24, 24, 24, 6, 6, 6, 25.0, 25.0, 25.0),
        ("WT1", "NR", 12, 10, 12, 6, 5, 7, 50.0, 40.0, 70.0),
        ("KIT", "CR", 24, 24, 24, 0, 0, 0, 0.0, 0.0, 0.0),
        ("KIT", "NR", 0, 0, 0, 0, 0, 0, math.nan, math.nan, math.nan),
    ],
    columns=list(COLUMNS),
)


def draw(frame=FRAME, **named):
    return group_shares_figure(frame, title="Genes", **named)


def words(figure):
    return re.findall(r">([^<]*)</text>", figure.light)


def test_each_cell_tells_patients_of_those_examined_and_ranges_where_cohorts_differ():
    assert {"CR", "NR", "WT1", "KIT", "6 of 24", "5–7 of 10–12", "0 of 24", "–"} <= set(words(draw(members=9)))


def test_the_text_alternative_tells_all_cells_by_group():
    assert draw(members=9).alt.endswith("CR: WT1 6 of 24, KIT 0 of 24. NR: WT1 5–7 of 10–12, KIT –.")


def test_colour_is_the_share_of_the_reference_cohort():
    figure = draw()
    with matplotlib.rc_context(settings(LIGHT)):
        (mesh,) = figure.drawing.draw(LIGHT, figure.drawing.look).axes[0].collections
    mesh.update_scalarmappable()
    opacities = [float(colour[3]) for colour in mesh.get_facecolor().reshape(-1, 4)]
    assert opacities == pytest.approx([0.25 * DARKEST, 0.5 * DARKEST, 0, 0], abs=0.01)


def test_colours_follow_the_theme_of_the_page():
    assert "var(--figure-group-0)" in draw()._repr_html_() and LIGHT.groups[0] in draw().light and DARK.groups[0] in draw().dark


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_numbers_are_legible_on_the_strongest_colour(theme):
    page, colour = to_rgb(theme.ground), to_rgb(theme.groups[0])
    blended = to_hex([DARKEST * one + (1 - DARKEST) * other for one, other in zip(colour, page, strict=True)])
    assert contrast(blended, theme.ink) >= 4.5


def test_ranges_are_explained_where_there_are_any():
    assert "across 9 compatible cohorts" in draw(members=9).caption
    assert "cohorts that satisfy" not in draw(members=0).caption + draw(FRAME.iloc[[0, 2]], members=9).caption


def test_cells_without_room_are_written_in_two_lines():
    many = pd.concat([FRAME.iloc[:2].assign(group=FRAME["group"] + f" {n}") for n in range(6)], ignore_index=True)
    assert {"5–7", "of 10–12"} <= set(words(draw(many))) and "5–7 of 10–12" not in words(draw(many))
    assert "5–7 of 10–12" in words(group_shares_figure(many, title="Genes").with_look(Look(width=400)))


@pytest.mark.parametrize(
    "frame",
    [FRAME.drop(columns="share"), FRAME.iloc[:0], FRAME.iloc[:3], pd.concat([FRAME, FRAME])],
    ids=["column", "rows", "cell", "twice"],
)
def test_what_is_no_full_table_is_refused(frame):
    with pytest.raises(ValueError, match="expected"):
        draw(frame)


def test_rows_and_columns_keep_their_order():
    shown = [word for word in words(draw()) if word in {"WT1", "KIT", "CR", "NR"}]
    order = dict(itertools.pairwise(shown))
    assert order.get("CR") == "NR" and order.get("WT1") == "KIT"

"""Curves before and after as a picture of characters."""

from analysis.review.compare.text_plot import AFTER, BEFORE, BOTH, HEIGHT, WIDTH, draw_curves

ONE, OTHER = {2.0: 0.75, 8.0: 0.25, 20.0: 0.25}, {2.0: 0.75, 8.0: 0.5, 20.0: 0.5}


def rows(text):
    return [line[5:] for line in text.splitlines()[: HEIGHT + 1]]


def test_equal_curves_lie_on_one_another():
    picture = "".join(rows(draw_curves(ONE, ONE)))
    assert BOTH in picture and BEFORE not in picture and AFTER not in picture


def test_where_they_part_each_has_its_mark_at_its_height():
    found = rows(draw_curves(ONE, OTHER))
    assert found[HEIGHT * 3 // 4].endswith(BEFORE) and found[HEIGHT // 2].endswith(AFTER)
    assert found[0].startswith(BOTH)


def test_a_curve_that_is_new_is_drawn_alone():
    picture = "".join(rows(draw_curves({}, ONE)))
    assert AFTER in picture and BEFORE not in picture and BOTH not in picture


def test_the_picture_is_narrow_and_says_its_axes():
    lines = draw_curves(ONE, OTHER).splitlines()
    assert max(map(len, lines)) <= WIDTH + 6
    assert (
        lines[0].startswith("100%")
        and lines[HEIGHT].startswith("  0%")
        and lines[HEIGHT + 1].endswith("20 months")
        and "before" in lines[-1]
    )

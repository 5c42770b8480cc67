import re

import pytest

from analysis.figures.look import MILLIMETRES, Look
from analysis.figures.plots.flow import Box, flow_figure

TREE = Box("All", 10, ("9 children",), (Box("A", 6, (), (Box("SCT", 4), Box("No SCT", 2))), Box("B & <C>", 4, ("died 1",))))


def test_every_group_is_told_with_its_number():
    figure = flow_figure(TREE, title="Flow")
    assert "All: 10 (9 children), divided into A: 6, B & <C>: 4." in figure.alt
    assert "A: 6, divided into SCT: 4, No SCT: 2." in figure.alt and "died 1" in figure.alt
    assert ">SCT: 4</text>" in figure.light


def test_the_data_hold_the_path_of_each_group():
    frame = flow_figure(TREE, title="Flow").frames["groups"]
    assert frame.loc[frame["group"] == "SCT", ["within", "count"]].to_numpy().tolist() == [["All > A", 4]]


def test_parts_cannot_hold_more_than_the_whole():
    with pytest.raises(ValueError, match="at most the 3"):
        Box("All", 3, (), (Box("A", 2), Box("B", 2)))


def test_an_own_cohort_is_not_called_reconstructed():
    figure = flow_figure(TREE, title="Flow", reconstructed=False)
    assert "econstructed" not in figure.light + figure.caption


def test_side_boxes_are_told_drawn_and_kept_apart_from_the_parts():
    root = Box("Children", None, (), (Box("Enrolled", 10),), (Box("Excluded, number not reported", None, ("infection",)), Box("Died", 2)))
    figure = flow_figure(root, title="Flow")
    assert "Beside it: Excluded, number not reported (infection). Beside it: Died: 2." in figure.alt
    frame = figure.frames["groups"]
    assert frame.loc[frame["beside"], "group"].tolist() == ["Excluded, number not reported", "Died"]
    assert frame.loc[frame["group"] == "Children", "count"].isna().all()
    assert ">Died: 2</text>" in figure.light


@pytest.mark.parametrize(
    ("low", "high", "heading"), [(11, 15, "Second course: 14 (11–15)"), (14, 14, "Second course: 14"), (None, None, "Second course: 14")]
)
def test_a_count_that_differs_over_cohorts_has_its_range(low, high, heading):
    assert Box("Second course", 14, low=low, high=high).heading == heading


def test_thousands_are_divided():
    assert Box("Registered", 1013).heading == "Registered: 1,013"


def boxes(figure):
    """Left, right, bottom and top of each rectangle, in points; those of the page are left out."""
    found = re.findall(r'<path d="M([\d.]+) ([\d.]+)H([\d.]+)V([\d.]+)H\1V\2z" style="fill:none', figure.light)
    return [(*sorted(map(float, (left, right))), *sorted(map(float, (top, bottom)))) for left, top, right, bottom in found]


def test_no_box_lies_over_another_and_all_lie_within_the_figure():
    def arm(name):
        return Box(
            name,
            20,
            ("Course 1: CR/CRi 14",),
            (Box("SCT", 12), Box("No SCT", 8)),
            (Box("No remission after course 1", 5, ("early death 1",)),),
        )

    for width in (85, 114.3, 178):
        figure = flow_figure(
            Box("All", None, (), (Box("Enrolments", 40, (), (arm("A"), arm("B"))),), (Box("Excluded", 3),)),
            title="Flow",
        ).with_look(Look(width=width))
        drawn = boxes(figure)
        assert len(drawn) >= 11
        for place, (left, right, low, high) in enumerate(drawn):
            assert 0 <= left < right <= width / MILLIMETRES * 72
            for other in drawn[place + 1 :]:
                assert right <= other[0] or other[1] <= left or high <= other[2] or other[3] <= low, (width, drawn[place], other)

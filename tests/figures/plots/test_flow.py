import pytest

from analysis.figures.plots.flow import Box, flow_figure

TREE = Box("All", 10, ("9 children",), (Box("A", 6, (), (Box("SCT", 4), Box("No SCT", 2))), Box("B & <C>", 4, ("died 1",))))


def test_every_group_is_told_with_its_number():
    figure = flow_figure(TREE, title="Flow")
    assert "All: 10 (9 children), divided into A 6, B & <C> 4." in figure.alt
    assert "A: 6, divided into SCT 4, No SCT 2." in figure.alt and "died 1" in figure.alt
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

import pandas as pd
import pytest

from analysis.figures.plots.landscape import landscape_figure

FINDINGS = pd.DataFrame({"FUS": [1, 0, 1, 0], "WT1": [0, 1, 1, 0]}, dtype=bool)
GROUPS = ["CR", "CR", "NR", "NR"]
KINDS = {"FUS": "fusion", "WT1": "mutation"}


def draw(**named):
    return landscape_figure(FINDINGS, GROUPS, KINDS, title="Genes", **named)


def test_each_finding_is_told_by_group():
    assert "FUS 2 (CR 1, NR 1); WT1 2 (CR 1, NR 1)" in draw().alt
    assert "4 patients in columns (CR 2, NR 2)" in draw().alt


def test_columns_keep_groups_together_and_form_steps():
    frame = draw().frames["findings by patient"]
    assert frame["group"].tolist() == ["CR", "CR", "NR", "NR"] and frame["FUS"].tolist() == [1, 0, 1, 0]


def test_a_reconstruction_says_that_the_arrangement_is_not_printed():
    assert "one of many possibilities" in draw().caption
    assert "possibilities" not in draw(reconstructed=False).caption


def test_strips_follow_their_patients():
    frame = draw(strips={"Arm B": [False, True, True, False]}).frames["findings by patient"]
    assert frame["Arm B"].tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(("groups", "kinds"), [(GROUPS[:3], KINDS), (GROUPS, {"FUS": "fusion"})])
def test_what_does_not_fit_together_is_refused(groups, kinds):
    with pytest.raises(ValueError, match="expected"):
        landscape_figure(FINDINGS, groups, kinds, title="t")


def test_each_row_ends_with_its_frequency():
    findings = pd.DataFrame({"WT1": [True, True, False], "KIT": [False] * 3})
    figure = landscape_figure(findings, ["a", "a", "b"], {"WT1": "mutation", "KIT": "mutation"}, title="t")
    assert ">2 (67%)</text>" in figure.light and ">0 (0%)</text>" in figure.light


def test_a_frequency_is_the_printed_one_and_in_brackets_where_none_is_printed():
    figure = draw(printed={"FUS": "51.28%"})
    assert ">51.28%</text>" in figure.light and ">(2)</text>" in figure.light and ">2 (50%)</text>" not in figure.light
    assert "FUS 2 (CR 1, NR 1), printed 51.28%; WT1 2 (CR 1, NR 1)" in figure.alt

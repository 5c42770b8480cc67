"""The palette can be told apart: by contrast with the page, in grey, and by line style."""

import pytest

from analysis.figures.palette import DARK, LIGHT, contrast, group_style
from analysis.figures.plots.scoreboard import HATCHES
from analysis.figures.verdict_symbols import EVIDENCE, JUDGEMENTS, MARKS
from analysis.ledger.verdicts import verdicts


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#767676", "#ffffff", 4.54), ("#ffffff", "#ffffff", 1)])
def test_contrast_as_the_guidelines_define_it(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_lines_and_texts_stand_off_the_page(theme):
    assert all(contrast(colour, theme.ground) >= 3 for colour in theme.groups)
    assert contrast(theme.ink, theme.ground) >= 7
    assert contrast(theme.muted, theme.ground) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_numbers_are_legible_on_their_bars(theme):
    assert set(theme.verdicts) == set(verdicts.VERDICTS)
    assert all(contrast(colour, theme.on_verdict) >= 4.5 for colour in theme.verdicts.values())


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_first_two_groups_differ_in_grey(theme):
    assert contrast(*theme.groups[:2]) >= 1.6


def test_groups_never_look_the_same():
    styles = [str(group_style(index, LIGHT)) for index in range(64)]
    assert len(set(styles)) == 64
    neighbours = [str(group_style(index, LIGHT)["linestyle"]) for index in range(8)]
    assert len(set(neighbours)) == 8


def test_every_verdict_has_a_symbol_a_word_and_a_meaning():
    assert tuple(MARKS) == verdicts.VERDICTS
    assert len({mark.symbol for mark in MARKS.values()}) == len(MARKS)
    assert all(mark.word and mark.meaning and mark.style for mark in MARKS.values())
    assert len({mark.symbol for mark in JUDGEMENTS.values()}) == len(JUDGEMENTS)


def test_every_kind_of_evidence_is_explained():
    assert set(EVIDENCE) == {*verdicts.EVIDENCE, "withheld", ""}


def test_judged_verdicts_differ_without_colour():
    hatches = [HATCHES[verdict] for verdict in verdicts.VERDICTS if verdict != verdicts.CONTEXT]
    assert len(set(hatches)) == len(hatches)

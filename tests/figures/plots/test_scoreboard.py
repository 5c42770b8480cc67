"""The scoreboard counts verdicts by study and evidence, in picture and words."""

import pandas as pd
import pytest

from analysis.figures.plots.scoreboard import scoreboard, tally
from analysis.ledger.verdicts import verdicts

CASES = [
    ("counts", "reproduced", 90),
    ("counts", "contradicted", 2),
    ("cohort", "reproduced", 30),
    ("cohort", "not reached", 1),
    ("withheld", "not identified", 7),
    ("", "context", 11),
]


def table(cases):
    return pd.DataFrame([(verdict, evidence) for evidence, verdict, count in cases for _ in range(count)], columns=["verdict", "evidence"])


@pytest.fixture(scope="module")
def board():
    return scoreboard({"First & <only>": table(CASES), "Second": table(CASES[:1])})


def test_counts_and_shares(board):
    frame = board.data.set_index(["study", "evidence", "verdict"])
    for evidence, verdict, count in CASES:
        assert frame.loc[("First & <only>", evidence, verdict), "rows"] == count
    assert frame.loc[("First & <only>", "counts", "contradicted"), "share"] == pytest.approx(200 / 92)
    shares = board.data.groupby(["study", "evidence"])["share"].sum()
    assert shares.tolist() == pytest.approx([100] * len(shares))


def test_a_verdict_that_none_has_counts_0(board):
    frame = board.data.set_index(["study", "evidence", "verdict"])
    assert frame.loc[("Second", "counts", "contradicted"), "rows"] == 0


def test_words_hold_the_numbers(board):
    assert "First & <only>, counts: of 92, 90 reproduced, 2 contradicted." in board.alt
    assert "First & <only>, withheld: of 7, 7 not identified." in board.alt
    assert "Not drawn: 11 numbers of context." in board.caption


def test_every_count_stands_in_the_picture(board):
    for svg in (board.light, board.dark):
        for text in ("✓ 90", "✗ 2", "✓ 30", "? 1", "⇔ 7", "of 92"):
            assert f">{text}</text>" in svg


def test_what_was_withheld_and_predicted_is_told_apart_from_what_was_imposed(board):
    assert "withheld from cohorts made for the test, all of which predict it" in board.caption
    assert "agreement shows only that the numbers are compatible" in board.caption


def test_same_bytes(board):
    assert scoreboard({"First & <only>": table(CASES), "Second": table(CASES[:1])}).light == board.light


def test_an_unknown_verdict_is_refused():
    with pytest.raises(ValueError, match="confirmed"):
        tally({"s": pd.DataFrame({"verdict": ["confirmed"], "evidence": ["counts"]})})


def test_all_verdicts_can_be_drawn_in_one_row():
    cases = [("cohort", verdict, count) for verdict, count in zip(verdicts.VERDICTS[:6], (500, 1, 1, 1, 1, 1), strict=True)]
    assert all(f">{symbol} 1</text>" in scoreboard({"s": table(cases)}).light for symbol in "≈⇔✗≠?")

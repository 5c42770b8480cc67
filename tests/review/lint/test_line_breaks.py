"""One sentence a line, and no false alarm where a full stop ends no sentence."""

import pytest

from analysis.review.lint.line_breaks import faults_of


def faults(text):
    return [(fault.place, fault.expected) for fault in faults_of(text, "page.md")]


@pytest.mark.parametrize(
    "text",
    [
        "One sentence.\nAnother one!\nA third?\n",
        "See Fig. 3b and Table 2, i.e. The Table, vs. Others; Karlsson et al. Report it.\n",
        "It is 0.5. of them\n",
        "**Read.** Build the book.\n",
        "**A heading of its own**\n`term`\n: Its meaning.\n  The next sentence.\n",
        "- One item\n- another item\n",
        "| a. B | c. D |\n",
        "# One. Two\n",
        "```python\nx = 1. Y\nbroken\nlines\n```\n",
        "$$\na \\qquad\nb\n$$\n",
        ":::{note}\n:class: x\nOne sentence.\nAnother.\n:::\n",
        "A list follows:\n- one\n",
        ":::{glossary}\nA term\n  Its meaning.\n  Another sentence.\n\nTwo terms\nof one meaning\n  The meaning.\n:::\nText.\n",
        "A line that is broken  \non purpose.\n",
        "Ends with code `a. B` and a [link](b.md).\nNext.\n",
        "> Quoted. As it was.\n",
        "---\ntitle: A. B\n---\nText.\n",
    ],
)
def test_no_false_alarm(text):
    assert faults(text) == []


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("One sentence. Another one.\n", "line 1", "one sentence a line"),
        ("Ends in code `x`. Another one.\n", "line 1", "one sentence a line"),
        ("One (in brackets). `Code` begins another.\n", "line 1", "one sentence a line"),
        ("- An item. With two sentences.\n", "line 1", "one sentence a line"),
        (":::{glossary}\nA term\n  Its meaning. Another sentence.\n:::\n", "line 3", "one sentence a line"),
        (":::{glossary}\nA term\n  Its meaning.\n:::\nBroken in\nthe middle.\n", "line 5", "a whole sentence on one line"),
        ("Fine.\nBroken in the\nmiddle.\n", "line 2", "a whole sentence on one line"),
        (":::{note}\nOne. Two.\n:::\n", "line 2", "one sentence a line"),
        ("---\na: b\n---\n\nOne. Two.\n", "line 5", "one sentence a line"),
    ],
)
def test_faults_have_their_line(text, place, expected):
    assert faults(text) == [(place, expected)]

"""Templates of cells: a missing number takes its brackets with it."""

import pytest

from analysis.tables.rows.cell_template import Reference, fill

KNOWN = {"t.row.pct", "t.row.n", "t.row.all.n"}


def text(template):
    parts = fill(template, "t.row", KNOWN.__contains__)
    return "".join(f"<{part.id.removeprefix('t.row.')}>" if isinstance(part, Reference) else part for part in parts)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{pct} ({n}/{all.n})", "<pct> (<n>/<all.n>)"),
        ("{pct} ({n}/{gone})", "<pct>"),
        ("{pct} ({n}, [{gone}])", "<pct> (<n>,)"),
        ("{gone} ({n})", "(<n>)"),
        ("{n} [{gone}] of {all.n}", "<n> of <all.n>"),
        ("{gone}", ""),
        ("({gone}) courses", ""),
        ("{n} ({pct}–{gone|NR})", "<n> (<pct>–NR)"),
        ("{n} ({gone}–{gone|NR})", "<n>"),
        ("{n|NR} ({pct}–{all.n})", "<n> (<pct>–<all.n>)"),
        ("{gone|NR} ({gone}–{gone|NR})", ""),
        ("({gone}) {n} courses", "<n> courses"),
        ("no number", "no number"),
        ("", ""),
    ],
)
def test_fill(template, expected):
    assert text(template) == expected


@pytest.mark.parametrize("template", ["({n}", "{n})", "({n}]"])
def test_unmatched_brackets(template):
    with pytest.raises(ValueError, match="matching brackets"):
        fill(template, "t.row", KNOWN.__contains__)

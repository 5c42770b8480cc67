"""A verdict on the page: never colour alone, always a link and an account."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from analysis import paths
from analysis.figures.palette import contrast
from analysis.figures.verdict_symbols import JUDGEMENTS, MARKS
from analysis.ledger.verdicts import verdicts
from analysis.ledger.verdicts.withheld import Trial
from analysis.tables.html.audit_index import Judged
from analysis.tables.html.verdict_badge import badge, describe_verdict

HOSTILE = '<script>alert("1")</script> & "quoted"'
STYLES = Path(paths.BOOK) / "_static" / "book.css"


@pytest.mark.parametrize("verdict", verdicts.VERDICTS)
@pytest.mark.parametrize("word", [True, False])
def test_symbol_and_words(judgement, verdict, word):
    row = judgement("t1.x", "12.5", "12.51", verdict, evidence="" if verdict == "context" else "counts")
    link = BeautifulSoup(badge(Judged("s", {"t1.x": row}), "t1.x", word=word), "html.parser").a
    assert MARKS[verdict].symbol in link.text
    assert verdict in link["title"]
    heard = link.text if word else link["aria-label"]
    assert MARKS[verdict].word in heard
    assert link["href"] == "audit.html#t1.x"


def test_on_the_audit_page_the_link_stays_there(entries):
    page = Judged(entries.study, entries.entries, prefix="")
    assert 'href="#t1.p"' in badge(page, "t1.p")


def test_account_tells_printed_source_convention_evidence_and_note(judgement):
    row = judgement(
        "t1.x",
        "12.5",
        "12.51",
        "reproduced under convention",
        convention="welch",
        evidence="cohort",
        role="held-out",
        withheld=Trial(2, 3),
        note="a remark",
    )
    assert describe_verdict(row) == (
        "printed 12.5 (Table 1) · recomputed 12.51 · reproduced under convention (welch) · "
        "evidence cohort: computed on cohorts that were made to satisfy the printed numbers: agreement shows only that the numbers are compatible · "
        "withheld, predicted in 2 of 3 cohorts · a remark"
    )


def test_foreign_text_is_escaped(entries):
    html = badge(entries, "t1.a.pct")
    assert "<script" not in html
    assert HOSTILE in BeautifulSoup(html, "html.parser").a["title"]


def test_an_unknown_row_is_named(entries):
    with pytest.raises(KeyError, match=r"t1\.gone"):
        badge(entries, "t1.gone")


def colours(block):
    return dict(re.findall(r"--verdict-([a-z-]+):\s*(#[0-9a-f]{6})", block))


def test_style_sheet_knows_every_mark_with_enough_contrast():
    sheet = STYLES.read_text(encoding="utf-8")
    light, dark = colours(sheet.split('html[data-theme="dark"] {')[0]), colours(sheet.split('html[data-theme="dark"] {')[1].split("}")[0])
    for mark in [*MARKS.values(), *JUDGEMENTS.values()]:
        assert f".verdict-{mark.style} " in sheet
        for theme, page in ((light, "#ffffff"), (dark, "#121212")):
            assert contrast(theme[mark.style], theme[f"{mark.style}-ground"]) >= 4.5
            assert contrast(theme[mark.style], page) >= 4.5


def test_style_sheet_fetches_nothing_but_the_fonts_of_figures_beside_it():
    sheet = STYLES.read_text(encoding="utf-8")
    assert all(re.fullmatch(r'"fonts/[\w-]+\.ttf"', address) for address in re.findall(r"url\(([^)]*)\)", sheet))
    assert "@import" not in sheet

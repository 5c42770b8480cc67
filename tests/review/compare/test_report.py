"""How changes read, in a terminal and in a pull request."""

import re

import pytest

from analysis.book.results.curves import HEADER
from analysis.review.compare import report
from analysis.review.compare.diff import Changes, Count, Moved, Redrawn, Rewritten
from analysis.review.compare.states import Record

BEFORE = Record("res.p", "0.049", "0.04912", "reproduced", "pearson", "imposed", "")
AFTER = BEFORE._replace(recomputed="0.06120", verdict="not reached", convention="")


def changes(*moved, **more):
    return Changes("aaa “old”", "the working tree", {"demo": 9}, moved=list(moved), **more)


def line(text, start):
    return next(line for line in text.splitlines() if line.startswith(start))


def test_a_line_has_printed_before_after_verdicts_and_pages():
    text = report.text(changes(Moved("demo", BEFORE, AFTER, ("notebooks/demo/risk", "book/checks"), "survival, P")))
    assert re.split(" {2,}", line(text, "res.p")) == [
        "res.p",
        "survival, P",
        "0.049",
        "0.04912",
        "0.06120",
        "reproduced (pearson), imposed → not reached, imposed",
        "demo/risk, book/checks",
    ]
    assert "demo: 1 of 9 printed numbers, 1 with another verdict" in text


@pytest.mark.parametrize(
    ("before", "after", "said"), [(None, BEFORE, "new: reproduced (pearson)"), (BEFORE, None, "gone: reproduced (pearson)")]
)
def test_rows_that_came_or_went(before, after, said):
    assert said in line(report.text(changes(Moved("demo", before, after, ()))), "res.p")


def test_a_corrected_ledger_shows_both_printed_values():
    text = report.text(changes(Moved("demo", BEFORE, BEFORE._replace(printed="0.049*"), ())))
    assert "0.049 → 0.049*" in line(text, "res.p")


def test_a_curve_tells_its_first_difference():
    steps = "2,4,1,0,0.750000,0.216506,0.425877,1.000000", "2,4,0,1,1.000000,0.000000,1.000000,1.000000"
    curve = Redrawn("demo", "os-a", {"2": steps[0], "5": "5,x"}, {"2": steps[1], "5": "5,x"}, ("notebooks/demo/survival",))
    found = line(report.text(changes(redrawn=[curve])), "demo os-a")
    assert "1 of 2" in found
    assert "events 1, censored 0, survival 0.750000" in found
    assert "events 0, censored 1, survival 1.000000" in found
    new = Redrawn("demo", "os-a", None, {"2": steps[1]}, ())
    assert "new" in line(report.text(changes(redrawn=[new])), "demo os-a")
    assert len(HEADER.split(",")) == len(steps[0].split(","))


def test_of_a_page_every_changed_row_is_listed_in_a_terminal_and_the_first_in_a_comment():
    before = ("Quantity | Value", *(f"q{number} | 1" for number in range(70)))
    pages = Rewritten("notebooks/demo/risk", "Risk · table 1", before, (before[0], *(line.replace("| 1", "| 2") for line in before[1:])))
    text, comment = report.text(changes(rewritten=[pages])), report.markdown(changes(rewritten=[pages]))
    assert all(re.search(rf"demo/risk +Risk · table 1 +q{number} +Value 1 +Value 2", text) for number in range(70))
    assert "| demo/risk | Risk · table 1 | q0 | Value 1 | Value 2 |" in comment and "and 67 more rows" in comment and "q3 " not in comment


def test_counts_of_the_scoreboard():
    found = line(report.text(changes(counts=[Count("demo", "not reached", "imposed", 2, 3)])), "demo")
    assert found.split() == ["demo", "not", "reached", "imposed", "2", "3"]


def test_nothing_changed():
    assert report.NOTHING in report.text(changes())
    assert report.markdown(changes()).startswith(report.MARKER + "\n\n### " + report.NOTHING)


def test_markdown_from_a_stranger_makes_no_markup_link_or_mention():
    nasty = BEFORE._replace(recomputed="a | b <img src=x> [x](https://example.org) @someone `code`\n# head")
    text = report.markdown(changes(Moved("demo", BEFORE, nasty, ())))
    row = line(text, "| res.p")
    assert row.count(" | ") == 6
    for raw in ("<img", "](https://", "@someone", " `code`"):
        assert raw not in row
    assert "\n# head" not in text


def test_markdown_is_cut_where_a_comment_would_be_too_long():
    rows = [Moved("demo", BEFORE._replace(id=f"res.p{n}"), AFTER._replace(id=f"res.p{n}"), ("notebooks/demo/risk",)) for n in range(2000)]
    text = report.markdown(changes(*rows, reworded=[("demo", f"res.q{n}") for n in range(2000)]))
    assert len(text) < 65_536
    kept = text.count("| res.p")
    assert f"… and {2000 - kept} more" in text
    assert text.rstrip().endswith("…")
    assert text.count("<details") == text.count("</details>")
    assert report.text(changes(*rows)).count("\nres.p") == 2000

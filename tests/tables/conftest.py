"""Judged rows made up for the tests, with foreign text that must be escaped."""

import pytest

from analysis.cohorts import conditions
from analysis.ledger.rows import printed
from analysis.ledger.rows.row import Row
from analysis.ledger.verdicts.audit import Judgement
from analysis.tables.html.audit_index import Judged

HOSTILE = '<script>alert("1")</script> & "quoted"'


def _judgement(
    id,
    text,
    recomputed,
    verdict,
    *,
    convention="",
    evidence="counts",
    note="",
    quantity="a number",
    statistic="percent",
    role="imposed",
    withheld=None,
    chance=None,
):
    """A judgement of a row that prints `text`."""
    row = Row(
        id=id, source="Table 1", quantity=quantity, population="all", subset=conditions.parse(""), statistic=statistic,
        arguments={}, printed=text, role=role, sources=None,
        copy_of="", result=id, note="", value=printed.parse(text), line=2,
    )  # fmt: skip
    return Judgement(row, recomputed, verdict, convention, evidence, note, withheld=withheld, chance=chance)


@pytest.fixture
def judgement():
    """Maker of judgements: ``judgement(id, printed, recomputed, verdict, …)``."""
    return _judgement


@pytest.fixture
def entries():
    rows = [
        _judgement("t1.all.pct", "63.64%", "63.6364", "reproduced"),
        _judgement("t1.all.n", "14", "14", "reproduced", statistic="count", evidence="cohort"),
        _judgement("t1.all.total", "Twenty-two", "22", "reproduced", statistic="count", evidence="cohort"),
        _judgement("t1.a.pct", "63.37%", "63.6364", "contradicted", note=HOSTILE, quantity=HOSTILE),
        _judgement("t1.a.n", "14", "14", "reproduced", statistic="count"),
        _judgement("t1.b.n", "7", "6 to 8", "not identified", evidence="cohort", role="held-out", statistic="count"),
        _judgement(
            "t1.p", "0.318", "0.31849", "reproduced under convention", convention="pearson; half-even rounding", statistic="contingency_p"
        ),
        _judgement("t1.q", "<0.001", "0.000412", "reproduced", statistic="contingency_p"),
        _judgement("t1.r", "12.5", "", "not reached", evidence="cohort", role="held-out", statistic="mean"),
        _judgement("met.dose", "20", "", "context", evidence="", statistic="quoted"),
    ]
    return Judged("made_up", {row.row.id: row for row in rows})

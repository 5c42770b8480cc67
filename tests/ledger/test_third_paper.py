"""A third paper needs data only: a classic data set, published as if it were a paper.

Printed values are those of R 4.2 (survfit, survdiff, coxph, fisher.test, chisq.test) and
of the two hazard ratios of a two-curve program, with some made wrong on purpose.
"""

import pytest

from analysis import paths
from analysis.ledger.session.study_session import open_study

FOLDER = paths.ROOT / "tests" / "examples" / "aml"


@pytest.fixture(scope="module")
def audit():
    return open_study(FOLDER).audit


@pytest.mark.parametrize(
    ("id", "verdict", "convention"),
    [
        ("t1.n", "reproduced", ""),
        ("t1.relapse.m.pct", "reproduced", ""),
        ("t1.relapse.o.pct", "contradicted", ""),
        ("t1.relapse.p", "reproduced", "fisher"),
        ("t1.relapse.chi", "reproduced under convention", "pearson"),
        ("res.s24", "reproduced", ""),
        ("res.s24.lower", "reproduced", "log"),
        ("res.s24.upper", "reproduced", "log"),
        ("res.s24.loglog", "reproduced under convention", "log-log"),
        ("res.median.m", "reproduced", "midpoint"),
        ("res.p", "reproduced", "logrank"),
        ("res.hr", "reproduced", "cox-efron"),
        ("res.hr.lower", "reproduced", "cox-efron"),
        ("res.hr.oe", "reproduced under convention", "logrank-oe"),
        ("res.hr.wrong", "not reached", ""),
        ("abs.s24", "reproduced", ""),
        ("dis.s24", "contradicted", ""),
        ("met.dose", "context", ""),
    ],
)
def test_each_printed_value_of_the_classic_gets_the_verdict_it_deserves(audit, id, verdict, convention):
    assert (audit[id].verdict, audit[id].convention) == (verdict, convention)


def test_the_recomputed_values_are_those_of_r(audit):
    assert audit["t1.relapse.p"].values["fisher"] == pytest.approx(0.1549526, abs=5e-8)
    assert audit["t1.relapse.chi"].values["pearson"] == pytest.approx(0.1035225, abs=5e-8)
    assert audit["res.hr"].values["cox-efron"] == pytest.approx(1 / 2.498105, rel=1e-6)

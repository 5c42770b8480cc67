"""Judged rows know the addresses of their audit rows."""

import pytest

from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.verdicts.audit import audit
from analysis.tables.html.audit_index import as_judged
from analysis.tables.rows.inline import inline


@pytest.fixture
def fresh(study):
    return audit(study, read_ledger(study))


def test_addresses(fresh):
    assert as_judged(fresh).address("t1.n") == "audit.html#t1.n"
    assert as_judged(fresh, prefix="../a.html").address("t1.n") == "../a.html#t1.n"
    assert as_judged(fresh, prefix="").address("t1.n") == "#t1.n"


def test_what_is_judged_keeps_its_address_unless_told(fresh):
    there = as_judged(fresh, prefix="x.html")
    assert as_judged(there).address("t1.n") == "x.html#t1.n"
    assert as_judged(there, prefix="y.html").address("t1.n") == "y.html#t1.n"


def test_a_computed_number(fresh):
    assert inline(fresh, "t1.n").text == "8✓"
    assert inline(fresh, "t1.a.pct").text == "50%✓"

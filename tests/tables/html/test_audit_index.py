"""An audit, fresh or saved, serves the tables alike."""

import pytest

from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.verdicts.audit import audit
from analysis.tables.html.audit_index import judged
from analysis.tables.rows.inline import inline
from analysis.tables.rows.row_list import listing


@pytest.fixture
def ledger(study):
    return read_ledger(study)


@pytest.fixture
def fresh(study, ledger):
    return audit(study, ledger)


def test_a_saved_table_shows_the_same(fresh, ledger):
    ids = [judgement.row.id for judgement in fresh.judgements]
    assert listing(fresh.table, ids, ledger).html == listing(fresh, ids).html


def test_addresses(fresh):
    assert judged(fresh).address("t1.n") == "audit.html#t1.n"
    assert judged(fresh, prefix="../a.html").address("t1.n") == "../a.html#t1.n"
    assert judged(fresh, prefix="").address("t1.n") == "#t1.n"


def test_what_is_judged_keeps_its_address_unless_told(fresh):
    there = judged(fresh, prefix="x.html")
    assert judged(there).address("t1.n") == "x.html#t1.n"
    assert judged(there, prefix="y.html").address("t1.n") == "y.html#t1.n"


def test_a_computed_number(fresh):
    assert inline(fresh, "t1.n").text == "8✓"
    assert inline(fresh, "t1.a.pct").text == "50%✓"


def test_a_table_without_its_ledger(fresh):
    with pytest.raises(ValueError, match="ledger"):
        judged(fresh.table)

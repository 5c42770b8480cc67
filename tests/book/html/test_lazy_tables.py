"""Tables that a page opened from a file can load."""

import json
import re

import pytest

from analysis.book.html import lazy_tables
from analysis.cohorts.reading import read_table
from analysis.figures.light_dark_pair import download
from analysis.figures.verdict_symbols import MARKS
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.verdicts.audit import audit
from analysis.tables.html.audit_index import as_judged
from analysis.tables.rows.audit_page import audit_page
from tests.browser import site

FILED = re.compile(r"\(window\.bookTables = window\.bookTables \|\| \{\}\)\[document\.currentScript\.src\] = (.*);\n", re.DOTALL)


def filed(script):
    return json.loads(FILED.fullmatch(script.read_text(encoding="utf-8"))[1])


@pytest.fixture
def audited(study):
    return as_judged(audit(study, read_ledger(study), [{"cohort": read_table(study)}]), prefix="")


def test_each_row_of_an_audit_lies_beside_its_page_with_what_the_panel_needs(audited, tmp_path):
    view = audit_page(audited)
    folder = site.write(tmp_path, {"audit": view.html})
    found = filed(folder / "audit.js")
    saved = next((folder / "_static" / "made").glob("*.csv")).read_text(encoding="utf-8")
    assert found["csv"] == saved
    assert set(MARKS) < set(found["marks"]) and set(found["evidence"]) >= set(view.frame["evidence"])


def test_a_table_that_no_script_reads_has_no_script(tmp_path, audited):
    link = download(audit_page(audited).frame, "x", "a table")
    site.write(tmp_path, {"page": link})
    assert list((tmp_path / "_static" / "made").glob("*.csv")) and not list(tmp_path.rglob("made/*.js"))


def test_running_it_again_changes_nothing(audited, tmp_path):
    folder = site.write(tmp_path, {"audit": audit_page(audited).html})
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    lazy_tables.write(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before

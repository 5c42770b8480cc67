"""Tables that a page opened from a file can load."""

import json
import re

import pytest

from analysis.cohorts.reading import read_table
from analysis.figures.marks import MARKS
from analysis.figures.present import download
from analysis.ledger.audit import audit
from analysis.ledger.rows import read_ledger
from analysis.publishing import on_demand
from analysis.tables.audit_page import audit_page
from analysis.tables.judged import judged
from tests.browser import site

FILED = re.compile(r"\(window\.bookTables = window\.bookTables \|\| \{\}\)\[document\.currentScript\.src\] = (.*);\n", re.DOTALL)


def filed(script):
    return json.loads(FILED.fullmatch(script.read_text(encoding="utf-8"))[1])


@pytest.fixture
def audited(study):
    return judged(audit(study, read_ledger(study), [{"cohort": read_table(study)}]), prefix="")


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
    on_demand.write(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before

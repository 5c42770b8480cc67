"""What a report says, and what it never says."""

import re

import pytest

from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file
from analysis.errors import InputError

HOSTILE = "<script>alert(1)</script>"


def test_a_report_names_both_names_row_found_and_allowed(study, put):
    put("own.mapping.yml", "columns: {arm: Gruppe}\n")
    checked = check_file(study, put("own.csv", "patient,Gruppe,months,died\n1,A,1,0\n2,C,x,0\n"))
    for text in (report.as_text(checked), report.as_html(checked)):
        assert "Gruppe → arm" in text
        assert "one of A, B" in text
        assert "months" in text
    assert "line 3: expected one of A, B (or 'codes' in the mapping, e.g. codes: {'C': …}); found 'C'" in report.as_text(checked)


def test_a_report_tells_what_cannot_be_shown_and_what_was_not_used(study, put):
    put("own.mapping.yml", "absent: arm\n")
    text = report.as_text(check_file(study, put("own.csv", "patient,months,died,Notiz\n1,1,0,x\n")))
    assert "Sound: 1 row, 3 of 6 declared columns." in text
    assert "without arm, stage, age: missing throughout" in text
    assert "populations not shown: Arm A; Arm B" in text
    assert "Columns of the file that are not used\n  Notiz" in text


def test_only_offending_cells_are_shown(study, put):
    path = put("own.csv", "patient,arm,stage,age,months,died,Name\nGeheim1,A,I,50,geheimnis,1,Geheim2\nGeheim3,A,I,51,77.125,0,Geheim4\n")
    checked = check_file(study, path)
    for text in (report.as_text(checked), report.as_html(checked)):
        assert "geheimnis" in text
        assert not re.search(r"Geheim\d|77\.125|\b51\b", text)


def test_a_page_escapes_everything_from_outside_and_asks_nothing_of_the_network(study, put):
    put("<b>x.mapping.yml", f"columns:\n  '{HOSTILE}': x\n  arm: {{column: 'arm{HOSTILE}'}}\nfile: {{delimiter: comma}}\n")
    checked = check_file(study, put("<b>x.csv", f"patient,arm{HOSTILE},months,died\n1,{HOSTILE},1,{HOSTILE}\n"))
    page = report.as_html(checked)
    assert "&lt;script&gt;" in page
    assert "<script" not in page and "<b>x" not in page
    assert not re.search(r"(?:src|href)\s*=|url\(|@import|https?://", page)
    assert "default-src 'none'" in page


def test_a_cell_cannot_speak_to_the_terminal(study, put):
    text = report.as_text(check_file(study, put("own.csv", "patient,arm,months,died\n1,\x1b[2Jx,1,0\n")))
    assert "\x1b" not in text and "\\x1b[2Jx" in text


def test_a_page_is_only_written_as_html_and_into_an_existing_folder(study, put, tmp_path):
    cohort = put("own.csv", "patient,arm,months,died\n1,A,1,0\n")
    checked = check_file(study, cohort)
    before = cohort.read_bytes()
    for path in (cohort, tmp_path / "nowhere" / "x.html", tmp_path):
        with pytest.raises(InputError):
            report.write_html(checked, path)
    assert cohort.read_bytes() == before
    assert "Sound" in report.write_html(checked, tmp_path / "x.html").read_text(encoding="utf-8")


def test_long_cells_are_shortened(study, put):
    text = report.as_text(check_file(study, put("own.csv", f"patient,arm,months,died\n1,{'x' * 5000},1,0\n")))
    assert len(text) < 2000

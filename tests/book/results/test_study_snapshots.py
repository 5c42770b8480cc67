"""Snapshots: the same bytes for the same inputs, and the committed ones up to date."""

import csv
import io
import re

import pytest

from analysis import paths
from analysis.book.dependencies import graph
from analysis.book.results import audit
from analysis.book.results.curves import HEADER, format_fixed
from analysis.book.results.study_snapshots import snapshots
from analysis.ledger.session.study_session import open_study
from analysis.review.compare.states import parse_audit

TABLES = """
t1:
  source: Table 1
  caption: Patients
  columns: [{label: Arm A, cell: "{a} ({a.pct})"}, {label: Arm B, cell: "{b}"}]
  rows: [{label: Patients, key: ""}]
"""


@pytest.fixture
def texts(study_folder):
    (study_folder / "tables.yml").write_text(TABLES, encoding="utf-8")
    return snapshots(open_study(study_folder))


def test_what_is_written_for_a_study(texts):
    assert list(texts) == ["audit.csv", "curves/os-a.csv", "scoreboard.txt", "tables/t1.txt"]


def test_the_audit_has_the_columns_that_others_rely_on_and_the_ledgers_order(texts):
    assert texts["audit.csv"].splitlines()[0] == "id,printed,recomputed,verdict,convention,evidence,note,withheld_hits,withheld_made,chance"
    assert list(parse_audit(texts["audit.csv"], "audit.csv", "made_up")) == [
        "t1.n",
        "t1.a",
        "t1.b",
        "t1.a.pct",
        "res.os",
        "abs.os",
        "met.dose",
    ]


def test_a_curve_has_steps_and_numbers_at_risk(texts):
    # arm A: 2 dead, 5 censored, 8 dead, 12 censored; S = 3/4, then 3/4 x 1/2
    rows = list(csv.DictReader(io.StringIO(texts["curves/os-a.csv"])))
    assert [(r["time"], r["at_risk"], r["events"], r["censored"], r["survival"]) for r in rows] == [
        ("2", "4", "1", "0", "0.750000"),
        ("5", "3", "0", "1", "0.750000"),
        ("8", "2", "1", "0", "0.375000"),
        ("12", "1", "0", "1", "0.375000"),
    ]
    assert texts["curves/os-a.csv"].splitlines()[0] == HEADER


def test_without_a_cohort_there_are_no_curves(study_folder):
    (study_folder / "cohort.csv").unlink()
    assert not any(name.startswith("curves/") for name in snapshots(open_study(study_folder)))


def test_the_same_inputs_give_the_same_bytes(study_folder, texts):
    assert snapshots(open_study(study_folder)) == texts


def test_lines_end_in_a_line_feed_and_nowhere_in_a_space(texts):
    for name, text in texts.items():
        assert text.endswith("\n") and not text.endswith("\n\n"), name
        assert "\r" not in text, name
        assert not re.search(r"[ \t]$", text, re.MULTILINE), name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.300000"),
        (1.0, "1.000000"),
        (float("nan"), ""),
        (float("inf"), ""),
        # a tie, reached from either side by the last bit of a float
        (0.0078125, "0.007812"),
        (0.00781250000000001, "0.007812"),
        (0.00781249999999999, "0.007812"),
    ],
)
def test_digits_are_fixed_whatever_the_last_bits(value, text):
    assert format_fixed(value) == text


def test_files_of_an_earlier_time_are_removed(tmp_path):
    audit.save({"audit.csv": "a\n", "curves/os-a.csv": "b\n"}, tmp_path)
    audit.save({"audit.csv": "c\n"}, tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["audit.csv"]
    assert (tmp_path / "audit.csv").read_text() == "c\n"


def difference(study, old, new):
    """Old → new → printed of every number that differs, then the names of other texts."""
    lines = []
    before = parse_audit(old.get("audit.csv", ""), "audit.csv", study) if old.get("audit.csv") else {}
    after = parse_audit(new["audit.csv"], "audit.csv", study)
    for id in [*after, *(id for id in before if id not in after)]:
        one, two = before.get(id), after.get(id)
        if one != two:
            fields = ("note",) if one and two and one[:6] == two[:6] else ("recomputed", "verdict", "convention", "evidence")
            told = [", ".join(getattr(r, field) or "–" for field in fields) if r else "no row" for r in (one, two)]
            lines.append(f"  {id}: {told[0]} → {told[1]} → printed {(two or one).printed}")
    lines += [f"  {name}: differs" for name in sorted(old.keys() | new.keys()) if name != "audit.csv" and old.get(name) != new.get(name)]
    return lines


@pytest.mark.parametrize("study", graph.audited_studies())
@pytest.mark.slow
def test_the_committed_snapshots_are_what_the_code_computes(study):
    folder = paths.RESULTS / study
    old = {path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in sorted(folder.rglob("*")) if path.is_file()}
    new = audit.texts(study)
    if old != new:
        lines = difference(study, old, new)
        hint = f"If this is meant: `.venv/bin/python -m analysis snapshots {study}` writes them anew; commit them."
        pytest.fail("\n".join([f"the snapshots of {study} (old → new → printed):", *lines, hint]), pytrace=False)


def test_a_stale_snapshot_is_told_as_old_new_and_printed():
    head = "id,printed,recomputed,verdict,convention,evidence,note\n"
    old = {"audit.csv": head + "t1.n,4,5,contradicted,,counts,\n", "tables/t1.txt": "5"}
    new = {"audit.csv": head + "t1.n,4,4,reproduced,,counts,\n", "tables/t1.txt": "4"}
    assert difference("demo", old, new) == [
        "  t1.n: 5, contradicted, –, counts → 4, reproduced, –, counts → printed 4",
        "  tables/t1.txt: differs",
    ]

"""Receipts."""

from __future__ import annotations

import pytest

from analysis import paths
from analysis.book.dependencies import build_records


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "BUILD", tmp_path / "_build")
    return tmp_path


def test_whole_outputs_of_the_same_leave_nothing_to_do(root):
    (root / "out").mkdir()
    (root / "out" / "a.txt").write_text("a")
    build_records.write(build_records.place("job"), [root / "out"], "sources")
    assert build_records.problem(build_records.place("job"), "sources") == ""


@pytest.mark.parametrize(
    "fault, told",
    [
        ("lost", "a.txt is gone or was altered"),
        ("altered", "a.txt is gone or was altered"),
        ("unreadable", "made from something else"),
        ("no outputs", "its receipt cannot be read"),
        ("never", "not made yet"),
    ],
)
def test_a_broken_output_is_told(root, fault, told):
    output, receipt = root / "a.txt", build_records.place("job")
    output.write_text("a")
    build_records.write(receipt, [output], "sources")
    if fault == "lost":
        output.unlink()
    elif fault == "altered":
        output.write_text("b")
    elif fault == "never":
        receipt.unlink()
    else:
        receipt.write_text("{" if fault == "unreadable" else '{"made from": "sources", "made": {}}')
    assert build_records.problem(receipt, "sources") == told


def test_what_was_made_from_something_else_is_told(root):
    output, receipt = root / "a.txt", build_records.place("job")
    output.write_text("a")
    build_records.write(receipt, [output], "sources")
    assert build_records.problem(receipt, "other sources") == "made from something else"

"""Receipts and atomic writing."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import paths
from analysis.publishing import receipts


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "BUILD", tmp_path / "_build")
    return tmp_path


def test_failed_write_leaves_the_last_file_and_no_part(tmp_path, monkeypatch):
    target = tmp_path / "page.html"
    receipts.write_atomically(target, "good")

    def fails(self, other):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="disk full"):
        receipts.write_atomically(target, "half")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    assert target.read_text() == "good"


def test_whole_outputs_keep_their_receipt(root):
    (root / "out").mkdir()
    (root / "out" / "a.txt").write_text("a")
    receipts.write(receipts.folder() / "job.json", [root / "out"], "sources")
    assert receipts.discard_broken() == []


@pytest.mark.parametrize("fault", ["lost", "altered", "unreadable"])
def test_broken_output_loses_its_receipt(root, fault):
    output, receipt = root / "a.txt", receipts.folder() / "job.json"
    output.write_text("a")
    receipts.write(receipt, [output], "sources")
    if fault == "lost":
        output.unlink()
    elif fault == "altered":
        output.write_text("b")
    else:
        receipt.write_text("{")
    assert receipts.discard_broken() == [receipt]
    assert not receipt.exists()


def test_what_was_made_from_something_else_loses_its_receipt(root):
    output, receipt = root / "a.txt", receipts.folder() / "job.json"
    output.write_text("a")
    receipts.write(receipt, [output], "sources")
    assert receipts.discard_stale({"job.json": "sources", "other.json": "anything"}) == []
    assert receipts.discard_stale({"job.json": "other sources"}) == [receipt]
    assert not receipt.exists() and output.read_text() == "a"

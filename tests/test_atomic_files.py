"""A file is there whole, or as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import atomic_files


def test_failed_write_leaves_the_last_file_and_no_part(tmp_path, monkeypatch):
    target = tmp_path / "page.html"
    atomic_files.write(target, "good")

    def fails(self, other):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="disk full"):
        atomic_files.write(target, "half")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    assert target.read_text() == "good"


def test_the_folder_is_made_and_text_is_written_as_it_is(tmp_path):
    target = tmp_path / "new" / "page.txt"
    atomic_files.write(target, "Kaplan–Meier\r\n")
    assert target.read_bytes() == "Kaplan–Meier\r\n".encode()
    atomic_files.write(target, b"\x00")
    assert target.read_bytes() == b"\x00"

"""A reader's own file: kept privately under a name that tells nothing, and gone when it is forgotten."""

import stat

import pytest

from analysis import paths
from analysis.errors import InputError
from analysis.live.patients import own_file
from analysis.live.patients.own_file import OwnFile

STUDY = paths.studies()[0]


def test_the_name_that_a_browser_tells_is_no_part_of_a_path(tmp_path):
    for name in ("../../x.csv", "/etc/cron.d/x.csv", "..\\..\\x.csv", "klinik meier.csv", "x\0y.csv"):
        own = OwnFile.take(tmp_path, STUDY, name, b"a\n1\n")
        assert own.file.is_relative_to(tmp_path) and own.file.name.startswith("own-") and own.file.suffix == ".csv"
        assert "/" not in own.name and "\\x00" in own.name or "\0" not in own.name
        assert stat.S_IMODE(own.file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["x.exe", "x", "x.csv.exe", ".csv", "x.yml"])
def test_only_files_that_can_be_read_are_taken(tmp_path, name):
    with pytest.raises(InputError, match="a file that ends in one of"):
        OwnFile.take(tmp_path, STUDY, name, b"a")
    assert list(tmp_path.iterdir()) == []


def test_a_file_may_be_as_large_as_the_limit_and_not_larger(tmp_path, monkeypatch):
    monkeypatch.setattr(own_file, "LARGEST", 10)
    OwnFile.take(tmp_path, STUDY, "x.csv", b"x" * 10)
    with pytest.raises(InputError, match="at most"):
        OwnFile.take(tmp_path, STUDY, "x.csv", b"x" * 11)


def test_each_mapping_is_a_state_of_its_own_and_all_of_them_are_forgotten(tmp_path):
    own = OwnFile.take(tmp_path, STUDY, "x.csv", b"a\n1\n")
    first = own.file
    assert not own.check().mapping_file and not own.sound
    own.set_mapping("study: x\n")
    assert own.file != first and own.file.read_bytes() == b"a\n1\n" and own.checked is None
    assert own.file.with_name(f"{own.file.stem}.mapping.yml").read_text() == "study: x\n"
    assert own.check().mapping_file
    own.set_mapping(" ")
    assert not own.check().mapping_file  # none is kept beside the file
    with pytest.raises(InputError, match="at most"):
        own.set_mapping("x" * (own_file.LARGEST_MAPPING + 1))
    own.forget()
    assert list(tmp_path.iterdir()) == []

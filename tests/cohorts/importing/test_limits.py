"""What no cohort can be is refused before it costs memory or time."""

import os
import resource
import struct
import subprocess
import sys
import zipfile

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from analysis import paths
from analysis.cohorts.importing.checking import check_file
from analysis.cohorts.importing.mapping import read_mapping
from analysis.cohorts.importing.raw import Unreadable
from analysis.cohorts.importing.readers import delimited, encodings, statistical, workbooks


def stray(path, cell, value=" "):
    """A small sheet with one cell far away from the others."""
    book = openpyxl.Workbook()
    for row in (["patient", "arm", "months", "died"], ["1", "A", 2, 1], ["2", "B", 3, 0]):
        book.active.append(row)
    book.active[cell] = value
    book.save(path)
    return path


def test_a_stray_cell_far_away_costs_neither_memory_nor_the_table(study, put):
    """The whole sheet would be 17 billion cells; a process of its own may take 600 MB beyond what it starts with."""
    path = stray(put("own.xlsx", b""), "XFD40000")
    code = (
        "import resource, sys\nfrom analysis.cohorts.importing.checking import check_file\nfrom analysis.cohorts.study import read_study\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\nchecked = check_file(read_study(sys.argv[1]), sys.argv[2])\n"
        "print(checked.frame is not None or [p.found for p in checked.problems], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60))  # noqa: E731
    done = subprocess.run(
        [sys.executable, "-c", code, str(study.folder), str(path)],
        capture_output=True,
        text=True,
        cwd=paths.ROOT,
        preexec_fn=limit,
        check=True,
    )
    _, kilobytes = done.stdout.rsplit(maxsplit=1)
    assert int(kilobytes) < 600_000, done.stdout


@pytest.mark.parametrize(("cells", "sound"), [(0, True), (1, False)])
def test_a_sheet_of_a_million_cells_is_read_and_one_more_is_refused(monkeypatch, put, cells, sound):
    path = put("own.xlsx", b"")
    stray(path, "A4", "x")
    monkeypatch.setattr(workbooks, "MOST_CELLS", 13 - cells)  # 12 cells and the stray one
    book = openpyxl.load_workbook(path, read_only=True)
    if sound:
        assert len(list(workbooks._records(book.active, {}))) == 4
    else:
        with pytest.raises(Unreadable, match="at most"):
            list(workbooks._records(book.active, {}))


def test_a_row_number_that_no_sheet_has_is_refused_at_once(study, put):
    path = stray(put("own.xlsx", b""), "A9", "x")
    content = {}
    with zipfile.ZipFile(path) as old:
        content = {name: old.read(name) for name in old.namelist()}
    content["xl/worksheets/sheet1.xml"] = content["xl/worksheets/sheet1.xml"].replace(b'<row r="9"', b'<row r="999999999999"')
    with zipfile.ZipFile(path, "w") as new:
        for name, piece in content.items():
            new.writestr(name, piece)
    assert [problem.found for problem in check_file(study, path).problems] == ["a larger row number"]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_a_workbook_that_unpacks_to_more_than_a_cohort_is_refused_unread(study, put, part):
    path = put("own.xlsx", b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb, bomb.open(part, "w") as stream:
        for _ in range(130):
            stream.write(b" " * 1024**2)
    assert path.stat().st_size < 1_000_000
    assert [problem.expected for problem in check_file(study, path).problems] == ["a workbook of at most 128 MB when unpacked"]


@pytest.mark.parametrize(("suffix", "stated"), [("zsav", -1), ("sav", -1), ("zsav", None)])
@pytest.mark.parametrize(("more", "sound"), [(0, True), (1, False)])
def test_an_spss_file_is_bounded_by_what_it_unpacks_to_and_not_by_what_it_states(put, monkeypatch, suffix, stated, more, sound):
    path = put(f"own.{suffix}", b"")
    pyreadstat.write_sav(pd.DataFrame({"months": [0.0] * 5000, "died": [0.0] * 5000}), str(path), compress=suffix == "zsav")
    content = bytearray(path.read_bytes())
    assert struct.unpack("<i", content[80:84]) == (5000,)
    if stated:
        content[80:84] = struct.pack("<i", stated)
        path.write_bytes(content)
    monkeypatch.setattr(statistical, "MOST_CELLS", 10_000 - more)
    if sound:
        assert len(statistical.read_spss(path)) == 5000
    else:
        with pytest.raises(Unreadable, match="at most 9,999 cells"):
            statistical.read_spss(path)


def test_a_small_file_that_unpacks_to_a_hundred_gigabytes_is_refused(study, put):
    """One text of 50 MB in a dictionary, in two thousand rows of 300 kB in all."""
    from pyarrow import DictionaryArray, array, parquet, table

    path = put("own.parquet", b"")
    parquet.write_table(
        table({"patient": DictionaryArray.from_arrays(array([0] * 2000), array(["x" * 50_000_000]))}), path, compression="zstd"
    )
    assert path.stat().st_size < 300_000
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert [problem.found for problem in check_file(study, path).problems] == ["a file that cannot be read as one"]
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < max(before, 3_000_000)


@pytest.mark.parametrize(
    ("code", "lost"), [("x = bytearray(300 * 2**20)", True), ("x = bytearray(50 * 2**20)", False), ("while True: pass", True)]
)
def test_a_reader_that_takes_more_than_it_may_is_lost(code, lost):
    done = subprocess.run(
        [sys.executable, "-c", f"from analysis.cohorts.importing.readers.isolated import bound\nbound(200 * 2**20, 2)\n{code}"], cwd=paths.ROOT, capture_output=True, check=False, timeout=600,
    )  # fmt: skip
    assert bool(done.returncode) == lost


def test_a_text_of_more_bytes_than_a_cohort_is_refused_unread(study, put, monkeypatch):
    path = put("own.csv", "patient,arm,months,died\n1,A,2,1\n")
    monkeypatch.setattr(delimited, "_LARGEST", path.stat().st_size)
    assert check_file(study, path).frame is not None
    monkeypatch.setattr(delimited, "_LARGEST", path.stat().st_size - 1)
    assert [problem.found for problem in check_file(study, path).problems] == ["a larger one"]


@pytest.mark.parametrize("kind", ["device", "pipe", "folder", "large", "dangling"])
def test_a_mapping_must_be_an_ordinary_small_file(study, put, tmp_path, kind):
    file = put("own.csv", "patient,arm,months,died\n1,A,2,1\n")
    mapping = file.with_name("own.mapping.yml")
    if kind == "device":
        mapping.symlink_to("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(mapping)
    elif kind == "folder":
        mapping.mkdir()
    elif kind == "dangling":
        mapping.symlink_to(tmp_path / "nowhere")
    else:
        mapping.write_text("#" + "x" * 128 * 1024)
    checked = check_file(study, file)
    assert checked.frame is None and len(checked.problems) == 1
    read, problems = read_mapping(mapping)
    assert read is None and len(problems) == 1


def test_a_mapping_of_128_kilobytes_is_read(put):
    assert read_mapping(put("own.mapping.yml", "#" + "x" * (128 * 1024 - 1)))[1] == []


@pytest.mark.parametrize("name", ["undefined", "punycode", "idna", "\0", "hex", "rot13", "klingon", "unicode_escape", "x" * 500, "base64"])
def test_an_encoding_that_is_none_of_texts_is_one_fault(study, put, name):
    with pytest.raises(Unreadable, match="a known encoding"):
        encodings.decode(b"patient\n1\n", name)


@pytest.mark.parametrize("name", ["undefined", "punycode", '"\\0"'])
@pytest.mark.parametrize("suffix", ["csv", "sav"])
def test_such_an_encoding_in_a_mapping_is_a_fault_for_every_kind_of_file(study, put, name, suffix):
    put("own.mapping.yml", f"file: {{encoding: {name}}}\n")
    path = put(f"own.{suffix}", b"$FL2 and more" if suffix == "sav" else b"patient,arm,months,died\n1,A,2,1\n")
    assert [problem.expected.split(",")[0] for problem in check_file(study, path).problems] == ["a known encoding"]

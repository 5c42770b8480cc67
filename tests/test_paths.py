"""One notion of a study and of a path, wherever a person writes one."""

import errno
import os

import pytest

from analysis import cli, paths
from analysis.book import redaction
from analysis.book.commands import run_notebook
from analysis.cohorts.study import read_study
from analysis.errors import InputError
from analysis.parameters import checks


@pytest.fixture
def elsewhere(study_folder, monkeypatch):
    """The made-up study outside ``data``, the person standing beside it."""
    monkeypatch.chdir(study_folder.parent)
    return study_folder


@pytest.mark.parametrize("written", ["made_up", "./made_up", "made_up/", "made_up/study.yml", "../{parent}/made_up", "{whole}"])
def test_a_study_is_found_by_its_folder_however_it_is_written(elsewhere, written):
    text = written.format(parent=elsewhere.parent.name, whole=elsewhere)
    assert paths.find_study(text) == str(elsewhere.resolve())
    assert read_study(text).folder == elsewhere.resolve()
    assert checks.check({"study": text})["study"] == str(elsewhere.resolve())


def test_a_study_of_the_book_is_its_slug_whether_called_by_name_or_by_folder(monkeypatch):
    slug = paths.studies()[0]
    monkeypatch.chdir(paths.DATA)
    for text in (slug, f"./{slug}", str(paths.DATA / slug)):
        assert paths.find_study(text) == slug


@pytest.mark.parametrize("text", ["made_upp", "", "/", "~nosuchuser/x", "x" * 5000, "a\0b", "made_up/cohort.csv"])
def test_what_is_no_study_is_one_fault_that_says_what_is(elsewhere, text):
    with pytest.raises(InputError) as caught:
        paths.find_study(text)
    assert len(caught.value.faults) == 1 and len(str(caught.value)) < 400
    assert "a folder with a study.yml" in str(caught.value) or "a name that a file or folder can have" in str(caught.value)


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "made_up/cohort.csv", "--study", "made_up"],
        ["template", "made_up", "-o", "own.csv"],
        ["audit", "made_up"],
        ["audit", "made_up", "--csv"],
    ],
)
def test_every_command_takes_a_folder(elsewhere, capsys, arguments):
    assert cli.main(arguments) == 0
    assert str(elsewhere) not in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["verify", "made_up"], ["reconstruct", "made_up"]])
def test_commands_that_need_more_than_the_declaration_find_the_folder_and_say_what_it_lacks(elsewhere, capsys, arguments):
    assert cli.main(arguments) == 2
    assert "reconstruction.yml" in capsys.readouterr().err


def test_no_place_of_the_machine_stands_in_what_a_page_shows_of_its_parameters(elsewhere):
    values = {"study": str(elsewhere), "cohort": str(elsewhere / "cohort.csv"), "horizon": 36.0}
    assert redaction.redact_parameters(values) == {"study": "own study", "cohort": "own cohort", "horizon": 36.0}
    text = f'study = "{elsewhere}"\ncohort = "{elsewhere}/cohort.csv"'
    for place, name in redaction.names(values).items():
        text = text.replace(place, name)
    assert text == 'study = "own study"\ncohort = "own cohort"'
    assert redaction.names({"study": "dac_clag", "cohort": None}) == {}
    assert "/s" not in redaction.names({"study": "/s"})


@pytest.mark.parametrize("output", ["file/below", "~nosuchuser/x", "x" * 5000])
def test_a_folder_that_cannot_be_written_to_is_told_before_anything_is_executed(elsewhere, output):
    (elsewhere.parent / "file").write_text("")
    with pytest.raises(InputError) as caught:
        run_notebook.run("notebooks/general/patients.md", {"study": "made_up"}, output)
    assert "output: expected a" in str(caught.value)


def test_a_read_only_checkout_is_told_with_the_option_that_helps(elsewhere, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match=r"a folder that can be written to; -o names another; found 'out'"):
        run_notebook.run("notebooks/general/patients.md", {"study": "made_up"}, "out")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_full_or_read_only_disk_is_one_line_and_status_2(elsewhere, monkeypatch, capsys, number):
    def full(*_):
        raise OSError(number, os.strerror(number), "/secret/place/scratch")

    monkeypatch.setattr(cli.cohort_files, "template", full)
    assert cli.main(["template", "made_up"]) == 2
    said = capsys.readouterr().err
    assert "scratch: expected a writable folder with free space" in said and "/secret" not in said and said.count("\n") == 1


def test_an_error_of_the_program_is_not_mistaken_for_a_full_disk(elsewhere, monkeypatch, capsys):
    def lost(*_):
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "x")

    monkeypatch.setattr(cli.cohort_files, "template", lost)
    assert cli.main(["template", "made_up"]) == cli.CRASH
    assert "FileNotFoundError" in capsys.readouterr().err

"""Scripted walks: from a hospital's file to an audit, and from a broken file to a report."""

import json

import pyreadstat
import pytest

from analysis import cli, paths


@pytest.fixture
def at_work(study_folder, monkeypatch, tmp_path):
    """A folder of a person's own; the made-up study is the only one."""
    monkeypatch.setattr(paths, "DATA", study_folder.parent)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_from_an_spss_file_with_german_names_labels_and_decimal_commas_to_an_audit(at_work, german, labels, mapping_text, capsys):
    pyreadstat.write_sav(german, str(at_work / "klinik.sav"), variable_value_labels=labels)
    (at_work / "klinik.mapping.yml").write_text(mapping_text, encoding="utf-8")

    assert cli.main(["check", "klinik.sav", "--study", "made_up", "--html", "bericht.html"]) == 0
    said = capsys.readouterr().out
    assert "Sound: 8 rows, 6 of 6 declared columns." in said
    assert "months from Überleben_Tage: converted from days to months" in said
    assert "Nachname" in said and "Geheim" not in said + (at_work / "bericht.html").read_text(encoding="utf-8")

    assert cli.main(["audit", "made_up", "--json"]) == 0
    published = json.loads(capsys.readouterr().out)["made_up"]["scoreboard"]
    assert cli.main(["audit", "made_up", "--json", "--cohort", "klinik.sav", "--disclosure", "local", "--judged"]) == 0
    assert json.loads(capsys.readouterr().out)["made_up"]["scoreboard"] == published


def test_a_cohort_without_a_column_is_audited_without_the_numbers_that_need_it(at_work, capsys):
    (at_work / "own.csv").write_text("patient,months,died\n1,2,1\n2,5,0\n")
    (at_work / "own.mapping.yml").write_text("absent: [arm]\n")
    assert cli.main(["audit", "made_up", "--csv", "--cohort", "own.csv", "--disclosure", "local", "--judged"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "t1.a,4,,not reached,,cohort,the cohort has no column arm,,," in lines
    assert any(line.startswith("res.os,75%,,not reached") for line in lines)


def test_from_a_broken_file_to_a_report_of_every_fault(at_work, capsys):
    (at_work / "kaputt.csv").write_bytes(
        "Nr;Grüppe;Beginn;Ende;Tod;Alter;Stadium\n"
        "1;A;01.01.2020;31.02.2020;0;50;I\n"
        "1;C;05.03.2020;01.03.2020;1;200;I\n"
        "2;A;01.01.2020;01.06.2020;ja;51;IV\n"
        "3;A;01.01.2020;01.06.2020;1;alt;I\n"
        "4;A;01.01.2020\n"
        "5;;01.01.2020;01.06.2020;1;52;I\n".encode("windows-1252")
    )
    (at_work / "m.yml").write_text(
        "study: made_up\ncolumms: {}\ncolumns:\n  patient: Nr\n  arm: Grüppe\n  stag: Stadium\n  stage: {column: Stadium, codes: {IV: V}}\n"
        "  months: {from: Beginn, to: Ende}\n  died: Tod\n  age: {column: Alter}\n",
        encoding="utf-8",
    )
    assert cli.main(["check", "kaputt.csv", "--study", "made_up", "--mapping", "m.yml", "--html", "bericht.html"]) == 2
    captured = capsys.readouterr()
    page = (at_work / "bericht.html").read_text(encoding="utf-8")
    assert "Traceback" not in captured.out + captured.err + page
    for found in (
        "'columms' (did you mean 'columns'?)",
        "'stag' (did you mean 'stage'?)",
        "'V'",
        "'31.02.2020'",
        "an end 4 days before it",
        "'C'",
        "'200'",
        "'ja'",
        "'alt'",
        "3 cells",
        "an empty cell",
        "'1'",
    ):
        assert found in captured.out
        assert found.replace("'", "&#x27;") in page
    for place in (
        "line 2: expected a date of the calendar",
        "line 6: expected 7 cells",
        "line 3: expected a key used once",
        "line 7: expected a value",
    ):
        assert place in captured.out
    assert "Windows-1252 (assumed" in captured.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "nowhere.csv", "--study", "made_up"],
        ["check", "/etc", "--study", "made_up"],
        ["check", "/", "--study", "made_up"],
        ["check", "x" * 5000, "--study", "made_up"],
        ["check", "own.csv", "--study", "made_up", "--mapping", "/etc"],
        ["template", "made_up", "-o", "/"],
        ["check", "own.csv", "--study", "made_upp"],
        ["check", "own.csv", "--study", "made_up", "--mapping", "nowhere.yml"],
        ["check", "own.csv", "--study", "made_up", "--html", "own.csv"],
        ["template", "made_upp"],
        ["template", "made_up", "-o", "own.csv"],
        ["audit", "made_up", "--cohort", "nowhere.sav"],
    ],
)
def test_bad_input_has_status_2_and_no_traceback(at_work, study_folder, capsys, arguments):
    (at_work / "own.csv").write_bytes((study_folder / "cohort.csv").read_bytes())
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert "Traceback" not in captured.out + captured.err
    assert "expected" in captured.out + captured.err
    assert (at_work / "own.csv").read_bytes() == (study_folder / "cohort.csv").read_bytes()


def test_a_template_is_written_where_one_stands(at_work, capsys):
    assert cli.main(["template", "made_up"]) == 0
    assert capsys.readouterr().out.split() == ["made_up-template.csv", "made_up-template.mapping.yml"]
    assert cli.main(["check", "made_up-template.csv", "--study", "made_up"]) == 2
    assert "expected at least one row below the header; found none" in capsys.readouterr().out

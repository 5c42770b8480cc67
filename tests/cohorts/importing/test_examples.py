"""Files as other sites have sent them, through the command: what is said, and what the proposed line of the mapping makes of each."""

import pytest

from analysis import cli, paths

OWN = paths.ROOT / "tests" / "examples" / "own"
EVENTS = "Overall survival: {} patients, {} events, 0 missing"
READ = EVENTS.format(20, 6)


@pytest.fixture
def checked(capsys, tmp_path):
    """Status and report of ``check``: ``checked(file, mapping)``."""

    def check(name, mapping=None):
        told = []
        if mapping is not None:
            (tmp_path / "m.yml").write_text(mapping, encoding="utf-8")
            told = ["--mapping", str(tmp_path / "m.yml")]
        status = cli.main(["check", str(OWN / name), "--study", str(OWN), *told])
        return status, capsys.readouterr().out

    return check


@pytest.mark.parametrize(
    ("name", "events", "remark"),
    [
        ("plain.csv", READ, ""),
        ("decomposed.csv", READ, "months from "),
        ("row-names.csv", READ, "column 1 has no name"),
        ("name-twice.csv", READ, "column 5 and column 6 have the same name"),
        ("formulas.xlsx", READ, "site: 20 formulas without a saved value"),
        ("impossible-date.sav", EVENTS.format(12, 6), "visit: no date of the calendar in case 12"),
    ],
)
def test_a_sound_file_is_sound_whatever_stands_in_columns_that_nothing_reads(checked, name, events, remark):
    status, said = checked(name)
    assert status == 0 and events in said and remark in said


@pytest.mark.parametrize(
    ("name", "proposal", "mapping", "events"),
    [
        ("events-by-date.csv", "missing: [NA]", "missing: [NA]\ncolumns: {died: {known: death_date}}\n", READ),
        ("titles.csv", "file: {header: 3}", "file: {header: 3}\n", READ),
        ("titles.xlsx", "file: {header: 3}", "file: {header: 3, last: 23}\n", READ),
        ("no-key.csv", "columns: {patient: {number: rows}}", "columns: {patient: {number: rows}}\n", READ),
        ("blank-outcomes.csv", "without: [months, died]", "without: [months, died]\n", EVENTS.format(18, 5)),
    ],
)
def test_a_file_that_needs_a_word_of_the_mapping_is_told_which_and_is_sound_with_it(checked, name, proposal, mapping, events):
    status, said = checked(name)
    assert status == 2 and proposal in said and "nothing was analysed" in said
    status, said = checked(name, mapping)
    assert status == 0 and events in said


@pytest.mark.parametrize("name", ["events-by-date.csv", "titles.csv", "titles.xlsx", "no-key.csv"])
def test_such_a_file_has_one_fault_and_not_one_a_row(checked, name):
    assert "1 fault" in checked(name)[1]

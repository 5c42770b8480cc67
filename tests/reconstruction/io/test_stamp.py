"""What a saved result rests on changes with what files say, and not with how they are written."""

import pytest

from analysis.reconstruction.io import stamp

YAML = "quantities:\n  - {id: a, of: survival}\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ranges.yml"
    path.write_text(YAML)
    return path


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("# a remark\n" + YAML, True),
        ("quantities:\n- of: survival\n  id: a\n", True),
        (YAML.replace("survival", "response"), False),
        (YAML + "  - {id: b, of: survival}\n", False),
    ],
)
def test_a_remark_in_a_yaml_file_is_no_change(toy, file, text, same):
    before = stamp.with_files(toy, [file])
    file.write_text(text)
    assert (stamp.with_files(toy, [file]) == before) is same


def test_every_byte_of_a_cohort_counts(toy, tmp_path):
    path = tmp_path / "cohort.csv"
    path.write_text("patient\n1\n")
    before = stamp.with_files(toy, [path])
    path.write_text("# a remark\npatient\n1\n")
    assert stamp.with_files(toy, [path]) != before


@pytest.mark.parametrize(
    ("column", "same"), [("source", True), ("quantity", True), ("note", True), ("printed", False), ("role", False), ("id", False)]
)
def test_of_a_ledger_the_words_that_describe_a_number_are_no_change(toy, tmp_path, column, same):
    path = tmp_path / "printed.csv"
    row = {"id": "os.p", "source": "Results", "quantity": "P of overall survival", "printed": "0.265", "role": "imposed", "note": ""}
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n")
    before = stamp.with_files(toy, [path])
    row[column] = "other"
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n")
    assert (stamp.with_files(toy, [path]) == before) is same

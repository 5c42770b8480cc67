"""What of somebody's own cohort file may stand in a message."""

from __future__ import annotations

import pytest

from analysis.book import redaction

SECRET = "row 7: 31.4159 months"


@pytest.mark.parametrize(("values", "withheld"), [
    ({"cohort": "own.csv"}, True),
    ({"cohort": "own.csv", "disclosure": "protected"}, True),
    ({"cohort": "own.csv", "disclosure": "local"}, False),
    ({"cohort": "member 3"}, False),
    ({"cohort": "member list.csv"}, True),  # a file, whatever its name begins with
    ({}, False),
])  # fmt: skip
def test_the_message_of_an_error_is_withheld_of_protected_patients_alone(values, withheld):
    told = redaction.describe_error("ValueError", SECRET, values)
    assert told.startswith("ValueError")
    assert (SECRET not in told) == withheld
    assert ("disclosure=local" in told) == withheld


def test_a_page_that_fails_tells_its_error_through_that(monkeypatch, tmp_path):
    """The engine passes what papermill reports, and nothing around it."""
    from papermill.exceptions import PapermillExecutionError

    from analysis.book.execution import execute
    from analysis.book.sources import notebooks

    def fails(*_, **__):
        raise PapermillExecutionError(1, 1, "page.notice()", "ValueError", SECRET, ["traceback with " + SECRET])

    monkeypatch.setattr(execute.papermill, "execute_notebook", fails)
    source = notebooks.paths.NOTEBOOKS / "general" / "survival.md"
    with pytest.raises(execute.NotebookFailed) as failed:
        execute._run(notebooks.read(source), source, {"cohort": "own.csv"}, tmp_path, tmp_path / "reads", False, {})
    assert SECRET not in str(failed.value) and "its message is not shown" in str(failed.value)


@pytest.mark.parametrize("suffix", [".mapping.yml", ".mapping.yaml"])
def test_cohort_and_mapping_are_named_nowhere(tmp_path, suffix):
    file, mapping = tmp_path / "Quiltenberg.csv", tmp_path / f"Quiltenberg{suffix}"
    for one in (file, mapping):
        one.write_text("")
    values = {"cohort": str(file)}
    assert {str(mapping), mapping.name, file.name} <= set(redaction.names(values))
    assert redaction.with_mapping(file) == [file, mapping] and {file.name, mapping.name} <= {
        name.rpartition("/")[2] for name in redaction.companions(file)
    }


@pytest.mark.parametrize(("disclosure", "told"), [("protected", False), ("local", True)])
def test_a_page_of_protected_patients_does_not_tell_the_digest_of_their_file(tmp_path, disclosure, told):
    """Who knows all of a file but one cell would find that cell by trying values until the digest agrees."""
    from analysis import paths
    from analysis.book import commits, provenance
    from analysis.book.html import provenance_panel

    file = tmp_path / "own.csv"
    file.write_text("patient,months\nP1,31.4\n")
    values = {"cohort": str(file), "disclosure": disclosure}
    recorded = provenance.record(paths.ROOT / "README.md", values, [], "run", file, redaction.protected(values))
    written = str(recorded) + provenance_panel.panel(recorded | {"unused": []}, commits.Commit("", False))
    assert (provenance.digest(file)[: provenance_panel.SHOWN_DIGITS] in written) == told
    assert (redaction.UNNAMED in written) != told

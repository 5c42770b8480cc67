"""What of somebody's own cohort file may stand in a message."""

from __future__ import annotations

import pytest

from analysis.publishing import own_file

SECRET = "row 7: 31.4159 months"


@pytest.mark.parametrize(("values", "withheld"), [
    ({"cohort": "own.csv"}, True),
    ({"cohort": "own.csv", "disclosure": "protected"}, True),
    ({"cohort": "own.csv", "disclosure": "local"}, False),
    ({"cohort": "member 3"}, False),
    ({}, False),
])  # fmt: skip
def test_the_message_of_an_error_is_withheld_of_protected_patients_alone(values, withheld):
    told = own_file.told("ValueError", SECRET, values)
    assert told.startswith("ValueError")
    assert (SECRET not in told) == withheld
    assert ("disclosure=local" in told) == withheld


def test_a_page_that_fails_tells_its_error_through_that(monkeypatch, tmp_path):
    """The engine passes what papermill reports, and nothing around it."""
    from papermill.exceptions import PapermillExecutionError

    from analysis.publishing import engine, notebooks

    def fails(*_, **__):
        raise PapermillExecutionError(1, 1, "page.notice()", "ValueError", SECRET, ["traceback with " + SECRET])

    monkeypatch.setattr(engine.papermill, "execute_notebook", fails)
    source = notebooks.paths.NOTEBOOKS / "general" / "survival.md"
    with pytest.raises(engine.NotebookFailed) as failed:
        engine._run(notebooks.read(source), source, {"cohort": "own.csv"}, {}, tmp_path, tmp_path / "reads")
    assert SECRET not in str(failed.value) and "its message is not shown" in str(failed.value)

"""Tables of what the reconstruction knows say what is saved, count nothing twice, and tell when they are old."""

import pytest

from analysis.cohorts.declarations import load_yaml
from analysis.pages.synthesis.reconstruction_evidence import Evidence
from analysis.reconstruction.proofs import record
from analysis.reconstruction.ranges import record as ends
from analysis.reconstruction.validation import leave_out, validation

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("evidence")]


@pytest.fixture(scope="module")
def evidence():
    return Evidence()


def test_every_saved_reading_has_its_row_and_every_proof_its_numbers(evidence):
    saved = [entry for problem in evidence.problems.values() for entry in record.read_saved(problem.study)[0]]
    table = evidence.table.interpretations().frame
    assert list(table["Result"] == "impossible (proven)") == [entry["verdict"] == "infeasible" for entry in saved]
    for entry, told in zip(saved, table["Evidence"]):
        assert all(printed in told and id not in told for id, printed in entry["conflict"].items())


def test_the_first_lines_count_what_is_saved(evidence):
    lines = evidence.sentence.evidence_in_brief().frame.set_index("line")["text"]
    saved = [entry for problem in evidence.problems.values() for entry in record.read_saved(problem.study)[0]]
    known = load_yaml(validation.SAVED)["cohorts"]
    assert lines["Proofs"].startswith(f"Of {len(saved)} interpretations")
    asked = sum(validation.inside(entry["proven"])[1] for entry in known)
    assert f"In {len(known)} known cohorts {asked} of {asked} proven ranges" in lines["Ranges"]


def test_the_summary_names_each_study_that_was_tried(evidence):
    told = evidence.sentence.withheld().data
    assert told.endswith(".</p>") and all(
        problem.study.label in told for problem in evidence.problems.values() if (problem.study.folder / "leave_out.yml").is_file()
    )


def test_every_known_cohort_gives_its_printed_numbers_and_lies_in_every_proven_range(evidence):
    entries = load_yaml(validation.SAVED)["cohorts"]
    assert len(entries) >= 6
    for entry in entries:
        inside, asked = validation.inside(entry["proven"])
        assert inside == asked > 0
        assert entry["satisfied"] == entry["printed"] and entry["cohorts"] >= 20
        assert validation.inside_by(entry["sampled"], entry["cohorts"]) == validation.inside(entry["sampled"])[0]
    assert len(evidence.table.validation().frame) == len(entries)


def test_known_cohorts_with_curves_are_compared_with_those_without(evidence):
    assert "leukaemia, digitised, compared with the printed numbers alone: of " in evidence.sentence.digitised().data


def test_an_old_outcome_is_said_to_be_old(monkeypatch):
    monkeypatch.setattr(record, "digest", lambda problem: "another")
    assert "stale" in str(Evidence().table.interpretations().text)


def test_a_family_without_which_no_cohort_was_found_is_listed_as_that(monkeypatch):
    nothing = {"family": "arm", "counted": False, "left_out": 4, "rebuilt": {"asked": 3, "made": 0, "rows": []}}
    nothing["rebuilt"]["digest"] = "of an earlier ledger"
    monkeypatch.setattr(leave_out, "saved", lambda problem: ({"arm": nothing, "unasked": {"family": "unasked"}}, False))
    table = Evidence().table.left_out().frame
    assert list(table["Withheld"]) == ["arm (stale)"] * len(Evidence().problems)
    assert set(table["Predicted by every cohort"]) == {"no cohort found"}


def test_a_family_of_counts_is_told_by_what_its_variables_hold(evidence):
    told = [name.removesuffix(" (stale)") for name in evidence.table.left_out().frame["Withheld"]]
    names = {
        variable
        for problem in evidence.problems.values()
        for table in problem.study.variables.values()
        for variable in table
        if "_" in variable
    }
    assert any(" with “" in text for text in told)
    assert not [text for text in told if any(name in text for name in names)]


def test_a_range_that_was_not_searched_for_its_ends_says_so_and_no_end_names_a_member_of_other_cohorts():
    evidence = Evidence()
    shown = iter(evidence.table.unprinted_ranges().frame.astype(str).to_numpy().tolist())
    for problem in evidence.problems.values():
        content, old = ends.read_saved(problem)
        for entry in content.get("ranges", ()):
            _, _, directed, holders, _ = next(shown)
            assert (directed == "not searched") == (not ends.searched_over_times(entry)), entry["id"]
            assert (holders == "of earlier cohorts") == old, entry["id"]

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from analysis.cohorts import conditions
from analysis.cohorts.ensemble import read_ensemble
from analysis.cohorts.reading import read_table, validate
from analysis.cohorts.selection import Selection
from analysis.errors import EnginesDiffer, InputError, Undefined
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.session import study_session
from analysis.ledger.statistics.lazy import Lazy
from analysis.ledger.statistics.registry import Range
from analysis.ledger.verdicts import ensemble_cache
from analysis.ledger.verdicts.audit import audit
from analysis.ledger.verdicts.ensemble_cache import Members
from analysis.ledger.verdicts.recompute import CohortValues


def not_called():
    raise AssertionError("the ensemble was read")


def text(folder):
    return pd.read_csv(folder / "cohort.csv", dtype=str, keep_default_na=False)


@pytest.fixture
def ensemble(study, study_folder):
    """Three members that differ in when the third patient of arm A died."""
    many = [text(study_folder).assign(member=str(number)) for number in (1, 2, 3)]
    for number, months in enumerate(("8", "4", "7")):
        many[number].loc[2, "months"] = months
    pd.concat(many).to_csv(study_folder / "ensemble_cohort.csv.gz", index=False)
    return study


def audited(study, kept):
    cohorts = [{"cohort": read_table(study)}]
    return audit(study, read_ledger(study), cohorts, members=kept).table


def test_values_are_those_of_each_member(ensemble):
    row = read_ledger(ensemble)["res.os"]
    expected = [CohortValues(ensemble, tables).of(row)[""] for tables in read_ensemble(ensemble)]
    found = Members(ensemble, lambda: read_ensemble(ensemble)).ends(row, "")
    assert [float(low) for low, _ in found] == expected
    assert all(low == high for low, high in found)
    assert len(set(expected)) == 2


def test_counts_of_all_members_at_once_are_those_of_each(ensemble):
    members = Members(ensemble, lambda: read_ensemble(ensemble))
    counted = [row for row in read_ledger(ensemble) if row.registered.from_counts]
    assert {row.statistic for row in counted} == {"count", "percent"}
    for row in counted:
        expected = [CohortValues(ensemble, tables).of(row)[""] for tables in read_ensemble(ensemble)]
        assert members.numbers(row, "") == pytest.approx([float(value) for value in expected], nan_ok=True)


def test_a_member_without_the_table_has_no_count_and_what_censoring_hides_is_undefined(ensemble):
    row = replace(next(row for row in read_ledger(ensemble) if row.statistic == "count"), subset=conditions.parse("died=1"))
    tables = read_ensemble(ensemble)
    assert len(Members(ensemble, lambda: (tables[0], {}, tables[2])).ends(row, "")) == 2
    censored = ensemble.censored(6, dict.fromkeys(ensemble.endpoints, 6))
    assert all(low.is_nan() for low, _ in Members(censored, lambda: tables).ends(row, ""))


def test_an_audit_from_kept_values_is_the_audit_from_the_members(ensemble, tmp_path):
    memory = tmp_path / "kept" / "values.json"
    plain = audit(ensemble, read_ledger(ensemble), [{"cohort": read_table(ensemble)}, *read_ensemble(ensemble)]).table
    first = audited(ensemble, Members(ensemble, lambda: read_ensemble(ensemble), memory))
    again = audited(ensemble, Members(ensemble, not_called, memory))
    assert memory.is_file()
    pd.testing.assert_frame_equal(first, plain)
    pd.testing.assert_frame_equal(again, plain)


def test_a_whole_audit_keeps_its_values_in_one_go(ensemble, tmp_path, monkeypatch):
    written = []
    replace = ensemble_cache.os.replace
    monkeypatch.setattr(ensemble_cache.os, "replace", lambda *names: written.append(names) or replace(*names))
    kept = Members(ensemble, lambda: read_ensemble(ensemble), tmp_path / "values.json")
    ledger = read_ledger(ensemble)
    with kept.together():
        for row in ledger:
            if row.role == "held-out":
                kept.ends(row, "")
                kept.remember()
        assert not written
    assert len(written) == 1
    audited(ensemble, Members(ensemble, lambda: read_ensemble(ensemble), tmp_path / "others.json"))
    assert len(written) == 2


def test_what_was_evaluated_before_an_error_is_kept(ensemble, tmp_path):
    kept = Members(ensemble, lambda: read_ensemble(ensemble), tmp_path / "values.json")
    with pytest.raises(KeyboardInterrupt), kept.together():
        kept.ends(read_ledger(ensemble)["res.os"], "")
        raise KeyboardInterrupt
    assert Members(ensemble, not_called, tmp_path / "values.json").ends(read_ledger(ensemble)["res.os"], "")


def test_a_changed_ensemble_or_declaration_is_evaluated_anew(ensemble, study_folder, tmp_path):
    memory = tmp_path / "values.json"
    audited(ensemble, Members(ensemble, lambda: read_ensemble(ensemble), memory))
    for name in ("ensemble_cohort.csv.gz", "study.yml"):
        before = (study_folder / name).read_bytes()
        (study_folder / name).write_bytes(before + b"\n")
        with pytest.raises(AssertionError, match="was read"):
            audited(ensemble, Members(ensemble, not_called, memory))
        (study_folder / name).write_bytes(before)
    audited(ensemble, Members(ensemble, not_called, memory))


def test_changed_code_is_evaluated_anew(ensemble, monkeypatch):
    before = ensemble_cache.digest(ensemble)
    monkeypatch.setattr(ensemble_cache, "_CODE", ensemble_cache._CODE[1:])
    assert ensemble_cache.digest(ensemble) != before


@pytest.mark.parametrize("rubbish", ["", "{", "[]", '{"digest": "of something else", "values": {}}'])
def test_a_file_that_is_cut_off_or_stale_is_not_believed(ensemble, tmp_path, rubbish):
    memory = tmp_path / "values.json"
    memory.write_text(rubbish)
    row = read_ledger(ensemble)["res.os"]
    kept = Members(ensemble, lambda: read_ensemble(ensemble), memory)
    assert len(kept.ends(row, "")) == 3


def test_nothing_is_kept_for_a_study_outside_the_repository(study):
    assert ensemble_cache.locate_memory(study) is None


def test_members_typed_together_are_those_typed_alone(ensemble, study_folder):
    raw = pd.read_csv(study_folder / "ensemble_cohort.csv.gz", dtype=str, keep_default_na=False)
    for (_, rows), tables in zip(raw.groupby("member"), read_ensemble(ensemble)):
        pd.testing.assert_frame_equal(validate(rows.drop(columns="member"), ensemble, "cohort", "x"), tables["cohort"])


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("months", "-1", "member 2.*column months"), ("patient", "2", "member 2.*a key used once"), ("arm", "C", "member 2.*one of A, B")],
)
def test_a_fault_in_a_member_names_it(study, study_folder, column, value, said):
    one, two = (text(study_folder).assign(member=str(number)) for number in (1, 2))
    two.loc[0, column] = value
    pd.concat([one, two]).to_csv(study_folder / "ensemble_cohort.csv.gz", index=False)
    with pytest.raises(InputError, match=said):
        read_ensemble(study)


def test_a_folder_that_cannot_be_written_to_costs_nothing_but_time(ensemble, tmp_path):
    (tmp_path / "file").write_text("")
    kept = Members(ensemble, lambda: read_ensemble(ensemble), tmp_path / "file" / "values.json")
    row = read_ledger(ensemble)["res.os"]
    found = kept.numbers(row, "")
    kept.remember()
    assert found == Members(ensemble, lambda: read_ensemble(ensemble)).numbers(row, "") and len(found) == 3


def test_a_member_on_which_a_value_does_not_exist_has_none(ensemble, monkeypatch):
    def undefined(self, row):
        raise Undefined("nobody")

    monkeypatch.setattr(CohortValues, "of", undefined)
    found = Members(ensemble, lambda: read_ensemble(ensemble)).numbers(read_ledger(ensemble)["res.os"], "")
    assert len(found) == 3 and all(number != number for number in found)


def opened_from(study, folder, monkeypatch, **how):
    monkeypatch.setattr(study_session, "locate_memory", lambda _: folder / "values.json")
    return study_session.open_study(study.folder, **how)


def computed_never(self, row):
    raise AssertionError(f"{row.id} was computed")


def test_values_of_the_saved_reference_cohort_are_kept_to_the_last_digit(ensemble, tmp_path, monkeypatch):
    first = opened_from(ensemble, tmp_path, monkeypatch).audit
    values = {judgement.row.id: dict(judgement.values) for judgement in first.judgements if judgement.values}
    first.members.remember(at_once=True)
    monkeypatch.setattr(CohortValues, "_evaluate", computed_never)
    again = opened_from(ensemble, tmp_path, monkeypatch).audit
    found = {judgement.row.id: dict(judgement.values) for judgement in again.judgements if judgement.values}
    assert repr(found) == repr(values) and len(values) > 3
    pd.testing.assert_frame_equal(again.table, first.table)


@pytest.mark.parametrize("how", [{"cohort": "member 2"}, {"selection": Selection(where="arm=A")}], ids=["a member", "some patients"])
def test_values_of_another_reference_cohort_are_not_those_kept(ensemble, tmp_path, monkeypatch, how):
    assert len(opened_from(ensemble, tmp_path, monkeypatch).audit.table)
    other = opened_from(ensemble, tmp_path, monkeypatch, **how)
    row = other.ledger["res.os"]
    assert dict(other.shown().of(row)) == dict(CohortValues(other.study, other.reference, is_shown=True).of(row))


def test_a_changed_reference_cohort_is_evaluated_anew(ensemble, study_folder, tmp_path, monkeypatch):
    assert len(opened_from(ensemble, tmp_path, monkeypatch).audit.table)
    changed = text(study_folder)
    changed.loc[2, "months"] = "5"
    changed.to_csv(study_folder / "cohort.csv", index=False)
    opened = opened_from(ensemble, tmp_path, monkeypatch)
    row = opened.ledger["res.os"]
    assert dict(opened.shown().of(row)) == dict(CohortValues(opened.study, opened.reference, is_shown=True).of(row))


def test_a_changed_printed_number_leaves_values_known(ensemble, study_folder, tmp_path, monkeypatch):
    assert len(opened_from(ensemble, tmp_path, monkeypatch).audit.table)
    ledger = (study_folder / "printed.csv").read_text()
    row = read_ledger(ensemble)["res.os"]
    (study_folder / "printed.csv").write_text(ledger.replace(f",{row.printed},", f",{row.printed[:-2]}7%,"))
    monkeypatch.setattr(CohortValues, "_evaluate", computed_never)
    opened = opened_from(ensemble, tmp_path, monkeypatch)
    assert opened.ledger["res.os"].printed != row.printed and opened.audit["res.os"].recomputed


def test_values_that_no_library_confirmed_are_not_kept(ensemble, tmp_path):
    kept = Members(ensemble, not_called, tmp_path / "values.json")
    row = read_ledger(ensemble)["res.os"]

    def differ():
        raise EnginesDiffer("differs")

    found = kept.of_reference(row, lambda: Lazy({"a": differ, "b": lambda: Fraction(1, 3), "c": lambda: Range(0.1, 0.2)}))
    assert (found["b"], found["c"]) == (Fraction(1, 3), Range(0.1, 0.2))
    with pytest.raises(EnginesDiffer):
        found["a"]
    kept.remember()
    again = Members(ensemble, not_called, tmp_path / "values.json").of_reference(row, lambda: {"a": 0.25})
    assert dict(again) == {"a": 0.25, "b": Fraction(1, 3), "c": Range(0.1, 0.2)}


def test_keeping_waits_where_it_would_take_most_of_the_time(ensemble, tmp_path, monkeypatch):
    kept = Members(ensemble, lambda: read_ensemble(ensemble), tmp_path / "values.json")
    clock = iter([0, 1, 1, 20.9, 21, 22, 22])
    monkeypatch.setattr(ensemble_cache.time, "monotonic", lambda: next(clock))
    written = []
    monkeypatch.setattr(ensemble_cache.os, "replace", lambda *names: written.append(names))
    for expected in (1, 1, 2):  # a second's work is due again after twenty
        kept._fresh = True
        kept.remember()
        assert len(written) == expected

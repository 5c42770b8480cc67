"""The parameter `reading`: the numbers that a reading names are recomputed and judged as it says, and the page says the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.errors import InputError
from analysis.ledger.session.study_session import open_study
from analysis.ledger.verdicts import verdicts
from analysis.pages.page import Page
from analysis.parameters import interpretations


@pytest.fixture(scope="module")
def opened():
    return {name: open_study(name) for name in ("dac_clag", "nopho_rd")}


def judged(study, name, *ids):
    """Verdict, value and note of rows on the reference cohort alone."""
    followed = interpretations.follow(study, name) if name else study
    few = replace(followed, load=tuple, saved=False)  # a row is judged when it is asked for
    return [few.audit[id] for id in ids]


def test_who_is_counted_follows_the_reading(opened):
    """18 are left of 66 − 43 only where five children are left out of the comparison."""
    study = opened["nopho_rd"]
    (plain,) = judged(study, "everybody-compared", "res.no_hsct.n")
    (left_out,) = judged(study, "five-left-out", "res.no_hsct.n")
    assert (plain.verdict, plain.recomputed) == (verdicts.IN_CONFLICT, "23")
    assert (left_out.verdict, left_out.recomputed) == (verdicts.REPRODUCED, "18")
    assert "read so: Five deceased children" in left_out.note
    assert interpretations.follow(study, "everybody-compared").ledger["res.no_hsct.n"].subset.variables == ("hsct",)


def test_a_test_is_computed_with_the_arguments_of_the_reading(opened):
    study = opened["dac_clag"]
    (as_printed,) = judged(study, None, "res.os.mrd.p")
    (from_transplant,) = judged(study, "survival-from-transplant", "res.os.mrd.p")
    assert interpretations.follow(study, "survival-from-transplant").ledger["res.os.mrd.p"].arguments["endpoint"] == "os_after_sct"
    assert as_printed.recomputed != from_transplant.recomputed


def test_a_conflict_holds_under_the_plain_reading_and_is_lifted_under_another(opened):
    # the relapses follow from printed counts; the estimate cannot hold beside them
    study, ids = opened["dac_clag"], ("res.relapse.clag.n", "res.efs_after.clag.m12")
    assert [one.verdict for one in judged(study, "from-transplantation", *ids)] == [verdicts.REPRODUCED, verdicts.IN_CONFLICT]
    assert [one.verdict for one in judged(study, "from-reinduction", *ids)] == [verdicts.REPRODUCED] * 2


def test_rows_of_other_questions_stay_as_they_are(opened):
    study = opened["nopho_rd"]
    followed = interpretations.follow(study, "five-left-out")
    assert [new.id for new, old in zip(followed.ledger, study.ledger, strict=True) if new != old] == ["res.no_hsct.n"]
    assert not followed.saved  # remembered values are those of the ledger as it stands


@pytest.mark.parametrize(
    ("study", "name", "own", "told"),
    [
        ("dac_clag", "from-transplantation", False, "cannot change a recomputation on the saved cohorts"),
        ("dac_clag", "from-transplantation", False, "it is infeasible (CP-SAT"),
        ("dac_clag", "wt1-apart", False, "The saved cohorts were made under this reading."),
        ("dac_clag", "events-after-transplant", False, "The whole book uses this reading."),
        (
            "dac_clag",
            "survival-from-transplant",
            False,
            "Recomputed under this reading: “overall survival after SCT by molecular MRD, P”. Their verdicts hold under it.",
        ),
        (
            "dac_clag",
            "survival-from-transplant",
            True,
            "Recomputed under this reading: “overall survival after SCT by molecular MRD, P”.",
        ),
        ("dac_clag", "wt1-apart", True, "changes nothing here"),
        ("nopho_rd", "five-left-out", False, "Read so: Five deceased children"),
    ],
)
def test_the_page_says_what_the_reading_does(opened, study, name, own, told):
    assert told in " ".join(interpretations.sentences(opened[study].study, name, own))


def test_the_page_opens_with_the_sentences_of_its_reading():
    assert "43 children with transplantation" in Page("nopho_rd", reading="five-left-out").notice().data
    assert "43 children" not in Page("nopho_rd").notice().data


def test_an_unknown_reading_is_refused_with_a_suggestion(opened):
    with pytest.raises(InputError, match="did you mean 'five-left-out'"):
        interpretations.find(opened["nopho_rd"].study, "five-left-ou")


def test_every_reading_has_a_name_of_its_own(opened):
    for study in opened.values():
        known = interpretations.readings_by_name(study.study)
        assert len(known) >= 10 and all(followed.reading.id == name for name, followed in known.items())

"""How many patients and events a number rests on, as the papers print them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.ledger.session.study_session import open_study
from analysis.ledger.verdicts.recompute import CohortValues


@pytest.mark.parametrize(
    ("study", "id", "size"),
    [
        ("dac_clag", "abs.n.all", (39, None)),
        ("dac_clag", "abs.cr1.dac.pct", (17, None)),  # 12 of 17
        ("dac_clag", "res.os.arm.hr", (39, 12)),
        ("dac_clag", "abs.multi.arm.p", (39, 12)),
        ("nopho_rd", "abs.cr.pct", (63, None)),  # 37 of 63
        ("nopho_rd", "abs.os.all.m60.est", (66, 42)),
        ("nopho_rd", "res.os.gvhd.p", (42, 22)),
        ("nopho_rd", "res.cox.cr.hr", (65, 41)),
    ],
)
def test_a_row_rests_on_the_patients_of_its_groups_or_model(study, id, size):
    opened = open_study(study)
    assert CohortValues(opened.study, opened.reference).size(opened.ledger[id]) == size


def test_patients_before_a_landmark_are_left_out_of_what_counts_from_it():
    opened = open_study("dac_clag")
    row = opened.ledger["res.os.arm.hr"]
    late = replace(row, arguments={**row.arguments, "landmark": "12"})
    values = CohortValues(opened.study, opened.reference)
    assert values.size(late)[0] == (opened.reference["cohort"]["os_months"] >= 12).sum() < values.size(row)[0]

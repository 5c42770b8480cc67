"""A finding weighs by its rank, else by the conclusions that rest on its numbers, on their copies or on what is printed with them."""

import pytest

from analysis.ledger.registers.claim_declarations import Claim
from analysis.ledger.registers.finding_weights import WEIGHTS, weigh_findings
from analysis.ledger.registers.findings import Finding
from analysis.ledger.rows.reading import read_ledger
from tests.ledger.registers.declared import CLAIM
from tests.ledger.registers.test_findings import FINDING


def finding(id, *rows, **more):
    return Finding.model_validate(FINDING | {"id": id, "rows": rows} | more)


def claim(source, *rows, **more):
    return Claim.model_validate(CLAIM | {"id": f"c{abs(hash((source, rows)))}", "source": source, "rests_on": rows, "holds": []} | more)


def weights(study, findings, claims):
    return {weight: [one.id for one in found] for weight, found in weigh_findings(findings, claims, read_ledger(study)).items()}


@pytest.mark.parametrize(
    ("row", "source", "rests", "weight"),
    [
        ("t1.b", "Abstract, results", "t1.b", "main"),
        ("t1.b", "Discussion", "t1.b", "other"),
        ("t1.b", "Abstract", "t1.a", "none"),
        ("abs.os", "Abstract", "res.os", "main"),
        ("res.os", "Results; Abstract", "abs.os", "main"),
    ],
)
def test_a_finding_weighs_what_rests_on_its_numbers_or_their_copies(study, row, source, rests, weight):
    assert weights(study, [finding("it", row)], [claim(source, rests)]) == {weight: ["it"]}


def test_what_decides_a_claim_counts_as_what_it_rests_on(study):
    assert weights(study, [finding("it", "t1.b")], [claim("Abstract", holds=["t1.a > t1.b"])]) == {"main": ["it"]}


def test_numbers_printed_together_weigh_alike(study_folder, study):
    ledger = study_folder / "printed.csv"
    head, *rows = ledger.read_text().splitlines()
    ledger.write_text("\n".join([f"{head},result", *(f"{row},{'t1.a' if row.startswith('t1.a.pct') else ''}" for row in rows)]) + "\n")
    assert weights(study, [finding("it", "t1.a.pct")], [claim("Abstract", "t1.a")]) == {"main": ["it"]}


def test_ranked_ones_come_first_by_rank_and_the_heaviest_weight_counts(study):
    ranked = [finding("second", "met.dose", rank=2, matters="So."), finding("first", "met.dose", rank=1, matters="So.")]
    others = [finding("light", "met.dose"), finding("heavy", "met.dose", "t1.a")]
    found = weights(study, [*others, *ranked], [claim("Discussion", "t1.a"), claim("Abstract", "t1.a")])
    assert found == {"first": ["first", "second"], "main": ["heavy"], "none": ["light"]}
    assert list(found) == [weight for weight in WEIGHTS if weight in found]


def test_without_claims_and_findings_nothing_breaks(study):
    assert weights(study, [], []) == {}
    assert weights(study, [finding("it", "t1.a")], []) == {"none": ["it"]}

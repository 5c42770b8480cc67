"""Findings and claims in readable form."""

import pytest
from bs4 import BeautifulSoup

from analysis.ledger.registers.claim_declarations import Claim
from analysis.ledger.registers.findings import Finding
from analysis.tables.registers.register_summary import conclusions_table
from analysis.tables.registers.registers import claims_register, findings_register

HOSTILE = '<script>alert("1")</script> & "quoted"'

FINDING = {
    "id": "two-shares",
    "title": f"Two shares {HOSTILE}",
    "rows": ["t1.a.pct", "met.dose"],
    "printed": "63.37% beside 14 of 22",
    "problem": "14/22 is 63.64%",
    "readings": [{"text": "a slip", "favoured": True, "why": "all else agrees"}, {"text": "another denominator"}],
    "found_by": "machine",
}
CLAIMS = [
    {
        "id": "better",
        "claim": f"It is better {HOSTILE}",
        "source": "Abstract",
        "rests_on": ["t1.p"],
        "pattern": "difference",
        "reason": "P is 0.3",
    },
    {"id": "safe", "claim": "It is safe", "source": "Discussion", "pattern": "not printed", "reason": "no comparison"},
]


def test_findings(entries):
    view = findings_register({"first": [Finding.model_validate(FINDING)]}, entries)
    page = BeautifulSoup(view.html, "html.parser")
    section = page.select_one("section#two-shares")
    assert section.h4.text == f"1. Two shares {HOSTILE}"
    assert [item.select_one(".favoured") is not None for item in section.select("dd > ul:not(.register-rows) > li")] == [True, False]
    rows = [item.text for item in section.select(".register-rows li")]
    assert "printed 63.37%, recomputed 63.64%" in rows[0]
    assert "recomputed" not in rows[1]
    assert page.select("script") == []
    assert view.frame.loc[0, "most likely explanation"] == "a slip"
    assert "14/22 is 63.64%" in view.text


def test_no_register_leaves_a_heading_of_its_page_empty(entries):
    for view in (findings_register({}, entries), claims_register([], entries), conclusions_table([], "Conclusions of the abstract")):
        text = BeautifulSoup(view.html, "html.parser").text
        assert "recorded" in text and view.text == text and len(view.frame) == 0 and len(view.frame.columns)


def test_light_findings_are_folded_and_numbers_run_on(entries):
    one, two, three = (Finding.model_validate(FINDING | {"id": id}) for id in ("one", "two", "three"))
    view = findings_register({"first": [one], "main": [two], "none": [three]}, entries)
    groups = BeautifulSoup(view.html, "html.parser").select("details.register-group")
    assert [group.has_attr("open") for group in groups] == [True, True, False]
    assert [group.summary.h3.text for group in groups][-1] == "On no conclusion (1)"
    assert [entry.h4.text[:2] for group in groups for entry in group.select(".register-entry")] == ["1.", "2.", "3."]
    assert list(view.frame["id"]) == ["one", "two", "three"]


def test_what_matters_is_said_of_ranked_findings_alone(entries):
    ranked = Finding.model_validate(FINDING | {"id": "ranked", "rank": 1, "matters": "Doses differ."})
    page = BeautifulSoup(findings_register({"first": [ranked], "none": [Finding.model_validate(FINDING)]}, entries).html, "html.parser")
    assert [section["id"] for section in page.select("section") if "Why it matters" in section.text] == ["ranked"]


def test_claims(entries):
    claims = [Claim.model_validate(claim) for claim in CLAIMS]
    claims[0]._judgement = "not supported"
    view = claims_register(claims, entries)
    page = BeautifulSoup(view.html, "html.parser")
    assert [section["id"] for section in page.select("section")] == ["better", "safe"]
    assert "✗ not supported" in page.select_one("#better").text
    assert page.select_one("#better .register-rows a")["href"].endswith("#t1.p")
    assert page.select_one("#safe details") is None
    assert page.select("script") == []
    assert "? not testable: It is safe (Discussion)" in view.text


def test_a_row_that_the_audit_lacks(entries):
    with pytest.raises(KeyError, match="nowhere"):
        findings_register({"none": [Finding.model_validate(FINDING | {"rows": ["nowhere"]})]}, entries)

"""Findings are read back, and their faults named."""

import pytest
import yaml

from analysis.errors import InputError
from analysis.ledger.registers.findings import read_findings
from analysis.ledger.rows.reading import read_ledger

FINDING = {
    "id": "a-finding", "title": "Two numbers differ.", "rows": ["t1.a"], "printed": "4", "problem": "5",
    "readings": [{"text": "a slip", "favoured": True, "why": "near"}], "found_by": "reading",
}  # fmt: skip


def written(study, file, entries):
    (study.folder / file).write_text(yaml.safe_dump(entries))
    return study, read_ledger(study)


def test_a_finding_is_read_back(study):
    assert read_findings(*written(study, "findings.yml", [FINDING]))[0].readings[0].favoured


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rows": ["t1.aa"]}, "did you mean 't1.a'"),
        ({"rows": []}, "a-finding|rows"),
        ({"found_by": "guess"}, "found_by"),
        ({"readings": [{"text": "x", "favoured": True}, {"text": "y", "favoured": True}]}, "at most one favoured"),
        ({"id": "Not Kebab"}, "id"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_fault_in_a_finding_is_named(study, change, said):
    with pytest.raises(InputError, match=said):
        read_findings(*written(study, "findings.yml", [FINDING | change]))


def test_faults_of_ids_and_of_what_they_say_come_at_once(study):
    with pytest.raises(InputError) as caught:
        read_findings(*written(study, "findings.yml", [FINDING | {"quote": "{t1.none}"}, FINDING | {"rows": ["t1.aa"]}]))
    assert [fault.place for fault in caught.value.faults] == ["a-finding.id", "a-finding.rows", "a-finding.quote"]

"""What pages say first is declared of what exists: one error names every id, claim, variable or level that does not."""

import copy

import pytest
import yaml

from analysis.errors import InputError
from analysis.ledger.registers.brief_declarations import Briefs
from analysis.ledger.registers.briefs import read_briefs
from analysis.ledger.registers.claims import read_claims
from analysis.ledger.rows.reading import read_ledger
from tests.ledger.registers.declared import CLAIM

RATIO = {"kind": "hazard ratio", "of": "death", "endpoint": "os", "by": "arm", "groups": ["A", "B"]}
SHARES = {"kind": "shares", "of": "Stage I", "where": "stage=I", "by": "arm", "groups": ["A", "B"]}
SWITCH = {"kind": "switch", "of": "death", "endpoint": "os", "happened": "stage=I", "time": "months", "label": "stage I"}
BRIEFS = {
    "card": {
        "question": "Is A better?",
        "design": "{t1.a} with A.",
        "result": "{res.os} survive.",
        "found": RATIO,
        "figure": {"curves": {"A": ["os", "a"], "B": ["os", "b"]}, "title": "Survival", "annotate": {"S": ["res.os"]}},
    },
    "pages": {"survival": {"paper": "{res.os} survive.", "found": [RATIO, SHARES, SWITCH], "rows": ["res", "t1.a"], "claims": ["a-claim"]}},
}


def read(study, content):
    if content is not None:
        (study.folder / "briefs.yml").write_text(yaml.safe_dump(content))
    (study.folder / "claims.yml").write_text(yaml.safe_dump([CLAIM]))
    ledger = read_ledger(study)
    return read_briefs(study, ledger, read_claims(study, ledger))


def test_a_study_without_the_file_declares_nothing(study):
    assert read(study, None) == read(study, {}) == Briefs()


def test_what_is_declared_reads_back(study):
    found = read(study, BRIEFS)
    assert [one.kind for one in found.pages["survival"].found] == ["hazard ratio", "shares", "switch"]
    assert found.card.figure.horizon == 36 and found.card.found.population == "all"


def with_page(**change):
    content = copy.deepcopy(BRIEFS)
    content["pages"]["survival"] |= change
    return content


def with_card(**change):
    content = copy.deepcopy(BRIEFS)
    content["card"] |= change
    return content


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            with_page(paper="{res.o} survive."),
            r"pages\.survival\.paper: expected ids of the ledger; found 'res\.o'.*did you mean 'res\.os'",
        ),
        (with_page(found=[{"kind": "recomputed", "text": "{t9.x}"}]), r"pages\.survival\.found, entry 1\.text: .*'t9\.x'"),
        (with_page(rows=["t"]), r"pages\.survival\.rows: expected beginnings of ids of the ledger; found 't'"),
        (with_page(rows=[]), r"rows"),
        (with_page(found=[]), r"found"),
        (with_page(claims=["a-clam"]), r"pages\.survival\.claims: expected ids of claims\.yml; found 'a-clam'.*'a-claim'"),
        (with_page(found=[RATIO | {"endpoint": "efs"}]), r"entry 1: expected a declared endpoint; found 'efs'"),
        (with_page(found=[RATIO | {"population": "c"}]), r"expected a declared population; found 'c'"),
        (with_page(found=[RATIO | {"by": "arms"}]), r"entry 1\.by: expected a variable of table 'cohort'; found 'arms'.*'arm'"),
        (with_page(found=[RATIO | {"groups": ["A", "C"]}]), r"entry 1\.groups: expected levels of arm; found unknown level 'C'"),
        (with_page(found=[SHARES | {"where": "stage=IV"}]), r"entry 1\.where: .*unknown level 'IV'"),
        (with_page(found=[SHARES | {"where": "stage"}]), r"entry 1\.where: expected a condition"),
        (with_page(found=[SWITCH | {"time": "month"}]), r"entry 1\.time: .*'month'.*'months'"),
        (with_page(found=[RATIO | {"kind": "odds"}]), r"kind|odds"),
        (with_page(colour="red"), r"colour"),
        (with_card(design="{t1.x}"), r"card\.design: .*'t1\.x'"),
        (with_card(figure=BRIEFS["card"]["figure"] | {"curves": {"A": ["os", "z"]}}), r"card\.figure\.curves\.A: .*'z'"),
        (with_card(figure=BRIEFS["card"]["figure"] | {"annotate": {"S": ["res.o"]}}), r"card\.figure\.annotate\.S: .*'res\.o'"),
    ],
)
def test_what_does_not_exist_is_named(study, content, said):
    with pytest.raises(InputError, match=said):
        read(study, content)


def test_every_fault_is_named_at_once(study):
    with pytest.raises(InputError) as caught:
        read(study, with_page(paper="{res.o} {t1.q}", claims=["none"]))
    assert len(caught.value.faults) == 3


def test_merged_levels_are_levels(study):
    assert read(study, with_page(found=[RATIO | {"by": "stage", "groups": ["I+II", "III"]}])).pages

"""`audit` says in plain words what a study lacks, and nothing that it has."""

import pytest

from analysis.book.new_study import new_study
from analysis.book.new_study.next_steps import missing

HEADER = "id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,result,note\n"
NUMBERS = """t1.a.n,Table 1,patients of arm A,arm_a,,count,,4,imposed,,,,
t1.b.n,Table 1,patients of arm B,arm_b,,count,,4,imposed,,,,
t1.a.pct,Table 1,share of arm A,all,arm=A,percent,,51%,imposed,t1.a.n ; t1.a.n + t1.b.n,,,
"""


@pytest.fixture
def study(root):
    new_study.begin("one", None, {"groupings": {"arm": ["A", "B"]}, "citation": {"year": 2020}}, root=root)
    return root


def told(root, words):
    return [sentence for sentence in missing("one") if words in sentence]


def test_a_study_without_numbers_is_told_to_begin_with_them(study):
    first, second, third, *_ = missing("one")
    assert "`title` is not the paper's yet" in first and "`software` is empty" in second and "no printed number yet" in third
    assert not told(study, "no cohort") and told(study, "22 items of the checklist")


def test_each_gap_is_named_until_it_is_closed(study):
    ledger = study / "data" / "one" / "printed.csv"
    ledger.write_text(HEADER + NUMBERS)
    assert told(study, "no row counts everybody") and told(study, "no number of the endpoint `os`")
    assert told(study, "no layout for t1") and told(study, "no cohort yet: `python -m analysis reconstruct one")
    assert told(study, "no finding explains t1.a.pct") and told(study, "no conclusion of the paper yet")
    assert told(study, "reporting.md; `python -m analysis new-study one`")
    ledger.write_text(HEADER + "t1.n,Table 1,patients,all,,count,,8,imposed,,,,\n" + NUMBERS.replace("51%", "50%"))
    assert not told(study, "no row counts everybody") and not told(study, "no finding explains")
    new_study.begin("one", None, {}, root=study)
    assert not told(study, "brought up to date")


def test_nothing_is_asked_of_a_study_that_was_begun_by_hand(study):
    (study / "notebooks" / "one" / "generated.json").unlink()
    assert missing("one") == []

"""A study on one page: its reference, its scoreboard, its ranked findings, the conclusions of one part of the paper."""

import ast

import jupytext
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup

from analysis import paths
from analysis.cohorts.study import read_study
from analysis.errors import InputError
from analysis.pages.page import Page
from analysis.pages.paper.summary import cite
from analysis.tables.registers.scoreboard_table import scoreboard_table

FINDING = {
    "title": "Two <shares> differ.",
    "rows": ["t1.a.pct"],
    "printed": "50%",
    "problem": "half",
    "readings": [{"text": "a slip", "favoured": True, "why": "all else agrees"}],
    "found_by": "machine",
}
CLAIM = {"claim": "It works", "rests_on": ["t1.a"], "pattern": "numbers", "holds": ["t1.a > t1.b"], "reason": "Nobody was compared."}


@pytest.fixture
def folder(study_folder, monkeypatch):
    monkeypatch.setattr(paths, "DATA", study_folder.parent)
    (study_folder / "findings.yml").write_text("[]")
    (study_folder / "claims.yml").write_text(
        yaml.safe_dump([CLAIM | {"id": "abs", "source": "Abstract, discussion"}, CLAIM | {"id": "dis", "source": "Discussion"}])
    )
    return study_folder


def register(folder, *entries):
    (folder / "findings.yml").write_text(yaml.safe_dump([FINDING | entry for entry in entries]))


def test_ranked_findings_come_in_the_order_of_their_weight_with_the_reason_and_the_way_to_their_entry(folder):
    register(
        folder,
        {"id": "second", "rank": 2, "matters": "It is small."},
        {"id": "plain"},
        {"id": "first", "rank": 1, "matters": "It is <large>."},
    )
    view = Page("made_up").table.main_findings()
    assert list(view.frame["id"]) == ["first", "second"]
    items = BeautifulSoup(view.html, "html.parser").select("ol > li")
    assert [item.a["href"] for item in items] == ["findings.html#first", "findings.html#second"]
    assert items[0].get_text() == "Two <shares> differ. It is <large>."


def test_without_a_ranked_finding_the_page_says_so(folder):
    register(folder, {"id": "plain"})
    assert "No finding of this study is ranked" in Page("made_up").table.main_findings().html
    register(folder)
    assert "No finding is recorded" in Page("made_up").table.main_findings().html


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        (
            [{"id": "a", "rank": 1, "matters": "So."}, {"id": "b", "rank": 1, "matters": "So."}],
            r"rank: expected 1, 2, 3 and so on, each once; found 1, 1",
        ),
        ([{"id": "a", "rank": 2, "matters": "So."}], r"rank: expected 1, 2, 3 and so on, each once; found 2"),
        ([{"id": "a", "rank": 1}], r"a\.matters: expected why it matters, beside a rank and nowhere else; found ''"),
        ([{"id": "a", "matters": "So."}], r"a\.matters: expected why it matters, beside a rank and nowhere else; found 'So\.'"),
        ([{"id": "a", "rank": 0, "matters": "So."}], r"rank"),
    ],
)
def test_a_rank_that_cannot_stand_is_refused(folder, entries, told):
    register(folder, *entries)
    with pytest.raises(InputError, match=told):
        Page("made_up").table.main_findings()


def test_the_scoreboard_counts_every_result_once_by_what_it_rests_on(folder):
    frame = Page("made_up").table.verdicts().frame
    assert list(frame["Evidence"]) == ["counts", "withheld", "cohort", "context"]
    assert frame["Results"].astype(int).sum() == 7
    verdicts = frame.set_index("Evidence").drop(columns=["Study", "Results"]).replace({"–": "0", "": "0"}).astype(int)
    assert (verdicts.sum(axis=1).drop("context") == frame.set_index("Evidence")["Results"].astype(int).drop("context")).all()


def test_one_study_is_not_named_in_its_own_scoreboard_and_several_are(folder):
    alone = BeautifulSoup(Page("made_up").table.verdicts().html, "html.parser")
    assert not alone.select('th[scope="rowgroup"]')
    counts = Page("made_up").opened.audit.scoreboard()
    both = BeautifulSoup(scoreboard_table({"One": counts, "Two": counts}, "Both").html, "html.parser")
    assert [head.get_text() for head in both.select('th[scope="rowgroup"]')] == ["One", "Two"]


def test_on_other_patients_nothing_is_counted_as_compared(folder):
    assert "No printed number is compared" in Page("made_up", cohort=folder / "cohort.csv", disclosure="local").table.verdicts().data


def test_conclusions_are_those_of_the_part_asked_for(folder):
    view = Page("made_up").table.conclusions("Abstract")
    assert list(view.frame["Judgement"]) == ["not supported"]
    assert 'href="claims.html#abs"' in view.html and "claims.html#dis" not in view.html
    assert len(Page("made_up").table.conclusions("discussion").frame) == 2


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        (
            {"journal": "J", "year": 2024, "volume": "16", "article": "63", "doi": "10.1/x"},
            'A made-up study. <cite>J</cite>, 2024; 16: 63. doi <a href="https://doi.org/10.1/x">10.1/x</a>.',
        ),
        (
            {"authors": "A B, C D", "journal": "J", "year": 2023, "issue": 4, "pages": "757-765"},
            "A B, C D. A made-up study. <cite>J</cite>, 2023; issue 4: 757–765.",
        ),
        ({"journal": "J & K", "volume": "2", "issue": "3"}, "A made-up study. <cite>J &amp; K</cite>; 2(3)."),
        ({}, "A made-up study."),
    ],
)
def test_a_reference_leaves_out_what_is_not_known(study_folder, citation, expected):
    declared = yaml.safe_load((study_folder / "study.yml").read_text())
    (study_folder / "study.yml").write_text(yaml.safe_dump(declared | {"citation": citation}))
    assert cite(read_study(study_folder)) == expected


SUMMARIES = sorted(paths.NOTEBOOKS.glob("*/summary.md"))


def test_every_study_opens_with_its_summary():
    assert [path.parent.name for path in SUMMARIES] == paths.studies()
    toc = yaml.safe_load((paths.ROOT / "_toc.yml").read_text())
    firsts = [part["chapters"][0]["file"] for part in toc["parts"]]
    assert {f"notebooks/{study}/summary" for study in paths.studies()} <= set(firsts)


@pytest.mark.slow
@pytest.mark.parametrize("kept", ["half", "nobody dies", "one patient"])
@pytest.mark.parametrize(
    "source",
    [path for path in SUMMARIES if paths.study_folder(path.parent.name).joinpath("cohort.csv").is_file()],
    ids=lambda path: path.parent.name,
)
def test_a_summary_can_be_executed_on_other_patients(source, kept, tmp_path):
    """Half of the patients, nobody with an event, one alone: every cell shows something, none fails."""
    study = read_study(source.parent.name)
    table = pd.read_csv(study.folder / "cohort.csv", dtype=str, keep_default_na=False, comment="#")
    table = {
        "half": table.iloc[::2],
        "nobody dies": table.assign(**{next(iter(study.endpoints.values())).event: "0"}),
        "one patient": table.iloc[:1],
    }[kept]
    table.to_csv(tmp_path / "cohort.csv", index=False)
    names, shown = {}, []
    for cell in (cell for cell in jupytext.read(source).cells if cell.cell_type == "code"):
        *statements, last = ast.parse(cell.source).body
        exec(compile(ast.Module(statements, []), "cell", "exec"), names)
        if isinstance(last, ast.Expr):
            found = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            shown.append(found._repr_html_())
        else:
            exec(compile(ast.Module([last], []), "cell", "exec"), names)
        if "parameters" in cell.metadata.get("tags", []):
            names |= {"cohort": str(tmp_path / "cohort.csv"), "disclosure": "local"}
    assert names["page"].own and len(shown) >= 6 and all(shown)
    assert "executed on a cohort of the reader’s own" in shown[1] and "No printed number is compared" in "".join(shown)

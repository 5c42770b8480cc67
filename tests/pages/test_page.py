import re

import pytest
import yaml

from analysis import paths
from analysis.errors import InputError
from analysis.pages.page import Page
from analysis.pages.survival.printed_estimates import annotation, printed_points
from analysis.pages.synthesis.scoreboards import Overview

LAYOUT = {
    "t1": {
        "source": "Table 1",
        "caption": "Patients",
        "columns": [{"label": "n (%)", "cell": "{n} ({pct})"}],
        "rows": [{"label": "Arm A", "key": "x"}],
    }
}


@pytest.fixture
def folder(study_folder, monkeypatch):
    monkeypatch.setattr(paths, "DATA", study_folder.parent)
    ledger = study_folder / "printed.csv"
    ledger.write_text(
        ledger.read_text()
        + "t1.x.n,Table 1,arm A,a,,count,,4,imposed,,,\nt1.x.pct,Table 1,arm A,all,arm=A,percent,,50%,imposed,t1.x.n ; t1.n,,\n"
    )
    (study_folder / "tables.yml").write_text(yaml.safe_dump(LAYOUT))
    for name in ("findings.yml", "claims.yml"):
        (study_folder / name).write_text("[]")
    return study_folder


def test_a_page_rebuilds_a_table_from_its_layout(folder):
    view = Page("made_up").table.paper("t1")
    assert "4" in view.frame.iloc[0, 1] and "50%" in view.frame.iloc[0, 1]
    assert 'href="audit.html#t1.x.n"' in view.html


def test_ids_are_found_by_whole_words_in_the_order_of_the_ledger(folder):
    assert Page("made_up").ids("t1.a") == ["t1.a", "t1.a.pct"]


def test_a_beginning_that_no_row_has_is_refused_by_name(folder):
    with pytest.raises(InputError, match=r"printed\.csv: id: expected the beginning of a row's id; found 't'"):
        Page("made_up").ids("t1.a", "t")


def test_a_figure_shows_printed_estimates_and_says_that_rows_are_reconstructed(folder):
    figure = Page("made_up", horizon=12).figure.survival({"Arm A": ("os", "a"), "Arm B": ("os", "b")}, title="Overall survival")
    assert "reconstructed, not the original patients" in figure.light
    assert "75" in figure.alt


def test_printed_estimates_carry_their_own_limits_and_none_of_another_time_group_or_endpoint(folder):
    printed = [
        ("a", "survival", 12, "50%"),
        ("a", "survival_se", 6, "21.7%"),
        ("a", "survival_se", 12, "25.1%"),
        ("a", "survival_lower", 12, "12.3%"),
        ("a", "survival_upper", 12, "88.8%"),
        ("b", "survival", 6, "25%"),
    ]
    rows = [
        f"res.{group}.{statistic}.{time},Results,of arm {group},{group},,{statistic},endpoint=os; time={time},{text},held-out,,,"
        for group, statistic, time, text in printed
    ]
    (folder / "printed.csv").write_text((folder / "printed.csv").read_text() + "\n".join(rows) + "\n")
    for horizon, found in ((12, [(6, 75, 21.7, None, None), (12, 50, 25.1, 12.3, 88.8)]), (11.9, [(6, 75, 21.7, None, None)])):
        page = Page("made_up", horizon=horizon)
        assert [tuple(point)[:5] for point in printed_points(page, "Arm A", "os", "a")] == found
        assert [tuple(point)[:5] for point in printed_points(page, "Arm B", "os", "b")] == [(6, 25, None, None, None)]


def test_on_an_own_cohort_neither_printed_estimates_nor_the_reconstructed_label_are_drawn(folder):
    page = Page("made_up", cohort=folder / "cohort.csv", horizon=12, disclosure="local")
    figure = page.figure.survival({"Arm A": ("os", "a")}, title="Overall survival", annotate={"S": ("res.os",)})
    assert "reconstructed" not in figure.light + figure.caption + figure.alt
    assert "printed" not in figure.alt
    assert "own" in page.notice().data


def test_without_a_cohort_a_figure_is_a_sentence(folder):
    (folder / "cohort.csv").unlink()
    page = Page("made_up")
    shown = page.figure.survival({"Arm A": ("os", "a")}, title="Overall survival")
    assert "cannot be drawn" in shown.data
    assert "printed numbers alone" in page.notice().data


def test_nobody_in_a_group_leaves_the_others_drawn(folder):
    declared = yaml.safe_load((folder / "study.yml").read_text())
    declared["populations"]["none"] = {"where": "age>119", "label": "Nobody"}
    (folder / "study.yml").write_text(yaml.safe_dump(declared, sort_keys=False))
    page = Page("made_up", horizon=12)
    assert "Nobody" in page.figure.survival({"Arm A": ("os", "a"), "Nobody": ("os", "none")}, title="OS").alt
    assert "No patient of the cohort" in page.figure.survival({"Nobody": ("os", "none")}, title="OS").data


def test_an_annotation_shows_recomputed_and_printed(folder):
    page = Page("made_up")
    assert re.fullmatch(r"S .*(as printed|printed 75%)", annotation(page, "S", "res.os"))


def test_an_annotation_gives_printed_digits_where_they_are_reproduced():
    """HR .49 (.155–1.555) is printed as .49 (.16–1.56): figures say it once, as papers do."""
    line = annotation(Page("dac_clag"), "HR", "res.os.arm.hr", "res.os.arm.lower", "res.os.arm.upper")
    assert line == "HR 0.49 (95% CI 0.16–1.56), as printed"


def test_the_overview_counts_every_number_once(folder):
    overview = Overview()
    frame = overview.table.results().frame
    assert frame["Results"].astype(int).sum() == 9


def test_the_false_reproduction_rate_is_given_by_kind_of_number(folder):
    frame = Overview().table.false_reproduction("family").frame
    assert set(frame["Kind of number"]) >= {"counts", "percentages"}
    assert frame["Any convention, %"].astype(float).between(0, 100).all()


def test_parts_of_the_paper_are_counted_by_verdict(folder):
    view = Page("made_up").table.verdicts_by_part({"Table 1": ["t1"], "Methods": ["met"]}, caption="Parts")
    counted = view.frame.set_index("Part of the paper")
    assert counted.loc["Table 1", "Printed numbers"] == "6" and counted.loc["Methods", "context"] == "1"
    assert counted.loc["Table 1", "context"] == ""

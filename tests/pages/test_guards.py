"""A page of protected patients shows nothing exact: one small cohort, each section of a general page, in a second."""

from __future__ import annotations

import re

import pytest
import yaml

from analysis.book import redaction
from analysis.errors import NotShown, Undefined
from analysis.estimators.comparisons import log_rank
from analysis.pages import guards
from analysis.pages.page import GeneralPage
from tests.pages.any_cohort.test_general_page import SECTIONS, STUDY, patients, words

BOUNDS = ("group", "time", "followed_low", "followed_high", "events_low", "events_high", "survival_low", "survival_high")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A protected page and a local one of the same sixty patients, whose times have digits of their own."""
    folder = tmp_path_factory.mktemp("third")
    (folder / "study.yml").write_text(yaml.safe_dump(STUDY))
    frame = patients(60, "AB").assign(months=lambda rows: rows["months"] + 0.0173)
    frame.to_csv(folder / "own.csv", index=False)
    made = {
        disclosure: GeneralPage(str(folder), cohort=str(folder / "own.csv"), grouping="arm", disclosure=disclosure)
        for disclosure in ("protected", "local")
    }
    return made["protected"], made["local"], frame


def test_a_reason_says_whether_a_result_does_not_exist_or_is_kept_back():
    assert "X: does not apply here (no event)." in guards.why_not("X", Undefined("no event")).data
    assert "X: not shown, to protect the patients (few); -p disclosure=local shows it." in guards.why_not("X", NotShown("few")).data


@pytest.mark.parametrize("grouped", [False, True])
def test_a_curve_is_a_band_of_counts_in_ranges(pages, grouped):
    (table,) = pages[0].figure.survival("X", grouped=grouped).frames.values()
    assert tuple(table.columns) == BOUNDS
    assert (table["followed_low"] % 5 == 0).all() and (table["events_low"] % 5 == 0).all() and (table["time"] % 3 == 0).all()
    assert (table["followed_low"] >= 5).all()
    assert tuple(next(iter(pages[1].figure.survival("X", grouped=grouped).frames.values())).columns) != BOUNDS


def test_a_page_holds_no_rows(pages):
    assert pages[0].opened.reference == {} and pages[0].opened.cohorts == () and pages[0].values == ()
    assert "id" not in pages[0].released._rows


@pytest.mark.parametrize("section", SECTIONS)
def test_no_section_shows_a_time_of_a_patient(pages, section):
    times = {f"{value:.{digits}f}" for value in pages[2]["months"] for digits in (2, 3, 4)}
    shown = SECTIONS[section](pages[0])
    text = "\n".join(
        str(part)
        for part in (
            getattr(shown, "_repr_html_", lambda: "")(),
            getattr(shown, "frame", ""),
            getattr(shown, "frames", ""),
            getattr(shown, "alt", ""),
            shown,
        )
    )
    assert not times & set(re.findall(r"\d+\.\d+", text))


@pytest.mark.parametrize(("count", "factor", "told"), [(400, 8.0, True), (80, 1.0, False)])
def test_a_log_rank_p_is_a_range_that_holds_the_exact_one_or_is_not_shown(tmp_path, count, factor, told):
    (tmp_path / "study.yml").write_text(yaml.safe_dump(STUDY))
    frame = patients(count, "AB")
    frame.assign(months=frame["months"].where(frame["arm"] == "B", frame["months"] * factor).round(2)).to_csv(
        tmp_path / "own.csv", index=False
    )
    page = lambda **named: GeneralPage(str(tmp_path), cohort=str(tmp_path / "own.csv"), grouping="arm", **{"levels": ["A", "B"]} | named)  # noqa: E731
    text = words(page().sentence.log_rank("X"))
    if told:
        table, held = page(disclosure="local").divided()
        exact = log_rank.compare(table["time"], table["event"], table["group"], groups=held).p
        assert exact <= float(re.search(r"P of the log-rank test of 2 groups is at most ([\d.]+)\.", text)[1]) < 0.001
    else:
        assert "every P value possible" in text and "not shown, to protect" in text
    assert "two groups only" in words(page(levels=["A", "B", "C"]).sentence.log_rank("X"))


def test_a_message_of_a_page_is_withheld():
    assert "31.4159" not in redaction.describe_error("ValueError", "row 7: 31.4159", {"cohort": "own.csv"})

"""The comparing page of a sweep answers what each parameter changed, in words, in numbers and in pictures."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from urllib.parse import unquote

import numpy as np
import openpyxl
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup

from analysis import paths
from analysis.book.editions import scenario_statistics, sweeps
from analysis.book.html import sweep_page, sweep_table
from analysis.errors import Undefined
from analysis.figures.plots.scenarios import curves_figure, estimates_figure

GRID = {"horizon": [12, 24], "interval": ["log", "plain"]}
DECLARED = {"title": "T", "notebooks": ["notebooks/general/survival.md"], "statistics": ["survival"], "grid": GRID}


def estimate(value, lower, upper, **more):
    return scenario_statistics.Estimate(value, lower, upper, n=39, events=12, **more)._asdict()


def gives(value, reason=""):
    return {"statistics": {"s": {"value": value, "reason": reason}}, "curves": {}}


@pytest.fixture
def page(tmp_path, monkeypatch):
    """Markdown of the first page of a sweep whose scenarios gave what a function of their parameters says."""

    def make(gave, **content):
        file = tmp_path / "sweep.yml"
        file.write_text(yaml.safe_dump({key: value for key, value in (DECLARED | content).items() if value is not None}))
        sweep = sweeps.read(file)
        monkeypatch.setattr(paths, "BUILD", tmp_path / "build")
        for one in sweep.pages:
            result = gave(**sweep.scenarios[one.name.split("/")[1]])
            if result is not None:
                place = sweep_page.statistics_file(one)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(
                    json.dumps(
                        {
                            "statistics": {"survival": result},
                            "curves": {"All patients": {"time": [0.0, 5.0], "survival": [1.0, (result["value"] or 50.0) / 100]}},
                        }
                    )
                )
        return BeautifulSoup(sweep_page.first_page(sweep), "html.parser")

    return make


def by_horizon(horizon, interval):
    return estimate(70.0 + horizon, 60.0 + horizon, 80.0 + horizon)


def test_a_column_a_parameter_and_each_statistic_with_interval_and_patients(page):
    table = page(by_horizon).find("table")
    assert [head.get_text() for head in table.thead.find_all("th")] == [
        "No.",
        "Scenario",
        "horizon",
        "interval",
        "Survival at the horizon, percent (CI)",
        "n",
        "events",
    ]
    first = [cell.get_text() for cell in table.tbody.tr.find_all(["td", "th"])]
    assert first[0] == "1" and first[2:] == ["12", "log", "82 (72 to 92)", "39", "12"]


def test_what_a_parameter_changed_is_said(page):
    text = page(by_horizon).get_text()
    assert "Changed nothing: interval." in text and "Changed a statistic or a curve: horizon." in text


def test_an_interval_that_moves_is_a_change(page):
    text = page(lambda horizon, interval: estimate(70.0, 60.0 if interval == "log" else 61.0, 80.0)).get_text()
    assert "Changed nothing: horizon." in text and "Changed a statistic or a curve: interval." in text


def test_a_parameter_that_never_varies_alone_is_not_judged():
    assert sweep_page.find_changed_parameters({"a": ["1", "2"], "b": ["x", "y"]}, {"one": gives(1), "two": gives(2)}) == []
    assert sweep_page.find_changed_parameters({"a": ["1", "2"]}, {"one": gives(1), "two": None}) == []


def test_every_column_can_be_sorted_by_number_or_text(page):
    table = page(by_horizon).find("table")
    assert all(head.button for head in table.thead.find_all("th"))
    assert [cell["data-sort"] for cell in table.tbody.tr.find_all(["td", "th"])][4:] == ["82.0", "39", "12"]


def test_the_table_can_be_saved_as_csv_and_as_a_workbook(page):
    links = {link.get_text(): link["href"] for link in page(by_horizon).find_all("a", download=re.compile("^scenarios"))}
    rows = list(csv.DictReader(io.StringIO(unquote(links["scenarios (CSV)"].partition(",")[2]))))
    assert [(row["horizon"], float(row["survival value"]), float(row["survival lower"])) for row in rows] == [("12", 82, 72)] * 2 + [
        ("24", 94, 84)
    ] * 2
    frame = pd.DataFrame({"No.": [1], "where": ["=1+1"], "value": [0.5], "p": [np.nan]}).astype(object)
    first, again = sweep_table.workbook(frame), sweep_table.workbook(frame)
    sheet = openpyxl.load_workbook(io.BytesIO(first)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["No.", "where", "value", "p"], [1, "=1+1", 0.5, None]]
    assert sheet["B2"].data_type == "s" and first == again
    assert all(info.date_time[0] == 1980 for info in zipfile.ZipFile(io.BytesIO(first)).infolist())


def test_a_failed_scenario_has_a_row_that_says_so(page):
    found = page(lambda horizon, interval: None if horizon == 24 else by_horizon(horizon, interval))
    assert "2 of 4 scenarios are finished" in found.get_text()
    assert [("(failed)" in row.th.get_text(), row.find_all("td")[3].get_text()) for row in found.tbody.find_all("tr")] == [
        (False, "82 (72 to 92)")
    ] * 2 + [(True, "—")] * 2


def test_why_a_value_is_missing_is_said_in_its_cell_and_in_place_of_its_plot(page):
    found = page(lambda horizon, interval: estimate(None, None, None, reason="nobody is followed"))
    assert found.tbody.tr.find_all("td")[3].get_text() == "— (nobody is followed)"
    assert "no scenario has a value: nobody is followed." in found.get_text()


def test_reasons_that_differ_are_no_change():
    given = {"a": ["1", "2"]}
    assert sweep_page.find_changed_parameters(given, {"one": gives(None, "before 1"), "two": gives(None, "before 2")}) == [
        "Changed nothing: a"
    ]


def test_an_open_end_of_an_interval_is_said():
    row = {"text": "", "reason": "", "value": 19.8}
    assert sweep_table._estimate(row | {"lower": 12.0, "upper": None}) == "19.8 (from 12, no upper limit)"
    assert sweep_table._estimate(row | {"lower": None, "upper": 30.0}) == "19.8 (to 30, no lower limit)"
    assert sweep_table._estimate(row | {"lower": None, "upper": None}) == "19.8"


def test_a_name_made_from_parameters_is_not_repeated_beside_their_columns(page):
    assert page(by_horizon).tbody.tr.th.get_text() == "survival"
    named = page(lambda horizon: estimate(70.0, 60.0, 80.0), grid=None, scenarios=[{"name": "early", "parameters": {"horizon": 12}}])
    assert named.tbody.tr.th.get_text() == "early: survival"


def test_ranges_of_protected_patients_are_shown_and_not_drawn(page):
    found = page(lambda horizon, interval: estimate(70.0, 60.0, 80.0, text="76 to 94%"))
    assert found.tbody.tr.find_all("td")[3].get_text() == "76 to 94%" and "not drawn" in found.get_text()


def test_each_statistic_is_drawn_against_the_parameters_and_equal_curves_share_a_line(page):
    figures = page(by_horizon).find_all("figure")
    assert "against horizon and interval" in figures[0].svg["aria-label"]
    assert "curves of 2 scenarios" in figures[1].svg["aria-label"]


def test_the_direction_of_a_ratio_is_said_with_whether_its_interval_includes_1():
    say = scenario_statistics._direction
    assert say({"value": 0.5, "lower": 0.3, "upper": 0.9}, "A", "B") == "hazard lower with A than with B"
    assert say({"value": 2.0, "lower": 0.9, "upper": 4.0}, "A", "B") == "hazard higher with A than with B, but the interval includes 1"
    for lower, upper, included in ((0.5, 1.0, True), (0.5, 0.999, False), (1.0, 3.0, True), (1.001, 3.0, False)):
        assert ("includes 1" in say({"value": (lower + upper) / 2, "lower": lower, "upper": upper}, "A", "B")) is included


@pytest.mark.slow
def test_statistics_say_what_they_rest_on():
    found = scenario_statistics.evaluate(
        {"study": "dac_clag", "grouping": "arm", "horizon": 36.0}, ("survival", "hazard_ratio", "res.os.arm.hr")
    )
    survival, ratio, row = (found["statistics"][name] for name in ("survival", "hazard_ratio", "res.os.arm.hr"))
    assert survival["lower"] < survival["value"] < survival["upper"] and survival["n"] == 39 and survival["events"] > 0
    assert ratio["lower"] < ratio["value"] < ratio["upper"] and 0 < ratio["p"] < 1 and ratio["n"] == 39 and "hazard" in ratio["direction"]
    assert row["lower"] < row["value"] < row["upper"] and (row["n"], row["events"]) == (39, 12)
    assert set(found["curves"]) and all(curve["survival"][0] == 1 for curve in found["curves"].values())


@pytest.mark.slow
def test_a_row_on_other_patients_needs_no_ensemble(monkeypatch):
    monkeypatch.setattr("analysis.pages.base.evaluate_unjudged", None)  # evaluates every row on every member: minutes a scenario
    found = scenario_statistics.evaluate({"study": "dac_clag", "censor_at": 12.0}, ("res.os.arm.hr",))["statistics"]["res.os.arm.hr"]
    assert found["lower"] < found["value"] < found["upper"]


def test_titles_of_any_length_are_wrapped_inside_the_figure():
    frame = pd.DataFrame({"value": [1.0, 2.0], "lower": [0.5, 1.5], "upper": [2.0, 3.0], "a": ["x", "y"]})
    title = "a statistic with a name that is very long indeed " * 4
    figure = estimates_figure(frame, ["a"], title=title.strip(), ylabel="s")
    lines = re.findall(r">([^<]*(?:a statistic|statistic with|long indeed)[^<]*)</text>", figure.light)
    assert len(lines) >= 2


def test_no_value_at_all_is_no_figure():
    with pytest.raises(Undefined):
        estimates_figure(pd.DataFrame({"value": [np.nan], "lower": [np.nan], "upper": [np.nan], "a": ["x"]}), ["a"], title="T", ylabel="s")


def test_curves_of_groups_have_a_panel_each():
    frame = pd.DataFrame({"scenario": ["1", "1", "2", "2"], "group": ["A", "B"] * 2, "time": [0.0] * 4, "survival": [100.0] * 4})
    assert "for A, B." in curves_figure(frame, title="T", ylabel="Percent").alt


def test_an_interval_without_upper_limit_is_drawn_with_an_arrow_and_a_closed_one_is_not():
    frame = pd.DataFrame({"value": [19.8, 20.0], "lower": [12.0, 13.0], "upper": [np.nan, 30.0], "a": ["x", "y"]})
    for rows, arrows in ((frame, True), (frame.iloc[1:], False)):
        figure = estimates_figure(rows, ["a"], title="Median", ylabel="months")
        assert ("with an arrow where there is no upper limit" in figure.caption) is arrows
        assert bool(re.search(r'class="no-upper-limit"[^<]*>\s*<(?:defs|use)', figure.light)) is arrows

"""A page takes its parameters from its notebook, checked however the notebook was started; nothing given is ignored."""

from __future__ import annotations

import jupytext
import pytest

from analysis import paths
from analysis.errors import InputError
from analysis.ledger.verdicts import recompute
from analysis.pages import session
from analysis.pages.page import GeneralPage, Page

CELL = 'study = "dac_clag"\ncohort = None\nhorizon = 36.0\nlevel = 0.95'
MAKE = "from analysis.pages.page import Page\n\npage = Page()"


def run(*cells):
    """Names of a notebook whose cells have run in a kernel, which keeps what it has run in ``In``."""
    names = {"In": [""]}
    for cell in cells:
        names["In"].append(cell)
        exec(cell, names)
    return names


def injected(code):
    return f"# Parameters\n{code}\n"


def test_a_page_obeys_what_papermill_injected():
    page = run(CELL, injected("level = 0.5\nhorizon = 24"), MAKE)["page"]
    assert (page.level, page.horizon, page.interval) == (0.5, 24.0, "log")


def test_what_all_pages_honour_is_obeyed_without_a_line_in_the_cell():
    page = run(CELL, injected("where = 'arm=CLAG'\nfirst_enrolments = True"), MAKE)["page"]
    assert page.selection.where == "arm=CLAG" and page.selection.first and not page.compared


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("horizn = 24", "parameter horizn: expected one of study, cohort, horizon, level, .*did you mean 'horizon'"),
        ("ties = 'efron'", "parameter ties: .*which this notebook does not take"),
        ("horizon = 0.9", "parameter horizon: expected a number of months from 1 to 600; found 0.9"),
        ("horizon = 601", "parameter horizon: expected a number of months from 1 to 600; found 601"),
        ("level = 95", "parameter level: expected a number from 0.5 to 0.999"),
        ("where = 'arm=CLAGG'", "parameter where: .*unknown level 'CLAGG'"),
        ("levels = ['CLAG']", "parameter levels: .*does not take"),
        ("threshold = 7", "parameter threshold: expected a cohort of your own as well"),
        ("disclosure = 'local'", "parameter disclosure: expected a cohort of your own as well"),
        ("cohort = 'member 0'", "parameter cohort: expected a member from 1"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_shown(code, message):
    with pytest.raises(InputError, match=message):
        run(CELL, injected(code), MAKE)


@pytest.mark.parametrize("horizon", [1, 600])
def test_the_ends_of_an_admissible_range_are_obeyed(horizon):
    assert run(CELL, injected(f"horizon = {horizon}"), MAKE)["page"].horizon == horizon


def test_a_person_may_change_the_cell_in_an_editor():
    assert run(CELL.replace("0.95", "0.9"), MAKE)["page"].level == 0.9


def test_a_page_that_names_its_study_in_code_refuses_what_was_given():
    with pytest.raises(InputError, match="parameter level: expected one of none"):
        run(injected("level = 0.9"), MAKE.replace("Page()", "Page('dac_clag')"))


def test_a_parameter_counts_as_used_only_where_a_result_came_of_it():
    page = run(CELL + '\ngrouping = "undivided"', injected("level = 0.5"), MAKE.replace("Page", "GeneralPage"))["page"]
    assert "does not apply here" in page.table.hazard_ratios("Ratios").data
    assert "level" not in page.parameters.used and "ties" not in page.parameters.used
    page.table.survival_estimates("Estimates")
    assert {"level", "interval"} <= page.parameters.used and "ties" not in page.parameters.used


def test_no_parameter_can_be_passed_beside_those_of_the_notebook():
    with pytest.raises(TypeError, match="from the notebook"):
        run(CELL, MAKE.replace("Page()", "Page(level=0.9)"))


def test_a_notebook_without_a_study_is_told_so():
    with pytest.raises(InputError, match="expected a study"):
        run("x = 1", MAKE)


def test_what_results_depended_on_is_known(tmp_path, monkeypatch):
    monkeypatch.setenv(session.USED, str(tmp_path / "used"))
    page = GeneralPage("dac_clag", grouping="arm", level=0.9, ties="efron")
    assert not {"level", "ties"} & page.parameters.used
    page.table.hazard_ratios("Hazard ratios")
    assert {"level", "ties"} <= page.parameters.used and "interval" not in page.parameters.used
    assert {"level", "ties"} <= set((tmp_path / "used").read_text().split())


@pytest.mark.slow
def test_the_level_that_is_asked_for_is_that_of_every_interval_of_every_page():
    """No page can ask for a level and compute with another: each takes the value that its notebook was given."""
    for source in sorted(paths.NOTEBOOKS.glob("*/*.md")):
        cells = [cell for cell in jupytext.read(source).cells if cell.cell_type == "code"]
        tagged = next((cell.source for cell in cells if "parameters" in cell.metadata.get("tags", [])), "")
        made = next((cell.source.replace("page.notice()", "") for cell in cells if "page = " in cell.source), "")
        if "level" in session.assigned_names(tagged) and made:
            assert run(tagged, injected("level = 0.5"), made)["page"].level == 0.5, source


def test_follow_up_is_censored_for_every_analysis_where_that_is_asked_for():
    whole, cut = (GeneralPage("dac_clag", grouping="arm", censor_at=months) for months in (None, 6.0))
    seen = whole.observed()
    assert cut.observed()["time"].max() == 6.0 and not cut.compared and whole.compared
    assert cut.observed()["event"].sum() == (seen["event"] == 1)[seen["time"] <= 6.0].sum() < seen["event"].sum()
    assert cut.table.hazard_ratios("Ratio").text != whole.table.hazard_ratios("Ratio").text
    assert "censored 6 months after" in cut.notice().data


def test_the_horizon_moves_no_test_and_the_page_says_so():
    short, long = (
        run(
            'study = "dac_clag"\ncohort = None\ngrouping = "arm"\nhorizon = 36.0',
            injected(f"horizon = {months}"),
            MAKE.replace("Page", "GeneralPage"),
        )["page"]
        for months in (6, 60)
    )
    assert short.sentence.log_rank("Test").text == long.sentence.log_rank("Test").text
    assert "end at 6 months; tests and hazard ratios use all follow-up." in short.notice().data
    assert short.table.restricted_means("Means").text != long.table.restricted_means("Means").text


@pytest.mark.parametrize(
    ("ask", "shown"),
    [
        (lambda page: page.table.responses({"CLAG": "arm=CLAG"}, where="died=1", caption="Deaths"), False),
        (lambda page: page.table.responses({"died": "died=1"}, where="arm=CLAG", caption="Arms of the dead"), False),
        (lambda page: page.table.odds_ratios("died", {"CLAG": "arm=CLAG"}, caption="Odds of death"), False),
        (lambda page: page.table.responses({"boys": "sex=male"}, where="arm=CLAG", caption="Died in CLAG"), True),
        (lambda page: page.table.hazard_ratios({"CLAG": ("os", "arm", ("DAC-CLAG", "CLAG"))}, caption="Death"), True),
    ],
)
def test_a_count_of_what_censored_follow_up_does_not_know_is_not_shown(ask, shown):
    """Deaths of all follow-up would stand beside analyses of six months."""
    whole, cut = (Page("dac_clag", censor_at=months) for months in (None, 6.0))
    assert "does not apply here" not in ask(whole)._repr_html_()
    told = ask(cut)._repr_html_()
    assert ("does not apply here" not in told) is shown
    assert shown or "known of all follow-up, and a count cannot be censored at 6 months" in told


@pytest.mark.slow
def test_the_ledger_counts_no_deaths_where_follow_up_is_censored():
    page = Page("dac_clag", censor_at=6.0)
    for judgement in page.judged:
        spoken = recompute.collect_variables(judgement.row, page.opened.study) if judgement.row.role != "context" else ()
        if "died" in spoken and "endpoint" not in judgement.row.arguments:
            assert judgement.recomputed == "" and "cannot be censored at 6 months" in judgement.note, judgement.row.id


def test_the_table_of_patients_names_what_it_does_not_count():
    general = GeneralPage("dac_clag", grouping="arm", censor_at=6.0)
    told = general.table.baseline(later=True).text
    assert "not counted, as known of all follow-up" in told and "\nDeath" not in told
    assert "not counted" not in general.table.baseline().text

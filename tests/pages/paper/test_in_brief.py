"""The first lines of a page: the paper's numbers as printed, values as computed, verdicts only of the published patients."""

import pytest
import yaml
from bs4 import BeautifulSoup

from analysis import paths
from analysis.errors import InputError
from analysis.estimators.regression import small_samples
from analysis.pages.page import Page
from tests.ledger.registers.test_briefs import CLAIM, RATIO, SHARES

PAPER, FIND, SURE = range(3)


@pytest.fixture
def folder(study_folder, monkeypatch):
    monkeypatch.setattr(paths, "DATA", study_folder.parent)
    (study_folder / "findings.yml").write_text("[]")
    (study_folder / "claims.yml").write_text(yaml.safe_dump([CLAIM]))
    return study_folder


def declare(folder, **page):
    base = {"paper": "{res.os} survive.", "found": [RATIO], "rows": ["t1"], "claims": ["a-claim"]}
    (folder / "briefs.yml").write_text(yaml.safe_dump({"pages": {"survival": base | page}}))


def lines(**asked):
    view = Page("made_up", **asked).sentence.in_brief("survival")
    return list(view.frame["text"]), BeautifulSoup(view.html, "html.parser")


def test_a_study_that_declares_nothing_has_no_such_lines(folder):
    assert Page("made_up").sentence.in_brief("survival").data == ""


def test_a_page_that_is_not_declared_is_named_with_what_is_meant(folder):
    declare(folder)
    with pytest.raises(InputError, match=r"briefs\.yml: pages: expected survival; found 'survivals'.*did you mean 'survival'"):
        Page("made_up").sentence.in_brief("survivals")


def test_the_paper_is_told_in_its_own_digits_and_each_number_leads_to_its_row(folder):
    declare(folder, paper="{res.os} of {t1.a} survive & thrive (P = {t1.b}).")
    text, html = lines()
    assert text[PAPER] == "75% of 4 survive & thrive (P = 4)."
    assert [a["href"] for a in html.select("dd")[PAPER].select("a")] == ["audit.html#res.os", "audit.html#t1.a", "audit.html#t1.b"]


def test_a_hazard_ratio_is_that_of_the_cohort_under_the_parameters_of_the_page(folder):
    declare(folder)
    for level in (0.95, 0.8):
        page = Page("made_up", level=level)
        told = list(page.sentence.in_brief("survival").frame["text"])[FIND]
        frame = page.rows_of("all")
        found = small_samples.hazard_ratio(
            frame["months"].to_numpy(float), frame["died"].to_numpy(int), (frame["arm"] == "A").to_numpy(), ties=page.ties, level=level
        )
        assert told.startswith(
            f"HR for death, A vs B: {found.hr:.2f} ({100 * level:g}% CI {found.lower:.2f}–{found.upper:.2f}; P = {found.p:.2f})"
        )


def test_shares_are_counted_over_those_of_whom_it_is_known(folder):
    declare(folder, found=[SHARES])
    assert lines()[0][FIND] == "Stage I: 1/3 (33.3%) with A vs 2/4 (50.0%) with B (P = 1.00, Fisher’s exact test)."


def test_a_recomputed_number_carries_its_verdict(folder):
    declare(folder, found=[{"kind": "recomputed", "text": "Survival {res.os}."}])
    text, html = lines()
    assert text[FIND] == "Survival 75%." and html.select("dd")[FIND].select_one("a.verdict")["href"] == "audit.html#res.os"


def test_how_sure_counts_results_and_gives_the_judgement_of_the_claim(folder):
    declare(folder)
    text, html = lines()
    assert text[SURE].startswith("All 4 printed results are reproduced (") and text[SURE].endswith("“A is better”: not supported.")
    assert html.select("dd")[SURE].select_one("a")["href"] == "claims.html#a-claim"


@pytest.mark.parametrize("asked", [{"disclosure": "local"}, {}], ids=["local", "protected"])
def test_of_other_patients_no_verdict_is_given_and_the_paper_keeps_its_numbers(folder, asked):
    declare(folder)
    text, html = lines(cohort=folder / "cohort.csv", **asked)
    assert text[PAPER] == "75% survive."
    assert text[SURE] == "No verdict is given, as these are not the published patients."
    assert not html.select(".verdict")


def test_of_patients_who_need_protection_nothing_is_computed(folder):
    declare(folder, found=[RATIO, SHARES])
    assert lines(cohort=folder / "cohort.csv")[0][FIND] == (
        "Death: not shown, to protect the patients. Stage I: not shown, to protect the patients."
    )


@pytest.mark.parametrize(
    ("asked", "why"),
    [({"disclosure": "local"}, "not estimable here (these patients lack what it needs)"), ({}, "not shown, to protect the patients")],
    ids=["local", "protected"],
)
def test_numbers_that_other_patients_lack_are_no_dash_in_a_sentence(folder, asked, why):
    declare(folder, found=[{"kind": "recomputed", "text": "Dose {met.dose}, mean {x.age}."}])
    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text() + "x.age,Results,mean age,a,,mean,variable=age,60,held-out,,,\n")
    table = folder / "own.csv"
    table.write_text(
        "\n".join(
            line if line.startswith("patient") else ",".join([*line.split(",")[:3], "", *line.split(",")[4:]])
            for line in (folder / "cohort.csv").read_text().splitlines()
        )
    )
    assert lines(cohort=table, **asked)[0][FIND] == f"These numbers: {why}."


def test_of_a_part_of_the_published_patients_no_verdict_is_given(folder):
    declare(folder)
    assert lines(where="age<60")[0][SURE].startswith("No verdict is given")


def test_what_does_not_exist_says_why_beside_what_does(folder):
    declare(folder, found=[RATIO, SHARES])
    text = lines(where="arm=A")[0][FIND]
    assert "Death: not estimable here (there are no patients with arm B)." in text and "Stage I: not estimable here" in text


def test_a_printed_bound_takes_the_place_of_the_sign_of_equality_and_a_range_has_one_percent_sign(folder):
    ledger = folder / "printed.csv"
    ledger.write_text(
        ledger.read_text()
        + "q.p,Results,a P value,,,quoted,,<0.001,context,,,\nq.low,Results,lower,,,quoted,,28%,context,,,\nq.high,Results,upper,,,quoted,,52%,context,,,\n"
    )
    declare(folder, paper="38% (95% CI {q.low}–{q.high}; P = {q.p})")
    text, html = lines()
    assert text[PAPER] == "38% (95% CI 28–52%; P <\u00a00.001)" == html.select("dd")[PAPER].text


def test_every_declared_page_of_the_studies_is_a_notebook_that_asks_for_it():
    from analysis.ledger.session.study_session import open_study

    for slug in paths.studies():
        for name in open_study(slug).briefs.pages:
            source = (paths.NOTEBOOKS / slug / f"{name}.md").read_text(encoding="utf-8")
            assert f'page.sentence.in_brief("{name}")' in source


def test_the_method_of_hazard_ratios_is_told_once(folder):
    declare(folder, found=[RATIO, RATIO])
    told = lines()[0][FIND]
    assert told.count("HR for") == 2 and told.count("profile-likelihood") == 1 and told.endswith("profile-likelihood limits.")

"""Sections of a page on cohorts of any kind: sentences follow from values, and what does not apply says so."""

import ast
import json
import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup

from analysis import paths
from analysis.estimators import ensemble_range
from analysis.estimators.comparisons import log_rank
from analysis.estimators.curves import follow_up, rmst
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.ensemble_range import Sampled
from analysis.estimators.regression import cox, firth, logistic, proportional_hazards, robust
from analysis.estimators.regression.small_samples import hazard_ratio
from analysis.estimators.sensitivity import fragility, tipping_point
from analysis.ledger.statistics import groups as grouping
from analysis.pages.comparisons.assumption_checks import AssumptionChecks
from analysis.pages.comparisons.forests import methods_told
from analysis.pages.comparisons.fragility import FragileClaims
from analysis.pages.comparisons.model_choices import ModelChoices
from analysis.pages.comparisons.odds import Odds
from analysis.pages.comparisons.two_groups import TwoGroups
from analysis.pages.page import GeneralPage, Page
from analysis.pages.paper.patient_flow import Group
from analysis.pages.survival.competing_risks import CompetingRisks
from analysis.pages.survival.curves import Curves
from analysis.pages.survival.printed_estimates import _with_limits
from analysis.pages.survival.switched import Switch, Switched
from analysis.pages.survival.what_if import largest_gap
from analysis.reconstruction.problem.aims import Aim
from analysis.tables import sentences
from analysis.tables.sentences import p_cell

pytestmark = pytest.mark.slow

ARMS = {"by": "arm", "groups": ("A", "B")}
SWITCH = ("os", "graft=1", "graft_months", "the graft")
ENDS = {"causes": {"after a graft": "graft=1", "without": "graft=0"}, "groups": {"A": "arm=A", "B": "arm=B"}, "endpoint": "os"}
RESULTS = {"Survival": ("os", "arm", ("A", "B"))}


def cohort(events=True):
    """Sixty patients: in arm A more responses and later deaths; grafts from month 3 on."""
    draw = np.random.default_rng(7)
    arm = np.repeat(["A", "B"], 30)
    months = np.ceil(draw.exponential(np.where(arm == "A", 40, 8))).clip(1, 60).astype(int)
    died = (draw.random(60) < 0.8) & events
    graft = (months > 4) & (draw.random(60) < 0.6)
    frame = pd.DataFrame(
        {
            "patient": np.arange(1, 61),
            "child": np.where(np.arange(60) == 59, 59, np.arange(1, 61)),
            "turn": np.where(np.arange(60) == 59, 2, 1),
        }
    )
    frame = frame.assign(
        arm=arm, stage=np.where(draw.random(60) < np.where(arm == "A", 0.9, 0.2), "I", "II"), age=draw.integers(20, 80, 60)
    )
    return frame.assign(
        months=months,
        died=died.astype(int),
        graft=graft.astype(int),
        graft_months=np.where(graft, 3.0, np.nan),
        relapsed=((months % 2 == 0) & ~died).astype(int),
    )


def swapped(frame):
    return frame.assign(arm=frame["arm"].map({"A": "B", "B": "A"}))


@pytest.fixture
def folder(study_folder, monkeypatch):
    monkeypatch.setattr(paths, "DATA", study_folder.parent)
    declared = yaml.safe_load((study_folder / "study.yml").read_text())
    number = {"type": "integer", "range": [1, 99]}
    declared["variables"]["cohort"] |= {
        "child": {"type": "id"},
        "turn": number,
        "graft": {"type": "boolean"},
        "relapsed": {"type": "boolean", "missing": True},
        "graft_months": {"type": "number", "range": [0, 99], "missing": True},
    }
    declared["tables"]["cohort"]["first"] = "turn=1"
    declared["endpoints"]["relapse"] = {"time": "months", "event": "relapsed", "label": "Relapse"}
    (study_folder / "study.yml").write_text(yaml.safe_dump(declared, sort_keys=False))
    ledger = study_folder / "printed.csv"
    rows = [
        f'res.{key},Results,{key} of the arms,all,,{statistic},"endpoint=os; by=arm; groups=A,B",{value},held-out,,,'
        for key, statistic, value in (
            ("hr", "hazard_ratio", 0.3),
            ("lower", "hazard_ratio_lower", 0.1),
            ("upper", "hazard_ratio_upper", 0.9),
            ("p", "logrank_p", 0.02),
        )
    ]
    ledger.write_text(ledger.read_text() + "\n".join(rows) + "\n")
    for name in ("findings.yml", "claims.yml"):
        (study_folder / name).write_text("[]")
    return study_folder


@pytest.fixture
def page(folder):
    """Makes a page of the study whose reference cohort is the given one."""

    def make(frame=None, own=False, members=0, **parameters):
        frame = cohort() if frame is None else frame
        frame.to_csv(folder / "cohort.csv", index=False)
        if members:
            many = [frame.assign(member=number, months=(frame["months"] + number).clip(1, 60)) for number in range(1, members + 1)]
            pd.concat(many).to_csv(folder / "ensemble_cohort.csv.gz", index=False)
        return Page("made_up", landmark=4.0, **({"cohort": folder / "cohort.csv", "disclosure": "local"} if own else {}), **parameters)

    return make


def sections(page):
    """Every kind of section, by name."""
    terms = {"arm A": "arm=A", "stage I": "stage=I"}
    return {
        "shares": lambda: page.sentence.proportions("Stage I", where="stage=I", **ARMS),
        "hazards": lambda: page.sentence.hazard_ratio("death", endpoint="os", **ARMS),
        "forest": lambda: page.figure.forest({"Death": "res"}, title="Forest"),
        "comparisons": lambda: page.table.hazard_ratios(RESULTS, caption="Ratios"),
        "means": lambda: page.table.restricted_mean_differences(RESULTS, caption="Means"),
        "clocks": lambda: page.table.time_origins(
            {"Ratio": "res.hr"}, {"as declared": {}, "to relapse": {"os": "relapse"}}, caption="Clocks"
        ),
        "switch": lambda: page.table.switch_hazard_ratios(SWITCH, caption="Graft"),
        "switch curves": lambda: page.figure.simon_makuch(SWITCH, title="Graft"),
        "switch words": lambda: page.sentence.switch_hazard_ratio(SWITCH, what="death"),
        "assumed month": lambda: page.figure.hazard_ratio_by_switch_time(SWITCH, (0, 3, 6), title="Assumed"),
        "what if: cohort": lambda: page.figure.what_if_cohort({"A": ("os", "a"), "B": ("os", "b")}, what="survival"),
        "what if: interval": lambda: page.table.what_if_interval({"A": ("os", "a"), "B": ("os", "b")}, what="survival"),
        "what if: month": lambda: page.table.what_if_switch_time(SWITCH, (0, 3, 6), what="death"),
        "what if: rows": lambda: page.table.what_if_rows("os", by="arm", groups=("A", "B"), cluster="child", what="death"),
        "what if: outcomes": lambda: page.table.what_if_outcomes("res.p", what="survival by arm"),
        "landmarks": lambda: page.figure.hazard_ratio_by_landmark(SWITCH, (0, 3, 6), title="Landmarks"),
        "model": lambda: page.table.cox_model("os", terms, caption="Model"),
        "penalised": lambda: page.table.penalised_cox_model("os", terms, caption="Penalised"),
        "spread": lambda: page.sentence.model_range("os", "arm=A", [], {"stage=I": "stage", "age": "age"}, what="Arm"),
        "proportional": lambda: page.table.proportional_hazards_tests(RESULTS, caption="Checks"),
        "detectable": lambda: page.table.detectable_hazard_ratios(RESULTS, caption="Detectable"),
        "e-values": lambda: page.table.e_values(RESULTS, caption="E-values"),
        "repeated": lambda: page.table.repeated_hazard_ratios("child", "turn", RESULTS, caption="One a child"),
        "repeated shares": lambda: page.table.repeated_proportions(
            "child", "turn", {"Stage I": ("stage=I", "arm", ("A", "B"))}, caption="One a child"
        ),
        "clustered": lambda: page.table.clustered_tests(
            {"age": "age"}, by="arm", groups=("A", "B"), cluster="patient", first="turn=1", caption="Clusters", population="all"
        ),
        "flow": lambda: page.figure.flow(Group("All", parts=[Group("A", "arm=A"), Group("B", "arm=B")]), title="Flow"),
        "landscape": lambda: page.figure.landscape({"Dead": ("died=1", "finding")}, by="stage", title="Landscape"),
        "findings by group": lambda: page.figure.findings_by_group({"Dead": "died=1"}, by="stage", title="Findings by group"),
        "responses": lambda: page.table.responses({"A": "arm=A"}, where="stage=I", caption="Responses"),
        "incidence": lambda: page.figure.incidence({"A": ("relapse", "a")}, competing="died", title="Incidence"),
        "landmark checks": lambda: page.table.landmark_checks(SWITCH, caption="From the landmark"),
        "own landmarks": lambda: page.figure.hazard_ratio_by_landmark(SWITCH, (3, 4, 6), own_times=True, title="Landmarks by own times"),
        "causes": lambda: page.figure.incidence_by_cause(title="Deaths by cause", **ENDS),
        "gray": lambda: page.table.gray_tests(caption="Gray", at=(6, 12), **ENDS),
        "odds one by one": lambda: page.table.odds_ratios("stage=I", {"arm A": "arm=A", "age": "age>=50"}, caption="Odds"),
        "logistic": lambda: page.table.logistic_model("stage=I", {"arm A": "arm=A", "age": "age"}, caption="Logistic"),
        "firth": lambda: page.table.logistic_model("stage=I", {"arm A": "arm=A"}, penalised=True, caption="Firth"),
        "odds": lambda: page.sentence.odds_ratio("stage I", outcome="stage=I", term="arm=A", label="arm A"),
        "differences of shares": lambda: page.table.proportion_differences(
            {"Stage I": ("stage=I", "arm", ("A", "B"))}, caption="Differences"
        ),
        "exact shares": lambda: page.table.proportions({"Arm A": ("t1.a", "t1.n")}, caption="Exact"),
        "many tests": lambda: page.table.multiplicity(["res.p"], caption="Tests"),
        "beside": lambda: page.figure.literature({"Arm A": ("count", "t1.a", "t1.n"), "Arm B": ("count", "t1.b", "t1.n")}, title="Arms"),
    }


def words(result):
    return result.data if type(result).__name__ == "HTML" else repr(result)


def test_every_section_has_a_result_on_an_ordinary_cohort(page):
    for name, section in sections(page(members=3)).items():
        assert "does not apply" not in words(section()), name


@pytest.mark.parametrize("name", ["hazards", "comparisons", "means", "model", "gray", "switch curves", "switch words", "incidence"])
def test_a_fault_of_a_library_fails_a_section_and_is_no_polite_sentence(page, monkeypatch, name):
    section = sections(page(members=1))[name]

    def broken(*arguments, **named):
        return np.ones(2) + np.ones(3)

    monkeypatch.setattr(Page, "times", broken)
    with pytest.raises(ValueError, match="could not be broadcast"):
        section()


SECTIONS = [
    path
    for folder in ("survival", "comparisons", "paper", "any_cohort")
    for path in sorted((paths.ROOT / "analysis" / "pages" / folder).glob("*.py"))
]


@pytest.mark.parametrize("path", SECTIONS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_sections_catch_what_is_undefined_and_nothing_wider(path):
    caught = {
        ast.unparse(node.type) if node.type else "everything"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
    }
    assert caught <= {"Undefined"}


@pytest.mark.parametrize("own", [True, False])
def test_swapping_the_arms_turns_every_sentence_round(page, own):
    straight, turned = page(own=own), page(swapped(cohort()), own=own)
    assert "higher with A" in words(straight.sentence.proportions("Stage I", where="stage=I", **ARMS))
    assert "lower with A" in words(turned.sentence.proportions("Stage I", where="stage=I", **ARMS))
    assert "lower with A" in words(straight.sentence.hazard_ratio("death", endpoint="os", **ARMS))
    assert "higher with A" in words(turned.sentence.hazard_ratio("death", endpoint="os", **ARMS))


def test_swapping_the_arms_turns_odds_and_differences_round(page):
    for frame, direction, sign in ((cohort(), "higher", 1), (swapped(cohort()), "lower", -1)):
        opened = page(frame)
        assert f"{direction} with arm A" in words(opened.sentence.odds_ratio("stage I", outcome="stage=I", term="arm=A", label="arm A"))
        found = opened.over(lambda rows, opened=opened: TwoGroups(opened)._gap(rows, "stage=I", "arm", ("A", "B")))
        assert sign * found["value"].reference > 0


def test_odds_without_evidence_get_no_direction(page):
    frame = cohort().assign(stage=np.tile(["I", "I", "II", "II"], 15), arm=np.tile(["A", "B"], 30))
    text = words(page(frame).sentence.odds_ratio("stage I", outcome="stage=I", term="arm=A", label="arm A"))
    assert "no evidence of a difference" in text and not re.search("higher|lower", text)


def test_a_term_that_everybody_or_nobody_with_the_outcome_has_gets_penalised_limits(page):
    frame = cohort().assign(stage=lambda rows: np.where(rows["arm"] == "A", "I", np.where(rows["age"] > 50, "I", "II")))
    opened = page(frame)
    design = grouping.design(opened.rows_of("all"), ["stage=I", "arm=A"])
    (plain,), (firth,) = (Odds(opened)._fitted([design], "stage=I", ["arm=A"], penalised) for penalised in (False, True))
    assert np.isinf(plain["arm=A value"]) and plain["arm=A p"] < 0.05
    assert np.isfinite(firth["arm=A value"]) and 1 < firth["arm=A lower"] < firth["arm=A value"]


def test_causes_of_an_end_share_its_incidence_out(page):
    """With every end in one of the causes their incidences add up to one minus Kaplan-Meier."""
    opened = page()
    frame = opened.rows_of("all")
    parts = [CompetingRisks(opened)._incidence_at(frame, "arm=B", number, 12.0, "os", ENDS["causes"], None)["value"] for number in (1, 2)]
    assert sum(parts) == pytest.approx(100 * (1 - Curves(opened).curve("os", "b").survival_at(12.0)))


def test_rows_of_a_patient_are_kept_together_by_permutation_and_by_a_robust_variance(page):
    table = (
        page(members=2)
        .table.clustered_tests(
            {"Age": "age"}, by="arm", groups=("A", "B"), cluster="child", first="turn=1", caption="Rows", population="all"
        )
        .frame
    )
    frame = cohort()
    expected = robust.ranks(frame["age"], frame["arm"], frame["child"], groups=("A", "B"))
    assert table["P"][2] == sentences.p_cell(expected.p) and "59 patients" in table["Remark"][2]
    assert list(table.columns[:3]) == ["Result", "Range across cohorts", "Reference cohort"]


def test_all_enrolments_with_a_robust_variance_stand_behind_the_plain_ones(page):
    opened = page()
    table = opened.table.repeated_hazard_ratios("child", "turn", RESULTS, caption="Repeated").frame
    frame = opened.rows_of("all").assign(first=lambda rows: (rows["arm"] == "A").astype(float), died=lambda rows: rows["died"].astype(int))
    expected = robust.cox(frame, "months", "died", ["first"], frame["child"], "breslow")["first"]
    assert "robust" in table["Result"][1] and table["95% CI"][1] == f"{expected.lower:.2f}–{expected.upper:.2f}"
    assert table["Value"][0] == table["Value"][1]


def test_a_page_says_of_how_many_structures_its_cohorts_are(page, folder):
    opened = page(members=3)
    assert "across 3 cohorts, all compatible" in opened.table.hazard_ratios(RESULTS, caption="Ratios").text
    told = {"deaths": [1, 1, 2], "events": [1, 1, 1]}
    (folder / "cohort.json").write_text(
        json.dumps(
            json.loads((folder / "cohort.json").read_text()) | {"structures": told}
            if (folder / "cohort.json").is_file()
            else {"structures": told}
        )
    )
    opened = page(members=3)
    assert "across 3 cohorts with 2 different orders of deaths" in opened.table.hazard_ratios(RESULTS, caption="Ratios").text
    pd.concat(cohort().assign(member=number, arm=np.roll(cohort()["arm"], number)) for number in (1, 2, 3)).to_csv(
        folder / "ensemble_cohort.csv.gz", index=False
    )
    assert "across 3 compatible cohorts (2 different orders of deaths), with P" in str(
        Page("made_up").sentence.hazard_ratio("death", endpoint="os", by="arm", groups=("A", "B"))
    )
    assert "The cohorts have 2 different orders of deaths" in opened.figure.survival({"A": ("os", "all")}, title="Curve").caption


def test_structures_of_a_range_are_those_of_the_members_that_hold_its_table():
    """The registry is saved for some members only: 25 cohorts cannot be of more than 25 structures."""
    opened = Page("nopho_rd")
    holding = sum("registry" in values.tables for values in opened.values[1:])
    counted = {
        members: int(re.search(r"with (\d+|the same)(?: different)? order", opened.structures(members))[1].replace("the same", "1"))
        for members in (holding, opened.members)
    }
    assert holding < opened.members and counted[holding] <= holding and counted[holding] < counted[opened.members]


def test_a_sentence_gives_the_range_first_and_the_reference_after_it(page, folder):
    opened = page()
    others = [
        cohort().assign(member=number, died=lambda rows, number=number: rows["died"].where(rows.index % 7 != number, 0))
        for number in (1, 2, 3)
    ]
    pd.concat(others).to_csv(folder / "ensemble_cohort.csv.gz", index=False)
    opened = Page("made_up", landmark=4.0)
    text = str(opened.sentence.hazard_ratio("death", endpoint="os", by="arm", groups=("A", "B")))
    assert (
        text.startswith("The hazard ratio for death, A vs B, ranges from ")
        and "across 3 compatible cohorts" in text.split("In the reference cohort: hazard ratio for death")[0]
    )
    said = str(opened.sentence.switch_hazard_ratio(SWITCH, what="death"))
    assert said.count("across 3 compatible cohorts") == said.count("In the reference cohort") == 3


# R 4.2.2 on cohort(), glm(relapsed ~ stage I + arm A, binomial) and coxph(..., ties = "efron"): exp(confint()) and drop1(test = "LRT") for the
# logistic model; for Cox's the same by uniroot on offset() models; Wald's are exp(confint.default()) and summary()
TERMS = {"stage I": "stage=I", "arm A": "arm=A"}
PROFILED = {"logistic": ("1.80", "0.21–19.18", "0.61"), "cox": ("0.19", "0.08–0.46", "0.0002")}
WALD = {"logistic": ("1.80", "0.19–17.22", "0.61"), "cox": ("0.19", "0.08–0.46", "0.0002")}


@pytest.mark.parametrize(
    ("mimic", "expected", "told"),
    [("", PROFILED, "profile-likelihood CI, likelihood-ratio P"), ("SPSS", WALD, "Wald CI and P, as SPSS prints them")],
)
def test_limits_of_a_regression_are_those_of_the_profile_unless_a_program_is_mimicked(page, mimic, expected, told):
    opened = page()
    found = {
        "logistic": opened.table.logistic_model("relapsed=1", TERMS, mimic=mimic, caption="Model"),
        "cox": opened.table.cox_model("os", TERMS, ties="efron", mimic=mimic, caption="Model"),
    }
    for name, table in found.items():
        row = table.frame.set_index("Result").loc["arm A"]
        assert (row["95% CI"], row["P"]) == expected[name][1:], name
        assert told in table.text.split("\n")[0]
    assert found["logistic"].frame.set_index("Result").loc["arm A", "Value"] == "1.80"


def test_the_sentence_on_odds_and_unknown_terms_have_profile_limits(page):
    opened = page()
    assert "95% CI 0.21–19.18; likelihood-ratio P = 0.61" in words(
        opened.sentence.odds_ratio("relapse", outcome="relapsed=1", term="arm=A", label="arm A", beside=["stage=I"])
    )
    table = opened.table.unknown_term("relapsed=1", "arm=A", ["stage=I"], label="Arm A", caption="Unknown")
    assert set(table.frame["95% CI"]) == {"0.21–19.18"} and "profile-likelihood CI" in table.text


def test_an_unknown_term_is_filled_in_each_way_and_the_extremes_are_extremes(page):
    frame = cohort().assign(relapsed=lambda rows: rows["relapsed"].astype(object).where(rows.index % 5 != 0, ""))
    opened = page(frame)
    table = opened.table.unknown_term("stage=I", "relapsed=1", ["arm=A"], label="Relapse", caption="Unknown").frame
    values = [float(value) for value in table["Value"]]
    assert [remark.split("; ")[0] for remark in table["Remark"]] == ["48 patients, 0 of them imputed"] + [
        "60 patients, 12 of them imputed"
    ] * 4
    known = frame[frame["relapsed"] != ""]
    met = pd.DataFrame({"y": known["stage"] == "I", "x": known["relapsed"].astype(int), "a": known["arm"] == "A"}).astype(float)
    assert values[0] == pytest.approx(logistic.fit(met, "y", ["x", "a"]).summary.odds_ratio["x"], abs=0.005)
    assert values[4] < min(values[:3]) and values[3] > max(values[:3])


def test_follow_up_of_each_group_is_its_reverse_kaplan_meier_median(page):
    table = page().table.follow_up({"A": "arm=A", "B": "arm=B"}, endpoint="os", at=24, caption="Follow-up").frame.set_index("Result")
    frame = cohort()
    part = frame[frame["arm"] == "A"]
    expected = follow_up.summarise(part["months"], part["died"], over="reverse-kaplan-meier")
    assert (
        table.loc["A: median follow-up", "Value"] == f"{expected.median:.1f} months"
        and "30 patients" in table.loc["A: median follow-up", "Remark"]
    )
    assert table.loc["A: still followed at 24 months", "Value"] == str((part["months"] >= 24).sum())


def test_a_penalised_model_says_how_many_events_carry_it(page):
    caption = page().table.penalised_cox_model("os", {"arm A": "arm=A", "stage I": "stage=I"}, caption="Firth").text
    died = int(cohort()["died"].sum())
    assert f"Firth: {died} events, {died / 2:.1f} per variable" in caption


def test_a_claim_that_rests_on_one_test_says_how_many_outcomes_carry_it(page, folder):
    claims = [
        {
            "id": f"claim-{n}",
            "claim": "A lives longer.",
            "source": "Results",
            "rests_on": rests,
            "pattern": "difference",
            "tests": ["res.p"],
            "reason": "P.",
        }
        for n, rests in enumerate((["res.p", "res.hr"], ["res.hr"]))
    ]
    (folder / "claims.yml").write_text(yaml.safe_dump(claims))
    table = page().table.fragility(caption="Fragility").frame
    frame = cohort()
    expected = fragility.of_curves(frame["months"], frame["died"], frame["arm"])
    assert (
        len(table) == 1
        and table.iloc[0, -1] == "A lives longer. A lives longer."
        and table["Reference cohort"][0].startswith(f"{expected.flips:g}")
    )
    assert ("or fewer" in table["Reference cohort"][0]) == (not expected.least)


def test_the_tipping_point_lies_between_the_ends_over_all_who_may_be_left_out(page):
    table = (
        page()
        .table.tipping_point("of arm B", endpoint="os", first="arm=A", candidates="arm=B & stage=I", number=2, at=12, caption="Tipping")
        .frame.set_index("Result")
    )
    frame = cohort()
    first = (frame["arm"] == "A").to_numpy()
    expected = tipping_point.leaving_out(frame["months"], frame["died"], first, ~first, 2, 12)
    assert table.loc["Any 2 of arm B left out: greatest P", "Value"] == sentences.p_cell(expected.greatest_p)
    assert table.loc[
        "Any 2 of arm B left out: least difference in survival at 12 months", "Value"
    ] == f"{expected.least_difference:.1f} percentage points".replace("-", "−")
    compared = first | (frame["stage"] == "I").to_numpy()
    added = tipping_point.adding(frame["months"][compared], frame["died"][compared], first[compared], 2, 12, 12)
    assert table.loc["The 2 added to those compared, whatever their outcome: least P", "Value"] == sentences.p_cell(added.least_p)


def test_a_general_page_shows_a_range_before_the_reference_wherever_cohorts_differ(page, folder):
    page(cohort().assign(arm=np.roll(cohort()["arm"], 7)))
    pd.concat(
        cohort().assign(
            member=number,
            arm=np.roll(cohort()["arm"], 7 + number),
            months=lambda rows, number=number: (rows["months"] - 3 * number).clip(1),
        )
        for number in (1, 2, 3)
    ).to_csv(folder / "ensemble_cohort.csv.gz", index=False)
    general = GeneralPage("made_up", grouping="arm", horizon=12.0)
    curve = [kaplan_meier(*general.observed(member)[["time", "event"]].to_numpy().T) for member in range(4)]
    at_twelve = [100 * one.survival_at(12.0) for one in curve]
    assert min(at_twelve) < at_twelve[0] or max(at_twelve) > at_twelve[0]
    cell = general.table.survival_estimates("All").frame["At 12 months"][0]
    assert cell.startswith(f"{min(at_twelve):.1f}%–{max(at_twelve):.1f}%; reference {at_twelve[0]:.1f}% (")
    follow_up = str(general.sentence.follow_up("All"))
    assert " across 3 compatible cohorts. In the reference cohort: " in follow_up and follow_up.count("median follow-up") == 1
    p = [log_rank.compare(*(general.divided(member)[0][name] for name in ("time", "event", "group"))).p for member in range(4)]
    assert (
        f"ranges from {sentences.p_cell(min(p))} to {sentences.p_cell(max(p))} across 3 compatible cohorts. In the reference cohort: {sentences.p_text(p[0])}."
        in str(general.sentence.log_rank("All"))
    )
    means = general.table.restricted_means("All").frame
    ends = min(general.divided(member)[0].groupby("group")["time"].max().min() for member in range(4))
    first = [
        rmst.restricted_mean(rows["time"], rows["event"], min(12.0, ends)).mean
        for rows in (table[table["group"] == "A"] for table, _ in map(general.divided, range(4)))
    ]
    assert (
        means[f"Range {ensemble_range.LABEL}"][0] == f"{min(first):.1f}–{max(first):.1f} months"
        and means["Reference cohort"][0] == f"{first[0]:.1f} months"
    )
    who = general.table.baseline(later=True).frame.set_index("")["All patients"]
    months = [np.median(general.everybody(member)["months"]) for member in range(4)]
    assert who["Months (months), median (quartiles)"].startswith(f"{min(months):.1f}–{max(months):.1f}; reference {months[0]:.1f} (")
    assert who["Patients"] == str(len(cohort()))  # the same in all: no range


def test_only_a_ratio_whose_both_ends_were_searched_for_says_so(page, folder):
    opened = page(members=3)
    assert "searched" not in opened.table.hazard_ratios(RESULTS, caption="Ratios").text
    told = {"quantity": "hazard ratio", "convention": "efron"}
    opened.__dict__["_searched"] = (
        Aim(id="a", statistic="cox_hr", arguments={"endpoint": "os", "covariates": "arm=A", "term": "arm=A"}, **told),
        Aim(id="b", statistic="landmark_hr", arguments={"endpoint": "os", "switch_time": "graft_months", "landmark": "4"}, **told),
    )
    rows = {
        "same": ("os", "arm", ("A", "B")),
        "other way round": ("os", "arm", ("B", "A")),
        "other endpoint": ("relapse", "arm", ("A", "B")),
        "other groups": ("os", "stage", ("I", "II")),
    }
    remarks = opened.table.hazard_ratios(rows, caption="Ratios").frame.set_index("Result")["Remark"]
    assert [label for label in rows if "both ends of the range searched for (Efron ties)" in remarks[label]] == ["same"]
    for landmark, found in ((4.0, 1), (5.0, 0)):
        other = Page("made_up", landmark=landmark)
        other.__dict__["_searched"] = opened._searched
        shown = other.table.switch_hazard_ratios(SWITCH, caption="Switch").frame
        assert list(shown["Remark"].str.contains("searched for")) == [False, bool(found), False, False]
        assert (
            str(other.sentence.switch_hazard_ratio(SWITCH, what="death")).count(
                "across 3 compatible cohorts, both ends of the range searched for (Efron ties)."
            )
            <= found
        )
    pd.concat(cohort().assign(member=number, arm=np.roll(cohort()["arm"], number)) for number in (1, 2, 3)).to_csv(
        folder / "ensemble_cohort.csv.gz", index=False
    )
    differing = Page("made_up", landmark=4.0)
    differing.__dict__["_searched"] = opened._searched
    said = str(differing.sentence.hazard_ratio("death", endpoint="os", by="arm", groups=("A", "B")))
    assert "across 3 compatible cohorts, both ends of the range searched for (Efron ties)" in said
    other = str(differing.sentence.hazard_ratio("death", endpoint="os", by="arm", groups=("B", "A")))
    assert "across 3 compatible cohorts, with P" in other and "searched" not in other
    note = opened.table.hazard_ratios(rows, caption="Ratios").text
    assert "inner bounds, except where both ends were searched for" in note


def test_every_range_of_a_general_page_says_whether_its_ends_were_searched_for(page, folder):
    page(cohort().assign(relapsed=cohort()["relapsed"].astype(object).where(np.arange(60) > 2, "")))
    many = [
        cohort().assign(
            member=number,
            months=(cohort()["months"] + 3 * number),
            relapsed=cohort()["relapsed"].astype(object).where(np.arange(60) > 2 + number, ""),
            stage=np.roll(cohort()["stage"], number) if number < 3 else "I",
        )
        for number in (1, 2, 3)
    ]
    pd.concat(many).to_csv(folder / "ensemble_cohort.csv.gz", index=False)
    general = GeneralPage("made_up", grouping="arm", horizon=24.0)
    general.__dict__["_searched"] = (
        Aim(id="a", quantity="survival", statistic="survival", arguments={"endpoint": "os", "time": "12"}),
        Aim(id="b", quantity="median of B", statistic="survival_median", population="b", arguments={"endpoint": "os"}),
        Aim(id="c", quantity="stage I", statistic="count", subset="stage=I"),
        Aim(id="d", quantity="relapse unknown", statistic="count", subset="relapsed=?"),
    )
    told, words = "both ends of the range searched for; reference", "searched for"
    everybody, grouped = (
        general.table.survival_estimates("All").frame,
        general.table.survival_estimates("Arms", grouped=True).frame.set_index(""),
    )
    assert told in everybody["At 12 months"][0] and words not in everybody["At 24 months"][0] + everybody["Median, months"][0]
    assert [words in cell for cell in grouped["Median, months"]] == [False, True] and not any(
        words in cell for cell in grouped["At 12 months"]
    )
    who = general.table.baseline().frame.set_index("")
    assert told in who.loc["Stage: I", "All patients"] and words not in who.loc["Stage: II", "All patients"]
    missing = general.table.missing_values().frame.set_index("Column")["Missing"]
    assert missing["Relapsed"] == "3–6, both ends of the range searched for; reference 3 of 60"
    assert "inner bounds" in general.table.missing_values().text


def test_restricted_means_of_all_cohorts_go_to_where_the_shortest_curve_of_any_ends(page, folder):
    page(cohort())
    many = [
        cohort().assign(member=number, months=cohort()["months"].clip(upper=last), arm=np.roll(cohort()["arm"], number))
        for number, last in ((1, 20), (2, 15), (3, 60))
    ]
    pd.concat(many).to_csv(folder / "ensemble_cohort.csv.gz", index=False)
    frame = Page("made_up", landmark=4.0, horizon=48.0).table.restricted_mean_differences(RESULTS, caption="Means").frame
    assert list(frame["Result"]) == ["Survival, to 15 months"]
    differences = []
    for rows in (cohort(), *many):
        found = rmst.difference(rows["months"], rows["died"], (rows["arm"] == "B").astype(int), 15.0, groups=(0, 1))
        differences.append(found.difference)
    assert (
        frame[f"Range {ensemble_range.LABEL}"][0]
        == f"{sentences.number(min(differences), 1)}–{sentences.number(max(differences), 1)} months"
    )


def test_counts_in_captions_and_remarks_are_ranged_where_cohorts_differ(page, folder):
    page(cohort())
    many = [
        cohort().assign(
            member=number,
            died=np.where(np.arange(60) < number, 0, cohort()["died"]),
            relapsed=cohort()["relapsed"].astype(object).where(np.arange(60) > number, ""),
        )
        for number in (2, 4)
    ]
    pd.concat(many).to_csv(folder / "ensemble_cohort.csv.gz", index=False)
    opened = Page("made_up", landmark=4.0)
    events = [int(rows["died"].sum()) for rows in (cohort(), *many)]
    assert (
        f": {min(events)}–{max(events)} events (reference {events[0]}), "
        in opened.table.cox_model("os", TERMS, caption="Model").text.split("\n")[0]
    )
    assert ": 55–60 patients (reference 60), " in opened.table.logistic_model("relapsed=1", TERMS, caption="Model").text.split("\n")[0]
    remark = opened.table.follow_up({"All": "age>=1"}, endpoint="os", at=24, caption="Follow-up").frame["Remark"][0]
    assert remark.startswith(f"60 patients, {min(events)}–{max(events)} (reference {events[0]}) with the event; ")


def test_missing_values_are_ranged_over_the_ensemble_even_where_the_reference_has_none(page, folder):
    page(cohort())
    pd.concat(
        cohort().assign(member=number, relapsed=cohort()["relapsed"].astype(object).where(np.arange(60) > number, "")) for number in (1, 2)
    ).to_csv(folder / "ensemble_cohort.csv.gz", index=False)
    missing = GeneralPage("made_up").table.missing_values().frame.set_index("Column")["Missing"]
    assert missing["Relapsed"] == "0–3; reference 0 of 60"
    alone = GeneralPage("made_up", cohort=folder / "cohort.csv", disclosure="local").table.missing_values().frame
    assert "relapsed" not in set(alone["Column"])


def test_events_of_a_cause_are_counted_up_to_the_month_shown(page):
    opened = page()
    table = opened.table.gray_tests(at=(6, 24), caption="Causes", **ENDS).frame.set_index("Result")
    frame = opened.rows_of("all")
    for month in (6, 24):
        met = (frame["arm"] == "A") & frame["graft"].astype(bool) & frame["died"].astype(bool) & (frame["months"] <= month)
        assert table.loc[f"after a graft, A, at {month} months", "Remark"] == f"{met.sum()} by then, of 30 patients"
    at_six, at_end = (int(table.loc[f"after a graft, A, at {month} months", "Remark"].split()[0]) for month in (6, 24))
    assert at_six < at_end


@pytest.mark.parametrize(
    ("dead", "told"),
    [
        ((), "none of the 60 drawn has an event"),
        ((0,), "1 has an event: 1 in arm A"),
        ((0, 59), "2 have an event: 1 in arm A; 1 against what is said"),
    ],
)
def test_a_curve_that_falls_where_the_paper_says_nobody_died_is_explained(page, dead, told):
    frame = cohort().assign(died=0)
    frame.loc[list(dead), "died"] = 1
    said = page(frame).sentence.curve_against_text(
        "Curve", endpoint="os", population="all", said="the paper says that all live", because={"arm=A": "in arm A"}
    )
    assert told in str(said)


def test_an_end_of_no_listed_cause_competes_with_all(page):
    opened = page()
    _, cause = CompetingRisks(opened)._causes(opened.rows_of("all"), "os", {"after a graft": "graft=1"}, None)
    assert set(cause) == {0, 1, 2}


def test_a_clock_that_starts_on_the_way_leaves_out_who_never_came_so_far(page):
    opened = page()
    frame = opened.rows_of("all")
    time, _ = CompetingRisks(opened)._causes(frame, "os", {"any": "died=1"}, "graft_months")
    assert len(time) == int(frame["graft"].sum()) and time.min() == frame.loc[frame["graft"], "months"].min() - 3


def test_who_is_counted_can_be_restricted(page):
    everybody, some = (words(page().sentence.proportions("Stage I", where="stage=I", among=among, **ARMS)) for among in ("", "age>=50"))
    assert everybody != some


def test_a_model_can_leave_some_out(page):
    everybody, some = (
        page().table.logistic_model("stage=I", {"arm A": "arm=A"}, among=among, caption="Model").text for among in ("", "age>=50")
    )
    assert "60 patients" in everybody and "60 patients" not in some


def test_a_part_of_a_flow_can_be_divided_in_its_own_way_and_have_side_boxes(page):
    stages = [Group("I", "stage=I"), Group("II", "stage=II")]
    root = Group("Eligible", None, aside=[Group("Excluded", None, notes=["infection"])])
    root = replace(
        root,
        parts=[
            Group(
                "All", parts=[Group("A", "arm=A", {"died": "died=1"}, aside=[Group("young", "age<50")], parts=stages), Group("B", "arm=B")]
            )
        ],
    )
    groups = page().figure.flow(root, title="Flow").frames["groups"]
    assert groups[groups["level"] == 3]["within"].unique().tolist() == ["Eligible > All > A"]
    rows = cohort()
    arm = rows[rows["arm"] == "A"]
    counted = groups.set_index("group")["count"]
    assert counted.isna()[["Eligible", "Excluded"]].all() and counted[["All", "A", "young", "I"]].tolist() == [
        len(rows),
        len(arm),
        (arm["age"] < 50).sum(),
        (arm["stage"] == "I").sum(),
    ]
    assert groups.set_index("group")["note"][["A", "Excluded"]].tolist() == [f"died {arm['died'].sum()}", "infection"]


def test_a_count_of_a_flow_that_differs_over_cohorts_has_its_range(page):
    drawn = page(members=3)
    figure = drawn.figure.flow(Group("All", parts=[Group("followed for a year", "months>=12"), Group("less", "months<12")]), title="Flow")
    counts = [int((drawn.rows_of("all", number)["months"] >= 12).sum()) for number in range(4)]
    assert len(set(counts)) > 1
    one = figure.frames["groups"].set_index("group").loc["followed for a year"]
    assert (one["count"], one["low"], one["high"]) == (counts[0], min(counts), max(counts))
    assert "In brackets: range across cohorts" in figure.caption and f"({min(counts)}–{max(counts)})" in figure.alt


def test_a_landscape_ends_its_rows_with_the_printed_frequency_and_not_on_own_patients(page):
    findings = {"Dead": ("died=1", "finding", "{t1.a} of all"), "I": ("stage=I", "stage")}
    assert ">4 of all</text>" in page().figure.landscape(findings, by="arm", title="Landscape").light
    assert "of all<" not in page(own=True).figure.landscape(findings, by="arm", title="Landscape").light


def test_findings_are_counted_among_those_examined_in_each_group_and_over_the_cohorts(page):
    rows = cohort().assign(graft_months=np.where(cohort()["arm"] == "A", np.nan, 3.0), stage="I")
    findings = {"Dead": ("died=1", "finding"), "Late": "graft_months>2", "Unknown": "graft_months=?"}
    frame = page(rows).figure.findings_by_group(findings, by="arm", title="T").frames["findings by group"].set_index(["finding", "group"])
    for arm, part in rows.groupby("arm"):
        dead = frame.loc[("Dead", arm)]
        assert (dead["count"], dead["examined"]) == (part["died"].sum(), len(part))
        assert dead["share"] == pytest.approx(100 * part["died"].mean())
    assert frame.loc[("Late", "A"), "examined"] == 0 and np.isnan(frame.loc[("Late", "A"), "share"])
    assert (frame.loc[("Unknown", "A"), "share"], frame.loc[("Unknown", "B"), "share"]) == (100, 0)
    assert (frame.loc[("Late", "B"), "count"], frame.loc[("Late", "B"), "share"]) == ((rows["arm"] == "B").sum(), 100)


def test_a_forest_of_a_table_that_is_not_at_hand_says_so(page, folder):
    declared = yaml.safe_load((folder / "study.yml").read_text())
    declared["tables"]["registry"] = {"file": "registry.csv", "unit": "patient", "key": "patient"}
    declared["variables"]["registry"] = declared["variables"]["cohort"]
    declared["populations"]["all"]["table"] = "cohort"
    declared["populations"]["registered"] = {"table": "registry", "label": "All registered"}
    declared["endpoints"] = {name: endpoint | {"table": "cohort"} for name, endpoint in declared["endpoints"].items()}
    for name in ("a", "b"):
        declared["populations"][name]["table"] = "cohort"
    (folder / "study.yml").write_text(yaml.safe_dump(declared, sort_keys=False))
    ledger = folder / "printed.csv"
    rows = "".join(
        f'reg.{key},Results,{key},registered,,logistic_{key},"outcome=died; covariates=age; term=age",{value},held-out,,,\n'
        for key, value in (("or", 2), ("lower", 1), ("upper", 4))
    )
    ledger.write_text(ledger.read_text() + rows)
    text = words(page(own=True).figure.forest({"Age": ("reg.or", "reg.lower", "reg.upper")}, title="Models"))
    assert "Models: does not apply here (no available table" in text


def test_exact_shares_hold_printed_counts_and_on_an_own_cohort_its_own(page):
    assert "4 of 8" in words(page().table.proportions({"Arm A": ("t1.a", "t1.n")}, caption="Exact"))
    assert "30 of 60" in words(page(own=True).table.proportions({"Arm A": ("t1.a", "t1.n")}, caption="Exact"))


def test_many_tests_count_the_printed_p_and_show_the_recomputed_one_with_its_range(page):
    view = page(members=4).table.multiplicity(["res.p"], caption="Tests")
    assert "1 test. Below 0.05 as printed: 1, 1 by Holm’s method" in view.text
    assert (
        view.frame["P as printed"][0] == "0.02"
        and view.frame["P recomputed"][0] == "<0.0001"
        and view.frame.columns[-1] == "Range of P across cohorts"
    )


@pytest.mark.parametrize(
    ("printed", "counted", "below"),
    [("0.060", "0.060", "none"), ("<0.05", "<0.05", "none"), ("<0.01", "<0.01", "1"), (">0.05", "<0.0001", "1")],
)
def test_a_printed_bound_counts_as_the_bound_and_an_open_one_as_the_cohort_s(page, folder, printed, counted, below):
    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace(",0.02,held-out", f",{printed},held-out"))
    view = page().table.multiplicity(["res.p"], caption="Tests")
    assert view.frame["P as printed"][0] == counted and f"as printed: {below}," in view.text


def test_many_tests_of_an_own_cohort_count_its_own(page):
    view = page(own=True).table.multiplicity(["res.p"], caption="Tests")
    assert "Below 0.05 as they are: 1" in view.text and "printed" not in view.text and "recomputed" not in view.text


def test_flipping_the_outcome_turns_the_sentence_round(page):
    flipped = cohort().assign(stage=lambda frame: frame["stage"].map({"I": "II", "II": "I"}))
    assert "lower with A" in words(page(flipped).sentence.proportions("Stage I", where="stage=I", **ARMS))


def test_equal_arms_get_no_direction(page):
    frame = cohort()
    frame["arm"] = np.tile(["A", "B"], 30)
    for text in (
        words(page(frame).sentence.proportions("Stage I", where="stage=I", **ARMS)),
        words(page(frame).sentence.hazard_ratio("death", endpoint="os", **ARMS)),
    ):
        assert "no evidence of a difference" in text and not re.search("higher with|lower with", text)


def test_with_one_arm_comparisons_say_why_they_do_not_apply(page):
    alone = page(cohort().assign(arm="A"), own=True)
    text = words(alone.sentence.proportions("Stage I", where="stage=I", **ARMS))
    assert "does not apply" in text and "no patients with arm B" in text and text.startswith('<p class="not-shown">Stage I:')
    for name in ("hazards", "comparisons", "means", "detectable", "e-values", "proportional", "clustered"):
        assert re.search("does not apply|not estimable", words(sections(alone)[name]())), name


@pytest.mark.parametrize("own", [True, False])
def test_without_events_sections_still_stand(page, own):
    for name, section in sections(page(cohort(events=False), own=own)).items():
        assert words(section()), name
    assert "no event" in words(sections(page(cohort(events=False), own=own))["hazards"]())


def test_without_a_cohort_each_section_is_one_sentence(folder):
    (folder / "cohort.csv").unlink()
    for name, section in sections(Page("made_up")).items():
        if name not in ("forest", "exact shares", "beside", "many tests"):  # printed estimates and counts need no cohort
            assert "no cohort" in words(section()), name
    assert "printed 0.30" in words(sections(Page("made_up"))["forest"]())


def test_on_an_own_cohort_nothing_is_printed_or_called_reconstructed(page):
    for name, section in sections(page(own=True)).items():
        text = words(section())
        assert "printed" not in text and "reconstructed" not in text, name


def test_on_an_own_cohort_numbers_are_its_own_even_where_printed_counts_give_them(page):
    own = page(cohort().iloc[:40], own=True)
    assert own.judged["t1.n"].recomputed == "40"
    assert own.judged["t1.a.pct"].recomputed.startswith("75")


def test_where_printed_counts_give_a_share_the_sentence_takes_it_from_them(page):
    text = words(page().sentence.proportions("Arm A", where="arm=A", **ARMS, printed=("t1.a.pct", "t1.a.pct", "res.p")))
    assert "50.0%" in text


def test_a_range_over_the_ensemble_holds_the_reference(page):
    found = page(members=4).range_of("res.hr")
    assert found.members == 4 and found.low <= found.reference <= found.high


def test_a_number_is_counted_from_either_date_and_says_how_many_cohorts_give_its_digits(page, folder):
    frame = cohort()
    expected = page(frame).range_of("res.hr").reference
    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace("0.3,held-out", f"{expected:.2f},held-out"))
    declared = yaml.safe_load((folder / "study.yml").read_text())
    declared["endpoints"]["late"] = {"time": "age", "event": "died", "label": "Death by age"}
    (folder / "study.yml").write_text(yaml.safe_dump(declared, sort_keys=False))
    shown = page(frame).table.time_origins({"Ratio": "res.hr"}, {"from the start": {}, "by age": {"os": "late"}}, caption="Clocks").frame
    told = shown.astype(str).agg(" ".join, axis=1)
    assert f"{expected:.2f}" in told[0] and "given by 1 of 1" in told[0]
    assert "given by 0 of 1" in told[1]


def test_transplantation_counted_from_the_start_is_credited_with_the_time_to_it(page):
    """Grafts without any effect look protective from the start, and less so once they count only from when they came."""
    draw = np.random.default_rng(3)
    frame = pd.concat([cohort()] * 6, ignore_index=True).assign(patient=range(360), child=range(360), turn=1)
    frame["months"] = np.ceil(draw.exponential(12, 360)).clip(1, 60).astype(int)
    frame["died"] = 1
    wait = draw.integers(3, 10, 360)
    frame["graft"] = (frame["months"] > wait).astype(int)
    frame["graft_months"] = np.where(frame["graft"] == 1, wait, np.nan)
    opened = page(frame)
    table = Switched(opened)._switched(opened.rows_of("all"), _switch())
    assert hazard_ratio(*Switched(opened)._from_the_start(table)).hr < 0.6
    assert hazard_ratio(*Switched(opened)._time_dependent(table)).hr == pytest.approx(1, abs=0.35)


def _switch():
    from analysis.pages.survival.switched import Switch

    return Switch(*SWITCH)


def test_a_model_search_finds_the_model_that_was_printed(page, folder):
    opened = page()
    p = ModelChoices(opened)._candidates("os", ["arm=A"], ["stage=I", "age"], "all")
    wanted = p[(p["covariates"] == ("age",)) & (p["ties"] == "breslow") & (p["test"] == "Wald")]["arm=A"].iloc[0]
    ledger = folder / "printed.csv"
    ledger.write_text(
        ledger.read_text()
        + f'res.model,Results,P in a model,all,,cox_p,"endpoint=os; covariates=arm=A; term=arm=A",{wanted:.8f},held-out,,,\n'
    )
    search = page().table.model_choices("os", {"arm=A": ("res.model", "the arm")}, {"stage=I": "stage", "age": "age"}, caption="Models")
    assert search.frame.iloc[0, 0] == "age" and "✓" in search.frame.iloc[0, -1]


def test_models_are_not_searched_for_a_readers_own_cohort(page):
    assert "belong to the published study" in words(
        page(own=True).table.model_choices("os", {"arm=A": ("res.p", "the arm")}, {"age": "age"}, caption="Models")
    )


def ratio(value, lower, upper, p):
    return {
        name: Sampled(number, number, number, 3, 0) for name, number in {"value": value, "lower": lower, "upper": upper, "p": p}.items()
    }


@pytest.mark.parametrize(
    ("found", "apart"),
    [((0.19, 0.05, 0.74, 0.078), True), ((0.5, 0.2, 1.1, 0.04), True), ((0.5, 0.2, 1.1, 0.08), False), ((2.5, 1.2, 5.0, 0.01), False)],
)
def test_an_interval_that_disagrees_with_its_p_value_says_so(page, found, apart):
    (result,) = TwoGroups(page())._as_ratio("Death", ratio(*found))
    assert ("disagree here" in result.remark) is apart


def test_an_estimate_without_limits_says_why(page):
    found = ensemble_range.over(
        [0, 1], lambda _: {"value": 0.0, "lower": math.nan, "upper": math.nan, "p": math.nan, "why": "no event in A"}
    )
    (result,) = TwoGroups(page())._as_ratio("Death", found)
    assert result.remark == "not estimable: no event in A"


def without_deaths(arm):
    return cohort().assign(died=lambda rows: rows["died"].where(rows["arm"] != arm, 0))


@pytest.mark.parametrize("arm", ["A", "B"])
def test_an_arm_without_events_gets_no_standard_error_s_interval_or_p(page, arm):
    opened = page(without_deaths(arm))
    means = opened.table.restricted_mean_differences(RESULTS, caption="Means").frame
    assert list(means["95% CI"]) == ["none"] and list(means["P"]) == ["—"] and "no event in the" in means["Remark"][0]
    programs = opened.table.hazard_ratios(RESULTS, caption="Ratios", method="logrank-oe").frame
    assert list(programs["95% CI"]) == ["none"] and "no event in the" in programs["Remark"][0]


@pytest.mark.parametrize(("arm", "limit"), [("A", "upper 95% limit"), ("B", "lower 95% limit")])
def test_an_arm_without_events_gets_the_one_limit_that_exists_and_a_penalised_p(page, arm, limit):
    opened = page(without_deaths(arm))
    table = opened.table.hazard_ratios(RESULTS, caption="Ratios").frame
    assert limit in table["95% CI"][0] and "Firth’s penalised likelihood" in table["Remark"][0]
    frame = pd.DataFrame(opened.two_groups(opened.rows_of("all"), "os", "arm", ("A", "B"))).assign(
        first=lambda rows: (rows["position"] == 0).astype(float)
    )
    expected = firth.cox(frame, "time", "event", ["first"]).loc["first"]
    assert f"{expected.lower if arm == 'B' else expected.upper:.2f}" in table["95% CI"][0] and table["P"][0] == sentences.p_cell(
        expected.likelihood_ratio_p
    )
    assert limit in str(opened.sentence.hazard_ratio("death", endpoint="os", **ARMS))


def test_limits_and_p_of_a_new_comparison_agree_and_are_those_of_a_cox_model(page):
    opened = page()
    table = opened.two_groups(opened.rows_of("all"), "os", "arm", ("A", "B"))
    found = TwoGroups(opened)._two_curves(table)
    frame = pd.DataFrame(table).assign(first=lambda rows: (rows["position"] == 0).astype(float))
    expected = cox.fit(frame, "time", "event", ["first"], ties="breslow", interval="profile").of("first")
    assert found == {
        "value": expected["hr"],
        "lower": expected["lower"],
        "upper": expected["upper"],
        "p": expected["likelihood_ratio_p"],
        "after_firth": 0,
    }
    program = TwoGroups(opened)._two_curves(table, "logrank-oe")
    assert program["lower"] != found["lower"]


def test_limits_that_are_ranges_are_told_one_after_the_other():
    assert _with_limits(["0.49", "0.16", "1.56"], 0.95) == "0.49 (95% CI 0.16–1.56)"
    assert _with_limits(["0.71 to 0.82", "0.26 to 0.30", "1.93 to 2.22"], 0.9) == "0.71 to 0.82 (90% CI 0.26 to 0.30 and 1.93 to 2.22)"
    assert _with_limits(["0.265"], 0.95) == "0.265"


def chosen(panel):
    """Sentence and cells of each choice of a panel *What if?*."""
    rows = BeautifulSoup(panel.data, "html.parser").select("tbody tr")
    return {row.find("th").get_text(): (row["data-said"], [cell.get_text() for cell in row.find_all("td")]) for row in rows}


def test_what_a_choice_shows_is_what_the_page_shows_of_it(page, folder):
    shown = page(members=3)
    curves = {"A": ("os", "a"), "B": ("os", "b")}
    cohorts = chosen(shown.figure.what_if_cohort(curves, what="survival"))
    assert list(cohorts) == ["The page’s cohort", *(f"Compatible cohort {number}" for number in (1, 2, 3))]
    member = Page("made_up", cohort="member 2")
    told = [f"{100 * Curves(member).curve(*which).survival_at(36):.1f}%" for which in curves.values()]
    assert cohorts["Compatible cohort 2"][1] == told and "It differs most from the page’s curve" in cohorts["Compatible cohort 2"][0]
    intervals = chosen(shown.table.what_if_interval(curves, what="survival"))
    curve = Curves(shown).curve("os", "a")
    for scale, (_, cells) in intervals.items():
        low, high = (100 * limit for limit in curve.interval_at(36, kind=scale, level=0.95))
        assert cells[0] == f"{100 * curve.survival_at(36):.1f}% ({low:.1f}–{high:.1f})"
    assert set(intervals) == {"log", "log-log", "plain"}


def test_an_assumed_month_shows_the_ratio_of_the_figure(page):
    shown = page(members=2)
    months = chosen(shown.table.what_if_switch_time(SWITCH, (0, 3, 6), what="death"))
    section = Switched(shown)
    for month in (0, 3, 6):
        found = section._time_dependent(section._switched(shown.rows_of("all"), Switch(*SWITCH), month))
        assert months[f"{month}"][1][0] == f"{hazard_ratio(found.time, found.event, found.covariate, found.entry, shown.ties).hr:.2f}"
        assert "the hazard ratio of death would be" in months[f"{month}"][0]


def test_one_row_a_patient_shows_the_ratio_of_these_rows_alone(page, folder):
    frame = cohort()
    turn = np.where(np.arange(len(frame)) % 4 == 1, 2, 1)
    frame = frame.assign(turn=turn, child=[f"c{at - 1 if second == 2 else at}" for at, second in enumerate(turn)])
    declared = yaml.safe_load((folder / "study.yml").read_text())
    declared["tables"]["cohort"]["first"] = "turn=1"
    (folder / "study.yml").write_text(yaml.safe_dump(declared, sort_keys=False))
    ask = {"by": "arm", "groups": ("A", "B"), "cluster": "child", "what": "death"}
    found = chosen(page(frame).table.what_if_rows("os", **ask))
    ways = {
        "Every patient": frame,
        "First patient of each patient": frame[turn == 1],
        "Last patient of each patient": frame.groupby("child", sort=False).tail(1),
    }
    assert list(found) == list(ways)
    for label, rows in ways.items():
        one = page(rows)
        expected = TwoGroups(one)._two_curves(one.two_groups(one.rows_of("all"), "os", "arm", ("A", "B")))
        assert found[label][1][:2] == [str(len(rows)), f"{expected['value']:.2f}"]
        assert f"the hazard ratio of death is {expected['value']:.2f}" in found[label][0]
    only = page(frame[turn == 1])
    assert "has one patient here" in words(only.table.what_if_rows("os", **ask))


def test_outcomes_are_changed_one_by_one_until_p_crosses_the_level_as_the_table_of_fragility_says(page):
    shown = page(members=2)
    found = chosen(shown.table.what_if_outcomes("res.p", what="survival by arm"))
    row = shown.opened.ledger["res.p"]
    here = FragileClaims(shown).carried(shown.values[0], row)
    assert list(found) == [str(number) for number in range(len(here.path) + 1)]
    assert [cells[0] for _, cells in found.values()] == [p_cell(p) for p in (here.p, *here.path)]
    below = [p < 0.05 for p in (here.p, *here.path)]
    assert len(set(below[:-1])) == 1 and below[-1] != below[0] and here.flips == len(here.path)
    assert ("no longer" in list(found.values())[-1][0]) and not any("no longer" in said for said, _ in list(found.values())[:-1])
    flips = [FragileClaims(shown).carried(values, row).flips for values in shown.values]
    assert [cells[1] for _, cells in found.values()] == [str(sum(one <= number for one in flips)) for number in range(len(found))]


def test_a_row_that_is_no_test_of_two_groups_has_no_outcomes_to_change(page):
    assert "no test of two groups" in words(page().table.what_if_outcomes("res.hr", what="survival"))


def test_a_choice_of_somebodys_own_patients_is_not_offered_where_it_would_tell_of_them(page, folder):
    own = page(own=True)
    assert "no sampled cohorts" in words(own.figure.what_if_cohort({"A": ("os", "a")}, what="survival"))
    protected = Page("made_up", cohort=folder / "cohort.csv")
    for panel in (
        protected.table.what_if_interval({"A": ("os", "a")}, what="survival"),
        protected.table.what_if_switch_time(SWITCH, (0, 3), what="death"),
        protected.table.what_if_rows("os", by="arm", groups=("A", "B"), cluster="child", what="death"),
        protected.table.what_if_outcomes("res.p", what="survival"),
    ):
        assert "%" not in words(panel) and "what-if" not in words(panel)


def test_the_largest_gap_between_two_curves_is_where_they_are_farthest_apart():
    one, other = kaplan_meier([2, 4, 9, 9], [1, 1, 1, 0]), kaplan_meier([3, 4, 9, 9], [1, 1, 1, 0])
    assert largest_gap(one, other, 36) == (0.25, 2.0)
    assert largest_gap(one, other, 1) == (0.0, 0.0)
    assert largest_gap(one, one, 36)[0] == 0.0


@pytest.mark.parametrize(("asked", "used"), [("breslow", "breslow"), ("efron", "efron"), ("exact", "breslow")])
def test_trends_of_hazard_ratios_are_tested_under_the_ties_of_the_page(page, asked, used):
    opened, frame = page(ties=asked), cohort()
    columns = {"time": frame["months"], "event": frame["died"], "first": (frame["arm"] == "A").astype(float)}
    expected = proportional_hazards.check(columns, "time", "event", ["first"], ties=used).p
    assert expected != proportional_hazards.check(columns, "time", "event", ["first"], ties="efron" if used == "breslow" else "breslow").p
    assert AssumptionChecks(opened)._checked(opened.rows_of("all"), "os", "arm", ("A", "B"))["p"] == pytest.approx(expected, rel=1e-12)
    assert f"{used.capitalize()} ties" in words(opened.table.proportional_hazards_tests(RESULTS, caption="Checks"))


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"A": "logrank-oe", "B": "logrank-oe"}, "Recomputed by one method: log-rank hazard ratio (O/E)."),
        ({"A": "logrank-oe", "B": "", "C": "logrank-oe"}, "Recomputed by log-rank hazard ratio (O/E) (A, C)."),
        ({"A": "cox-efron", "B": "mantel-haenszel"}, "Recomputed by Cox model, Efron’s ties (A); Mantel–Haenszel hazard ratio (B)."),
        ({"A": ""}, ""),
        ({}, ""),
    ],
)
def test_the_caption_of_a_forest_names_each_method_once_in_words(found, told):
    assert methods_told(found) == told

"""A result is judged under what one program prints together, never cell by cell."""

from types import SimpleNamespace

import pytest

from analysis import paths
from analysis.cohorts.reading import read_table
from analysis.errors import InputError
from analysis.ledger.rows import programs
from analysis.ledger.rows.printed import parse
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.rows.rounding import RULES
from analysis.ledger.session.study_session import open_study
from analysis.ledger.statistics import REGISTRY
from analysis.ledger.verdicts import profiles
from analysis.ledger.verdicts.audit import audit
from analysis.ledger.verdicts.judgement import Known

AML = paths.ROOT / "tests" / "examples" / "aml"
HR = 'hazard_ratio{part},"endpoint=remission; by=arm; groups=Maintained,Nonmaintained",{text},imposed,,,fig.hr,'

#: survival::aml in R 4.2 and in Prism's two formulas (tests/golden): what each program prints together.
EFRON = ("0.400", "0.147", "1.092")
ODDS = ("0.435", "0.170", "1.115")
MANTEL = ("0.398", "0.150", "1.060")


@pytest.fixture
def aml(tmp_path):
    """The example's folder with a result `fig.hr` of three cells, and a log-rank P where one is given."""

    def write(texts, p="", programs="", followed=()):
        for path in AML.iterdir():
            (tmp_path / path.name).write_text(path.read_text())
        study = (tmp_path / "study.yml").read_text()
        (tmp_path / "study.yml").write_text(study + programs)
        header, *rows = (tmp_path / "printed.csv").read_text().splitlines()
        columns = header.replace(",note", ",result,note")
        parts = zip(("", "_lower", "_upper"), texts)
        lines = [f"fig.hr{part.replace('_', '.')},Fig. 1,hazard ratio,all,," + HR.format(part=part, text=text) for part, text in parts]
        lines += [f"fig.hr.p,Fig. 1,P,all,,logrank_p,endpoint=remission; by=arm,{p},imposed,,,fig.hr,"] * bool(p)
        names = ("median", "minimum", "maximum")
        lines += [
            f"fig.follow.{name},Fig. 1,follow-up,all,,follow_up_{name},endpoint=remission,{text},imposed,,,fig.follow.median,"
            for name, text in zip(names, followed)
        ]
        (tmp_path / "printed.csv").write_text(
            "\n".join([columns, *(",".join([*row.rsplit(",", 1)[:1], "", row.rsplit(",", 1)[1]]) for row in rows), *lines]) + "\n"
        )
        return open_study(tmp_path).audit

    return write


def cells(found):
    return [found[id] for id in ("fig.hr", "fig.hr.lower", "fig.hr.upper")]


@pytest.mark.parametrize(
    ("texts", "profile"),
    [
        (EFRON, "R, coxph, Efron"),
        (ODDS, "Prism, two curves, log-rank hazard ratio"),
        (MANTEL, "Prism, two curves, Mantel-Haenszel hazard ratio"),
    ],
)
def test_what_one_program_prints_together_is_reproduced_under_its_profile(aml, texts, profile):
    found = aml(texts, p="0.065")
    assert {judgement.profile for judgement in cells(found)} == {profile}
    assert all(judgement.verdict.startswith("reproduced") for judgement in cells(found))
    assert found["fig.hr.p"].verdict == "reproduced"


@pytest.mark.parametrize(
    ("followed", "profile"),
    [
        (("161", "13", "161"), "reverse Kaplan-Meier, range of survivors"),  # survfit(Surv(time, 1 - status) ~ 1, aml) in R 4.2
        (("161", "5", "161"), "reverse Kaplan-Meier, range of all"),
        (("28", "13", "161"), "follow-up of survivors"),
        (("23", "5", "161"), "follow-up of all"),
    ],
)
def test_a_median_of_follow_up_has_its_range_beside_it(aml, followed, profile):
    found = aml((), followed=followed)
    judged = [found[f"fig.follow.{name}"] for name in ("median", "minimum", "maximum")]
    assert {judgement.profile for judgement in judged} == {profile}
    assert all(judgement.verdict.startswith("reproduced") for judgement in judged)


def test_a_median_of_survivors_with_a_range_of_all_is_not_reproduced(aml):
    found = aml((), followed=("28", "5", "161"))
    assert sum(found[f"fig.follow.{name}"].verdict == "not reached" for name in ("median", "minimum", "maximum")) == 1


def test_a_ratio_of_one_program_with_limits_of_another_is_not_reproduced(aml):
    found = aml((EFRON[0], *ODDS[1:]))  # each cell alone has a convention that gives it
    assert [judgement.verdict for judgement in cells(found)] == [
        "not reached",
        "reproduced under convention",
        "reproduced under convention",
    ]
    assert found.results.set_index("result").loc["fig.hr", "verdict"] == "not reached"


def test_the_profile_that_gives_most_cells_is_taken(aml):
    found = aml((ODDS[0], *EFRON[1:]))
    assert {judgement.profile for judgement in cells(found)} == {"R, coxph, Efron"}
    assert cells(found)[0].verdict == "not reached"


def test_of_profiles_that_give_as_many_the_first_listed_is_taken(aml):
    found = aml(("0.40", "9.9", "99"))  # 0.400 by Efron, 0.398 by Mantel-Haenszel
    assert cells(found)[0].profile == "R, coxph, Efron", "the example's paper names Efron's ties"


def test_programs_that_a_paper_names_come_first(aml):
    found = aml(("0.40", "9.9", "99"), programs="programs: {prism: half-up}\n")
    assert cells(found)[0].profile == "Prism, two curves, Mantel-Haenszel hazard ratio"


def test_an_unknown_program_is_named(aml):
    with pytest.raises(InputError, match="programs: expected some of prism, spss, r; found 'prisma' .did you mean 'prism'"):
        aml(EFRON, programs="programs: {prisma: half-up}\n").table  # noqa: B018


@pytest.mark.parametrize("slug", ["dac_clag", "nopho_rd"])
def test_every_convention_of_every_row_belongs_to_a_profile(slug):
    found = open_study(slug)
    judge, missing, seen = found.audit.judge, [], set()
    for row in found.ledger:
        if row.role != "context" and row.statistic not in seen and (values := judge.values(row)):
            seen.add(row.statistic)
            tried = {way.convention for way in profiles.all_ways(found.study, row, values[0])}
            missing += [(row.id, name) for name in values[0] if name not in tried]
    assert missing == []


@pytest.mark.parametrize(
    ("program", "kind", "names"),
    [
        ("prism", "p", ["half-up", "half-even", "two-stage half-even (4 decimals)"]),
        ("prism", "exact", ["half-up"]),
        ("r", "survival", ["half-up", "two-stage binary (3 significant digits)"]),
        ("spss", "percent", ["half-up", "half-even", "two-stage half-even (1 decimal)"]),
        ("", "percent", ["half-up", "half-even", "two-stage half-even (1 decimal)"]),
    ],
)
def test_a_program_has_one_habit_of_rounding(study, program, kind, names):
    declared = study.model_copy(update={"programs": {"prism": "half-even", "spss": "half-even", "r": "binary"}})
    assert [rule.name for rule in programs.rules(declared, kind, program)] == names


def test_a_paper_that_names_no_program_may_have_rounded_in_any_way(study):
    assert programs.rules(study, "p", "") == programs.find_rules(study, "logrank_p", "p") == RULES["p"]


@pytest.mark.parametrize(
    ("statistic", "kind", "names"),
    [
        ("survival_upper", "survival", ["half-up", "two-stage binary (3 significant digits)"]),  # SPSS prints no limits of a curve
        ("percent", "percent", ["half-up", "two-stage (1 decimal)"]),
        ("survival", "survival", ["half-up", "two-stage binary (3 significant digits)", "two-stage (3 decimals of the proportion)"]),
        ("follow_up_median", "number", ["half-up"]),
    ],
)
def test_a_statistic_is_rounded_as_the_programs_do_that_print_it(study, statistic, kind, names):
    declared = study.model_copy(update={"programs": {"spss": "half-up", "r": "binary"}})
    assert [rule.name for rule in programs.find_rules(declared, statistic, kind)] == names


def test_a_copy_printed_alone_is_judged_as_its_original_is(study, study_folder):
    path = study_folder / "printed.csv"
    header, *rows = path.read_text().splitlines()
    ages = [
        "t1.age.mean,Table 1,age,b,,mean,variable=age,41.5,imposed,,,t1.age.mean,",
        "t1.age.sd,Table 1,its SD,b,,sd,variable=age,1.12,imposed,,,t1.age.mean,",  # 1.118 with n, 1.291 with n - 1
        "abs.age.sd,Abstract,its SD,b,,sd,variable=age,1.12,imposed,,t1.age.sd,,",
    ]
    path.write_text(
        "\n".join(
            [header.replace(",note", ",result,note"), *(row.rstrip(",") + "," * (12 - row.rstrip(",").count(",")) for row in rows), *ages]
        )
        + "\n"
    )
    found = audit(study, read_ledger(study), [{"cohort": read_table(study)}], Known())
    assert found["abs.age.sd"].profile == found["t1.age.sd"].profile == "SD with n"


def test_dac_clag_fig_3b_is_one_program():
    """.49 is also Cox's by Breslow's ties, whose limits would be .13 to 1.81: no cell may be credited so."""
    found = open_study("dac_clag").audit
    judged = [found[f"res.os.arm.{part}"] for part in ("hr", "lower", "upper", "p")]
    assert {judgement.profile for judgement in judged} == {"Prism, two curves, log-rank hazard ratio"}
    assert not any("cox" in judgement.convention for judgement in judged)


@pytest.mark.parametrize(
    ("slug", "ids"),
    [
        pytest.param(
            "dac_clag", ("t3.platelets.p", "t3.platelets.dac.median", "t3.neutrophils.p", "res.relapse_km.p"), marks=pytest.mark.thorough
        ),
        ("nopho_rd", ("res.cox.cr.hr", "res.cox.cr.lower", "res.cox.cr.upper")),
    ],
)
@pytest.mark.slow
def test_profile_and_verdict_do_not_hinge_on_the_member_that_is_the_reference(slug, ids):
    """Of each some members give the digits under another profile, or with another rounding, than the rest."""
    judged = [[open_study(slug, cohort).audit[id] for id in ids] for cohort in (None, "member 1", "member 2", "member 20")]
    told = [[(found.verdict, found.profile, found.convention, found.note) for found in each] for each in judged]
    assert told == [told[0]] * len(told)


def test_a_profile_of_another_program_comes_after_those_of_the_paper_that_some_cohort_satisfies(study):
    """Over a member more the other program would win: it is not what the paper used."""
    ways = {"Prism, two groups": ("exact", None, None), "R, tests": ("asymptotic-continuity",) * 3}
    declared = study.model_copy(update={"programs": {"prism": "half-even"}})
    row = SimpleNamespace(id="p", statistic="mann_whitney_p", value=parse("0.04"), registered=REGISTRY["mann_whitney_p"])
    values = {"exact": 0.04, "asymptotic": 0.05, "asymptotic-continuity": 0.04, "exact-untied": 0.05}

    def members(row, tried):
        name = next(name for name, known in ways.items() if known[0] in {way.convention for way in tried})
        by = {way.convention: way for way in tried}
        return [by.get(convention) for convention in ways[name]]

    found = profiles.judge(declared, [(row, values)], [profile for profile in programs.PROFILES if profile.name in ways], members)
    assert found.profile.name == "Prism, two groups"
    plain = study.model_copy(update={"programs": {}})
    found = profiles.judge(plain, [(row, values)], [profile for profile in programs.PROFILES if profile.name in ways], members)
    assert found.profile.name == "R, tests"


@pytest.mark.parametrize("name", ["risk", "karyotype", "cr", "sct"])
def test_each_univariable_ratio_of_dac_clag_is_one_program(name):
    found = open_study("dac_clag").audit
    judged = [found[f"res.uni.{name}.{part}"] for part in ("hr", "lower", "upper")]
    assert len({judgement.profile for judgement in judged}) == 1
    assert len({judgement.convention.split("; ")[0] for judgement in judged if judgement.convention}) <= 1


def offering(**conventions):
    """Cells of a result: values by convention of each statistic."""
    return [(SimpleNamespace(id=name, statistic=name), dict.fromkeys(found, 1.0)) for name, found in conventions.items()]


def undeclared():
    return SimpleNamespace(programs={}, named_conventions=lambda statistic: ())


ODDS_RATIO = {
    "odds_ratio": ("sample", "conditional"),
    "odds_ratio_lower": ("sample", "conditional"),
    "contingency_p": ("fisher", "fisher-midp", "pearson", "pearson-yates"),
}
FOLLOW_UP = {
    "follow_up_median": ("over all", "over survivors", "reverse Kaplan-Meier"),
    "follow_up_quantile": ("over all", "over survivors", "reverse Kaplan-Meier"),
    "follow_up_median_lower": ("log", "log-log", "plain"),
    "follow_up_median_upper": ("log", "log-log", "plain"),
}


@pytest.mark.parametrize("result", [ODDS_RATIO, FOLLOW_UP])
def test_a_result_that_no_profile_prints_whole_is_judged_under_several_together(result):
    found = profiles.candidates(undeclared(), offering(**result))
    assert found and all(result.keys() <= profile.prints.keys() for profile in found)
    tied = [name for name in result if name.startswith(("odds_ratio", "follow_up_median_"))]
    assert all(len({profile.prints[name] for name in tied}) == 1 for profile in found)  # an estimate and its limits by one convention


def test_profiles_of_two_programs_are_not_joined():
    cells = offering(hazard_ratio=("logrank-oe", "cox-efron"), logistic_p=("wald", "score"), logistic_or=("",))
    for profile in profiles.candidates(undeclared(), cells):
        assert not {"Prism", "glm"} <= set(profile.name.replace(",", " ").split())


def test_a_result_that_a_profile_prints_whole_is_judged_as_before():
    cells = offering(hazard_ratio=("logrank-oe", "cox-efron"), hazard_ratio_lower=("logrank-oe", "cox-efron"))
    assert not any(" and " in profile.name for profile in profiles.candidates(undeclared(), cells))

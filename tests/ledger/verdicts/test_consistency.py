"""Numbers that no patients give together are found without any patients, and true ones are left in peace."""

import pytest

from analysis import cli
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.verdicts.consistency import DOUBTFUL, IMPOSSIBLE, find_clashes

HEADER = "id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,result,note\n"


def clashes(study, *rows):
    """Clashes of rows given as (id, population, subset, statistic, arguments, printed)."""
    lines = [f'{id},Results,{id},{population},{subset},{statistic},"{arguments}",{printed},imposed,,,,\n' for id, population, subset, statistic, arguments, printed in rows]  # fmt: skip
    (study.folder / "printed.csv").write_text(HEADER + "".join(lines))
    return find_clashes(study, read_ledger(study))


def ratio(hr, lower, upper, p="", statistic="hazard_ratio", arguments="endpoint=os; by=arm", test="logrank_p"):
    stem = statistic.removesuffix("_hr") if statistic != "hazard_ratio" else statistic
    rows = [("hr", "all", "", statistic, arguments, hr)]
    rows += [(end, "all", "", f"{stem}_{end}", arguments, limit) for end, limit in (("lower", lower), ("upper", upper))]
    return rows + ([("p", "all", "", test, arguments, p)] if p else [])


def survival(*estimates, statistic="survival"):
    return [(f"s{time}", "a", "", statistic, f"endpoint=os; time={time}", printed) for time, printed in estimates]


def counted(**numbers):
    return [(id, "all", subset, "count", "", number) for id, (subset, number) in numbers.items()]


AGE = [("low", "all", "", "quantile", "variable=age; share=25", "41"), ("high", "all", "", "quantile", "variable=age; share=75", "55")]
STAGES = {"n": ("", 8), "i": ("stage=I", 3), "ii": ("stage=II", 2), "iii": ("stage=III", 2), "unknown": ("stage=?", 1)}

IMPOSSIBLE_ONES = [
    (ratio("0.69", "0.75", "0.94"), {"hr", "lower"}, "above its lower limit"),
    (ratio("0.69", "0.51", "0.66"), {"hr", "upper"}, "below its upper limit"),
    (ratio("0.69", "0.75", "0.94", statistic="cox_hr", arguments="endpoint=os; covariates=age; term=age"), {"hr", "lower"}, "above its lower"),
    ([*AGE, ("median", "all", "", "median", "variable=age", "57")], {"median", "high"}, "ascend"),
    ([*AGE, ("least", "all", "", "minimum", "variable=age", "43")], {"least", "low"}, "ascend"),
    (survival((12, "60%"), (24, "62%")), {"s12", "s24"}, "survival never rises"),
    (survival((12, "40"), (24, "41"), statistic="at_risk"), {"s12", "s24"}, "numbers at risk never rise"),
    (survival((12, "40%"), (24, "38%"), statistic="incidence"), {"s12", "s24"}, "never fall"),
    ([*survival((12, "5"), statistic="at_risk"), ("n", "a", "", "count", "", "4")], {"s12", "n"}, "than there are"),
    ([*survival((12, "51%")), ("median", "a", "", "survival_median", "endpoint=os", "11")], {"s12", "median"}, "one half"),
    ([*survival((12, "49%")), ("median", "a", "", "survival_median", "endpoint=os", "13")], {"s12", "median"}, "one half"),
    ([*counted(n=("", 8), i=("stage=I", 3)), ("pct", "all", "stage=I", "percent", "", "39%")], {"pct", "i", "n"}, "here 37.5%"),
    (counted(**STAGES | {"iii": ("stage=III", 3)}), {"n", "i", "ii", "iii", "unknown"}, "count 9 of 8"),
    (counted(**STAGES | {"iii": ("stage=III", 1)}), {"n", "i", "ii", "iii", "unknown"}, "count 7 of 8"),
    (counted(n=("", 8), a=("arm=A", 4), b=("arm=B", 3)), {"n", "a", "b"}, "count 7 of 8"),
    (counted(n=("", 8), known=("stage!=?", 7), i=("stage=I", 3), ii=("stage=II", 2), iii=("stage=III", 3)), {"known", "i", "ii", "iii"}, "count 8 of 7"),
]  # fmt: skip
TWO = {"n": ("stage=I", 5), "x": ("stage=I & arm=A", 3), "y": ("stage=I & arm=B & died=1", 3)}
IMPOSSIBLE_ONES += [
    (counted(**TWO), {"n", "x", "y"}, "two parts without a patient in common are not 6"),
    (counted(**TWO | {"x": ("stage=I & age<50", 3), "y": ("stage=I & age>=50", 3)}), {"n", "x", "y"}, "are not 6"),
    (counted(n=("stage=I|II", 5), x=("stage=I & died=1", 6)), {"n", "x"}, "no part is larger"),
    ([*counted(n=("", 8), x=("died=0", 5)), ("e", "a", "", "events", "endpoint=os", "4")], {"n", "x", "e"}, "are not 9"),
]
DOUBTFUL_ONES = [
    (ratio("0.65", "0.39", "1.09", "0.01"), {"p", "hr", "lower", "upper"}, "P agrees"),  # the interval contains 1
    (ratio("0.65", "0.43", "0.97", "0.15"), {"p", "hr", "lower", "upper"}, "P agrees"),  # it does not
    (ratio("0.69", "0.51", "0.94", "0.30"), {"p", "hr", "lower", "upper"}, "P agrees"),
    (ratio("0.69", "0.51", "0.94", "<0.00001"), {"p", "hr", "lower", "upper"}, "P agrees"),
    (ratio("0.69", "0.69", "0.94"), {"hr", "lower", "upper"}, "in the middle"),
    (ratio("1.49", "0.99", "1.60"), {"hr", "lower", "upper"}, "in the middle"),
]
SOUND = [
    counted(**TWO | {"n": ("stage=I", 6)}),
    counted(**TWO | {"y": ("stage=I & died=1", 3)}),  # who may be of both parts
    counted(**TWO | {"y": ("stage=II & arm=B", 3)}),  # who are not of the whole
    ratio("0.65", "0.43", "0.97", "0.13"),
    ratio("0.65", "0.39", "1.09", "0.04"),  # near the level, where tests differ
    ratio("0.69", "0.51", "0.94", "0.010"),  # the log-rank P of these is 0.010, the Wald P 0.018
    ratio("0.18", "0.05", "0.75", "0.0007"),  # of a small group
    ratio("1.0", "1.0", "1.1", "0.04"),  # as printed with one decimal
    ratio("0.69", "0.51", "0.94", "<0.05"),
    [*AGE, ("median", "all", "", "median", "variable=age", "56")],  # 55.5 twice
    [*AGE, ("median", "a", "", "median", "variable=age", "56")],  # of others
    survival((12, "60%"), (24, "60%")),
    survival((12, "60%"), (24, "61%")),  # 60.5% twice
    survival((24, "60%"), (12, "60.4%")),
    [*survival((12, "4"), statistic="at_risk"), ("n", "a", "", "count", "", "4")],
    [*survival((12, "50%")), ("median", "a", "", "survival_median", "endpoint=os", "12")],
    [*counted(n=("", 8), i=("stage=I", 3)), ("pct", "all", "stage=I", "percent", "", "38%")],
    [*counted(n=("", 8), i=("stage=I", 1)), ("pct", "all", "stage=I", "percent", "", "12%")],  # rounded to even
    [*counted(n=("", 8), i=("stage=I", 3)), ("pct", "all & stage!=?", "stage=I", "percent", "", "43%")],  # of those whose stage is known
    counted(**STAGES),
    counted(**{name: one for name, one in STAGES.items() if name != "unknown"}),  # the rest is unknown
    counted(n=("", 8), a=("arm=A", 4)),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "ids", "rule"), IMPOSSIBLE_ONES)
def test_what_no_patients_give_is_told_with_its_rows_and_the_rule(study, rows, ids, rule):
    (found,) = clashes(study, *rows)
    assert set(found.ids) == ids and rule in found.rule and found.weight == IMPOSSIBLE


@pytest.mark.parametrize(("rows", "ids", "rule"), DOUBTFUL_ONES)
def test_what_hardly_goes_together_is_told_apart(study, rows, ids, rule):
    (found,) = clashes(study, *rows)
    assert set(found.ids) == ids and rule in found.rule and found.weight == DOUBTFUL


@pytest.mark.parametrize("rows", SOUND)
def test_what_patients_may_give_is_left_in_peace(study, rows):
    assert clashes(study, *rows) == ()


def test_follow_up_summarised_in_two_ways_is_doubted_only(study):
    rows = [
        ("median", "all", "", "follow_up_median", "endpoint=os", "9"),
        ("q3", "all", "", "follow_up_quantile", "endpoint=os; share=75", "7"),
    ]
    (found,) = clashes(study, *rows)
    assert found.weight == DOUBTFUL


def test_the_audit_of_a_study_names_rows_numbers_and_rules(study, capsys):
    clashes(study, *ratio("0.69", "0.75", "0.94"), *counted(n=("", 8), i=("stage=I", 3)), ("pct", "all", "stage=I", "percent", "", "39%"))
    assert cli.main(["audit", str(study.folder)]) == 0
    told = capsys.readouterr().out
    assert "What made_up cannot print together (a slip of the paper, of the ledger or of study.yml):\n" in told
    assert "  hr = 0.69 (Results), lower = 0.75 (Results): an estimate lies above its lower limit\n" in told
    assert "  pct = 39% (Results), i = 3 (Results), n = 8 (Results): a percentage is its count over its denominator, here 37.5%\n" in told


def test_the_audit_of_sound_numbers_tells_nothing_more(study, capsys):
    assert cli.main(["audit", str(study.folder)]) == 0
    assert "together" not in capsys.readouterr().out


def at_level(rows, level):
    return [
        (id, who, subset, statistic, f"{arguments}; level={level}" if id in ("lower", "upper") else arguments, printed)
        for id, who, subset, statistic, arguments, printed in rows
    ]


SEVENTY = ratio("0.50", "0.39", "0.64", "0.0027")  # z is 3.0 of limits of 70 %, and would be 5.5 of limits of 95 %


def test_p_is_held_against_limits_of_their_own_level(study):
    assert not clashes(study, *at_level(SEVENTY, 70))
    assert {one.weight for one in clashes(study, *SEVENTY)} == {DOUBTFUL}


def test_limits_of_two_levels_are_no_pair(study):
    rows = [row for row in at_level(SEVENTY, 70) if row[0] != "upper"]
    assert not clashes(study, *rows, ("upper", "all", "", "hazard_ratio_upper", "endpoint=os; by=arm", "0.64"))


def test_an_estimate_outside_limits_of_any_level_is_told(study):
    found = clashes(study, *at_level(ratio("0.34", "0.37", "0.67"), 80))
    assert [(one.weight, set(one.ids)) for one in found] == [(IMPOSSIBLE, {"hr", "lower"})]

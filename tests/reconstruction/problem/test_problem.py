"""A search that cannot know how many patients there are says which row is missing."""

import pytest

from analysis import cli, paths
from analysis.cohorts.reading import read_table
from analysis.ledger.verdicts.recompute import CohortValues
from analysis.reconstruction.problem.problem import read_problem


def test_a_ledger_that_counts_nobody_in_all_is_refused_with_what_is_missing(study_folder, capsys):
    ledger = study_folder / "printed.csv"
    text = ledger.read_text().replace(
        "t1.n,Table 1,patients,all,,count,,8,imposed,t1.a + t1.b", "t1.n,Table 1,patients,,,quoted,,8,context,"
    )
    ledger.write_text(text.replace("t1.a ; t1.n", "").replace("held-out", "imposed"))
    (study_folder / "reconstruction.yml").write_text("{}\n")
    assert cli.main(["reconstruct", str(study_folder), "--cohorts", "1"]) == 2
    told = capsys.readouterr().err
    assert "printed.csv: file: expected an imposed row that counts everybody of table 'cohort'" in told and "Traceback" not in told


@pytest.mark.parametrize(
    ("statistic", "whole", "part"),
    [
        ("sensitivity", "arm=A & died=1 & age!=?", "age>=45"),
        ("specificity", "arm=A & died=0 & age!=?", "age<45"),
        ("positive_predictive_value", "arm=A & age>=45 & age!=?", "died=1"),
        ("negative_predictive_value", "arm=A & age<45 & age!=?", "died=0"),
    ],
)
def test_what_a_test_tells_is_searched_as_a_share_of_patients(study_folder, statistic, whole, part):
    written(study_folder, statistic, "age>=45")
    row = next(row for row in read_problem(study_folder).imposed if row.id == "x")
    problem = read_problem(study_folder)
    assert row.statistic == "percent" and problem.base(row).canonical == " & ".join(sorted(whole.split(" & ")))
    assert str(row.subset) == part and row.printed == "50%"


def test_a_share_of_a_test_has_the_value_of_the_statistic_it_stands_for(study_folder):
    for statistic in ("sensitivity", "specificity", "positive_predictive_value", "negative_predictive_value"):
        written(study_folder, statistic, "age>=45", population="all")
        problem = read_problem(study_folder)
        values = CohortValues(problem.study, {"cohort": read_table(problem.study)})
        share = next(row for row in problem.imposed if row.id == "x")
        assert float(values.of(share)[""]) == pytest.approx(values.of(problem.ledger["x"])[""]), statistic


def test_a_test_of_two_conditions_is_left_to_what_knows_it(study_folder):
    written(study_folder, "specificity", "age>=45 & stage=I")
    assert next(row for row in read_problem(study_folder).imposed if row.id == "x").statistic == "specificity"


def written(folder, statistic, subset, population="a"):
    """A ledger of one statistic of a test beside the number of patients."""
    (folder / "reconstruction.yml").write_text("{}\n")
    (folder / "printed.csv").write_text(
        "id,source,quantity,population,subset,statistic,arguments,printed,role\nn,R,n,all,,count,,8,imposed\n"
        f"x,R,x,{population},{subset},{statistic},outcome=died,50%,imposed\n"
    )


#: survival::aml: coxph(Surv(time, status) ~ x) with Efron's ties in R 4.2 (tests/golden).
AML, EFRON = paths.ROOT / "tests" / "examples" / "aml", {"hr": 0.400, "lower": 0.147, "upper": 1.092}


def read_aml(folder, covariates, named):
    """The example with a Cox ratio and its limits, and conventions named in place of its own."""
    for path in AML.iterdir():
        (folder / path.name).write_text(path.read_text())
    (folder / "reconstruction.yml").write_text("{}\n")
    text = (folder / "study.yml").read_text()
    text = text.replace("hazard_ratio: cox-efron", f"hazard_ratio: {named}") + "  cox_hr: efron\n  cox_lower: efron\n  cox_upper: efron\n"
    (folder / "study.yml").write_text(text)
    (folder / "printed.csv").write_text(
        "id,source,quantity,population,subset,statistic,arguments,printed,role\nn,R,n,all,,count,,23,imposed\n"
        + "".join(
            f'{part},R,x,all,,cox_{part},"endpoint=remission; covariates={covariates}; term={covariates.split(",")[0]}",{value:.3f},imposed\n'
            for part, value in EFRON.items()
        )
    )
    return read_problem(folder)


@pytest.mark.parametrize(("level", "sign"), [("Maintained", 1), ("Nonmaintained", -1)])
def test_a_cox_ratio_of_one_condition_is_searched_as_that_of_two_groups(tmp_path, level, sign):
    problem = read_aml(tmp_path, f"arm={level}", "cox-efron")
    values = CohortValues(problem.study, {"cohort": read_table(problem.study)})
    found = {row.id: row for row in problem.imposed if row.id in EFRON}
    assert [found[part].statistic for part in EFRON] == ["hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper"]
    for part, row in found.items():
        assert values.of(row)["cox-efron"] == pytest.approx(values.of(problem.ledger[part])["efron"], rel=1e-6)
        mirrored = {"hr": "hr", "lower": "upper", "upper": "lower"}[part] if sign < 0 else part
        assert values.of(row)["cox-efron"] == pytest.approx(EFRON[mirrored] ** sign, abs=0.01 if sign > 0 else 0.1)


@pytest.mark.parametrize(("covariates", "named"), [("arm=Maintained,patient>=5", "cox-efron"), ("arm=Maintained", "logrank-oe")])
def test_a_cox_ratio_of_several_covariates_or_beside_other_ratios_is_left_to_what_knows_it(tmp_path, covariates, named):
    problem = read_aml(tmp_path, covariates, named)
    assert {row.statistic for row in problem.imposed if row.id in EFRON} == {"cox_hr", "cox_lower", "cox_upper"}

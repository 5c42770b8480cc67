"""A printed table becomes rows of the ledger with their sources and a layout; the made-up cohort reproduces them."""

import csv
import io

import pytest
import yaml

from analysis import cli
from analysis.cohorts.study import read_study
from analysis.ledger.registers.table_layouts import read_layouts
from analysis.ledger.rows.reading import read_ledger
from tests.conftest import DECLARED

TABLE = """Feature,"Total, n = 8",Arm A (n = 4),Arm B (n = 4),P {contingency_p; by=arm},P of means {t_test_p; by=arm}
Stage,,,,1.00,
  I,3,1 (25%),2 (50%),,
  II,2,1 (25%),1 (25%),,
  III,2,1 (25%),1 (25%),,
"Age, mean",49.4 ± 11.5,60 ± 10,41.5 ± 1.3,,NR
"Age, median (range) {age}",43 (40–70),60 (50–70),41.5 (40–43),,
"Age, median (IQR) {age}",43 (41.5–55),60 (55–65),41.5 (40.75–42.25),,
Died,5/8,2/4 (50%),75% (3/4),1.00,
"""
OUTCOME = """Factor,HR (95% CI) {hazard_ratio; endpoint=os},P {hazard_ratio_p; endpoint=os},Survival at 6 months {survival; endpoint=os; time=6}
Arm {by=arm; groups=A;B},0.41 (0.07–2.45),0.31,NR
"""


@pytest.fixture
def run(study_folder, tmp_path, capsys):
    """Import a table into the made-up study, its ledger removed; gives status and what was said."""
    (study_folder / "printed.csv").unlink()

    def run(text, *more, table="t1"):
        file = tmp_path / "table.csv"
        file.write_text(text, encoding="utf-8")
        status = cli.main(["import-table", str(study_folder), str(file), "--table", table, "--caption", "Patients by arm", *more])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_every_number_becomes_a_row_with_what_it_states(run, study_folder):
    status, told, _ = run(TABLE)
    assert status == 0 and "entered: 52 rows into printed.csv; 0 were there" in told and "cells without a number: 1" in told
    rows = {row.id: row for row in read_ledger(read_study(study_folder)).rows}

    def of(id):
        row = rows[id]
        arguments = "; ".join(f"{key}={value}" for key, value in row.arguments.items())
        return row.population, row.statistic, str(row.subset), arguments, row.printed, str(row.sources or "").replace("−", "-"), row.result

    assert of("t1.n.a") == ("a", "count", "", "", "4", "", "t1.n.a")
    assert of("t1.stage.i.a.pct") == ("a", "percent", "stage=I", "", "25%", "t1.stage.i.a.n; t1.n.a", "t1.stage.i.a.n")
    assert of("t1.stage.i.all.n") == ("all", "count", "stage=I", "", "3", "t1.stage.i.a.n + t1.stage.i.b.n", "t1.stage.i.all.n")
    assert of("t1.age.a.sd") == ("a", "sd", "", "variable=age", "10", "", "t1.age.a.mean")
    assert of("t1.age_median_range.b.min") == ("b", "minimum", "", "variable=age", "40", "", "t1.age_median_range.b.median")
    assert of("t1.age_median_iqr.b.q1") == ("b", "quantile", "", "variable=age; share=25", "40.75", "", "t1.age_median_iqr.b.median")
    assert of("t1.died.b.pct") == ("b", "percent", "died=1", "", "75%", "t1.died.b.n; t1.died.b.of", "t1.died.b.pct")
    assert of("t1.stage.p")[3:6] == (
        "variable=stage; by=arm",
        "1.00",
        "t1.stage.i.a.n; t1.stage.i.b.n | t1.stage.ii.a.n; t1.stage.ii.b.n | t1.stage.iii.a.n; t1.stage.iii.b.n",
    )
    assert of("t1.died.p")[5] == "t1.died.a.n; t1.died.b.n | t1.died.a.of - t1.died.a.n; t1.died.b.of - t1.died.b.n"
    assert {row.role for row in rows.values()} == {"imposed"} and {row.source for row in rows.values()} == {"Table 1"}


def test_the_made_up_cohort_reproduces_every_number(run, study_folder, capsys):
    run(TABLE)
    assert cli.main(["audit", str(study_folder), "--csv"]) == 0
    verdicts = {row["id"]: row["verdict"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert len(verdicts) == 52 and {verdict.partition(" under")[0] for verdict in verdicts.values()} == {"reproduced"}


def test_the_layout_shows_each_cell_as_it_is_printed(run, study_folder):
    run(TABLE)
    layout = read_layouts(read_study(study_folder))["t1"]
    assert [column.label for column in layout.columns] == ["Total", "Arm A", "Arm B", "P", "P of means"]
    assert layout.columns[3].cell == "{p}"
    assert [(line.label, line.key, line.indent) for line in layout.rows][:4] == [
        ("Patients", "n", 0),
        ("Stage", "stage", 0),
        ("I", "stage.i", 1),
        ("II", "stage.ii", 1),
    ]


def test_a_ratio_brings_its_limits_and_a_row_its_arguments(run, study_folder):
    status, _, said = run(OUTCOME.replace("A;B", "A,B").replace("Arm {by=arm; groups=A,B}", '"Arm {by=arm; groups=A,B}"'), table="t2")
    assert status == 0, said
    rows = {row.id: (row.statistic, dict(row.arguments), row.printed, row.result) for row in read_ledger(read_study(study_folder)).rows}
    arguments = {"endpoint": "os", "by": "arm", "groups": "A,B"}
    assert rows["t2.arm.hr"] == ("hazard_ratio", arguments, "0.41", "t2.arm.hr")
    assert rows["t2.arm.hr.lower"] == ("hazard_ratio_lower", arguments, "0.07", "t2.arm.hr")
    assert rows["t2.arm.hr.upper"] == ("hazard_ratio_upper", arguments, "2.45", "t2.arm.hr")
    assert rows["t2.arm.p"][0] == "hazard_ratio_p"


EVENTS = """Stage;A, deaths/patients {a; died=1};All, died {all; died=1}
I {stage=I};1/1;3 (100%)
II {stage=II};0/1;1 (50%)
"""
LEVELS = """Feature;A, staged {a; !=?};A, stage I {a; =I};A, later {a; =II|III};A, unknown {a; =?};A (n=4)
Stage {stage};3;1 (33%);2 (67%);1;NR
"""


def test_a_column_counts_a_condition_among_the_patients_of_each_row(run, study_folder):
    status, _, said = run(EVENTS)
    assert status == 0, said
    rows = {row.id: row for row in read_ledger(read_study(study_folder)).rows}
    assert (rows["t1.i.a_died_1.n"].population, str(rows["t1.i.a_died_1.n"].subset)) == ("a", "stage=I & died=1")
    assert (rows["t1.i.a_died_1.of"].population, str(rows["t1.i.a_died_1.of"].subset)) == ("a", "stage=I")
    share = rows["t1.i.all_died_1.pct"]  # of the row's patients, of whom no column tells the number
    assert (share.population, str(share.subset), share.sources) == ("all & stage=I", "died=1", None)


def test_a_column_counts_a_level_among_those_whose_value_is_known(run, study_folder, capsys):
    status, _, said = run(LEVELS)
    assert status == 0, said
    rows = {row.id: row for row in read_ledger(read_study(study_folder)).rows}
    later = rows["t1.stage.a_ii_iii.pct"]
    assert (later.population, str(later.subset), str(later.sources)) == (
        "a & stage!=?",
        "stage=II|III",
        "t1.stage.a_ii_iii.n; t1.stage.a_known.n",
    )
    assert str(rows["t1.stage.a_unknown.n"].subset) == "stage=?"


@pytest.mark.parametrize("table", [EVENTS, LEVELS])
def test_columns_of_conditions_and_levels_are_reproduced_by_the_patients(run, study_folder, capsys, table):
    run(table)
    assert cli.main(["audit", str(study_folder), "--csv"]) == 0
    verdicts = {row["id"]: row["verdict"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert len(verdicts) == 7 + (table == EVENTS) and set(verdicts.values()) == {"reproduced"}


RANGES = "Feature;Arm A\nAge {age};60 (50–70)\n"


@pytest.mark.parametrize(
    ("words", "second"), [("Age, median (range)", "minimum"), ("Age, median [IQR]", "quantile"), ("Age, quartiles", "quantile")]
)
def test_two_numbers_in_brackets_are_what_the_label_says(run, study_folder, words, second):
    run(RANGES.replace("Age", words, 1))
    assert [row.statistic for row in read_ledger(read_study(study_folder)).rows][:2] == ["median", second]


@pytest.mark.parametrize(
    ("caption", "second"),
    [("Data are median (IQR)", "quantile"), ("Medians with interquartile ranges", "quantile"), ("Median, range", "minimum")],
)
def test_two_numbers_in_brackets_are_what_the_caption_says(run, study_folder, caption, second):
    status, _, said = run(RANGES, "--caption", caption)
    assert status == 0, said
    assert [row.statistic for row in read_ledger(read_study(study_folder)).rows][1] == second


@pytest.mark.parametrize("caption", ["Patients by arm", "Data are median (IQR) or median (range)"])
def test_two_numbers_in_brackets_of_which_nothing_says_what_they_are_are_refused(run, study_folder, caption):
    status, _, said = run(RANGES, "--caption", caption)
    assert status == 2 and said.startswith(
        "table.csv: line 2, column 2: expected what the two numbers in brackets are, in the label or in --caption"
    )
    assert not (study_folder / "printed.csv").exists()


def test_a_table_imported_again_adds_nothing_and_says_so(run, study_folder):
    run(TABLE)
    before = [(study_folder / name).read_bytes() for name in ("printed.csv", "tables.yml")]
    status, told, _ = run(TABLE)
    assert status == 0 and "entered: 0 rows" in told and "52 were there" in told and "already in" in told
    assert [(study_folder / name).read_bytes() for name in ("printed.csv", "tables.yml")] == before


def test_an_id_of_the_ledger_with_other_characters_is_refused(run):
    run(TABLE)
    status, _, said = run(TABLE.replace("2 (50%)", "2 (51%)"))
    assert status == 2 and said == "table.csv: line 3, column 4: expected '50%', as the ledger has it in 't1.stage.i.b.pct'; found '51%'\n"


def test_a_layout_joins_those_that_are_there_and_an_empty_file(run, study_folder):
    (study_folder / "tables.yml").write_text("# layouts\n{}\n")
    run(TABLE)
    run(TABLE, table="t3")
    assert list(yaml.safe_load((study_folder / "tables.yml").read_text())) == ["t1", "t3"]
    assert (study_folder / "tables.yml").read_text().startswith("# layouts\nt1:\n")


def test_nothing_is_written_by_a_dry_run(run, study_folder):
    status, told, _ = run(TABLE, "--dry-run")
    assert status == 0 and told.count("\n") == 53 and not (study_folder / "printed.csv").exists()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("P {contingency_p; by=arm}", "P", "line 1, column 5: expected the test in braces, as in 'P {contingency_p; by=arm}'; found none"),
        ("Arm B (n = 4)", "Arm C (n = 4)", "line 1, column 4: expected a population or a statistic in braces, as in 'Arm A {a}'; found 'Arm C (n = 4)'"),
        ("Arm B (n = 4)", "Arm B {bb}", "line 1, column 4: expected a declared population or a registered statistic; found 'bb' (did you mean 'b'?)"),
        ("contingency_p", "contingency", "line 1, column 5: expected a declared population or a registered statistic; found 'contingency' (did you mean 'contingency_p'?)"),
        ("  III,", "  IV,", "line 5, column 1: expected what the row is in braces: 'Female {sex=F}', 'Age {age}', 'Patients {}', 'Dose {quoted}'; found 'IV'"),
        ("  III,", "  IV {stage=IV},", "line 5, column 1: expected declared variables and levels; found unknown level 'IV' of 'stage' (levels: I, II, III)"),
        ("  III,", "  II,", "line 5, column 4: expected a label of its own; found one that gives the id"),
        ("2 (50%)", "2; 50%", "line 3, column 4: expected a cell such as 18, 18 (62%), 14/26, 53.85 (14/26), 102.5 ± 60.7, 11 (0–17), 0.49 (0.16–1.56), 59.1 (41.8–NR), <0.001 or NR; found '2; 50%'"),
        ("2 (50%)", "", "line 3, column 4: expected a number, or NR where none is printed: what a merged cell states is repeated in each of its columns; found an empty cell"),
        ("2/4 (50%)", "9/4 (50%)", "line 9, column 3: expected counts, at most their denominators, and percentages up to 100; two counts in a cell are two rows; found '9/4 (50%)'"),
        ("2 (50%)", "2 (150%)", "line 3, column 4: expected counts, at most their denominators, and percentages up to 100; two counts in a cell are two rows; found '2 (150%)'"),
        ("60 ± 10", "60 (10%)", "line 6, column 3: expected a summary of the variable: 102.5 ± 60.7, 11 (0–17), or one number in a row that says mean or median; found '60 (10%)'"),
        ("Arm B (n = 4)", "Arm B {b; =I; died=1}", "line 1, column 4: expected one level of each row's variable, or conditions; found '=I; died=1'"),
        ("Arm B (n = 4)", "Arm B {b; dead=1}", "line 1, column 4: expected declared variables and levels; found unknown variable 'dead' of table 'cohort'"),
        ("Arm B (n = 4)", "Arm B {b; died}", "line 1, column 4: expected a condition behind the population: 'Events in A {a; died=1}'; found not of the form"),
        ("1.00,\n  I,", "1.00 (0.9–1.1),\n  I,", "line 2, column 5: expected one number, or limits or an error that 'contingency_p' has; found '1.00 (0.9–1.1)'"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_told_with_place_and_remedy(run, study_folder, old, new, fault):
    assert old in TABLE
    status, _, said = run(TABLE.replace(old, new, 1))
    assert status == 2 and f"table.csv: {fault}" in said, said
    assert "Traceback" not in said and not (study_folder / "printed.csv").exists()


def test_a_pair_of_counts_is_no_share(run):
    status, _, said = run("Feature,Arm A\nF/M {arm=A},1/3\n")
    assert status == 2 and "line 2, column 2: expected counts, at most their denominators" in said


def test_totals_are_sums_only_where_the_groups_are_all_levels_of_one_variable(run, study_folder):
    declared = DECLARED | {"populations": DECLARED["populations"] | {"b": {"where": "stage=II", "label": "Arm B"}}}
    (study_folder / "study.yml").write_text(yaml.safe_dump(declared, sort_keys=False))
    run("Feature,Total,Arm A,Arm B\nDied,5,2,3\n")
    assert read_ledger(read_study(study_folder))["t1.died.all.n"].sources is None


KNOWN = """Feature;All, n = 8 {all};Arm A, n = 4 {a}
Stage {stage};;
I;3/7 (43%);1/3 (33%)
II;2 (29%);1 (33%)
Missing;1;1
Age, median (range) {age};43 (40–70);60 (50–70)
Missing;1;1
"""


def test_a_denominator_of_its_own_counts_those_whose_value_is_known(run, study_folder):
    status, _, said = run(KNOWN)
    assert status == 0, said
    rows = {row.id: row for row in read_ledger(read_study(study_folder)).rows}
    assert (rows["t1.stage.i.a.of"].population, str(rows["t1.stage.i.a.of"].subset), rows["t1.stage.i.a.pct"].population) == (
        "a",
        "stage!=?",
        "a & stage!=?",
    )


def test_a_percentage_leaves_out_the_unknown_where_it_is_one_of_the_known_alone(run, study_folder):
    run(KNOWN)
    share = {row.id: row for row in read_ledger(read_study(study_folder)).rows}["t1.stage.ii.all.pct"]
    assert (share.population, str(share.sources).replace("−", "-")) == (
        "all & stage!=?",
        "t1.stage.ii.all.n; t1.n.all - t1.stage.missing.all.n",
    )


def test_a_percentage_of_everybody_does_not_leave_out_the_unknown(run, study_folder):
    run(KNOWN.replace("2 (29%)", "2 (25%)"))
    share = {row.id: row for row in read_ledger(read_study(study_folder)).rows}["t1.stage.ii.all.pct"]
    assert (share.population, str(share.sources)) == ("all", "t1.stage.ii.all.n; t1.n.all")


def test_a_row_of_the_unknown_belongs_to_the_summary_above_it(run, study_folder):
    run(KNOWN)
    row = {row.id: row for row in read_ledger(read_study(study_folder)).rows}["t1.age.missing.all.n"]
    assert (str(row.subset), row.quantity) == ("age=?", "Age, median (range): Missing, All, number")


def test_denominators_of_known_values_are_reproduced_by_the_patients(run, study_folder, capsys):
    run(KNOWN)
    assert cli.main(["audit", str(study_folder), "--csv"]) == 0
    assert {row["verdict"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))} == {"reproduced"}


def test_a_denominator_that_nothing_explains_is_refused_with_what_would(run, study_folder):
    status, _, said = run("Feature;Arm A, n = 4 {a}\nDied {died=1};2/3\n")
    assert (
        status == 2 and "line 2, column 2: expected 4 patients, as in the column's label, or `missing: true` at died in study.yml" in said
    )
    assert run("Feature;Arm A, n = 4 {a}\nDied {died=1};2/4\n")[0] == 0


@pytest.mark.parametrize(
    ("head", "cell", "level"),
    [
        ("Survival (90% CI) {survival; endpoint=os; time=4}", "50% (20–74)", "90"),
        ("Survival {survival; endpoint=os; time=4; level=80}", "50% (26–70)", "80"),
        ("Survival {survival; endpoint=os; time=4}", "50% (97.5% CI 12–80)", "97.5"),
        ("Survival (95% CI) {survival; endpoint=os; time=4}", "50% (15–77)", None),
        ("Survival {survival; endpoint=os; time=4}", "50% (15–77)", None),
    ],
)
def test_limits_have_the_level_that_braces_cell_or_label_state(run, study_folder, head, cell, level):
    status, _, said = run(f"Arm;{head}\nAll {{}};{cell}\n")
    assert status == 0, said
    rows = {row.statistic: dict(row.arguments) for row in read_ledger(read_study(study_folder)).rows}
    shared = {"endpoint": "os", "time": "4"}
    assert rows["survival"] == shared
    assert rows["survival_lower"] == rows["survival_upper"] == shared | ({"level": level} if level else {})


MODELS = """Factor;HR (95% CI) {cox_hr; endpoint=os};P {cox_p; endpoint=os};Adjusted HR {cox_hr; endpoint=os; covariates=age,arm=A};P {cox_p; endpoint=os; covariates=age,arm=A}
Age, per 10 years {covariates=age; term=age; per=10};0.49 (0.16–1.56);0.23;0.13 (0.01–1.38);0.09
Arm;;;;
Arm A {covariates=arm=A; term=arm=A};0.50 (0.08–3.05);0.45;28.7 (0.2–5135.1);0.20
Arm B;1 (reference);;1;
"""


def test_a_row_has_the_covariates_of_the_univariable_model_and_a_column_those_of_the_multivariable_one(run, study_folder):
    status, _, said = run(MODELS)
    assert status == 0, said
    rows = {(row.printed, row.statistic): dict(row.arguments) for row in read_ledger(read_study(study_folder)).rows}
    assert rows["0.49", "cox_hr"] == {"endpoint": "os", "covariates": "age", "term": "age", "per": "10"}
    assert rows["0.23", "cox_p"] == {"endpoint": "os", "covariates": "age", "term": "age"}
    assert rows["1.38", "cox_upper"] == {"endpoint": "os", "covariates": "age,arm=A", "term": "age", "per": "10"}
    assert rows["0.20", "cox_p"] == {"endpoint": "os", "covariates": "age,arm=A", "term": "arm=A"}


def test_columns_of_one_label_have_ids_of_their_own(run, study_folder):
    run(MODELS)
    assert {row.id for row in read_ledger(read_study(study_folder)).rows if row.statistic == "cox_p"} == {
        "t1.age.p", "t1.age.adjusted_hr_p", "t1.arm_a.p", "t1.arm_a.adjusted_hr_p",
    }  # fmt: skip


def test_an_argument_that_no_column_takes_is_refused(run, study_folder):
    status, _, said = run(MODELS.replace("per=10", "units=10"))
    assert status == 2 and "'units'" in said


@pytest.mark.parametrize("cells", [";;;", "1 (reference);;1.00;", "Ref.;–;1 [ref];", "1,0 (referent);;reference group;"])
def test_a_row_of_the_reference_needs_no_braces_and_gives_no_number(run, study_folder, cells):
    status, told, said = run(MODELS.replace("Arm B;1 (reference);;1;", f"Arm B;{cells}"))
    assert status == 0 and "entered: 16 rows" in told, said


@pytest.mark.parametrize("cells", ["1.02;;1;", "1;0.99;1;", "1 (0.5–2);;1;"])
def test_a_row_that_states_more_than_its_reference_needs_braces(run, study_folder, cells):
    status, _, said = run(MODELS.replace("Arm B;1 (reference);;1;", f"Arm B;{cells}"))
    assert status == 2 and "line 5, column 1: expected what the row is in braces" in said


FOREST = """Subgroup;A, events/n {a; died=1};HR (95% CI) {hazard_ratio; endpoint=os; by=arm};P for interaction {interaction_p; endpoint=os; by=arm}
All {};2/4;0.41 (0.07–2.45);
Stage I {stage=I};1/1;0.50 (0.03–8.0);0.80
Later {stage=II|III};0/2;0.7 (0.1–9.0);
Young {age<50; modifier=stage};0/0;NR;0.80
"""


def test_an_interaction_is_one_of_all_patients_with_the_variable_of_its_subgroups(run, study_folder):
    status, _, said = run(FOREST)
    assert status == 0, said
    rows = {row.id: row for row in read_ledger(read_study(study_folder)).rows}
    assert (str(rows["t1.stage_i.hr.lower"].subset), str(rows["t1.stage_i.p"].subset)) == ("stage=I", "")
    assert rows["t1.stage_i.p"].arguments["modifier"] == rows["t1.young.p"].arguments["modifier"] == "stage"
    assert not rows["t1.young.p"].subset.clauses


def test_a_modifier_that_divides_nobody_is_refused(run, study_folder):
    status, _, said = run(FOREST.replace("{age<50; modifier=stage}", "{age<50}"))
    assert status == 2 and "modifier: a variable of type boolean or category for 'interaction_p'" in said


def test_the_row_of_a_reference_is_shown_as_that_and_a_heading_as_it_is(run, study_folder):
    run(MODELS)
    lines = read_layouts(read_study(study_folder))["t1"].rows
    assert [(line.label, line.key or "") for line in lines] == [
        ("Age, per 10 years", "age"),
        ("Arm", ""),
        ("Arm A", "arm_a"),
        ("Arm B (reference)", ""),
    ]


def test_what_a_figure_prints_is_said_to_stand_in_it(run, study_folder):
    run(FOREST, table="f3")
    assert {row.source for row in read_ledger(read_study(study_folder)).rows} == {"Fig. 3"}


def test_a_p_for_trend_takes_the_place_of_the_levels_in_the_multivariable_model(run, study_folder):
    levels = "age,stage=II,stage=III"
    text = f"""Factor;P {{cox_p; endpoint=os}};Adjusted P {{cox_p; endpoint=os; covariates={levels}}}
Stage II {{covariates=stage=II,stage=III; term=stage=II}};0.5;0.6
Stage, P for trend {{covariates=trend(stage); term=trend(stage)}};0.01;0.02
"""
    status, _, said = run(text)
    assert status == 0, said
    rows = {row.printed: dict(row.arguments) for row in read_ledger(read_study(study_folder)).rows}
    assert [rows[p]["covariates"] for p in ("0.5", "0.6")] == ["stage=II,stage=III", levels]
    assert [rows[p]["covariates"] for p in ("0.01", "0.02")] == ["trend(stage)", "age,trend(stage)"]


MEDIANS = """Arm,Median survival (95% CI) {survival_median; endpoint=os}
Arm A {arm=A},8.0 (2.0–NR)
Arm B {arm=B},4.0 (1.0–9.0)
Everybody {},NR (4.0–NR)
"""


def test_a_limit_that_was_not_reached_is_no_number_and_stands_in_the_layout(run, study_folder):
    status, _, said = run(MEDIANS, table="t3")
    assert status == 0, said
    study = read_study(study_folder)
    rows = {row.id: row.printed for row in read_ledger(study).rows}
    slug = next(iter(rows)).split(".")[2]
    assert rows == {
        f"t3.arm_a.{slug}": "8.0", f"t3.arm_a.{slug}.lower": "2.0", f"t3.arm_b.{slug}": "4.0", f"t3.arm_b.{slug}.lower": "1.0",
        f"t3.arm_b.{slug}.upper": "9.0", f"t3.everybody.{slug}.lower": "4.0",
    }  # fmt: skip
    (column,) = read_layouts(study)["t3"].columns
    assert column.cell == f"{{{slug}|NR}} ({{{slug}.lower}}–{{{slug}.upper|NR}})"


def test_a_heading_alone_on_its_line_needs_no_empty_cells(run, study_folder):
    alone, padded = (TABLE.replace("Stage,,,,1.00,", text).replace(",1.00,\nAge", ",,\nAge") for text in ("Stage", "Stage,,,,,"))
    assert run(padded, "--dry-run")[:2] == run(alone, "--dry-run")[:2]
    assert run(alone)[0] == 0


GRADES = """Event,I {a; =I},II {a; =II},I {b; =I},II {b; =II}
Stage {stage},1,1,2,1
"""


def test_columns_of_one_label_are_told_apart_by_their_patients(run, study_folder):
    status, _, said = run(GRADES, table="t4")
    assert status == 0, said
    told = [row.quantity for row in read_ledger(read_study(study_folder)).rows]
    assert told == ["Stage, I, Arm A, number", "Stage, II, Arm A, number", "Stage, I, Arm B, number", "Stage, II, Arm B, number"]


TESTED = """Feature,Arm A (n = 4),Arm B (n = 4),P {contingency_p | mann_whitney_p; by=arm}
Died {died=1},2/4 (50%),3/4 (75%),1.00
"Age, median (range) {age}",60 (50–70),41.5 (40–43),.12
"Age, mean {age; t_test_p}",60 ± 10,41.5 ± 1.3,.01
"""


def test_a_column_names_one_test_of_counts_and_one_of_numbers_and_a_row_its_own(run, study_folder):
    status, _, told = run(TESTED)
    assert status == 0, told
    rows = {row.id: row for row in read_ledger(read_study(study_folder)).rows}
    asked = {id: (rows[id].statistic, dict(rows[id].arguments)) for id in ("t1.died.p", "t1.age.p", "t1.age_mean.p")}
    assert asked == {
        "t1.died.p": ("contingency_p", {"variable": "died", "by": "arm"}),
        "t1.age.p": ("mann_whitney_p", {"variable": "age", "by": "arm"}),
        "t1.age_mean.p": ("t_test_p", {"variable": "age", "by": "arm"}),
    }


def test_a_test_of_counts_beside_a_median_is_asked_about(run):
    status, _, told = run(TESTED.replace(" | mann_whitney_p", "").replace("; t_test_p", ""))
    assert status == 2
    assert told.count("expected a test of numbers") == 2 and "line 3, column 4" in told and "line 4, column 4" in told


def test_a_p_value_follows_from_those_of_whom_a_value_is_known(run, study_folder):
    declared = yaml.safe_load((study_folder / "study.yml").read_text(encoding="utf-8"))
    declared["variables"]["cohort"]["marker"] = {"type": "boolean", "missing": True}
    (study_folder / "study.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    status, _, told = run('Feature,"A, n = 4 {a}","B, n = 4 {b}",P {contingency_p; by=arm}\nMarker {marker=1},1/3 (33%),2/4 (50%),1.00\n')
    assert status == 0, told
    row = next(row for row in read_ledger(read_study(study_folder)).rows if row.id == "t1.marker.p")
    assert str(row.sources) == "t1.marker.a.n; t1.marker.b.n | t1.marker.a.of − t1.marker.a.n; t1.marker.b.of − t1.marker.b.n"


@pytest.mark.parametrize(
    ("cell", "sound"),
    [("55 (50–60)", True), ("50 (50–60)", True), ("60 (50–60)", True), ("55 (60–50)", False), ("49 (50–60)", False), ("61 (50–60)", False)],
)
def test_a_median_beyond_its_range_and_a_range_the_wrong_way_round_are_refused(run, cell, sound):
    status, _, said = run(f'Feature,Arm A {{a}},Arm B {{b}}\n"Age, median (range) {{age}}",{cell},55 (50–60)\n')
    assert (status, "line 2, column 2: expected numbers in order" in said) == ((0, False) if sound else (2, True))


@pytest.mark.parametrize("cell", ["1.2 (1.9–0.8)", "2.2 (0.8–1.9)"])
def test_limits_the_wrong_way_round_and_a_ratio_beyond_them_are_refused(run, cell):
    status, _, said = run(f"Feature,Arm A {{a}},HR {{cox_hr; endpoint=os}}\nSex {{arm=A}},4,{cell}\n")
    assert status == 2 and "line 2, column 3: expected numbers in order" in said, said

"""A search that cannot know how many patients there are says which row is missing."""

from analysis import cli


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

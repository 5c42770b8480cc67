import pytest

from analysis.errors import InputError
from analysis.ledger.rows.reading import read_ledger


def edited(folder, old, new):
    path = folder / "printed.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_ledger_reads_back_in_the_order_of_the_file(study):
    ledger = read_ledger(study)
    assert [row.id for row in ledger][:3] == ["t1.n", "t1.a", "t1.b"]
    assert ledger["res.os"].arguments == {"endpoint": "os", "time": "6"}
    assert ledger["t1.a.pct"].sources.ids == ("t1.a", "t1.n")


FAULTS = [
    ("t1.b,Table 1", "t1.a,Table 1", "row 4, column id: expected an id used once; found 't1.a', already in row 3"),
    ("t1.a,Table 1", "T1 a,Table 1", "row 3, column id"),
    ("a,,count,,4", "a,,cuont,,4", "row 3, column statistic: expected a registered statistic; found 'cuont' (did you mean 'count'?)"),
    ("a,,count,,4", "aa,,count,,4", "row 3, column population: expected a declared population; found 'aa'"),
    ("a,,count,,4", "a & stages!=?,,count,,4", "row 3, column population: expected declared variables and levels; found unknown variable 'stages'"),
    (",4,imposed,,,\nt1.b", ",four or so,imposed,,,\nt1.b", "row 3, column printed: expected a printed number; found not a printed number: 'four or so'"),
    ("8,imposed", "8,imposd", "row 2, column role: expected one of imposed, held-out, context; found 'imposd' (did you mean 'imposed'?)"),
    ("all,arm=A", "all,arm=C", "row 5, column subset: expected declared variables and levels; found unknown level 'C'"),
    ("all,arm=A", "all,arm", "row 5, column subset: expected a condition"),
    ("t1.a + t1.b", "t1.a + t1.c", "row 2, column from: expected ids of this ledger; found 't1.c'"),
    ("t1.a + t1.b", "t1.a + t1.b ; t1.a", "row 2, column from: expected one sum; found 1 × 2 cells"),
    ("t1.a ; t1.n", "t1.a ; t1.a.pct", "row 5, column from: expected sources that do not lead back"),
    ("endpoint=os; time=6,75%,held-out,,,\nabs", "endpoint=os,75%,held-out,,,\nabs", "row 6, column arguments: expected time=… for 'survival'"),
    ("endpoint=os; time=6,75%,held-out,,,\nabs", "endpoint=efs; time=6,75%,held-out,,,\nabs", "row 6, column arguments: expected declared names; found endpoint: unknown endpoint 'efs'"),
    ("endpoint=os; time=6,75%,held-out,,,\nabs", "endpoint=os; tme=6; time=6,75%,held-out,,,\nabs", "did you mean 'time'"),
    ("endpoint=os; time=6,75%,held-out,,,\nabs", "endpoint=os; time=soon,75%,held-out,,,\nabs", "time: not a number: 'soon'"),
    ("held-out,,res.os", "imposed,,res.os", "row 7, column role: expected 'held-out', the role of 'res.os'"),
    ("held-out,,res.os", "held-out,,res.oss", "row 7, column copy_of: expected an id of this ledger; found 'res.oss' (did you mean 'res.os'?)"),
    ("20,context", "20,imposed", "row 8, column role: expected 'context' for a quoted number"),
    ("id,source", "id,sauce", "column source: expected this column; found none"),
    ("met.dose,Methods,a dose,,,quoted,,20,context,,,", "met.dose,Methods,a dose", "row 8: expected 12 cells"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), FAULTS, ids=[said[:45] for *_, said in FAULTS])
def test_a_fault_is_named_with_file_row_column_expected_and_found(study, study_folder, old, new, said):
    edited(study_folder, old, new)
    with pytest.raises(InputError) as caught:
        read_ledger(study)
    assert said in str(caught.value)
    assert "printed.csv" in str(caught.value)


def test_all_faults_of_a_ledger_are_reported_in_one_go(study, study_folder):
    edited(study_folder, "a,,count,,4", "a,,cuont,,four?")
    edited(study_folder, "all,arm=A", "all,arm=C")
    with pytest.raises(InputError) as caught:
        read_ledger(study)
    places = [fault.place for fault in caught.value.faults]
    assert {"row 3, column statistic", "row 3, column printed", "row 5, column subset"} <= set(places)


def test_a_missing_ledger_is_one_clear_error(study, study_folder):
    (study_folder / "printed.csv").unlink()
    with pytest.raises(InputError, match="no such file"):
        read_ledger(study)


def joined(folder, *results, extra=""):
    """Gives the toy ledger a column `result`, one cell a row, and more rows."""
    path = folder / "printed.csv"
    header, *lines = path.read_text().splitlines()
    cells = [*results, *[""] * (len(lines) - len(results))]
    path.write_text("\n".join([header + ",result", *(f"{line},{cell}" for line, cell in zip(lines, cells))]) + "\n" + extra)


SE = "res.os.se,Results,its standard error,{population},,survival_se,endpoint=os; time=6,22%,held-out,,,,{result}\n"


def test_a_number_printed_alone_is_its_own_result(study):
    ledger = read_ledger(study)
    assert ledger["t1.a"].result == "t1.a"
    assert ledger.results["t1.a"] == (ledger["t1.a"],)
    assert "met.dose" not in ledger.results  # context is not judged


def test_rows_printed_together_form_one_result_named_after_the_first(study, study_folder):
    joined(study_folder, "", "", "", "", "res.os", extra=SE.format(population="a", result="res.os"))
    ledger = read_ledger(study)
    assert [row.id for row in ledger.results["res.os"]] == ["res.os", "res.os.se"]
    assert "res.os.se" not in ledger.results


def test_a_denominator_may_be_counted_among_more_patients(study, study_folder):
    joined(study_folder, "t1.n", "t1.n", "", "t1.n")
    assert [row.id for row in read_ledger(study).results["t1.n"]] == ["t1.n", "t1.a", "t1.a.pct"]


UNFIT = [
    (("", "", "", "", ""), SE.format(population="a", result="res.oss"), "row 9, column result: expected the id of the first row of its result; found 'res.oss' (did you mean 'res.os'?)"),
    (("", "", "", "", ""), SE.format(population="b", result="res.os"), "row 9, column result: expected rows of one population: 'a', that of 'res.os'; found 'b'"),
    (("", "", "", "", "res.os", "res.os"), "", "row 7, column result: expected rows printed in one place: 'Results', that of 'res.os'; found 'Abstract'"),
    (("t1.a",), "", "row 2, column result: expected the first row of its result; found 't1.a', in row 3"),
    (("", "t1.n", "t1.a"), "", "row 4, column result: expected the first row of its result; found 't1.a', in row 3, of the result 't1.n'"),
    (("", "", "", "", "", "", "abs.os"), "", "row 8, column result: expected no result for context, which is not judged; found 'met.dose' with 'abs.os'"),
]  # fmt: skip


@pytest.mark.parametrize(("results", "extra", "said"), UNFIT, ids=[said[:60] for *_, said in UNFIT])
def test_rows_of_one_result_share_place_and_population(study, study_folder, results, extra, said):
    joined(study_folder, *results, extra=extra)
    with pytest.raises(InputError) as caught:
        read_ledger(study)
    assert said in str(caught.value)


def test_a_decimal_comma_among_decimal_points_is_a_fault_of_its_row(study, study_folder):
    edited(study_folder, "time=6,75%", "time=6,75.0%")
    edited(study_folder, ",,20,context", ',,"1,01",context')
    with pytest.raises(InputError, match="row 8, column printed: expected a decimal point, as in most rows of this ledger; found '1,01'"):
        read_ledger(study)


def test_a_ledger_with_decimal_commas_alone_reads(study, study_folder):
    edited(study_folder, "time=6,75%", 'time=6,"75,0%"')
    edited(study_folder, ",,20,context", ',,"1,01",context')
    assert read_ledger(study)["met.dose"].value.decimals == 2


DOSES = 'a,Table 1,age,all,,mean,variable=age,"50,5",imposed,,,\nb,Table 1,age,a,,mean,variable=age,"60,5",imposed,,,\n'


@pytest.mark.parametrize(("p", "sound"), [("P=·03", True), ("<·001", True), ("0,03", True), ("0.03", False)])
def test_a_raised_dot_stands_beside_decimal_commas_and_a_point_does_not(study, study_folder, p, sound):
    header = (study_folder / "printed.csv").read_text().partition("\n")[0]
    (study_folder / "printed.csv").write_text(f'{header}\n{DOSES}c,Results,P,all,,logrank_p,endpoint=os; by=arm,"{p}",imposed,,,\n')
    if sound:
        assert len(read_ledger(study)) == 3
    else:
        with pytest.raises(InputError, match="expected a decimal comma, as in most rows of this ledger; found '0.03'"):
            read_ledger(study)

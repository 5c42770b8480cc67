"""What digitisers export is read as the same points, whatever its delimiter, decimal mark, header and arrangement."""

import openpyxl
import pytest

from analysis.errors import InputError
from analysis.reconstruction.digitising.layouts import read_datasets

POINTS = ((0.0, 100.0), (2.5, 97.5), (6.0, 80.0))


def read(tmp_path, text, name="curve.csv"):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(one.name, tuple(point[1:] for point in one.points)) for one in read_datasets(tmp_path / name)]


@pytest.mark.parametrize(
    "text",
    [
        "0, 100\n2.5, 97.5\n6, 80\n",  # WebPlotDigitizer
        "0,0; 100,0\n2,5; 97,5\n6,0; 80,0\n",  # the same with decimal commas
        "time\tsurvival\n0\t100\n2.5\t97.5\n6\t80\n",  # DigitizeIt
        "0,0\t100\n2,5\t97,5\n6,0\t80\n",
        "0 100\n2.5   97.5\n6 80\n",
        "0,0 100,0\n2,5 97,5\n6,0 80,0\n",
        "x,Curve1\n0,100\n2.5,97.5\n6,80\n",  # Engauge
        "k,t,S\n1,0,100\n2,2.5,97.5\n3,6,80\n",  # Guyot
        "1\t0\t100\n2\t2.5\t97.5\n3\t6\t80\n",
        "time,n.risk,survival,lower\n0,20,100,90\n2.5,20,97.5,85\n6,19,80,60\n",  # R
        "sep=;\n# read by hand\ntime;survival\n0;100 %\n2,5;97,5 %\n6;80 %\n",  # Excel
        "0,100\r\n2.5,97.5\r\n6,80\r\n",
        "y,x\n100,0\n97.5,2.5\n80,6\n",  # heights first, as the header says
        "survival,time\n100,0\n97.5,2.5\n80,6\n",
        "time;survival\n0;100\n2,5;97,5\n6;80\n".encode("utf-16"),
    ],
)
def test_one_curve(tmp_path, text):
    assert read(tmp_path, text) == [("", POINTS)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Control,,Treatment,\nX,Y,X,Y\n0,100,0,100\n2.5,97.5,2.5,97.5\n6,80,6,80\n,,9,70\n", ("Control", "Treatment")),
        ("Control,,Treatment,\nY,X,Y,X\n100,0,100,0\n97.5,2.5,97.5,2.5\n80,6,80,6\n,,70,9\n", ("Control", "Treatment")),
        ("x,Curve1,Curve2\n0,100,100\n2.5,97.5,97.5\n6,80,80\n9,,70\n", ("Curve1", "Curve2")),  # Engauge
        ("x,Control,Treatment\n0,100,100\n2.5,97.5,97.5\n6,80,80\n9,,70\n", ("Control", "Treatment")),
        ("x,Control\n0,100\n2.5,97.5\n6,80\n\nx,Treatment\n0,100\n2.5,97.5\n6,80\n9,70\n", ("Control", "Treatment")),
        ("arm,time,survival\n" + "".join(f"{arm},{t},{s}\n" for arm, points in (("Control", POINTS), ("Treatment", (*POINTS, (9, 70)))) for t, s in points), ("Control", "Treatment")),
        ("0,100,0,100\n2.5,97.5,2.5,97.5\n6,80,6,80\n,,9,70\n", ("", "")),
    ],
)  # fmt: skip
def test_several_curves_in_one_file(tmp_path, text, names):
    assert read(tmp_path, text) == [(names[0], POINTS), (names[1], (*POINTS, (9.0, 70.0)))]


def test_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    for row in (("time", "survival"), *POINTS):
        book.active.append(row)
    book.save(tmp_path / "curve.xlsx")
    assert [point[1:] for point in read_datasets(tmp_path / "curve.xlsx")[0].points] == list(POINTS)


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("hello world\nthis is text\n", "file", "none"),
        ("", "file", "an empty file"),
        ("0,100\n6,nan\n", "row 2, column 2", "'nan'"),
        ("time,survival\n0,100\n6,\n", "row 3, column survival", "none"),
        ("0,100\nfoo,bar\n6,80\n", "row 2", "'foo'"),
        ("0;100\n2,5;97.5\n", "row 2", "a decimal comma"),
        ("5\n6\n", "row 1", "one column"),
        ("0,100,100\n6,80,90\n", "row 1", "3 columns without names"),
        ("100,0\n97.5,2.5\n80,6\n", "row 1", "100 beside 0, as where heights stand before times"),
        ("a,b\n0.8,6\n0.9,2.5\n1,0\n", "row 4", "1 beside 0, as where heights stand before times"),
        (b"\x00\x01\x02", "file", "bytes that no text has"),
    ],
)
def test_a_faulty_file_is_refused_by_row(tmp_path, text, place, found):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    (fault,) = caught.value.faults
    assert (fault.file.endswith("curve.csv"), fault.place, fault.found) == (True, place, found)


def test_no_file_and_no_table_are_refused(tmp_path):
    (tmp_path / "curve.pdf").write_text("x")
    for name in ("curve.pdf", "none.csv", "."):
        with pytest.raises(InputError, match="file: expected"):
            read_datasets(tmp_path / name)


@pytest.mark.parametrize("text", ["100,40\n60,70\n0,100\n", "0,100\n6,0\n100,0\n", "time,survival\n3,95\n100,0\n"])
def test_a_curve_that_ends_at_nothing_is_no_curve_the_other_way_round(tmp_path, text):
    assert len(read(tmp_path, text)) == 1


@pytest.mark.parametrize(
    ("axis", "unit", "sound"),
    [("time (years)", "months", False), ("time (years)", "years", True), ("OS_days", "days", True), ("x", "months", True), ("days", "weeks", False)],
)  # fmt: skip
def test_times_whose_name_speaks_of_another_unit_are_asked_about(tmp_path, axis, unit, sound):
    (tmp_path / "curve.csv").write_text(f"{axis},survival\n0,1\n1,0.8\n")
    (data,) = read_datasets(tmp_path / "curve.csv")
    if sound:
        data.check_unit(unit)
    else:
        with pytest.raises(InputError, match=f"expected {unit} .--time-unit.*speaks of (years|days)"):
            data.check_unit(unit)


@pytest.mark.parametrize(("cell", "signed"), [("0.4 %", True), ("0.4%", True), ("0.4", False)])
def test_a_per_cent_sign_at_a_height_is_kept(tmp_path, cell, signed):
    (tmp_path / "curve.csv").write_text(f"time,incidence (%)\n0,0\n6,{cell}\n")
    (data,) = read_datasets(tmp_path / "curve.csv")
    assert (data.percent, data.scale, data.points[-1]) == (signed, "incidence (%)", (3, 6.0, 0.4))

"""Files of digitised curves: every fault at once, with its file, row and column."""

import shutil

import pytest

from analysis import paths
from analysis.errors import InputError
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.validation.known import known
from analysis.reconstruction.validation.papers import publish
from tests.reconstruction.digitised_study import declare

CURVE = "time,survival\n0,100\n6,80\n12,50\n"
AT_RISK = "time,at_risk\n0,7\n6,5\n12,3\n"


def faults(folder, curve=CURVE, at_risk=AT_RISK, changed=()):
    declare(folder, curve, at_risk, changed)
    with pytest.raises(InputError) as caught:
        read_problem(folder)
    return [(fault.place, fault.expected, fault.found) for fault in caught.value.faults]


def test_a_study_may_do_without(folder):
    assert read_problem(folder).digitised == ()


def test_shares_and_percentages_are_the_same_curve(folder):
    declare(folder, "# read by hand\ntime,survival\n0,1\n\n12,0.857\n", AT_RISK, {"unit": "share"})
    (curve,) = read_problem(folder).digitised
    assert curve.points == ((0.0, 100.0), (12.0, pytest.approx(85.7)))
    assert curve.printed_at_risk == ((0, 7), (6, 5), (12, 3))


def test_every_fault_of_both_files_is_named(folder):
    curve = "time,survival\n-1,100\n6,x\n6,1e3\n5,50\n60,90\n"
    found = faults(folder, curve, "time,at_risk\n0,7\n6,4.5\n12,8\n")
    assert sorted(place for place, _, _ in found) == [
        "row 2, column time", "row 3, column at_risk", "row 3, column survival", "row 4, column at_risk", "row 4, column survival", "row 5, column time", "row 6, column survival", "row 6, column time",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("curve", "place", "found"),
    [
        ("time,surv\n0,100\n", "column surv", "an unknown column (did you mean 'survival'?)"),
        ("time,survival,survival\n0,100,100\n", "column survival", "a second one"),
        ("time,survival\n", "file", "none"),
        ("", "column time", "none"),
        ("time,survival\n0,100,3\n", "row 2", "3"),
        ("time,survival\n0,nan\n", "row 2, column survival", "'nan'"),
        ("time,survival\n0,100\n6,60\n9,62.5\n", "row 4, column survival", "62.5"),
    ],
)
def test_a_faulty_curve(folder, curve, place, found):
    assert (place, found) in [(place, found) for place, _, found in faults(folder, curve, "time,at_risk\n0,7\n")]


def test_a_vertical_step_has_two_points_at_one_time_and_falls(folder):
    declare(folder, "time,survival\n0,100\n6,100\n6,85.7\n", AT_RISK)
    assert read_problem(folder).digitised[0].points == ((0.0, 100.0), (6.0, 100.0), (6.0, 85.7))
    found = faults(folder, "time,survival\n0,100\n6,85.7\n6,87\n", AT_RISK)
    assert [(place, value) for place, _, value in found] == [("row 4, column time", "6")]


def test_numbers_at_risk_need_neither_whole_months_nor_a_first_one(folder):
    declare(folder, "time,survival\n0,100\n6,85.7\n", "time,at_risk\n2.5,7\n6,5\n")
    assert read_problem(folder).digitised[0].printed_at_risk == ((2.5, 7), (6.0, 5))
    found = faults(folder, "time,survival\n0,100\n6,57\n", "time,at_risk\n2.5,7\n8.5,6\n")
    assert ("time 8.5, column at_risk", "6") in [(place, value) for place, _, value in found]


def test_marks_of_censoring_are_read_and_refused_by_row(folder):
    (folder / "ticks.csv").write_text("time\n2.5\n7\n")
    declare(folder, "time,survival\n0,100\n12,85.7\n", None, {"at_risk": "", "ticks": "ticks.csv"})
    assert read_problem(folder).digitised[0].ticks == (2.5, 7.0)
    (folder / "ticks.csv").write_text("time\n2.5\n2.5\nx\n999\n")
    found = faults(folder, "time,survival\n0,100\n12,85.7\n", None, {"at_risk": "", "ticks": "ticks.csv"})
    assert [place for place, _, _ in found] == ["row 4, column time", "row 3, column time", "row 5, column time"]


def test_wiggles_within_the_tolerance_are_allowed(folder):
    declare(folder, "time,survival\n0,100\n6,85\n9,86.9\n12,86\n", "time,at_risk\n0,7\n", {"tolerance": 1.0})
    assert read_problem(folder).digitised


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("curve", "../elsewhere.csv"),
        ("curve", "/etc/hostname"),
        ("curve", ""),
        ("at_risk", "../x.csv"),
        ("endpoint", "oss"),
        ("where", "arm=C"),
        ("tolerance", -1),
        ("unit", "promille"),
        ("spot", 1),
    ],
)
def test_a_faulty_declaration(folder, key, value):
    assert [place.partition(",")[0] for place, _, _ in faults(folder, changed={key: value})] == [f"digitised.0.{key}"]


def test_a_missing_file(folder):
    assert faults(folder, curve=None) == [("file", "a digitised curve as CSV", "no such file")]


def test_the_figure_may_not_contradict_what_is_printed(folder):
    # seven are printed of arm A, and survival of 85.71% at 12 months
    found = faults(folder, "time,survival\n0,100\n12,50\n", "time,at_risk\n0,8\n")
    assert [place for place, _, _ in found] == ["time 0, column at_risk", "column survival"]
    assert "n.a" in found[0][1] and "os.a.12" in found[1][1]


@pytest.mark.slow
def test_a_linked_study_is_refused_in_words(tmp_path):
    linked = next(paths.study_folder(slug) for slug in paths.studies() if read_problem(slug).assumptions.linked)
    for name in ("study.yml", "printed.csv", "reconstruction.yml"):
        shutil.copy(linked / name, tmp_path)
    with (tmp_path / "reconstruction.yml").open("a") as sink:
        sink.write("\ndigitised:\n  - {endpoint: os, curve: a.csv, unit: percent, source: Fig. 1, why: read}\n")
    with pytest.raises(InputError, match="those of a study with `linked` cannot be imposed"):
        read_problem(tmp_path)


def test_exchanged_numbers_at_risk_do_not_fit_the_curves(tmp_path):
    """The numbers under a figure are easily taken for those of the other arm: of 21 patients each, more are left in arm A."""
    folder = publish(next(one for one in known() if one.name == "leukaemia, digitised"), tmp_path / "trial")
    assert len(read_problem(folder).digitised) == 2
    one, other = (folder / f"figure_{arm}_at_risk.csv" for arm in "ab")
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    with pytest.raises(
        InputError,
        match=r"figure_b_at_risk.csv: time \d+, column at_risk: expected at most \d+: numbers at risk fall at least as fast as the curve; found \d+",
    ):
        read_problem(folder)


@pytest.mark.parametrize(
    "curve",
    [
        "0,100\n6,92.5\n12,85.7\n",
        "0, 100\n6, 92.5\n12, 85.7\n",
        "0;100\n6;92,5\n12;85,7\n",
        "0,0\t100,0\n6,0\t92,5\n12,0\t85,7\n",
        "0,0 100,0\n6,0 92,5\n12,0  85,7\n",
        "0 100\n6 92.5\n12 85.7\n",
        "time;survival\n0;100\n6;92,5\n12;85,7\n",
        "# points\n0,100\n6,92.5\n12,85.7\n",
    ],
)
def test_points_as_digitisers_export_them_need_no_header_and_may_have_decimal_commas(folder, curve):
    declare(folder, curve, AT_RISK)
    assert read_problem(folder).digitised[0].points == ((0.0, 100.0), (6.0, 92.5), (12.0, 85.7))


def test_a_fault_of_a_file_without_header_is_named_by_its_line(folder):
    assert ("row 2, column survival", "a number", "'x'") in faults(folder, "0,100\n6,x\n")

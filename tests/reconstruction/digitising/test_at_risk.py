"""Numbers at risk in every form that figures and other programs have them."""

import pytest

from analysis.errors import InputError
from analysis.reconstruction.digitising.at_risk import from_options, read_at_risk

ONE, OTHER = [(0, 20), (6, 15), (12, 4)], [(0, 18), (6, 9), (12, 0)]


def read(tmp_path, text, **options):
    (tmp_path / "n.csv").write_text(text)
    return [(one.name, [(time, number) for time, number, _ in one.numbers]) for one in read_at_risk(tmp_path / "n.csv", **options)]


@pytest.mark.parametrize(
    "text",
    [
        "trisk,nrisk\n0,20\n6,15\n12,4\n",  # IPDfromKM
        "0;20\n6;15\n12;4\n",
        "i\ttrisk\tlower\tupper\tnrisk\n1\t0\t1\t8\t20\n2\t6\t9\t12\t15\n3\t12\t13\t20\t4\n",  # Guyot
        "0 6 12\n20 15 4\n",
    ],
)
def test_one_arm(tmp_path, text):
    assert read(tmp_path, text) == [("", ONE)]


@pytest.mark.parametrize(
    "text",
    [
        "time,Drug,Placebo\n0,20,18\n6,15,9\n12,4,0\n",
        "arm,0,6,12\nDrug,20,15,4\nPlacebo,18,9,0\n",
        ",0,6,12\nDrug,20,15,4\nPlacebo,18,9,0\n",
    ],
)
def test_two_arms_as_columns_or_as_rows_below_a_figure(tmp_path, text):
    assert read(tmp_path, text) == [("Drug", ONE), ("Placebo", OTHER)]


def test_years_become_months_and_the_start_may_lack(tmp_path):
    assert read(tmp_path, "0.5,15\n1,4\n", months=12.0) == [("", [(6, 15), (12, 4)])]
    (found,) = read_at_risk(tmp_path / "n.csv")
    assert found.at_start is None and from_options([0, 6], [20, 15]).at_start == 20


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("0,10\n6,8\n12,9\n", "row 3, at risk", "9"),
        ("0,10\n6,7.5\n", "row 2, at risk", "7.5"),
        ("0,10\n6,NaN\n", "row 2, at risk", "'NaN'"),
        ("-1,10\n6,5\n", "row 1, time", "-1"),
        ("0,10\n6,5\n6,4\n", "row 3, time", "6"),
        ("arm,0,6,12\nDrug,20,15,16\n", "row 2, column 4, at risk", "16"),
    ],
)
def test_a_faulty_number_is_refused_by_row(tmp_path, text, place, found):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert [(fault.place, fault.found) for fault in caught.value.faults] == [(place, found)]


def test_vectors_of_different_lengths_are_refused():
    with pytest.raises(InputError, match=r"--nrisk: expected as many numbers as times in --trisk \(2\); found 1"):
        from_options([0, 6], [20])

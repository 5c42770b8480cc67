"""Withheld numbers are counted once."""

from analysis.pages.synthesis.withheld_numbers import rebuilt_once
from analysis.reconstruction.validation.families import TOGETHER


def test_numbers_left_out_twice_are_counted_once():
    rebuilt = {"rebuilt": {"made": 1}}
    entries = {
        **{name: {"family": name, **rebuilt} for name in (*TOGETHER, "regression")},
        " and ".join(TOGETHER): {"family": "both", **rebuilt},
    }
    assert [entry["family"] for entry in rebuilt_once(entries)] == ["regression", "both"]
    del entries[" and ".join(TOGETHER)]
    assert [entry["family"] for entry in rebuilt_once(entries)] == [*TOGETHER, "regression"]

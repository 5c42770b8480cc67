"""An edition or sweep of a protected cohort whose selections differ by few patients is refused, at the threshold and only there."""

from __future__ import annotations

import pandas as pd
import pytest
import yaml

from analysis import cli
from analysis.book.editions import editions, sweeps
from analysis.errors import InputError
from tests.pages.any_cohort.test_general_page import STUDY, patients


@pytest.fixture
def write(tmp_path):
    """Write an edition of two pages, or a sweep of two scenarios, whose second leaves some patients out."""
    (tmp_path / "study.yml").write_text(yaml.safe_dump(STUDY))

    def made(left_out: int, kind: str, varied: dict | None = None, **common):
        frame = patients(60)
        frame["stage"] = ["II"] * left_out + ["I"] * (60 - left_out)
        frame.to_csv(tmp_path / "own.csv", index=False)
        shared = {"title": "Own", "parameters": {"study": str(tmp_path), "cohort": "own.csv"} | common}
        if kind == "edition":
            pages = [
                {"file": "notebooks/general/survival.md", "as": name, "parameters": {"where": where}}
                for name, where in (("all", ""), ("some", "stage=I"))
            ]
            if varied:
                pages[1]["parameters"] = {name: value[1] for name, value in varied.items()}
            content = shared | {"notebooks": pages}
        else:
            content = shared | {
                "notebooks": ["notebooks/general/survival.md"],
                "grid": varied or {"where": ["", "stage=I"]},
                "statistics": ["survival"],
            }
        file = tmp_path / "own.yml"
        file.write_text(yaml.safe_dump(content))
        return (editions if kind == "edition" else sweeps).read(file)

    return made


@pytest.mark.parametrize("kind", ["edition", "sweep"])
@pytest.mark.parametrize("left_out", [1, 4])
def test_selections_that_differ_by_fewer_than_the_threshold_are_refused(write, kind, left_out):
    with pytest.raises(InputError, match="disclose these"):
        write(left_out, kind)


@pytest.mark.parametrize("kind", ["edition", "sweep"])
@pytest.mark.parametrize("left_out", [0, 5, 6])
def test_the_same_selection_and_one_that_differs_by_the_threshold_are_made(write, kind, left_out):
    assert len(write(left_out, kind).pages) == 2


@pytest.mark.parametrize("kind", ["edition", "sweep"])
def test_local_use_may_differ_by_any_number(write, kind):
    assert len(write(1, kind, disclosure="local").pages) == 2


@pytest.mark.parametrize("kind", ["edition", "sweep"])
@pytest.mark.parametrize("varied", [{"threshold": [5, 6]}, {"coarsening": [3.0, 4.0]}])
def test_ranges_of_several_widths_of_the_same_patients_are_refused(write, kind, varied):
    """Fewer than 10 in fives and more than 8 in threes would be 9."""
    with pytest.raises(InputError, match="whose ranges together would disclose more"):
        write(5, kind, varied=varied)


def test_statistics_of_a_sweep_are_ranges(write):
    from analysis.book.editions.scenario_statistics import evaluate

    page = write(5, "sweep").pages[0]
    found = evaluate({name: value for name, value in page.values.items() if name != "where"}, ("survival", "median", "hazard_ratio"))[
        "statistics"
    ]
    assert " to " in found["survival"]["text"] and found["survival"]["text"].endswith("%")
    assert found["hazard_ratio"]["value"] is None and found["hazard_ratio"]["reason"]


def test_a_fault_of_an_edition_ends_with_status_2(write, tmp_path, capsys):
    with pytest.raises(InputError):
        write(3, "edition")
    assert cli.main(["edition", "-n", str(tmp_path / "own.yml")]) == 2
    assert "differ by at least 5" in capsys.readouterr().err
    assert isinstance(pd.read_csv(tmp_path / "own.csv"), pd.DataFrame)

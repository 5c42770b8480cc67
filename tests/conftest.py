"""A small made-up study for tests, folders to write it into, and which tests are slow."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from analysis.cohorts.study import Study, read_study

SLOW_FOLDERS = ("browser", "data", "notebooks", "publishing", "reconstruction")
"""Folders of which every test is slow: pages, builds and whole ledgers; searches, which are compiled for each Python first."""

def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow by where it stands; single tests elsewhere mark themselves."""
    for item in items:
        if item.path.relative_to(Path(__file__).parent).parts[0] in SLOW_FOLDERS:
            item.add_marker(pytest.mark.slow)


DECLARED = {
    "study": "made_up",
    "label": "Made up",
    "title": "A made-up study",
    "citation": {"journal": "None"},
    "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "patient"}},
    "variables": {
        "cohort": {
            "patient": {"type": "id"},
            "arm": {"type": "category", "levels": ["A", "B"]},
            "stage": {"type": "category", "levels": ["I", "II", "III"], "missing": True},
            "age": {"type": "integer", "unit": "years", "range": [0, 120], "missing": True},
            "months": {"type": "number", "unit": "months", "range": [0, 600]},
            "died": {"type": "boolean"},
        }
    },
    "endpoints": {"os": {"time": "months", "event": "died", "label": "Overall survival"}},
    "populations": {
        "all": {"label": "All patients"},
        "a": {"where": "arm=A", "label": "Arm A"},
        "b": {"where": "arm=B", "label": "Arm B"},
    },
}

COHORT = """patient,arm,stage,age,months,died
1,A,I,50,2,1
2,A,II,60,5,0
3,A,,70,8,1
4,A,III,,12,0
5,B,I,40,1,1
6,B,I,41,3,1
7,B,II,42,4,1
8,B,III,43,9,0
"""

LEDGER = """id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,note
t1.n,Table 1,patients,all,,count,,8,imposed,t1.a + t1.b,,
t1.a,Table 1,patients of arm A,a,,count,,4,imposed,,,
t1.b,Table 1,patients of arm B,b,,count,,4,imposed,,,
t1.a.pct,Table 1,share of arm A,all,arm=A,percent,,50%,imposed,t1.a ; t1.n,,
res.os,Results,survival of arm A at 6 months,a,,survival,endpoint=os; time=6,75%,held-out,,,
abs.os,Abstract,survival of arm A at 6 months,a,,survival,endpoint=os; time=6,75%,held-out,,res.os,
met.dose,Methods,a dose,,,quoted,,20,context,,,
"""


@pytest.fixture
def study_folder(tmp_path: Path) -> Path:
    """Folder of the made-up study: ``study.yml``, ``cohort.csv`` and ``printed.csv``."""
    folder = tmp_path / "made_up"
    folder.mkdir()
    (folder / "study.yml").write_text(yaml.safe_dump(DECLARED, sort_keys=False), encoding="utf-8")
    (folder / "cohort.csv").write_text(COHORT, encoding="utf-8")
    (folder / "printed.csv").write_text(LEDGER, encoding="utf-8")
    return folder


@pytest.fixture
def study(study_folder: Path) -> Study:
    return read_study(study_folder)

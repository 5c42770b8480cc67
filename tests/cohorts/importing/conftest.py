"""The made-up cohort as a site might keep it."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.cohorts.reading import read_table

GERMAN = {
    "Fallnummer": ["1", "2", "3", "4", "5", "6", "7", "8"],
    "Therapie": [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0],
    "Stadium": [1.0, 2.0, 9.0, 3.0, 1.0, 1.0, 2.0, 3.0],
    "Alter": ["50", "60", "70", "unbekannt", "40", "41", "42", "43"],
    "Überleben_Tage": ["60,875", "152,1875", "243,5", "365,25", "30,4375", "91,3125", "121,75", "273,9375"],
    "Verstorben": [1.0, 2.0, 1.0, 2.0, 1.0, 1.0, 1.0, 2.0],
    "Nachname": ["Geheim"] * 8,
}
LABELS = {
    "Therapie": {1.0: "Arm A (neu)", 2.0: "Arm B (alt)"},
    "Stadium": {1.0: "I", 2.0: "II", 3.0: "III", 9.0: "unbekannt"},
    "Verstorben": {1.0: "ja", 2.0: "nein"},
}
MAPPING = """study: made_up
missing: unbekannt
columns:
  patient: Fallnummer
  arm: {column: Therapie, codes: {Arm A (neu): A, Arm B (alt): B}}
  stage: {column: Stadium}
  age: {column: Alter}
  months: {column: Überleben_Tage, unit: days}
  died: {column: Verstorben, codes: {ja: 1, nein: 0}}
"""


@pytest.fixture
def german() -> pd.DataFrame:
    """The made-up cohort under German names, coded, with decimal commas; one age is unknown."""
    return pd.DataFrame(GERMAN)


@pytest.fixture
def put(tmp_path):
    """Writer of a file into an empty folder: ``put(name, text or bytes)``."""

    def write(name, content):
        path = tmp_path / "site" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


@pytest.fixture
def reference(study) -> pd.DataFrame:
    """What the study's own reader makes of the made-up cohort."""
    return read_table(study)


@pytest.fixture
def labels():
    return LABELS


@pytest.fixture
def mapping_text():
    return MAPPING

"""Golden values made by R (tests/golden), and a comparison that takes NA, NaN and infinity seriously."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parents[1] / "golden"
# a test that asks for the fixture on the left runs once for every entry of the file on the right
PER_ENTRY = {
    "curve_case": "curves",
    "test_case": "tests_of_curves",
    "cox_case": "cox",
    "sample_case": "location",
    "incidence_case": "competing",
    "weighted_case": "tests_of_curves",
    "ratio_case": "tests_of_curves",
}
# … of those that have this key (R's reference for the weights covers two groups and untroubled times)
WITH_KEY = {"weighted_case": "gehan_p", "ratio_case": "logrank_oe"}


@cache
def load(name):
    values = json.loads((FOLDER / f"{name}.json").read_text())
    made_by = values.pop("made_by")
    assert made_by["survival"] and made_by["r"], f"{name}.json does not say what made it"
    return values


def pytest_generate_tests(metafunc):
    for fixture, file in PER_ENTRY.items():
        if fixture in metafunc.fixturenames:
            key = WITH_KEY.get(fixture)
            metafunc.parametrize(fixture, [name for name, entry in load(file).items() if key is None or key in entry])


@pytest.fixture(scope="session")
def golden():
    """golden(file) -> dict of R's values; golden("cases") holds the data."""
    return load


def numeric(values):
    return np.array([np.nan if v is None else v for v in np.ravel(np.asarray(values, dtype=object))], dtype=float)


@pytest.fixture(scope="session")
def close():
    """close(found, expected, rtol=1e-9): equal up to rtol, with NaN (R: NA) and infinities in the same places."""

    def compare(found, expected, rtol=1e-9, atol=0.0):
        found, expected = numeric(found), numeric(expected)
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=rtol, atol=atol, equal_nan=True)

    return compare

"""Numbers are set as a reader expects them, and nothing else is touched."""

import pytest

from analysis.tables.html.typography import typeset


@pytest.mark.parametrize(
    ("kept", "seen"),
    [
        ("count of 100e9/L or more", "count of 100\u00a0×\u00a010⁹/L or more"),
        ("threshold, 1e9/L", "threshold, 10⁹/L"),
        ("neutrophils of 0.5 x 10^9/L", "neutrophils of 0.5\u00a0×\u00a010⁹/L"),
        ("needed, 10^12/L", "needed, 10¹²/L"),
        ("10 - 7 = 3 and 15 + 2 x 3", "10 − 7 = 3 and 15 + 2 × 3"),
    ],
)
def test_powers_minus_and_times_are_set(kept, seen):
    assert typeset(kept) == seen


@pytest.mark.parametrize(
    "text", ["relapse number 2-3", "KMT2A - rearranged", "A x B", "1e9 cells", "RUNX1-RUNX1T1", "P = 1e-05/2", "DAC-CLAG 7 + 0", ""]
)
def test_what_is_no_number_with_a_sign_stays(text):
    assert typeset(text) == text

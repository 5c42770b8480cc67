"""An invented text that prints the numbers of the made-up study."""

import pytest

TEXT = """A made-up trial of two arms
Abstract

Of 8 patients, 75% of arm A were alive at six months.

Methods
Patients received a dose of 20 mg [1, 2] from 2015. The first 3-month
period was described previously [3].

Results
Eight patients were enrolled; arm A had 4 and arm B four patients (Table 1).
Survival of arm A at 6 months was 75% and that of arm B 25% (P = 0.31).

Table 1  Patients by arm

Features Total Arm A Arm B

Patients 8 4 (50%) 4 (50%)
"""


@pytest.fixture
def paper(tmp_path):
    """File of the invented text."""
    file = tmp_path / "paper.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file

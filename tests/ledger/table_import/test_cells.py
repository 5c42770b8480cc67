"""A cell of a table is read in the forms in which journals print results."""

import pytest

from analysis.ledger.table_import.cells import read_cell


@pytest.mark.parametrize(
    ("text", "form", "numbers"),
    [
        ("18", "number", ("18",)),
        ("18 (62%)", "number (number)", ("18", "62%")),
        ("18 (62.0 %)", "number (number)", ("18", "62.0%")),
        ("18(62)", "number (number)", ("18", "62")),
        ("14/26", "number/number", ("14", "26")),
        ("53.85 (14/26)", "number (number/number)", ("53.85", "14", "26")),
        ("14/26 (53.85%)", "number/number (number)", ("14", "26", "53.85%")),
        ("102.5 ± 60.7", "number ± number", ("102.5", "60.7")),
        ("102.5 (±60.7)", "number ± number", ("102.5", "60.7")),
        ("102.5 +/- 60.7", "number ± number", ("102.5", "60.7")),
        ("11 (0–17)", "number (number–number)", ("11", "0", "17")),
        ("11 [0 to 17]", "number (number–number)", ("11", "0", "17")),
        ("11 (IQR 3-15)", "number (number–number)", ("11", "3", "15")),
        ("0.49 (0.16–1.56)", "number (number–number)", ("0.49", "0.16", "1.56")),
        ("0.49 (95% CI: 0.16, 1.56)", "number (number–number)", ("0.49", "0.16", "1.56")),
        ("0,49 (0,16–1,56)", "number (number–number)", ("0,49", "0,16", "1,56")),
        ("−3.2 (−5.1 to −1.0)", "number (number–number)", ("−3.2", "−5.1", "−1.0")),
        ("1\u2009013 (35·9%)", "number (number)", ("1\u2009013", "35·9%")),
        ("15 (0a–35)", "number (number–number)", ("15", "0a", "35")),
        ("59·1 (41·8–NR)", "number (number–open)", ("59·1", "41·8")),
        ("59.1 (95% CI 41.8 to not reached)", "number (number–open)", ("59.1", "41.8")),
        ("8 (NE, 12)", "number (open–number)", ("8", "12")),
        ("NR (41.8–NR)", "open (number–open)", ("41.8",)),
        ("NR (41.8–60.2)", "open (number–number)", ("41.8", "60.2")),
        ("<0.001", "number", ("<0.001",)),
        ("P = ·03", "number", ("·03",)),
        ("0.800a", "number", ("0.800a",)),
        *((text, "nothing", ()) for text in ("", "NR", "n/a", "–", "- (0/0)", "not reached", "...")),
    ],
)
def test_a_cell_is_read_with_its_numbers_as_printed(text, form, numbers):
    assert read_cell(text) == (form, numbers)


@pytest.mark.parametrize("text", ["twelve", "12 months", "3 (7.69) 2 (5.13)", "1.2.3", "12 (", "5 (3 of 9)"])
def test_another_cell_is_refused_as_it_stands(text):
    with pytest.raises(ValueError, match="^'"):
        read_cell(text)

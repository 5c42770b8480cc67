"""What is shown of a file's columns: codes and coarse counts, never what one patient alone has."""

import datetime

import numpy as np

from analysis.cohorts.importing.raw import RawTable
from analysis.live.patients.columns_found import MOST_CODES, find_columns, in_range


def table(**columns):
    cells = {name: np.array(values, dtype=object) for name, values in columns.items()}
    return RawTable("a file", cells, np.arange(len(next(iter(cells.values())))), "row", labels={"sex": {1.0: "male"}})


def test_codes_are_counted_in_ranges_and_carry_their_labels():
    found = find_columns(table(sex=[1.0] * 7 + [2.0] * 3 + [None]))["sex"]
    assert [(code.spelled, code.label, str(code.rows)) for code in found.codes] == [("1", "male", "5 to 9"), ("2", "", "fewer than 5")]
    assert str(found.filled) == "10 to 14"


def test_a_column_of_keys_or_measurements_shows_none_of_its_values():
    many = list(range(MOST_CODES + 1))
    assert find_columns(table(key=[str(one) for one in many]))["key"].codes == ()
    assert find_columns(table(few=[1, 2, 3]))["few"].codes == ()  # each patient's own
    assert len(find_columns(table(level=[one % MOST_CODES for one in range(40)]))["level"].codes) == MOST_CODES
    assert find_columns(table(level=[one % (MOST_CODES + 1) for one in range(40)]))["level"].codes == ()


def test_ranges_begin_at_multiples_of_the_threshold():
    assert [str(in_range(number)) for number in (0, 4, 5, 9, 10)] == ["fewer than 5", "fewer than 5", "5 to 9", "5 to 9", "10 to 14"]


def test_dates_are_told_as_such():
    day = datetime.date(2020, 1, 1)
    found = find_columns(table(day=[day, None], text=["2020-01-01", None]))
    assert found["day"].dates and not found["text"].dates

"""Rows and numbers of a text find each other; what has no counterpart is told."""

from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.transcription.coverage import compare
from analysis.ledger.transcription.numbers import find_numbers

OPEN = [
    ("8", "Abstract"),
    ("Eight", "Results"),
    ("4", "Results"),
    ("four", "Results"),
    ("25%", "Results"),
    ("0.31", "Results"),
    ("50%", "Table 1"),
]
"""Numbers of the invented text that may be results and stand in no row."""


def covered(study, text, **known):
    return compare(find_numbers(text), read_ledger(study).rows, **known)


def ids(found):
    return {found.numbers[position].line: row.id for position, row in found.row_of.items()}


def test_every_row_of_the_invented_paper_is_found_in_its_text(study, paper):
    found = covered(study, paper.read_text())
    assert found.recall == 1
    assert not found.absent and not found.mistaken
    assert sorted(row.id for row in found.row_of.values()) == sorted(row.id for row in read_ledger(study).rows)


def test_numbers_without_a_row_are_told_in_the_order_of_the_text(study, paper):
    open_numbers = covered(study, paper.read_text()).without_row()
    assert [(one.characters, one.place) for one in open_numbers] == OPEN


def test_a_row_whose_number_is_not_in_the_text_is_absent_and_lowers_recall(study, paper):
    found = covered(study, paper.read_text().replace("20 mg", "30 mg"))
    assert [row.id for row in found.absent] == ["met.dose"]
    assert found.recall == 6 / 7


def test_the_place_decides_between_numbers_of_the_same_digits(study, paper):
    found = covered(study, paper.read_text())
    places = {row.id: found.numbers[position].place for position, row in found.row_of.items()}
    assert places["abs.os"] == "Abstract" and places["res.os"] == "Results" and places["t1.a.pct"] == "Table 1"


def test_digits_are_no_words_and_decimals_count(study, paper):
    found = covered(study, paper.read_text().replace("75%", "75.0%").replace("20 mg", "twenty units"))
    assert {row.id for row in found.absent} == {"res.os", "abs.os", "met.dose"}


def test_one_number_in_two_rows_is_told_and_counts_as_found(study, paper):
    text = paper.read_text().replace("Patients 8 4 (50%) 4 (50%)", "Patients 8 4 (50%)").replace("arm A had 4", "arm A had some")
    found = covered(study, text)
    assert [row.id for row in found.shared] in (["t1.a"], ["t1.b"]) and found.recall == 1


def test_rows_follow_the_text_so_that_the_number_without_a_row_is_the_right_one(study, study_folder):
    lines = [
        f"Group {letter} had {number} deaths."
        for letter, number in zip("abcdefgh", ["39", "4", "21", "4", "17", "4", "28", "4"], strict=True)
    ]
    numbers = find_numbers("Results\n" + "\n".join(lines) + "\n")
    header = "id,source,quantity,population,statistic,printed,role\n"
    for left_out in (1, 3, 5, 7):
        rows = [f"res.n{place},Results,n,all,count,{one.characters},imposed" for place, one in enumerate(numbers) if place != left_out]
        (study_folder / "printed.csv").write_text(header + "\n".join(rows) + "\n")
        found = compare(numbers, read_ledger(study).rows)
        assert [number.line for number in found.without_row()] == [left_out + 2]


def test_what_a_draft_says_of_a_number_holds(study, paper):
    numbers = find_numbers(paper.read_text())
    second = [position for position, one in enumerate(numbers) if one.characters == "4" and one.place == "Table 1"][1]
    assert compare(numbers, read_ledger(study).rows, {second: "t1.a"}).row_of[second].id == "t1.a"


def test_a_result_found_only_as_a_dose_is_told(study, study_folder, paper):
    ledger = study_folder / "printed.csv"
    ledger.write_text(
        ledger.read_text().replace("met.dose,Methods,a dose,,,quoted,,20,context", "met.n,Methods,treated,all,,count,,20,imposed")
    )
    ((number, row),) = covered(study, paper.read_text()).mistaken
    assert (number.no_result, row.id) == ("dose", "met.n")

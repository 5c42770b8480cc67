"""Places of a text are named as a ledger's ``source`` names them."""

import pytest

from analysis.ledger.transcription.places import Places

PROSE = "The table above was followed by text that goes on for\nmore than two lines, as running text of a paper does, and\nnames 12 patients in a sentence of its own at the end.\n"


def place(text, word):
    return Places(text).place_of(text.index(word))


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Results", "Results"),
        ("RESULTS", "Results"),
        ("R E SU LTS", "Results"),
        ("3. Results", "Results"),
        ("2 | METHODS", "Methods"),
        ("Patients and methods", "Methods"),
        ("Materials and Methods", "Methods"),
        ("Summary", "Abstract"),
        ("Conclusions", "Conclusion"),
        ("INTRODUCTION", "Introduction"),
    ],
)
def test_a_heading_begins_a_section_however_it_is_set(heading, expected):
    assert place(f"Title\n{heading}\nwith 12 patients\n", "12") == expected


@pytest.mark.parametrize("line", ["Results of 12 patients are shown.", "Results.", "our results"])
def test_a_sentence_with_the_word_is_no_heading(line):
    assert place(f"Methods\n{line}\nwith 34 patients\n", "34") == "Methods"


def test_a_table_lasts_until_running_text_goes_on():
    text = f"Results\nText.\n\nTable 1  Patients\n\nAge 5 6\n\nSex 7 8\n\n{PROSE}"
    assert [place(text, word) for word in ("5 6", "7 8", "12")] == ["Table 1", "Table 1", "Results"]


def test_a_caption_lasts_until_its_paragraph_ends():
    text = "Results\nText.\n\nFig. 3  Survival of 9 patients\nin two groups of 4\n\nThen 12 died.\n"
    assert [place(text, word) for word in ("9", "4", "12")] == ["Fig. 3 caption", "Fig. 3 caption", "Results"]


def test_a_caption_ends_where_the_text_of_the_next_column_begins():
    assert place("Results\nText.\n\nFig. 3  Survival of 9 patients\n died early, 12 of them.\n", "12") == "Results"


def test_a_reference_to_a_table_is_no_caption():
    assert place("Results\n\nTable 1 shows 12 patients.\n", "12") == "Results"


def test_a_sentence_ends_at_its_stop_and_not_at_an_abbreviation():
    text = "Results\nAs in Fig. 3, of 10 vs. 12 patients (P = 0.3) all lived. Then 7 died.\n"
    places = Places(text)
    assert places.sentence_of(text.index("12")) == "As in Fig. 3, of 10 vs. 12 patients (P = 0.3) all lived."
    assert places.sentence_of(text.index("7")) == "Then 7 died."


def test_a_word_divided_at_the_end_of_a_line_is_joined_in_its_sentence():
    text = "Results\nThe treat-\nment of 12 pa-\ntients.\n"
    assert Places(text).sentence_of(text.index("12")) == "The treatment of 12 patients."


def test_rows_of_many_numbers_are_lines_of_a_table_however_long():
    rows = "Girls and young women 52 (50%) 42 (39%) 94 (44%) 3 (3%) 4 (4%)\nBoys and young men 53 (50%) 65 (61%) 118 (56%) 3 (3%) 5 (5%)\n"
    text = f"Results\nText.\n\nTable 1  Patients\n\n{rows}{rows.replace('young', 'older')}\nUnknown 7 8\n"
    assert Places(text).sentence_of(text.index("53 (50%)")).startswith("Boys and young men 53 (50%) 65 (61%)")
    assert place(text, "7 8") == "Table 1"


def test_numbers_at_risk_below_a_figure_belong_to_it_and_what_follows_does_not():
    risk = "Number at risk, at 0, 12 and 24 months\nArm A 105 50 30\nArm B 107 43 23\n"
    text = f"Discussion\n\nText.\n\nFig. 2  Survival by arm\n\n{risk}\n{PROSE}"
    assert place(text, "105 50") == place(text, "107 43") == "Fig. 2 caption" and place(text, "12 patients") == "Discussion"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Survival was 51% in group B. At 2 years 62% were alive.", 2),
        ("Of arms A and B. At 2 years 62% were alive.", 2),
        ("Deaths in strata A, B and C. At 2 years 62% were alive.", 2),
        ("As told by J. Smith, At 2 years 62% were alive.", 1),
        ("The median was 2.47 (90% CI 2.02–2.90) years.", 1),
        ("Medians of 12.5 (A) and 62.1 (B) were found.", 1),
        ("Survival was known.12 At 2 years 62% were alive.", 2),
    ],
)
def test_a_letter_that_names_a_group_ends_a_sentence_and_a_decimal_does_not(text, sentences):
    places = Places(f"Results\n{text}\n")
    start = len("Results\n")
    assert len({places.sentence_of(start + at) for at in range(len(text))}) == sentences

"""Every number of a text is found with its characters, and what is no result is told from what may be one."""

import pytest

from analysis.ledger.transcription.numbers import find_numbers


def results(text):
    return [number.characters for number in find_numbers(text) if not number.no_result]


def reasons(text):
    return {number.characters: number.no_result for number in find_numbers(text) if number.no_result}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("response in 18 (62%) of 29", ["18", "62%", "29"]),
        ("mean 102.5 ± 60.7 months", ["102.5", "60.7"]),
        ("a median of 11 (0–17) years", ["11", "0", "17"]),
        ("hazard ratio 0.49 (95% CI 0.16–1.56, P = 0.265)", ["0.49", "0.16", "1.56", "0.265"]),
        ("P < 0.001 and p  =  .03", ["<0.001", ".03"]),
        ("survival 35·9% (P=·03)", ["35·9%", "·03"]),
        ("p<·0001", ["<·0001"]),
        ("0,05 and 12,5 %", ["0,05", "12,5%"]),
        ("1\u2009013 children and 1,234 adults", ["1\u2009013", "1,234"]),
        ("of all 1 234 children in the registry", ["1\u2009234"]),
        ("Patients, N 66 947", ["66", "947"]),
        ("between 28%– 52% and 2.5– 68 months", ["28%", "52%", "2.5", "68"]),
        ("a change of −3.5 points", ["−3.5"]),
        ("a change of - 3 points", ["-3"]),
        ("levels 5–10", ["5", "10"]),
        ("5-10 per cent", ["5", "10"]),
        ("almost 40% and at least two", ["almost 40%", "at least two"]),
        ("Twenty-\nseven children, one hundred and two adults", ["Twenty-seven", "one hundred and two"]),
        ("No child relapsed; there was no difference", ["No"]),
        ("None of them died", ["None"]),
        ("0a and 0.800a", ["0a", "0.800a"]),
        ("339(36%) or 27%%", ["339", "36%", "27%%"]),
        ("a median of 18 [1–99] months", ["18", "1", "99"]),
        ("a median of 18 months [1–99]", ["18", "1", "99"]),
        ("response 62% [44–87]", ["62%", "44", "87"]),
        ("Matched sibling;16 (21.9);20 (26.7);", ["16", "21.9", "20", "26.7"]),
        ('"Risk, No. (%)"\nFavorable,15 (22.1),10 (13.7),\n', ["15", "22.1", "10", "13.7"]),
        ("Events;36;32\n", ["36", "32"]),
        ("HR 2.1 [1.2, 3.4]", ["2.1", "1.2", "3.4"]),
        ("response 62% (95% CI [44, 87])", ["62%", "44", "87"]),
    ],
)
def test_the_characters_are_those_that_are_printed(text, expected):
    assert results(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FAB M2 and WT1", {"2": "name", "1": "name"}),
        ("enrolled from 2015 to 2021 [1-3]. All", {"2015": "year", "2021": "year", "1": "reference", "3": "reference"}),
        ("a median CD34 count of 2015 [7–9]", {"34": "name", "2015": "year"}),
        ("5q loss, t(8;21), IDH1/2", {"5": "name", "8": "name", "21": "name", "1": "name", "2": "name"}),
        ("Covid-19 and the AML-05 study", {"19": "name", "05": "name"}),
        ("as shown [3, 14–16] before", {"3": "reference", "14": "reference", "16": "reference"}),
        ("rates of 10–32% [32, 33]", {"32": "reference", "33": "reference"}),
        ("in earlier studies;12 others; and more;13", {"12": "reference", "13": "reference"}),
        ("as was shown.12,13 Others", {"12,13": "reference"}),
        ("in 1998 and January 2018", {"1998": "year", "2018": "date"}),
        ("until December 31, 2023", {"31": "date", "2023": "year"}),
        ("9 mg/m2, 20 mg and 300 μg", {"9": "dose", "2": "name", "20": "dose", "300": "dose"}),
        ("see Table 2 and Figs. 3 and 4", {"2": "label", "3": "label", "4": "label"}),
        ("on days 1–5 of course 2", {"1": "label", "5": "label", "2": "label"}),
        ("the 3-year survival at 12 months", {"3": "time point", "12": "time point"}),
        ("below 0.5 × 109/L", {"109": "power of ten"}),
        ("SPSS 19.0, version 27.0.1.0", {"19.0": "version", "27.0.1.0": "version"}),
        ("registered as 2100045432", {"2100045432": "registration number"}),
        ("the 95% confidence interval", {"95%": "confidence level"}),
        ("between the two groups, two-sided", {"two": "part of a term"}),
        ("χ2 test", {"2": "name"}),
    ],
)
def test_what_is_no_result_is_told_with_its_kind(text, expected):
    assert reasons(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("with 80% power, or a power of 0.90", {"80%": "power", "0.90": "power"}),
        ("a two-sided α of 0·05", {"two": "part of a term", "0·05": "significance level"}),
        ("a significance level of 5% and type I error rate 0.1", {"5%": "significance level", "0.1": "significance level"}),
        ("P values below 0.05 were considered significant", {"below 0.05": "significance level"}),
        ("P < 0.05 was regarded as significant", {"<0.05": "significance level"}),
        ("50.8 per 100 person-years", {"100": "unit of a rate"}),
        ("on days 1, 3, and 5", {"1": "label", "3": "label", "5": "label"}),
        ("150 mg twice a day", {"150": "dose", "twice": "dose"}),
        ("De novo 1 (reference) 1.00 (ref.)", {"1": "reference level", "1.00": "reference level"}),
        ("Age, per 10 years", {"10": "unit of a ratio"}),
        ("matched 1:1", {"1": "ratio of allocation"}),
        ("randomised 2:3 to A or B", {"2": "ratio of allocation", "3": "ratio of allocation"}),
        ("patients aged 18 years or older", {"18": "age limit"}),
    ],
)
def test_what_a_design_states_is_told_with_its_kind(text, expected):
    assert reasons(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not significant (P = 0.07)", ["0.07"]),
        ("significantly longer (P < 0.05)", ["<0.05"]),
        ("survival was longer (P < 0.05), and significant differences were seen", ["<0.05"]),
        ("deaths per 100 children", ["100"]),
        ("a powerful 12", ["12"]),
        ("relapsed twice", ["twice"]),
        ("mean Cmax was 27.6 ± 5.9 ng/mL", ["27.6", "5.9"]),
        ("haemoglobin of 9.5 g/dL and creatinine of 88 µmol/L", ["9.5", "88"]),
        ("an AUC of 204 ng·h/mL", ["204"]),
        ("hazard ratio 1 (0.5–2.0)", ["1", "0.5", "2.0"]),
        ("overall survival was\n21.1% at last", ["21.1%"]),
        ("They were shown.\n12 patients died", ["12"]),
        ("as in arm (A)\n34 patients died", ["34"]),
        ("those aged 18 years", ["18"]),
        ("ratios of 0.5:1.5", ["0.5", "1.5"]),
    ],
)
def test_results_that_read_like_a_design_are_kept(text, expected):
    assert results(text) == expected


@pytest.mark.parametrize("text", ["n = 2000 children", "1950%", "2015 patients (n=2015)"])
def test_a_count_that_looks_like_a_year_is_kept_where_the_text_says_that_it_counts(text):
    assert any(not number.no_result for number in find_numbers(text))


def test_a_number_knows_its_line_place_and_sentence():
    text = "Results\nOf 39 patients, 12 died.\nAfter that, 61% were alive."
    found = find_numbers(text)
    assert [(one.characters, one.line, one.place) for one in found] == [
        ("39", 2, "Results"),
        ("12", 2, "Results"),
        ("61%", 3, "Results"),
    ]
    assert found[1].sentence == "Of 39 patients, 12 died."


def test_an_acronym_with_a_number_is_a_name_once_it_recurs():
    twice = "AML 93 began. The AML 93 protocol ended."
    assert "93" not in reasons(twice)
    assert reasons(twice + " After AML 93 came another.") == {"93": "name"}


TABLE = """Table 1. Patients
Fitness
0  46/175 (26.3)  30/107 (28.0)
 1 | 69/175 (39.4) | 46/107 (43.0)
3–4  22/175 (12.6)  12/107 (11.2)
5  3/175 (1.7)  2/107 (1.9)
12 of 20 patients had died.
"""


def test_a_declared_level_that_begins_a_row_of_numbers_is_its_label():
    found = find_numbers(TABLE, levels=("0", "1", "2", "3-4", "12", "adverse"))
    labels = [(number.characters, number.line) for number in found if number.no_result == "level"]
    assert labels == [("0", 3), ("1", 4), ("3", 5), ("4", 5)]  # 5 is not declared, and 12 begins a sentence


def test_without_declared_levels_a_number_at_the_beginning_of_a_row_may_be_a_result():
    assert ("0", "") in [(number.characters, number.no_result) for number in find_numbers(TABLE)]


@pytest.mark.parametrize("text", ["ECOG 0–1 in most.", "WHO performance status of 2 in most.", "Doses of dose levels 1 to 4 followed."])
def test_scores_and_dose_levels_are_labels(text):
    assert results(text) == []


def test_journals_that_leave_out_the_zero_and_limits_of_age_are_understood():
    assert results("A two-sided P<·05 was considered significant. P was .03.") == [".03"]
    assert results("Children aged 6 months to 17 years were enrolled; 12 were aged 6 months.") == ["12", "6"]

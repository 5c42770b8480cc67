from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ledger.rows import printed


@pytest.mark.parametrize(
    ("text", "value", "decimals", "percent", "relation"),
    [
        ("64.71%", "64.71", 2, True, "="),
        ("63.37", "63.37", 2, False, "="),
        ("<0.001", "0.001", 3, False, "<"),
        ("< 0.0001", "0.0001", 4, False, "<"),
        ("≥10", "10", 0, False, "≥"),
        ("Twenty-two", "22", 0, False, "="),
        ("two", "2", 0, False, "="),
        ("None", "0", 0, False, "="),
        ("27%%", "27", 0, True, "="),
        ("0a", "0", 0, False, "="),
        ("0.800a", "0.800", 3, False, "="),
        ("1,013", "1013", 0, False, "="),
        ("1013", "1013", 0, False, "="),
        (".05", "0.05", 2, False, "="),
        ("almost 40%", "40", 0, True, "↑"),
        ("approximately 40%", "40", 0, True, "≈"),
        ("more than half", "50", 0, True, ">"),
        ("− 5", "-5", 0, False, "="),
    ],
)  # fmt: skip
def test_printed_characters_are_read_as_value_digits_and_relation(text, value, decimals, percent, relation):
    found = printed.parse(text.replace("− 5", "−5"))
    assert (found.value, found.decimals, found.percent, found.relation) == (Decimal(value), decimals, percent, relation)


@pytest.mark.parametrize("text", ["", "abc", "%", "1.2.3", "12 of 30", "0z", "12\n13"])
def test_what_is_no_printed_number_is_refused_and_shown(text):
    with pytest.raises(ValueError, match="not a printed number"):
        printed.parse(text)


@given(st.decimals(min_value=0, max_value=10**6, places=3))
def test_every_decimal_reads_back_as_itself(number):
    found = printed.parse(f"{number}%")
    assert found.value == number and found.decimals == 3


@given(st.integers(min_value=0, max_value=99))
def test_words_count_to_ninety_nine(number):
    words = [word for word, value in printed.WORDS.items() if value == number and word not in ("half", "a", "an")]
    assert words, number
    assert printed.parse(words[0]).value == number


def test_a_loose_number_is_as_coarse_as_it_is_round():
    assert printed.parse("almost 40%").grain == 10
    assert printed.parse("about 23").grain == 1
    assert printed.parse("about 0.5").grain == Decimal("0.1")


@pytest.mark.parametrize(
    ("text", "relation", "value", "decimals", "percent"),
    [
        ("35·9%", "=", "35.9", 1, True), ("35∙9", "=", "35.9", 1, False), ("35⋅9", "=", "35.9", 1, False),
        ("·03", "=", "0.03", 2, False), ("P=·03", "=", "0.03", 2, False), ("p<·0001", "<", "0.0001", 4, False), ("P = 0.030", "=", "0.030", 3, False),
        ("0,05", "=", "0.05", 2, False), ("102,5", "=", "102.5", 1, False), ("0,123", "=", "0.123", 3, False), ("1 234,5", "=", "1234.5", 1, False),
        ("1,234", "=", "1234", 0, False), ("1,234.5", "=", "1234.5", 1, False), ("1,234,567", "=", "1234567", 0, False),
        ("1 234", "=", "1234", 0, False), ("1\u2009234", "=", "1234", 0, False), ("1\u202f234", "=", "1234", 0, False), ("1’234", "=", "1234", 0, False),
        ("−0·5", "=", "-0.5", 1, False), ("0·05†", "=", "0.05", 2, False), ("12‡", "=", "12", 0, False),
        ("35•9%", "=", "35.9", 1, True), ("0．5", "=", "0.5", 1, False), ("<\u2009·0001", "<", "0.0001", 4, False), ("< ·0001", "<", "0.0001", 4, False),
        ("1\u00a0234", "=", "1234", 0, False), ("1\u2007234", "=", "1234", 0, False), ("12 345·6", "=", "12345.6", 1, False),
        ("‐3", "=", "-3", 0, False), ("‑3", "=", "-3", 0, False), ("－3", "=", "-3", 0, False), ("−3·5%", "=", "-3.5", 1, True), ("+3", "=", "3", 0, False),
        ("62\u202f%", "=", "62", 0, True), ("62％", "=", "62", 0, True), ("⩽0·05", "≤", "0.05", 2, False), ("⩾5", "≥", "5", 0, False),
        ("＜0.001", "<", "0.001", 3, False), ("≈5", "≈", "5", 0, False), ("ca. 5", "≈", "5", 0, False), ("P value 0.03", "=", "0.03", 2, False),
        ("P-value = ·03", "=", "0.03", 2, False), ("p value<0·001", "<", "0.001", 3, False), ("12‖", "=", "12", 0, False),
        ("5 × 10⁻⁴", "=", "0.0005", 4, False), ("P=1·2×10−5", "=", "0.000012", 6, False), ("1.2E-05", "=", "0.000012", 6, False), ("<5e-4", "<", "0.0005", 4, False),
        ("Twenty two", "=", "22", 0, False), ("twenty‑two", "=", "22", 0, False), ("One hundred and five", "=", "105", 0, False),
    ],
)  # fmt: skip
def test_numbers_as_other_journals_set_them(text, relation, value, decimals, percent):
    read = printed.parse(text)
    assert (read.relation, read.value, read.decimals, read.percent) == (relation, Decimal(value), decimals, percent)


@pytest.mark.parametrize(
    "text",
    [
        "1,23,4",
        "12 34",
        "1 2345",
        "1,234 567",
        "1.234,5",
        "5 of 7",
        "62 (45%)",
        "3·2–4·5",
        "NS",
        "P",
        "P=",
        "",
        "P value",
        "5e4",
        "±3",
        "5 ×",
    ],
)
def test_what_may_be_read_in_two_ways_or_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="not a printed number"):
        printed.parse(text)
